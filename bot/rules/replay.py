"""What a subscription would have posted, had it been there: the past once more, in order.

The same rules as the real run decide: what matches (`matching`), when a digest is due
(`schedule`), which papers come first and how many are shown (`digests`). Papers are looked at as
they are stored now, so an upvote gained since counts as if it had been there at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.model.paper import Event, Paper, PaperKey
from bot.model.record import IMPORT, Arrival
from bot.model.subscription import Subscription
from bot.model.topic import And, Node, Not, Or, Since, Version
from bot.rules.digests import MOST_SINGLE_POSTS, Ranked, shown_of
from bot.rules.document import Document, document
from bot.rules.matching import has_threshold
from bot.rules.ranking import positive_texts, standing
from bot.rules.schedule import due_date, next_due, zone_of
from bot.rules.sifting import Keys, Sieve
from bot.rules.studying import Study
from bot.rules.synonyms import expand
from bot.rules.taste import NO_TASTE, Taste
from bot.rules.variety import MOST_PLACED

READ_WITHIN = timedelta(days=3)
"""An announcement we learned of later belongs to a baseline: its own date counts, as in imports."""


@dataclass(frozen=True, slots=True)
class Match:
    """A paper that would have matched, once: what brought it, and when.

    said: everything said about it, so that what came later does not count yet.
    """

    arrival: Arrival
    at: datetime
    said: list[tuple[datetime, Event]] = field(default_factory=list)

    def paper_at(self, now: datetime) -> Paper:
        """The paper without what was said about it after `now`."""
        paper = self.arrival.paper
        if len(self.said) == 1:
            return paper  # nothing came later
        known = {event for at, event in self.said if at <= now}
        unknown = {event for at, event in self.said if at > now} - known
        return replace(paper, events=paper.events - unknown) if unknown else paper


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


def arrived_at(arrival: Arrival) -> datetime:
    """When the bot learned of it, or would have."""
    learned = arrival.first_seen_at
    if arrival.source != IMPORT and abs(learned.date() - arrival.on) <= READ_WITHIN:
        return learned
    return datetime.combine(arrival.on, time(), UTC)


def matched(root: Node, arrivals: Sequence[Arrival], sieve: Sieve) -> list[Match]:
    """The papers of which the tree would have had a match, each at its first, in order.

    `root` is canonical, not expanded. sieve: of all the papers of `arrivals`.
    """
    has_limits = has_threshold(root)  # else a risen counter alerts nobody
    timed = [(arrived_at(one), one) for one in arrivals]
    timed.sort(key=lambda one: one[0])
    asked = [(at, one) for at, one in timed if has_limits or one.event is not Event.HOT]
    alerted = {
        (event, day): sieve.alerted(expand(root), keys, event, day)
        for (event, day), keys in happened((one, at) for at, one in asked).items()
    }
    found: dict[PaperKey, Match] = {}
    for at, one in asked:
        key = one.paper.key
        if key not in found and key in alerted[one.event, at.date()]:
            found[key] = Match(one, at)
    for at, one in timed:
        if one.paper.key in found:
            found[one.paper.key].said.append((at, one.event))
    return list(found.values())


def happened(arrived: Iterable[tuple[Arrival, datetime]]) -> dict[tuple[Event, date], Keys]:
    """The papers of arrivals by what happened to them and on which day of UTC."""
    papers: dict[tuple[Event, date], set[PaperKey]] = {}
    for one, at in arrived:
        papers.setdefault((one.event, at.date()), set()).add(one.paper.key)
    return {when: frozenset(keys) for when, keys in papers.items()}


def issues(
    subscription: Subscription,
    found: Sequence[Match],
    until: datetime,
    sieve: Sieve,
    taste: Taste = NO_TASTE,
    *,
    best: int | None = None,
) -> Iterator[Issue]:
    """Every digest from the subscription's beginning on that would have had something in it.

    The last one may be due after `until` only: what waits for it has come already. best: how many
    of each are wanted at least; None: all. Who shows a few of them asks for their reasons.
    """
    waiting = list(found)
    zone = zone_of(subscription.zone)
    now = subscription.created_at
    sought = sieve.sought(tuple(positive_texts(expand(subscription.filter.root))))
    studied = Study(subscription.filter, sought)
    # Where all is counted and nobody has a taste, no paper is asked what is in it.
    fold = _nothing if sought.counted and taste is NO_TASTE else sieve.folded
    most = None if best is None else max(best, subscription.top, MOST_SINGLE_POSTS)
    while waiting:
        due = _next(subscription, waiting, now)
        here = [one for one in waiting if one.at <= due or due > until]
        waiting = waiting[len(here) :]
        now = due
        if here:
            day = due_date(subscription.cadence, zone, due)
            papers = [
                standing(
                    paper := one.paper_at(due),
                    fold(paper),
                    day,
                    one.arrival.event,
                    counted=sought.counted,
                )
                for one in here
            ]
            ranked = tuple(
                Ranked(papers[place].paper, score, ())
                for place, score in studied.best(papers, taste, most, most or MOST_PLACED)
            )
            shown = tuple(shown_of(subscription, ranked, len(here)))
            yield Issue(due, day, len(here), ranked, shown)


_NOTHING = document(Paper(key="", title="", url=""))


def _nothing(_: Paper) -> Document:
    return _NOTHING


def _next(subscription: Subscription, waiting: Sequence[Match], now: datetime) -> datetime:
    """When it would speak next: at its hour, or with the next match."""
    due = next_due(subscription.cadence, zone_of(subscription.zone), now)
    return waiting[0].at if due is None else due
