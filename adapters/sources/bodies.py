"""Bodies of replies: unpacked within bounds, and recognised when they are not what they seem."""

import zlib

from adapters.sources.exchange import Request
from bot.model.errors import SourceDown, SourceError, SourceGarbled

_HTML = (b"<!doctype html", b"<html", b"<head", b"<body")
RATE_EXCEEDED = b"rate exceeded"


class Body:
    """Takes a body piece by piece; never holds more than the request allows."""

    def __init__(self, request: Request, encoding: str) -> None:
        self.request = request
        self.parts: list[bytes] = []
        self.size = 0
        self.unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32) if encoding == "gzip" else None
        if encoding not in {"", "identity", "gzip"}:
            msg = f"{request.source}: {request.host} packs its answer in a way we did not ask for"
            raise SourceGarbled(msg)

    def add(self, piece: bytes) -> None:
        """One piece as it came over the line. Raises SourceGarbled beyond the bound."""
        if self.unpacker is None:
            self._keep(piece)
            return
        try:
            while piece:
                # One byte more than is allowed proves the excess without unpacking all of it.
                room = self.request.most_bytes - self.size + 1
                self._keep(self.unpacker.decompress(piece, room))
                piece = self.unpacker.unconsumed_tail
        except zlib.error:
            msg = f"{self.request.source}: {self.request.host} sent damaged gzip data"
            raise SourceGarbled(msg) from None

    def _keep(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self.request.most_bytes:
            limit = self.request.most_bytes >> 20
            msg = f"{self.request.source}: the answer of {self.request.host} is over {limit} MB"
            raise SourceGarbled(msg)
        self.parts.append(piece)

    def whole(self) -> bytes:
        """All of it. Raises SourceDown when packed data ends too early."""
        if self.unpacker is not None and not self.unpacker.eof and self.size:
            msg = f"{self.request.source}: the answer of {self.request.host} was cut short"
            raise SourceDown(msg)
        return b"".join(self.parts)


def impostor(request: Request, body: bytes) -> SourceError | None:
    """What is wrong with a body that came with a good status; None if it may be what we want."""
    start = body[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return SourceDown(f"{request.source}: {request.host} answered with an empty body")
    if start.startswith(_HTML):
        return SourceGarbled(
            f"{request.source}: {request.host} answered with a web page instead of data; "
            "if this stays, open the address in a browser"
        )
    return None
