"""`why`: the way of one paper through each of a channel's subscriptions, step by step."""

from dataclasses import dataclass
from datetime import date

from bot.model.errors import NotFound
from bot.model.record import PaperHistory
from bot.model.subscription import Channel, Subscription
from bot.ports import Store
from bot.rules.document import Document, document
from bot.rules.failures import first_failure
from bot.rules.identity import paper_key
from bot.rules.reasons import reasons


@dataclass(frozen=True, slots=True)
class Step:
    """One stage and whether the paper passed it; detail says why, in words."""

    name: str
    passed: bool
    detail: str


def _yes(name: str, detail: str) -> Step:
    return Step(name, passed=True, detail=detail)


def _no(name: str, detail: str) -> Step:
    return Step(name, passed=False, detail=detail)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one subscription made of the paper: its steps up to the first failure."""

    subscription: Subscription
    steps: tuple[Step, ...]

    @property
    def matched(self) -> bool:
        """Whether the filter matches the paper."""
        return any(step.name == "filter" and step.passed for step in self.steps)


@dataclass(frozen=True, slots=True)
class Why:
    """All a channel can know about a paper."""

    history: PaperHistory
    explanations: tuple[Explanation, ...]


async def why(store: Store, channel: Channel, text: str, today: date) -> Why:
    """Explain a paper to a channel. Raises NotFound when no source has shown it yet."""
    key = paper_key(text)
    history = await store.papers.history(channel, key) if key else None
    if history is None:
        raise NotFound(
            f"No source has shown “{text[:60]}” yet, so no subscription could match it. "
            "Check the id, or look at `status` to see when the sources were last read."
        )
    folded = document(history.paper)
    return Why(
        history,
        tuple(_explain(history, folded, one, today) for one in history.subscriptions),
    )


def _explain(
    history: PaperHistory, folded: Document, subscription: Subscription, today: date
) -> Explanation:
    steps = [_seen(history)]
    failure = first_failure(subscription.filter, folded, history.paper, event=None, today=today)
    if failure is not None:
        words = f"{failure.why}: {failure.excerpt}" if failure.excerpt else failure.why
        return Explanation(subscription, (*steps, _no("filter", words)))
    found = "; ".join(reasons(subscription.filter, folded, history.paper))
    steps.append(_yes("filter", found or subscription.filter.canonical))
    if subscription.id not in history.hits:
        steps.append(_no("announced since it began", _no_hit(history, subscription)))
        return Explanation(subscription, tuple(steps))
    steps.append(_yes("announced since it began", "it was new to this subscription"))
    steps.append(_posted(history, subscription))
    return Explanation(subscription, tuple(steps))


def _seen(history: PaperHistory) -> Step:
    said = ", ".join(
        f"{source} said “{event}” on {on.isoformat()}" for source, event, on, _ in history.sightings
    )
    return _yes("seen", said or "it is in the index")


def _no_hit(history: PaperHistory, subscription: Subscription) -> str:
    first = min((at for *_, at in history.sightings), default=None)
    if first is not None and first < subscription.created_at:
        return (
            f"it was announced before this subscription was made "
            f"({subscription.created_at:%Y-%m-%d %H:%M} UTC)"
        )
    return "it was announced too long ago to be news, or it has not been matched yet"


def _posted(history: PaperHistory, subscription: Subscription) -> Step:
    if history.shown:
        shown = history.shown[0]
        by = "" if shown.subscription == subscription.name else f" by “{shown.subscription}”"
        when = f"{shown.at:%Y-%m-%d %H:%M} UTC"
        if shown.state == "sent":
            return _yes("posted", f"in this channel{by} on {when}")
        return _no("posted", f"its message{by} of {when} is {shown.state}")
    if subscription.paused_until is not None:
        return _no("posted", "this subscription is paused")
    due = subscription.next_due_at
    if due is not None and not _cut(history, subscription):
        return _no("posted", f"it waits for the digest of {due:%Y-%m-%d %H:%M} UTC")
    return _no("posted", f"it was beyond the best {subscription.top} of its digest")


def _cut(history: PaperHistory, subscription: Subscription) -> bool:
    """Whether a digest has already passed over it."""
    return history.hits.get(subscription.id, 0) <= subscription.hit_cursor
