"""Papers in files, whatever the format: told apart by content, never by name."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

from adapters.sources.documents import read_document
from adapters.sources.json_lines import Lines
from adapters.sources.records import Sifted
from bot.model.errors import UnreadableFile
from bot.model.paper import Announcements, Rejection, Sighting

BATCH = 5_000
"""Sightings in one batch; each is saved in one transaction."""

LARGEST_DOCUMENT = 64 * 1024 * 1024
"""Bytes of a file that has to be read whole; JSON Lines may be of any size."""

HEAD = 1024 * 1024

_BUFFER = 1024 * 1024
_GZIP = b"\x1f\x8b"

Progress = Callable[[int, int], None]
"""Called with the bytes read so far and the file's size."""


def read_papers(path: Path, *, progress: Progress | None = None) -> Iterator[Announcements]:
    """Everything in the file, in its order, at most 5,000 sightings at a time.

    Knows Hugging Face daily papers (JSON, JSON Lines), arXiv's Atom, RSS and OAI XML, RSS, Atom
    and JSON Feed, and JSON Lines of normalised papers; each also gzipped. A record that cannot be
    read is among `rejected` with its place and the reason. No cursor is ever set.

    Raises UnreadableFile when the file is no list of papers, or breaks off where it has to be
    whole.
    """
    try:
        size = path.stat().st_size
        # For records without a date: they were seen when the file was written.
        seen_on = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        with path.open("rb") as raw:
            for batch in _batches(raw, path.name, seen_on):
                if progress is not None:
                    progress(min(raw.tell(), size), size)
                yield batch
        if progress is not None:
            progress(size, size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        msg = f"{path.name}: the compressed data is damaged or cut short ({error})"
        raise UnreadableFile(msg) from error
    except OSError as error:
        msg = f"{path.name}: cannot be read: {error.strerror or error}"
        raise UnreadableFile(msg) from error


def _batches(raw: BinaryIO, name: str, seen_on: date) -> Iterator[Announcements]:
    batch = Sifted()
    for one in _records(raw, name, seen_on):
        if isinstance(one, Sighting):
            batch.sightings.append(one)
        else:
            batch.rejected.append(one)
        if len(batch.sightings) >= BATCH or len(batch.rejected) >= BATCH:
            yield _announcements(batch)
            batch = Sifted()
    yield _announcements(batch)


def _announcements(batch: Sifted) -> Announcements:
    return Announcements(sightings=tuple(batch.sightings), rejected=tuple(batch.rejected))


def _records(raw: BinaryIO, name: str, seen_on: date) -> Iterator[Sighting | Rejection]:
    packed = raw.read(2) == _GZIP
    raw.seek(0)
    # A buffer of its own makes reading lines out of a GzipFile ten times as fast.
    stream = io.BufferedReader(gzip.GzipFile(fileobj=raw), _BUFFER) if packed else raw
    head = stream.read(HEAD)
    stream.seek(0)
    if Lines.begin(head):
        yield from Lines(stream, name, seen_on).read()
        return
    body = stream.read(LARGEST_DOCUMENT + 1)
    if len(body) > LARGEST_DOCUMENT:
        msg = (
            f"{name}: holds more than {LARGEST_DOCUMENT >> 20} MB in one piece; "
            "split it, or write it as JSON Lines"
        )
        raise UnreadableFile(msg)
    yield from read_document(body, name, seen_on)
