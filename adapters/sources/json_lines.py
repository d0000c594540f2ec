"""JSON Lines: one record per line, read one line at a time."""

import zlib
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from adapters.sources.file_records import is_known, shape_of, sighting_of
from adapters.sources.records import BadRecord
from adapters.sources.strict_json import BadJson, decode
from bot.model.errors import UnreadableFile
from bot.model.paper import Rejection, Sighting

LONGEST_LINE = 16 * 1024 * 1024
PATIENCE = 20
"""Lines that may be no papers before the file is taken for no list of papers."""

_BOM = b"\xef\xbb\xbf"


class Lines:
    """The records of one stream. seen_on: stands in for dates that records do not give."""

    def __init__(self, stream: BinaryIO, name: str, seen_on: date) -> None:
        self.stream = stream
        self.name = name
        self.seen_on = seen_on
        self.number = 0
        self.known = False
        self.strange: list[str] = []

    @staticmethod
    def begin(head: bytes) -> bool:
        """Whether a file that starts like this is JSON Lines: one of its first lines is an object.

        The second line may tell where the first is damaged. A single line may be a document.
        """
        head = head.removeprefix(_BOM).lstrip()
        if head.startswith((b"[", b"<")):
            return False
        lines = [line for line in head.split(b"\n") if line.strip()][:3]
        return len(lines) > 1 and any(_is_object(line) for line in lines[:2])

    def read(self) -> Iterator[Sighting | Rejection]:
        """Every line as a sighting, or as a rejection with its number.

        Raises UnreadableFile when the first lines hold no papers.
        """
        try:
            while line := self.stream.readline(LONGEST_LINE):
                self.number += 1
                if not line.isspace():
                    yield self._read_line(line)
        except (EOFError, zlib.error):
            yield Rejection(
                where=f"line {self.number + 1}", reason="the file breaks off here (gzip cut short)"
            )
        if not self.known:
            raise UnreadableFile(self._verdict())

    def _read_line(self, line: bytes) -> Sighting | Rejection:
        where = f"line {self.number}"
        try:
            record = self._decoded(line)
        except (BadRecord, BadJson) as error:
            self._wonder(f"{where} {error}")
            return Rejection(where=where, reason=str(error))
        if not self.known and not is_known(record):
            self._wonder(f"{where} is {shape_of(record)}")
        else:
            self.known = True
        try:
            return sighting_of(record, self.seen_on)
        except BadRecord as error:
            return Rejection(where=where, reason=str(error))

    def _decoded(self, line: bytes) -> object:
        if len(line) < LONGEST_LINE or line.endswith(b"\n"):
            return decode(line)
        while (rest := self.stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        msg = f"is longer than {LONGEST_LINE >> 20} MB"
        raise BadRecord(msg)

    def _wonder(self, what: str) -> None:
        if self.known:
            return
        self.strange.append(what)
        if len(self.strange) >= PATIENCE:
            raise UnreadableFile(self._verdict())

    def _verdict(self) -> str:
        seen = self.strange[0] if self.strange else "it has no lines"
        return (
            f"{self.name}: holds no papers: {seen}; a paper is an object with at least an id and "
            "a title, or a row of Hugging Face's daily papers"
        )


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(decode(line), dict)
    except BadJson:
        return False
