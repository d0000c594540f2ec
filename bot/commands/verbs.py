"""What each verb takes: the rest of a line → a command, or None if the rest does not fit."""

import re
from collections.abc import Callable

from bot.commands.options import (
    MOST_PAGES,
    ORDER_KEYS,
    SEARCH_KEYS,
    read_options,
    split_options,
    weekday_of,
    whole,
)
from bot.commands.settling import SETTING_KEYS
from bot.commands.verbs_personal import PERSONAL, days_of
from bot.model.command import (
    Command,
    DigestNow,
    Edit,
    Export,
    Fill,
    Help,
    ListSubscriptions,
    Pause,
    Period,
    Preview,
    Rest,
    Resume,
    Search,
    Settings,
    Share,
    ShowLog,
    ShowStatus,
    Subscribe,
    Undo,
    Unsubscribe,
    Why,
)
from bot.model.errors import BadOption
from bot.model.personal import UndoVote
from bot.rules.identity import paper_key
from bot.rules.schedule import WEEKDAYS

_SORTS = {"best": False, "relevance": False, "new": True, "newest": True}

ALIASES = {
    "sub": "subscribe",
    "unsub": "unsubscribe",
    "rm": "unsubscribe",
    "remove": "unsubscribe",
    "ls": "list",
    "?": "help",
}
_ID = re.compile(r"#\d{1,15}", re.ASCII)
_NAME = re.compile(r'"?(\w[\w.+-]*)"?')


def _search(rest: str) -> Command | None:
    if not rest:
        return Help("search")
    query, options = split_options(rest)
    wrong = next((key for key in options if key not in SEARCH_KEYS), None)
    if wrong:
        raise BadOption(f"{wrong}: belongs to subscribe, not to a search; leave it out", wrong)
    page = whole("page", options["page"], MOST_PAGES) if "page" in options else 1
    sort = options.get("sort", "best").lower()
    if sort not in _SORTS:
        raise BadOption(f"sort: takes best or new, not “{sort[:20]}”", "sort")
    return Search(query=query, page=page, newest=_SORTS[sort]) if query else Help("search")


def _order(rest: str, verb: str) -> tuple[str, dict[str, str]]:
    """A filter and the options of a subscription."""
    filter_text, given = split_options(rest)
    wrong = next((key for key in given if key not in ORDER_KEYS), None)
    if wrong:
        raise BadOption(f"{wrong}: belongs to a search, not to {verb}; leave it out", wrong)
    return filter_text, given


def _subscribe(rest: str) -> Command:
    if not rest:
        return Fill("subscribe")
    filter_text, given = _order(rest, "subscribe")
    return Subscribe(filter=filter_text, options=read_options(given))


def _edit(rest: str) -> Command | None:
    if not rest:
        return Help("edit")
    first, _, more = rest.partition(" ")
    name = _NAME.fullmatch(first)
    if name is None:
        return None
    if not more:
        return Fill("edit", name[1])
    filter_text, given = _order(more, "edit")
    return Edit(name=name[1], filter=filter_text or None, given=tuple(given.items()))


def _unsubscribe(rest: str) -> Command | None:
    if not rest:
        return Help("unsubscribe")
    name = rest.strip('"')
    return Unsubscribe(name) if " " not in name else None


def _list(rest: str) -> Command | None:
    if rest.lower() not in {"", "all"}:
        return None
    return ListSubscriptions(everywhere=bool(rest))


def read_preview(rest: str) -> Preview:
    """A filter and perhaps, last, how far to look back: `alignment 30d`. Raises BadOption."""
    words = rest.split(" ")
    days = days_of(words[-1])
    if days is not None and len(words) > 1:
        return Preview(filter=" ".join(words[:-1]), days=days)
    return Preview(filter=rest)


def _preview(rest: str) -> Command:
    return read_preview(rest) if rest else Help("preview")


def _why(rest: str) -> Command | None:
    if not rest:
        return Help("why")
    return Why(rest) if paper_key(rest) is not None else None


def _digest(rest: str) -> Command | None:
    words = rest.split(" ") if rest else []
    if words and words[-1].lower() == "share":
        shared = " ".join(["digest", *words[:-1]])
        return Share(shared) if _digest(" ".join(words[:-1])) else None
    period = Period.TODAY
    if words and words[0].lower() in set(Period):
        period = Period(words.pop(0).lower())
    elif words and words[-1].lower() in set(Period):
        period = Period(words.pop().lower())
    if len(words) > 1:
        return None
    return DigestNow(name=words[0] if words else None, period=period)


def _rest(rest: str) -> Command | None:
    if not rest:
        return Help("rest")
    text, options = split_options(rest, "page")
    name, _, period = text.partition(" ")
    page = whole("page", options["page"], MOST_PAGES) if "page" in options else 1
    if not (_NAME.fullmatch(name) or _ID.fullmatch(name)):
        return None
    return Rest(name=name.strip('"'), period=period, page=page)


def _pause(rest: str) -> Command | None:
    words = rest.split(" ") if rest else []
    weekday = days = None
    if len(words) > 1 and words[-2].lower() == "until":
        if words[-1][:3].title() not in WEEKDAYS:
            return None
        weekday = weekday_of(words[-1], "until")
        words = words[:-2]
    elif words:
        days = days_of(words[-1])
        words = words[:-1] if days is not None else words
    if len(words) > 1:
        return None
    return Pause(name=words[0] if words else None, days=days, weekday=weekday)


def _resume(rest: str) -> Command | None:
    return None if " " in rest else Resume(name=rest or None)


def _settings(rest: str) -> Command | None:
    more, given = split_options(rest, "|".join(SETTING_KEYS))
    return None if more else Settings(tuple(given.items()))


def _undo(rest: str) -> Command | None:
    number = rest.removeprefix("#")
    if not rest or (number.isascii() and number.isdigit() and len(number) < 15):
        return Undo(int(number or 0))
    return UndoVote(rest) if paper_key(rest) is not None else None


def _share(rest: str) -> Command | None:
    if not rest:
        return Help("share")
    first = rest.partition(" ")[0].lower()
    return Share(rest) if ALIASES.get(first, first) in SHARED or paper_key(rest) else None


def _export(rest: str) -> Command | None:
    more, given = split_options(rest, "page")
    return None if more else Export(whole("page", given.get("page", "1"), MOST_PAGES))


SHARED = ("search", "digest", "rest", "preview", "why", "similar", "trend", "status", "list")
"""Verbs whose answers may be shown to everybody."""


def _alone(command: Command) -> Callable[[str], Command | None]:
    return lambda rest: None if rest else command


def _help(rest: str) -> Command | None:
    verb = ALIASES.get(rest.lower(), rest.lower())
    return Help(verb) if not verb or verb in READERS else None


READERS: dict[str, Callable[[str], Command | None]] = {
    "search": _search,
    "subscribe": _subscribe,
    "edit": _edit,
    "unsubscribe": _unsubscribe,
    "list": _list,
    "preview": _preview,
    "why": _why,
    "digest": _digest,
    "rest": _rest,
    "pause": _pause,
    "resume": _resume,
    "settings": _settings,
    "undo": _undo,
    "log": _alone(ShowLog()),
    "export": _export,
    "import": _alone(Fill("import")),
    "share": _share,
    "status": _alone(ShowStatus()),
    **PERSONAL,
    "help": _help,
}
