"""A line somebody typed → the command it means.

The first word is a verb only if it is reserved and the rest fits that verb; otherwise the whole
line is a search. A leading quote, or `search`, always searches: `/papers "trend estimation"`.
"""

import re
from collections.abc import Callable

from bot.commands.options import read_options, split_options, whole
from bot.model.command import (
    Command,
    DigestNow,
    Help,
    ListSubscriptions,
    Pause,
    Period,
    Preview,
    Resume,
    Search,
    Show,
    ShowStatus,
    Subscribe,
    Unsubscribe,
    Why,
)
from bot.model.errors import BadOption
from bot.rules.identity import paper_key

LONGEST_LINE = 4_000
MOST_PAGES = 100
MOST_DAYS = 90

_TYPOGRAPHY = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " "})
_DAYS = re.compile(r"(\d{1,4})(d|w)")
_ALIASES = {
    "sub": "subscribe",
    "unsub": "unsubscribe",
    "rm": "unsubscribe",
    "remove": "unsubscribe",
    "ls": "list",
    "?": "help",
}


def parse_line(text: str) -> Command:
    """What the line means. Raises BadOption for an option that cannot be taken."""
    if len(text) > LONGEST_LINE:
        raise BadOption(f"This line has {len(text)} characters; at most {LONGEST_LINE} are read.")
    line = " ".join(text.translate(_TYPOGRAPHY).split())
    if not line:
        return Help()
    first, _, rest = line.partition(" ")
    verb = _ALIASES.get(first.lower(), first.lower())
    read = _VERBS.get(verb)
    command = read(rest) if read else None
    if command is not None:
        return command
    if paper_key(line) is not None:
        return Show(line)
    return _search(line) or Help()


def _search(rest: str) -> Command | None:
    if not rest:
        return Help("search")
    query, options = split_options(rest)
    page = whole("page", options.pop("page"), MOST_PAGES) if "page" in options else 1
    if options:
        key = next(iter(options))
        raise BadOption(f"{key}: belongs to subscribe, not to a search; leave it out")
    return Search(query=query, page=page) if query else Help("search")


def _subscribe(rest: str) -> Command:
    if not rest:
        return Help("subscribe")
    filter_text, options = split_options(rest)
    if "page" in options:
        raise BadOption("page: belongs to a search, not to subscribe; leave it out")
    return Subscribe(filter=filter_text, options=read_options(options))


def _unsubscribe(rest: str) -> Command | None:
    if not rest:
        return Help("unsubscribe")
    name = rest.strip('"')
    return Unsubscribe(name) if " " not in name else None


def _list(rest: str) -> Command | None:
    return ListSubscriptions() if rest.lower() in {"", "all"} else None


def _preview(rest: str) -> Command:
    words = rest.split(" ")
    days = _days(words[-1])
    if days is not None and len(words) > 1:
        return Preview(filter=" ".join(words[:-1]), days=days)
    return Preview(filter=rest) if rest else Help("preview")


def _why(rest: str) -> Command | None:
    if not rest:
        return Help("why")
    return Why(rest) if paper_key(rest) is not None else None


def _digest(rest: str) -> Command | None:
    words = rest.split(" ") if rest else []
    period = Period.TODAY
    if words and words[0].lower() in set(Period):
        period = Period(words.pop(0).lower())
    elif words and words[-1].lower() in set(Period):
        period = Period(words.pop().lower())
    if len(words) > 1:
        return None
    return DigestNow(name=words[0] if words else None, period=period)


def _pause(rest: str) -> Command | None:
    words = rest.split(" ") if rest else []
    days = _days(words[-1]) if words else None
    if days is not None:
        words.pop()
    if len(words) > 1:
        return None
    return Pause(name=words[0] if words else None, days=days)


def _resume(rest: str) -> Command | None:
    return None if " " in rest else Resume(name=rest or None)


def _status(rest: str) -> Command | None:
    return None if rest else ShowStatus()


def _help(rest: str) -> Command | None:
    verb = _ALIASES.get(rest.lower(), rest.lower())
    return Help(verb) if not verb or verb in _VERBS else None


def _days(word: str) -> int | None:
    """`14d` or `2w` as days; None if it is neither. Raises BadOption beyond the limit."""
    match = _DAYS.fullmatch(word.lower())
    if not match or not match[1].isascii():
        return None
    days = int(match[1]) * (7 if match[2] == "w" else 1)
    if not 1 <= days <= MOST_DAYS:
        raise BadOption(f"“{word}”: give 1 to {MOST_DAYS} days, such as 14d or 2w")
    return days


_VERBS: dict[str, Callable[[str], Command | None]] = {
    "search": _search,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "list": _list,
    "preview": _preview,
    "why": _why,
    "digest": _digest,
    "pause": _pause,
    "resume": _resume,
    "status": _status,
    "help": _help,
}
VERBS = tuple(_VERBS)
