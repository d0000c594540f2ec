"""What may follow each field of a topic filter, and the term it makes.

Values come as lexemes; a value that makes no sense raises Unparsable at its column.
"""

import re
from collections.abc import Callable
from datetime import date

from bot.model.paper import Event
from bot.model.topic import (
    Author,
    Category,
    Count,
    FromSource,
    HasCode,
    Language,
    Metric,
    Organization,
    Saved,
    Since,
    Term,
    Version,
)
from bot.rules.field_values import meant, nearest_event, nearest_language, nearest_time
from bot.rules.language import LANGUAGES
from bot.rules.lexer import Kind, Lexeme, Unparsable
from bot.rules.source_names import EXPECTED, can_be, meant_by
from bot.rules.taxonomy import ARCHIVES, is_known, nearest
from bot.rules.words import name_tokens

MOST_DAYS = 3650
MOST_COUNT = 999_999_999

_CATEGORY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)?")
_SOURCE = re.compile(r"[a-z0-9][a-z0-9_.:/-]*")
_NAME = re.compile(r"[^\W_][\w.-]{0,59}")
_RANGE = re.compile(r"(?P<low>[0-9]*)\.\.(?P<high>[0-9]*)")
_COMPARED = re.compile(r"(?P<sign>>=|<=|=>|=<|>|<|=|≥|≤)(?P<number>[0-9]+)")
_AGE = re.compile(r"(?P<number>[0-9]{1,5})(?P<unit>d|w|m|y)")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YES = {"yes": True, "true": True, "no": False, "false": False}


def author(value: Lexeme) -> Term:
    """`author:leike`, `author:"Jan Leike"`, `author:lei*`."""
    tokens, prefix = name_tokens(value, "author")
    return Author(tokens, prefix, shown=value.text)


def organization(value: Lexeme) -> Term:
    """`org:deepmind`, `org:"University of Edinburgh"`."""
    tokens, prefix = name_tokens(value, "org")
    return Organization(tokens, prefix, shown=value.text)


def category(value: Lexeme) -> Term:
    """`cat:cs.CL`, `cat:cs.*`, `cat:cs`."""
    code = _plain(value, "cat").lower()
    if "," in code:
        raise Unparsable(
            "cat: takes one category.", value.column, "For several, write cat:(cs.CL|cs.LG)."
        )
    archive = code.endswith(".*")
    code = code.removesuffix(".*")
    if not _CATEGORY.fullmatch(code) or (archive and "." in code):
        raise Unparsable(
            f"cat: expects a category such as cs.CL or cs.*, not “{value.text}”.", value.column
        )
    before = code.partition(".")[0]
    if "." in code and before in ARCHIVES and not is_known(code):
        close = nearest(code)
        raise Unparsable(
            f"arXiv has no category “{value.text}”.",
            value.column,
            f"Did you mean cat:{close}?" if close else f"All of the archive is cat:{before}.*",
        )
    return Category(code, archive=(archive and not _is_class(code)) or code in ARCHIVES)


def _is_class(code: str) -> bool:
    return is_known(code) and code not in ARCHIVES


def source(value: Lexeme) -> Term:
    """`source:hf_daily`, `source:arxiv`."""
    name = _plain(value, "source").lower()
    if not _SOURCE.fullmatch(name):
        raise Unparsable(
            f"source: expects the name of a source, not “{value.text}”.",
            value.column,
            "For example source:hf_daily or source:arxiv; `status` lists them.",
        )
    return FromSource(name)


def check_source(value: Lexeme) -> None:
    """Refuse a source there cannot be; a stored filter may name one there was."""
    name = _plain(value, "source").lower()
    if can_be(name):
        return
    close = meant_by(name)
    raise Unparsable(
        f"source: expects one of {EXPECTED}, not “{value.text}”.",
        value.column,
        f"Did you mean source:{close}?" if close else "",
    )


def count(value: Lexeme, metric: Metric) -> Term:
    """`upvotes:>=20`, `upvotes:5..20`, `upvotes:=0`."""
    text = _plain(value, metric)
    compared, between = _COMPARED.fullmatch(text), _RANGE.fullmatch(text)
    if compared:
        number = _number(compared["number"], value, metric)
        low, high = {
            ">=": (number, None),
            "=>": (number, None),
            "≥": (number, None),
            ">": (number + 1, None),
            "<=": (None, number),
            "=<": (None, number),
            "≤": (None, number),
            "<": (None, number - 1),
            "=": (number, number),
        }[compared["sign"]]
    elif between and (between["low"] or between["high"]):
        low = _number(between["low"], value, metric) if between["low"] else None
        high = _number(between["high"], value, metric) if between["high"] else None
    else:
        raise Unparsable(
            f"{metric}: expects a comparison such as {metric}:>=20 or {metric}:5..20, "
            f"not “{text}”.",
            value.column,
            _count_hint(text, metric),
        )
    return _sensible(Count(metric, low or None, high), value)


def _count_hint(text: str, metric: Metric) -> str:
    if text.isascii() and text.isdigit():
        return f"At least {text}: {metric}:>={text}. Exactly {text}: {metric}:={text}."
    return "Digits 0 to 9 only, without blanks." if text.strip("<>=") else "Leave no blank."


def _number(digits: str, value: Lexeme, metric: Metric) -> int:
    if len(digits) > len(str(MOST_COUNT)):
        raise Unparsable(f"{metric}: that number is too large.", value.column)
    return int(digits)


def _sensible(term: Count, value: Lexeme) -> Term:
    """Refuse a range that nothing or everything falls into; 0 as a lower end is no end."""
    low, high = term.low or 0, term.high
    if high is not None and high < low:
        raise Unparsable(f"{term.metric}: no number can be in “{value.text}”.", value.column)
    if term.low is None and high is None:
        raise Unparsable(f"{term.metric}: every number is in “{value.text}”.", value.column)
    return term


def code(value: Lexeme) -> Term:
    """`code:yes`, `code:no`."""
    text = _plain(value, "code").lower()
    wanted = _YES.get(text)
    if wanted is None:
        raise Unparsable(
            f"code: expects yes or no, not “{value.text}”.",
            value.column,
            meant("code", {"y": "yes", "n": "no"}.get(text, "")),
        )
    return HasCode(wanted)


def version(value: Lexeme) -> Term:
    """`version:new`, `version:replace` and the like."""
    name = _plain(value, "version").lower()
    if name not in set(Event):
        raise Unparsable(
            f"version: expects one of {', '.join(Event)}, not “{value.text}”.",
            value.column,
            meant("version", nearest_event(name)),
        )
    return Version(Event(name))


def since(value: Lexeme) -> Term:
    """`since:7d`, `since:2w`, `since:3m` (of 30 days), `since:1y`, `since:2025-01-31`."""
    text = _plain(value, "since").lower()
    age = _AGE.fullmatch(text)
    if age:
        days = int(age["number"]) * _DAYS[age["unit"]]
        if 1 <= days <= MOST_DAYS:
            return Since(days=days)
        raise Unparsable(f"since: reaches back 1 to {MOST_DAYS:,} days.", value.column)
    if _ISO_DATE.fullmatch(text):
        try:
            return Since(on=date.fromisoformat(text))
        except ValueError:
            raise Unparsable(f"since: there is no day {text}.", value.column) from None
    raise Unparsable(
        f"since: expects an age such as 7d, 2w or 3m, or a date such as 2025-01-31, "
        f"not “{value.text}”.",
        value.column,
        meant("since", nearest_time(text)),
    )


def lang(value: Lexeme) -> Term:
    """`lang:en`."""
    name = _plain(value, "lang").lower()
    if name not in LANGUAGES:
        raise Unparsable(
            f"lang: expects one of {', '.join(LANGUAGES)}, not “{value.text}”.",
            value.column,
            meant("lang", nearest_language(name)),
        )
    return Language(name)


def saved(value: Lexeme) -> Term:
    """`filter:alignment`: the filter of the channel's subscription of that name."""
    name = _plain(value, "filter").lower()
    if not _NAME.fullmatch(name):
        raise Unparsable(
            f"filter: expects the name of a subscription, not “{value.text}”.", value.column
        )
    return Saved(name)


def _plain(value: Lexeme, field: str) -> str:
    """The value as text. Quotes around it are fine; `=`, `~` and `*` belong to words."""
    if value.kind is Kind.PHRASE and (value.exact or value.tail):
        raise Unparsable(f"{field}: takes no “=”, “~” or “*” with quotes.", value.column)
    return value.text.strip() if value.kind is Kind.PHRASE else value.text


def _of(metric: Metric) -> Callable[[Lexeme], Term]:
    return lambda value: count(value, metric)


FIELDS: dict[str, Callable[[Lexeme], Term]] = {
    "author": author,
    "org": organization,
    "cat": category,
    "source": source,
    **{str(metric): _of(metric) for metric in Metric},
    "code": code,
    "version": version,
    "since": since,
    "lang": lang,
    "filter": saved,
}
"""Every field but `title:` and `abs:`, which hold words."""


def is_listed(field: str, value: str) -> bool:
    """Whether `value` after a `|` without blanks goes on with the list of `field`.

    Only where it can mean nothing else: `cat:cs.CL|cs.LG`, `version:new|replace`.
    """
    if field == "version":
        return value.lower() in set(Event)
    return field == "cat" and is_known(value.lower().removesuffix(".*"))
