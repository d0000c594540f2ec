"""From records to sightings: one bad record is set aside with a reason, the rest goes on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from bot.model.errors import SourceGarbled
from bot.model.paper import Rejection, Sighting
from bot.rules.identity import web_url
from bot.rules.text import cut, plain_name, tidy

LONGEST_TITLE = 2_000
LONGEST_ABSTRACT = 50_000
LONGEST_LINE = 2_000
LONGEST_NAME = 300
MOST_NAMES = 5_000
"""Above the largest collaborations; a paper of 5,154 authors was news in 2015."""

TOLERATED_SHARE = 0.2
"""Of bad records in one reading; above it the format has changed and nothing is taken."""

EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 1, 1)

Record = Mapping[str, object]
T = TypeVar("T")


class BadRecord(ValueError):
    """This record cannot become a paper; the text is the reason people read."""


@dataclass(slots=True)
class Sifted:
    """What a number of records came to."""

    sightings: list[Sighting] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)

    def take(self, record: T, where: str, read: Callable[[T], Sighting | None]) -> None:
        """Read one record; None from `read` means that there is nothing to tell."""
        try:
            sighting = read(record)
        except BadRecord as error:
            self.rejected.append(Rejection(where=where, reason=str(error)))
        else:
            if sighting is not None:
                self.sightings.append(sighting)

    def checked(self, source: str) -> "Sifted":
        """Itself, unless so many records are bad that the format must have changed."""
        bad = len(self.rejected)
        total = bad + len(self.sightings)
        if bad > total * TOLERATED_SHARE:
            first = self.rejected[0]
            msg = (
                f"{source}: {bad} of {total} records cannot be read, so nothing was taken; "
                f"the first is {first.where}: {first.reason}"
            )
            raise SourceGarbled(msg)
        return self


def line(value: object, longest: int = LONGEST_LINE, *, entities: bool = False) -> str:
    """`value` as one tidy line, or "" when it is no text."""
    if not isinstance(value, str) or not value:
        return ""
    if len(value) > 2 * longest:
        value = value[: 2 * longest]
    text = tidy(value, entities=entities)
    return text if len(text) <= longest else cut(text, longest)


def title_of(value: object, *, entities: bool = False) -> str:
    """A title that is not empty. Raises BadRecord. `0` is a title."""
    if not isinstance(value, str):
        msg = "has no title"
        raise BadRecord(msg)
    title = line(value, LONGEST_TITLE, entities=entities)
    if not title:
        msg = "has an empty title"
        raise BadRecord(msg)
    return title


def names_of(values: Iterable[object]) -> tuple[str, ...]:
    """Names of people, tidy and without TeX; what is no name is left out."""
    names = []
    for value in values:
        if isinstance(value, str):
            name = plain_name(line(value, LONGEST_NAME))
            if name:
                names.append(name)
    return tuple(names[:MOST_NAMES])


def lines_of(value: object, most: int = 50) -> tuple[str, ...]:
    """A list of short texts such as keywords; anything else is no list."""
    if not isinstance(value, list):
        return ()
    return tuple(text for each in value[:most] if (text := line(each, LONGEST_NAME)))


def count_of(value: object) -> int | None:
    """A counter, or None when there is none."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return None


def link_of(value: object) -> str:
    """An address that may become a link, or ""."""
    return web_url(value) if isinstance(value, str) else ""


def day_of(value: object) -> date | None:
    """The date at the start of an ISO date or time, as written (no change of zone), or None.

    `2024-05` and `2024` are their first days; impossible and implausible dates are None.
    """
    if not isinstance(value, str):
        return None
    text = value.strip()[:10]
    if len(text) in {4, 7}:
        text += "-01-01" if len(text) == 4 else "-01"
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def no_later(day: date, now: datetime) -> date:
    """`day`, or tomorrow at most: zones differ by a day, a date further ahead is a mistake."""
    return min(day, (now + timedelta(days=1)).date())
