"""What should have been posted, worked out paper by paper with the slow reference evaluator.

Each subscription has the papers that match since it last spoke. When it is due, what its channel was
shown before falls away; of the rest it must show as many as it may and count the others. So every
match is accounted for: shown once in the channel, or counted under the digest that had no room.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.model.paper import Event, Metrics, Paper, Sighting
from bot.model.subscription import Every, Subscription
from bot.rules.alerts import alerts
from bot.rules.document import document
from bot.rules.matching import expand
from tests.replay.records import Reading
from tests.replay.taking import Shown

MOST_SINGLE = 5
"""An instant subscription posts so many papers each on its own; more become one digest."""
SATURDAY = 5

Said = tuple[str, Event]
"""A paper's key and what happened to it."""


class Heard:
    """What each source has said: the same twice is no news, but a counter that rises is."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str, Event, int]] = set()
        self._counters: dict[str, Metrics] = {}

    def news(self, reading: Reading) -> list[Said]:
        """What is news in a reading, each paper and event once."""
        fresh: dict[Said, None] = {}
        risen: dict[str, None] = {}
        for one in reading.sightings:
            said = (reading.source, one.paper.key, one.event, one.paper.version or 0)
            if said not in self._known:
                self._known.add(said)
                fresh[one.paper.key, one.event] = None
            if self._rises(one):
                risen[one.paper.key] = None
        announced = {key for key, _ in fresh}
        return [*fresh, *((key, Event.HOT) for key in risen if key not in announced)]

    def _rises(self, one: Sighting) -> bool:
        before = self._counters.get(one.paper.key)
        now = one.paper.metrics
        if before is None:
            self._counters[one.paper.key] = now
            return False
        pairs = [
            (getattr(before, name), getattr(now, name)) for name in ("upvotes", "comments", "stars")
        ]
        kept = [old if new is None else new for old, new in pairs]
        self._counters[one.paper.key] = Metrics(upvotes=kept[0], comments=kept[1], stars=kept[2])
        return any(new is not None and new > (old or 0) for old, new in pairs)


@dataclass(slots=True)
class Audit:
    """The books of some channels. failures: what did not agree, in words."""

    orders: Sequence[Subscription]
    failures: list[str] = field(default_factory=list)
    matched: int = 0
    shown: int = 0
    counted: int = 0
    _waiting: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    _ever: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def matches_of(self, order: Subscription) -> set[str]:
        """Every paper that has matched a subscription."""
        return set(self._ever[order.name])

    def arrived(self, told: Iterable[tuple[Paper, Event]], today: date) -> None:
        """Ask every filter about everything that was said, as the papers are stored now."""
        happened = [(paper, document(paper), event) for paper, event in told]
        answers: dict[str, list[str]] = {}
        for order in self.orders:
            key = order.filter.key
            if key not in answers:
                tree = expand(order.filter.root)
                answers[key] = [
                    paper.key
                    for paper, folded, event in happened
                    if alerts(tree, folded, event, today)
                ]
            new = [one for one in answers[key] if one not in self._ever[order.name]]
            self._ever[order.name].update(new)
            self._waiting[order.name] |= dict.fromkeys(new)
            self.matched += len(set(new))

    def spoke(self, posted: dict[str, list[Shown]], at: datetime) -> None:
        """Check what was posted at one moment."""
        due: dict[str, list[Subscription]] = {str(one.channel): [] for one in self.orders}
        for one in self.orders:
            woken = one.cadence.every is Every.INSTANT and self._waiting[one.name]
            if woken or speaks(one, at):
                due[str(one.channel)].append(one)
        for room, orders in due.items():
            self._room(room, orders, posted.get(room, []), at)

    def _room(self, room: str, due: list[Subscription], posted: list[Shown], at: datetime) -> None:
        names = {one.name: one for one in due}
        for name in dict.fromkeys(one.subscription for one in posted):
            mine = [one for one in posted if one.subscription == name]
            if name not in names:
                self.failures.append(f"{at} {room}: {name} spoke without being due")
                continue
            self._digest(room, names.pop(name), mine, at)
        for name in names:  # due, and silent
            forgotten = self._waiting.pop(name, {}).keys() - self._seen[room]
            if forgotten:
                self.failures.append(f"{at} {room}: {name} kept silent about {sorted(forgotten)}")

    def _digest(self, room: str, order: Subscription, mine: list[Shown], at: datetime) -> None:
        expected = self._waiting.pop(order.name, {}).keys() - self._seen[room]
        papers = [paper for one in mine for paper in one.papers]
        omitted = sum(one.omitted for one in mine)
        where = f"{at} {room}: {order.name}"
        again = self._seen[room] & set(papers)
        if again or len(papers) != len(set(papers)):
            self.failures.append(f"{where} showed papers twice: {sorted(again) or papers}")
        if set(papers) - expected:
            self.failures.append(f"{where} showed what does not match: {set(papers) - expected}")
        if len(papers) + omitted != len(expected):
            self.failures.append(
                f"{where} accounts for {len(papers)} + {omitted} of {len(expected)} papers"
            )
        room_for = {min(order.top, len(expected))}
        if order.cadence.every is Every.INSTANT and len(expected) <= MOST_SINGLE:
            room_for.add(len(expected))  # each on its own, while the channel keeps up
        if len(papers) not in room_for:
            self.failures.append(f"{where} showed {len(papers)} papers, not {room_for}")
        self._seen[room] |= set(papers)
        self.shown += len(papers)
        self.counted += omitted


def speaks(order: Subscription, at: datetime) -> bool:
    """Whether a dated subscription speaks at an instant, UTC."""
    cadence = order.cadence
    if cadence.at is None or (at.hour, at.minute) != (cadence.at.hour, cadence.at.minute):
        return False
    if cadence.every is Every.WEEKDAYS:
        return at.weekday() < SATURDAY
    return cadence.every is not Every.WEEKLY or at.weekday() == cadence.weekday
