"""What the verbs take that concern a person or a single paper."""

import re
from collections.abc import Callable

from bot.commands.options import MOST_PAGES, split_options, whole
from bot.model.command import Command, Fill, Help
from bot.model.errors import BadFilter, BadOption
from bot.model.personal import (
    Bib,
    Follow,
    ForgetMe,
    ListFollows,
    ListSaved,
    Mute,
    Save,
    Similar,
    Trend,
    Unfollow,
    Unmute,
    Unsave,
    Verdict,
    Vote,
)
from bot.model.topic import Author, Node, Or, Organization
from bot.rules.identity import paper_key
from bot.rules.parse import parse_filter

MOST_DAYS = 90
_DAYS = re.compile(r"(\d{1,4})(d|w)")
Reader = Callable[[str], Command | None]


def days_of(word: str) -> int | None:
    """`14d` or `2w` as days; None if it is neither. Raises BadOption beyond the limit."""
    match = _DAYS.fullmatch(word.lower())
    if not match or not match[1].isascii():
        return None
    days = int(match[1]) * (7 if match[2] == "w" else 1)
    if not 1 <= days <= MOST_DAYS:
        raise BadOption(f"“{word}”: give 1 to {MOST_DAYS} days, such as 14d or 2w")
    return days


def _paper(verb: str, command: Callable[[str], Command]) -> Reader:
    """A verb that takes one paper."""

    def read(rest: str) -> Command | None:
        if not rest:
            return Help(verb)
        return command(rest) if paper_key(rest) is not None else None

    return read


def _until(rest: str) -> tuple[str, int | None]:
    """Words, and the days at their end if there are any."""
    before, _, last = rest.rpartition(" ")
    days = days_of(last)
    return (before, days) if days is not None else (rest, None)


def _mute(rest: str) -> Command:
    term, days = _until(rest)
    return Mute(term=term, days=days) if term else Fill("mute")


def _unmute(rest: str) -> Command:
    return Unmute(rest) if rest else Fill("mute")


def _follow(rest: str) -> Command | None:
    if not rest:
        return Fill("follow")
    text, given = split_options(rest, "every|at|on|tz|top|mode")
    return Follow(text, tuple(given.items())) if not text or _is_name(text) else None


def _is_name(text: str) -> bool:
    """Whether a filter is names of authors and organisations only. A broken one is for the desk."""
    try:
        return _names_only(parse_filter(text).root)
    except BadFilter:
        return text.lower().startswith(("author:", "org:"))


def _names_only(node: Node) -> bool:
    if isinstance(node, Or):
        return all(map(_names_only, node.parts))
    return isinstance(node, Author | Organization)


def _unfollow(rest: str) -> Command:
    return Unfollow(rest) if rest else ListFollows()


def _saved(rest: str) -> Command | None:
    more, given = split_options(rest, "page")
    return None if more else ListSaved(whole("page", given.get("page", "1"), MOST_PAGES))


def _bib(rest: str) -> Command | None:
    what, given = split_options(rest, "page")
    page = whole("page", given["page"], MOST_PAGES) if given else 1
    if what.lower() in {"", "today", "week", "saved"}:
        return Bib(what.lower() or "saved", page)
    return Bib(what, page) if paper_key(what) is not None else None


def _trend(rest: str) -> Command:
    term, days = _until(rest)
    return Trend(term=term, days=days or 30)


def _alone(command: Command) -> Reader:
    return lambda rest: None if rest else command


PERSONAL: dict[str, Reader] = {
    "like": _paper("like", lambda paper: Vote(paper, Verdict.RELEVANT)),
    "dislike": _paper("dislike", lambda paper: Vote(paper, Verdict.NOT_FOR_US)),
    "similar": _paper("similar", Similar),
    "save": _paper("save", Save),
    "unsave": _paper("unsave", Unsave),
    "saved": _saved,
    "bib": _bib,
    "trend": _trend,
    "mute": _mute,
    "unmute": _unmute,
    "follow": _follow,
    "unfollow": _unfollow,
    "follows": _alone(ListFollows()),
    "forget-me": _alone(ForgetMe()),
}
