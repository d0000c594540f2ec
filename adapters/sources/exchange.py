"""What sources ask the fetcher for, and what they get."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

MOST_BYTES = 20 * 1024 * 1024
WITHIN = 60.0

_NEXT = re.compile(r"<([^<>]{1,2000})>\s*;[^<>]{0,200}\brel=\"?next\"?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One GET.

    source: who asks, for messages. etag, modified: what the last reply said, to be told "nothing
    new". token: sent as a bearer token, to the host of `url` only. public_only: the address came
    from a person; it must lead to public addresses on ports 80 or 443. also: statuses besides 200
    and 304 whose body the source wants to see. most_bytes: after decompression. within: seconds
    of network time, redirects included.
    """

    source: str
    url: str
    etag: str = ""
    modified: str = ""
    token: str = field(default="", repr=False)
    public_only: bool = False
    also: frozenset[int] = frozenset()
    most_bytes: int = MOST_BYTES
    within: float = WITHIN

    @property
    def host(self) -> str:
        """The host for messages; never the path or query, which may hold a key."""
        return host_of(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole reply. url: where it came from in the end. headers: names in lower case."""

    status: int
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def unchanged(self) -> bool:
        """Whether there is nothing new since the validators we sent."""
        return self.status == 304

    @property
    def etag(self) -> str:
        """Validator for the next request, or ""."""
        return self.headers.get("etag", "")[:200]

    @property
    def modified(self) -> str:
        """Second validator for the next request, or ""."""
        return self.headers.get("last-modified", "")[:100]

    @property
    def charset(self) -> str:
        """The character set HTTP declares, or ""."""
        found = re.search(r"charset=\"?([\w.:-]{1,40})", self.headers.get("content-type", ""))
        return found[1] if found else ""

    @property
    def next_url(self) -> str:
        """The next page by the Link header, on the same host only; "" at the last page."""
        found = _NEXT.search(self.headers.get("link", ""))
        if found is None:
            return ""
        try:
            url = urljoin(self.url, found[1])
            same = urlsplit(url)[:2] == urlsplit(self.url)[:2]
        except ValueError:
            return ""
        return url if same else ""


def host_of(url: str) -> str:
    """The host in `url`, or a word that says there is none."""
    try:
        return urlsplit(url).hostname or "no host"
    except ValueError:
        return "no host"
