"""What a subscription would have posted, had it been there: the past once more, in order.

The same rules as the real run decide: what matches (`matching`), when a digest is due
(`schedule`), which papers come first and how many are shown (`digests`). Papers are looked at as
they are stored now, so an upvote gained since counts as if it had been there at once.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from bot.model.looking_back import Glimpse
from bot.model.paper import Event
from bot.model.record import IMPORT
from bot.model.subscription import Subscription
from bot.model.topic import And, Node, Not, Or, Since, Version
from bot.rules.digests import Ranked, shown_of
from bot.rules.hindsight import Hindsight, Match
from bot.rules.matching import has_threshold
from bot.rules.schedule import due_date, next_due, zone_of
from bot.rules.sifting import Numbers, Sieve
from bot.rules.synonyms import expand

READ_WITHIN = timedelta(days=3)
"""An announcement we learned of later belongs to a baseline: its own date counts, as in imports."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One digest that would have been posted: when, the best of what matched, what it showed.

    count: how many matched.
    """

    at: datetime
    day: date
    count: int
    ranked: tuple[Ranked, ...]
    shown: tuple[Ranked, ...]

    @property
    def left_out(self) -> int:
        """How many it would have counted only."""
        return self.count - len(self.shown)


def loosened(root: Node) -> Node | None:
    """A tree without what depends on day or event, that finds all papers `root` ever finds.

    None: every paper.
    """
    match root:
        case Version() | Since() | Not(Version() | Since()):
            return None
        case Not(And() | Or() | Not() as part):
            return loosened(_denied(part))
        case And(parts):
            kept = [part for part in map(loosened, parts) if part is not None]
            return And(tuple(kept)) if len(kept) > 1 else next(iter(kept), None)
        case Or(parts):
            either = [part for part in map(loosened, parts) if part is not None]
            return Or(tuple(either)) if len(either) == len(parts) else None
        case _:
            return root


def _denied(part: And | Or | Not) -> Node:
    """What `Not(part)` says, with the Not further inside."""
    if isinstance(part, Not):
        return part.part
    other = Or if isinstance(part, And) else And
    return other(tuple(map(Not, part.parts)))


class Seen(Protocol):
    """When a source said something, and when the bot heard it; see `Sighting`."""

    @property
    def source(self) -> str: ...
    @property
    def on(self) -> date: ...
    @property
    def first_seen_at(self) -> datetime: ...


def arrived_at(seen: Seen) -> datetime:
    """When the bot learned of it, or would have."""
    learned = seen.first_seen_at
    if seen.source != IMPORT and abs(learned.date() - seen.on) <= READ_WITHIN:
        return learned
    return datetime.combine(seen.on, time(), UTC)


def matched(root: Node, glimpses: Sequence[Glimpse], sieve: Sieve) -> list[Match]:
    """The papers of which the tree would have had a match, each at its first, in order.

    `root` is canonical, not expanded. sieve: of all the papers of `glimpses`.
    """
    tree = expand(root)
    has_limits = has_threshold(root)  # else a risen counter alerts nobody
    timed = _in_time(glimpses)
    asked = [(at, one) for at, one in timed if has_limits or one.event is not Event.HOT]
    alerted = {
        (event, day): sieve.alerted(tree, numbers, event, day)
        for (event, day), numbers in happened((one, at) for at, one in asked).items()
    }
    found: dict[int, Match] = {}
    for at, one in asked:
        if one.number in alerted[one.event, at.date()] and one.number not in found:
            found[one.number] = Match(one, at)
    for number, said in _said_more_than_once(timed).items():
        if number in found:
            found[number] = found[number]._replace(said=said)
    return list(found.values())


def _in_time(glimpses: Sequence[Glimpse]) -> list[tuple[datetime, Glimpse]]:
    """In the order in which the bot learned of them; most come many at once."""
    moments: dict[tuple[str, date, datetime], datetime] = {}
    timed = []
    for one in glimpses:
        said = (one.source, one.on, one.first_seen_at)
        at = moments.get(said)
        if at is None:
            at = moments[said] = arrived_at(one)
        timed.append((at, one))
    timed.sort(key=_moment)
    return timed


def _moment(timed: tuple[datetime, Glimpse]) -> datetime:
    return timed[0]


def _said_more_than_once(
    timed: Sequence[tuple[datetime, Glimpse]],
) -> dict[int, list[tuple[datetime, Event]]]:
    often = Counter([one.number for _, one in timed])
    if len(often) == len(timed):
        return {}
    said = defaultdict[int, list[tuple[datetime, Event]]](list)
    for at, one in timed:
        if often[one.number] > 1:
            said[one.number].append((at, one.event))
    return said


def happened(arrived: Iterable[tuple[Glimpse, datetime]]) -> dict[tuple[Event, date], Numbers]:
    """The papers of sightings by what happened to them and on which day of UTC."""
    papers = defaultdict[tuple[Event, date], list[int]](list)
    for one, at in arrived:
        papers[one.event, at.date()].append(one.number)
    return {when: frozenset(numbers) for when, numbers in papers.items()}


def issues(
    subscription: Subscription, found: Sequence[Match], until: datetime, hindsight: Hindsight
) -> Iterator[Issue]:
    """Every digest from the subscription's beginning on that would have had something in it.

    The last one may be due after `until` only: what waits for it has come already. Who shows a few
    of the papers asks for their reasons.
    """
    moments = [one.at for one in found]
    zone = zone_of(subscription.zone)
    now = subscription.created_at
    first = 0
    while first < len(found):
        due = next_due(subscription.cadence, zone, now) or moments[first]
        end = len(found) if due > until else bisect_right(moments, due, lo=first)
        here = found[first:end]
        first, now = end, due
        if here:
            day = due_date(subscription.cadence, zone, due)
            ranked = hindsight.best(here, due, day)
            shown = tuple(shown_of(subscription, ranked, len(here)))
            yield Issue(due, day, len(here), ranked, shown)
