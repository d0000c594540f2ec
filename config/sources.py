"""Reads PAPERS_SOURCES: which sources the bot follows."""

import re
from difflib import get_close_matches

from config.values import copied_whole, web_address

HF_DAILY = "hf_daily"
NO_SOURCES = "none"
ARXIV_KINDS = ("arxiv_rss", "arxiv_oai")
_KINDS = (HF_DAILY, *ARXIV_KINDS, "feed")

# Archive or archive.subject, such as hep-th, cs.CL, cond-mat.mes-hall (arxiv.org/category_taxonomy).
_CATEGORY = re.compile(r"[a-z]+(-[a-z]+)*(\.[A-Za-z]+(-[A-Za-z]+)*)?")
# OAI sets: group, group:archive or group:archive:subject, such as cs, physics:hep-th, cs:cs:CL.
_OAI_SET = re.compile(r"[a-z-]+(:[a-z-]+(:[A-Za-z-]+)?)?")
_KNOWN = "hf_daily, arxiv_rss:CATEGORY, arxiv_oai:SET, feed:ADDRESS"


def source_names(value: str) -> tuple[str, ...]:
    """The names in a comma list, in order, each as the source itself is called.

    `none` alone means that nothing is polled. A comma within a feed's address is written %2C.
    """
    if value.strip() == NO_SOURCES:
        return ()
    names = tuple(name for part in value.split(",") if (name := part.strip()))
    if not names:
        raise ValueError(f"names no source; known are {_KNOWN}, or none")
    for place, name in enumerate(names, start=1):
        _check(name, place)
    lowered = [name.lower() for name in names]
    for place, name in enumerate(lowered, start=1):
        if name in lowered[: place - 1]:
            raise ValueError(f"names the same source twice (entry {place}); once is enough")
    return names


def is_arxiv(name: str) -> bool:
    """Whether arXiv is asked for this source."""
    return name.partition(":")[0] in ARXIV_KINDS


def _check(name: str, place: int) -> None:
    kind, colon, rest = name.partition(":")
    if kind == HF_DAILY and not colon:
        return
    if kind == "arxiv_rss":
        if not _CATEGORY.fullmatch(rest):
            raise ValueError(f"entry {place}: arxiv_rss needs a category, such as arxiv_rss:cs.CL")
    elif kind == "arxiv_oai":
        # Without a set it is all of arXiv.
        if colon and not _OAI_SET.fullmatch(rest):
            raise ValueError(f"entry {place}: arxiv_oai needs a set, such as arxiv_oai:cs")
    elif kind == "feed":
        _check_feed(rest, place)
    else:
        near = get_close_matches(kind.lower(), _KINDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known are {_KNOWN}, or none"
        raise ValueError(f"entry {place} is no source we know; {hint}")


def _check_feed(address: str, place: int) -> None:
    try:
        web_address(copied_whole(address or " ").partition("?")[0])
    except ValueError as error:
        raise ValueError(f"entry {place}: the address after feed: {error}") from None
