"""`why`: the way of one paper through each of a channel's subscriptions, stage by stage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.commands.places import Place, place_of
from bot.model.errors import NotFound
from bot.model.paper import QUIET_EVENTS, Event, PaperKey
from bot.model.record import PaperHistory, Said
from bot.model.subscription import Channel, Damaged, Every, Subscription
from bot.model.topic import FromSource, Not
from bot.ports import Store
from bot.rules.alerts import alerts
from bot.rules.canonical import and_parts
from bot.rules.document import Document, document
from bot.rules.failures import first_failure, pending_until
from bot.rules.identity import paper_key
from bot.rules.matching import expand, has_threshold, matches
from bot.rules.ranking import Occasion, Score, positive_texts, score
from bot.rules.reasons import reasons
from bot.rules.suggestions import one_change
from bot.rules.taste import Taste
from bot.rules.variants import Variant
from bot.rules.writing import write

STAGES = ("seen", "source", "event", "filter", "cap", "posted")
"""In the order a paper passes them."""


_CHANGED_SINCE = (
    "it matches now, but did not when something was said of the paper: the filter or the paper was "
    "changed since"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage and whether the paper passed it; detail says why, in words."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What one subscription made of the paper: its steps up to the first failure.

    matched: whether its filter matches the paper, whatever the event. score: where it does, how
    strongly. change: a filter changed at one place that would have let it through.
    """

    subscription: Subscription
    steps: tuple[Step, ...]
    matched: bool = False
    score: Score | None = None
    change: Variant | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """All a channel can know about a paper.

    tally: how many found it relevant and how many not, where the channel shows that. damaged: the
    channel's subscriptions that cannot bring anything.
    """

    history: PaperHistory
    explanations: tuple[Explanation, ...]
    tally: tuple[int, int] | None = None
    damaged: tuple[Damaged, ...] = ()


async def why(store: Store, channel: Channel, text: str, today: date) -> Why:
    """Explain a paper to a channel. Raises NotFound when no source has shown it yet."""
    key = paper_key(text)
    if key is None:
        raise NotFound(
            f"“{text[:60]}” is neither an id nor an address; try one such as 2403.09472."
        )
    history = await store.papers.history(channel, key)
    if history is None:
        raise NotFound(
            f"No source has shown “{text[:60]}” yet, so no subscription could match it. "
            "Check the id, or look at `status` to see when the sources were last read."
        )
    taste = await store.feedback.taste(channel)
    folded = document(history.paper)
    explained = []
    for one in history.subscriptions:
        period = history.periods.get(one.id)
        place = await place_of(store, history, one, period, taste) if period else None
        case = _Case(history, folded, one, today, place)
        explained.append(case.explanation(taste))
    tally = await _tally(store, channel, history.paper.key)
    damaged = tuple(await store.subscriptions.damaged(channel))
    return Why(history, tuple(explained), tally, damaged)


async def _tally(store: Store, channel: Channel, key: PaperKey) -> tuple[int, int] | None:
    if not (await store.policy.settings(channel)).tally:
        return None
    return (await store.feedback.tally(channel, [key])).get(key)


@dataclass(frozen=True, slots=True)
class _Case:
    """One subscription and the paper."""

    history: PaperHistory
    folded: Document
    subscription: Subscription
    today: date
    place: Place | None

    def explanation(self, taste: Taste) -> Explanation:
        """Its stages, and what would change the outcome."""
        steps: list[Step] = []
        for step in self._stages():
            steps.append(step)
            if not step.passed:
                break
        paper, topic = self.history.paper, self.subscription.filter
        event = self.history.events.get(self.subscription.id)
        matched = matches(expand(topic.root), self.folded, event=None, today=self.today)
        found = None
        if self.place is not None:
            found = self.place.score
        elif matched:
            occasion = Occasion(self.today, event or Event.NEW, taste)
            found = score(positive_texts(expand(topic.root)), self.folded, paper, occasion)
        change = None
        if not steps[-1].passed and self._filter_decided(steps[-1]):
            change = self._change()
        return Explanation(
            subscription=self.subscription,
            steps=tuple(steps),
            matched=matched,
            score=found,
            change=change,
        )

    def _stages(self) -> Iterator[Step]:
        yield self._seen()
        yield self._source()
        yield self._event()
        yield self._filter()
        yield self._cap()
        yield self._posted()

    def _seen(self) -> Step:
        said = ", ".join(
            f"{one.source} said “{one.event}” on {one.on.isoformat()}"
            for one in self.history.sightings
        )
        return Step("seen", passed=True, detail=said or "it is in the index")

    def _source(self) -> Step:
        """Whether it came from where the filter wants it from."""
        sources = ", ".join(sorted(self.history.paper.sources)) or "no source we know"
        for part in and_parts(self.subscription.filter.root):
            inner = part.part if isinstance(part, Not) else part
            if isinstance(inner, FromSource) and not matches(
                part, self.folded, event=None, today=self.today
            ):
                return Step(
                    "source", passed=False, detail=f"{write(part)}, but it is from {sources}"
                )
        return Step("source", passed=True, detail=sources)

    def _event(self) -> Step:
        event = self.history.events.get(self.subscription.id)
        if event is not None:
            return Step("event", passed=True, detail=f"“{event}” since it began")
        problem = self._no_news()
        return Step("event", passed=not problem, detail=problem or "announced since it began")

    def _young(self) -> list[Said]:
        """What was said of the paper since the subscription began."""
        began = self.subscription.created_at
        return [one for one in self.history.sightings if one.first_seen_at >= began]

    def _no_news(self) -> str:
        """Why nothing that was said of the paper was news to this subscription; empty if it was."""
        began, young = self.subscription.created_at, self._young()
        if not young:
            return (
                "it was announced before this subscription was made "
                f"({began:%Y-%m-%d %H:%M} UTC), and nothing was said about it since"
            )
        timely = [one for one in young if not one.late]
        if not timely:
            return f"it was announced too long ago to be news (on {young[0].on.isoformat()})"
        if not any(map(self._asks_for, timely)):
            event = timely[-1].event
            if event is Event.HOT:
                return "only its counters have risen, and the filter sets no threshold"
            return f"it was “{event}” only, and the filter does not ask for version:{event}"
        return ""

    def _asks_for(self, said: Said) -> bool:
        """Whether such an event can reach this filter at all."""
        root = self.subscription.filter.root
        if said.event is Event.HOT:
            return has_threshold(root)
        return said.event not in QUIET_EVENTS or f"version:{said.event}" in write(root).replace(
            "version:(", "version:"
        )

    def _filter(self) -> Step:
        event = self.history.events.get(self.subscription.id)
        topic, paper = self.subscription.filter, self.history.paper
        failure = first_failure(topic, self.folded, paper, event=event, today=self.today)
        if failure is not None and event is None:
            words = f"{failure.why}: {failure.excerpt}" if failure.excerpt else failure.why
            clause = f"`{failure.clause}`: " if failure.clause else ""
            until = pending_until(topic, failure.clause, self.folded, self.today)
            still = f"; it still comes if it gets there by {until}" if until else ""
            return Step("filter", passed=False, detail=clause + words + still)
        if event is None and all(one.planned for one in self._young()):
            return Step("filter", passed=False, detail=_CHANGED_SINCE)
        found = "; ".join(reasons(topic, self.folded, paper)) or topic.canonical
        since = f"; since then: {failure.why}" if failure is not None else ""
        return Step("filter", passed=True, detail=found + since)

    def _cap(self) -> Step:
        top = self.subscription.top
        if self.subscription.id not in self.history.hits:
            return Step("cap", passed=False, detail="it has not been matched yet; look again soon")
        if self.place is None:
            return Step("cap", passed=True, detail=f"at most {top} in a digest")
        among = (
            "that came together"
            if self.subscription.cadence.every is Every.INSTANT
            else f"in the digest {self.place.period}"
        )
        words = f"number {self.place.number} of {self.place.count} {among}"
        if self.history.shown or self._was_heard():
            return Step("cap", passed=True, detail=words)
        if self.place.number <= self.place.shown_count:
            words += " by today's counters and votes"
        return Step(
            "cap",
            passed=False,
            detail=f"{words}, which showed {self.place.shown_count}; "
            f"“rest {self.subscription.name} {self.place.period}” lists the others",
        )

    def _posted(self) -> Step:
        if self.history.shown:
            return self._shown()
        if self._was_heard():
            return Step(
                "posted",
                passed=False,
                detail="it counts as posted: the database that was lost and restored had it in time "
                f"for its digest of {self.subscription.heard_until:%Y-%m-%d %H:%M} UTC or before. "
                "Whether it was shown there, only the channel knows",
            )
        if self.subscription.paused_until is not None:
            return Step("posted", passed=False, detail="this subscription is paused")
        due = self.subscription.next_due_at
        if due is not None:
            when = f"{due:%Y-%m-%d %H:%M} UTC"
            return Step("posted", passed=False, detail=f"it waits for the digest of {when}")
        return Step("posted", passed=False, detail="it is on its way")

    def _was_heard(self) -> bool:
        """Whether the digest that chose from it was one of a database that was lost."""
        heard_until = self.subscription.heard_until
        said = self.history.sightings
        return heard_until is not None and all(one.first_seen_at < heard_until for one in said)

    def _shown(self) -> Step:
        shown = self.history.shown[0]
        by = "" if shown.subscription == self.subscription.name else f" by “{shown.subscription}”"
        when = f"{shown.at:%Y-%m-%d %H:%M} UTC"
        if shown.state == "sent":
            return Step("posted", passed=True, detail=f"in this channel{by} on {when}")
        return Step("posted", passed=False, detail=f"its message{by} of {when} is {shown.state}")

    def _filter_decided(self, failed: Step) -> bool:
        """Whether another filter would have made a difference: it cannot bring back old news."""
        if failed.name != "event":
            return failed.name in {"source", "filter"}
        return any(not one.late for one in self._young())

    def _change(self) -> Variant | None:
        """A filter changed at one place that would have let the paper through."""
        topic, paper = self.subscription.filter, self.history.paper
        events = dict.fromkeys(one.event for one in reversed(self._young()) if not one.late)
        found = (
            one_change(topic, self.folded, paper, event=event, today=self.today)
            for event in events
            if not alerts(expand(topic.root), self.folded, event, self.today)
        )
        return next(filter(None, found), None)
