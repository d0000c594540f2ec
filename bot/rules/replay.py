"""What a subscription would have posted, had it been there: the past once more, in order.

The same rules as the real run decide: what matches (`matching`), when a digest is due
(`schedule`), which papers come first and how many are shown (`digests`). Papers are looked at as
they are stored now, so an upvote gained since counts as if it had been there at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.model.paper import Event, Paper
from bot.model.record import IMPORT, Arrival
from bot.model.subscription import Subscription
from bot.model.topic import And, Node, Not, Or, Since, Version
from bot.rules.alerts import alerts
from bot.rules.digests import Ranked, rank, shown_of
from bot.rules.document import Document
from bot.rules.document import folded as folded_once
from bot.rules.matching import has_threshold
from bot.rules.schedule import due_date, next_due, zone_of
from bot.rules.synonyms import expand
from bot.rules.taste import NO_TASTE, Taste

READ_WITHIN = timedelta(days=3)
"""An announcement we learned of later belongs to a baseline: its own date counts, as in imports."""


@dataclass(frozen=True, slots=True)
class Match:
    """A paper that would have matched, once: what brought it, and when.

    said: everything said about it, so that what came later does not count yet.
    """

    arrival: Arrival
    document: Document
    at: datetime
    said: tuple[tuple[datetime, Event], ...] = ()

    def paper_at(self, now: datetime) -> Paper:
        """The paper without what was said about it after `now`."""
        paper = self.arrival.paper
        known = {event for at, event in self.said if at <= now}
        unknown = {event for at, event in self.said if at > now} - known
        return replace(paper, events=paper.events - unknown) if unknown else paper


@dataclass(frozen=True, slots=True)
class Issue:
    """One digest that would have been posted: when, everything that matched, what it showed."""

    at: datetime
    day: date
    ranked: tuple[Ranked, ...]
    shown: tuple[Ranked, ...]

    @property
    def left_out(self) -> int:
        """How many it would have counted only."""
        return len(self.ranked) - len(self.shown)


def loosened(root: Node) -> Node | None:
    """A tree without what depends on day or event, that finds all papers `root` ever finds.

    None: every paper.
    """
    match root:
        case Version() | Since() | Not(Version() | Since()):
            return None
        case And(parts):
            kept = [part for part in map(loosened, parts) if part is not None]
            return And(tuple(kept)) if len(kept) > 1 else next(iter(kept), None)
        case Or(parts):
            either = [part for part in map(loosened, parts) if part is not None]
            return Or(tuple(either)) if len(either) == len(parts) else None
        case _:
            return root


def arrived_at(arrival: Arrival) -> datetime:
    """When the bot learned of it, or would have."""
    learned = arrival.first_seen_at
    if arrival.source != IMPORT and abs(learned.date() - arrival.on) <= READ_WITHIN:
        return learned
    return datetime.combine(arrival.on, time(), UTC)


def matched(root: Node, arrivals: Sequence[Arrival]) -> list[Match]:
    """The papers of which the tree would have had a match, each at its first, in order.

    `root` is canonical, not expanded.
    """
    tree, has_limits = expand(root), has_threshold(root)
    found: dict[str, Match] = {}
    for one in sorted(arrivals, key=arrived_at):
        key = one.paper.key
        if key in found or (one.event is Event.HOT and not has_limits):
            continue  # most rises alert nobody: not worth folding the paper
        folded = folded_once(one.paper)
        at = arrived_at(one)
        if alerts(tree, folded, one.event, at.date()):
            found[key] = Match(one, folded, at)
    said: dict[str, list[tuple[datetime, Event]]] = {key: [] for key in found}
    for one in arrivals:
        if one.paper.key in said:
            said[one.paper.key].append((arrived_at(one), one.event))
    return [replace(one, said=tuple(said[key])) for key, one in found.items()]


def issues(
    subscription: Subscription,
    found: Sequence[Match],
    until: datetime,
    taste: Taste = NO_TASTE,
) -> Iterator[Issue]:
    """Every digest from the subscription's beginning on that would have had something in it.

    The last one may be due after `until` only: what waits for it has come already.
    """
    waiting = list(found)
    zone = zone_of(subscription.zone)
    now = subscription.created_at
    while waiting:
        due = _next(subscription, waiting, now)
        here = [one for one in waiting if one.at <= due or due > until]
        waiting = waiting[len(here) :]
        now = due
        if here:
            day = due_date(subscription.cadence, zone, due)
            ranked = rank(
                subscription.filter,
                [one.paper_at(due) for one in here],
                day,
                events={one.arrival.paper.key: one.arrival.event for one in here},
                taste=taste,
                explained=0,  # who shows a few of them asks for their reasons
                documents={one.arrival.paper.key: one.document for one in here},
            )
            yield Issue(due, day, tuple(ranked), tuple(shown_of(subscription, ranked)))


def _next(subscription: Subscription, waiting: Sequence[Match], now: datetime) -> datetime:
    """When it would speak next: at its hour, or with the next match."""
    due = next_due(subscription.cadence, zone_of(subscription.zone), now)
    return waiting[0].at if due is None else due
