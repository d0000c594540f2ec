"""Reports as messages: the words people read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.commands.explaining import Explanation, Why
from bot.commands.searching import Answer, PreviewReport
from bot.model.command import Search
from bot.model.errors import BadFilter, CommandError
from bot.model.message import Action, Listing, Notice, Tone
from bot.model.paper import Paper
from bot.model.record import LaneStatus, Source, StoreStatus
from bot.model.subscription import Mode, Subscription
from bot.rules.cards import card
from bot.rules.reading import reading
from bot.rules.schedule import describe

SAMPLES = 5
FIREHOSE_PER_DAY = 10
_FOREVER_YEAR = 9999


def results(query: Search, answer: Answer) -> Listing | Notice:
    """The page of a search, or what to try when nothing was found."""
    if not answer.ranked:
        return Notice(
            heading=f"No papers found for {answer.topic.canonical}",
            lines=(
                f"Searched for {reading(answer.topic)}.",
                "Try fewer words, OR between them, or a beginning such as align*.",
            ),
        )
    first = (query.page - 1) * query.limit + 1
    last = first + len(answer.ranked) - 1
    more = answer.total > last
    return Listing(
        heading=f"{_papers(answer.total)} on {answer.topic.canonical}",
        cards=tuple(
            card(one.paper, why=one.why, actions=(Action("Why?", f"why {one.paper.key}"),))
            for one in answer.ranked
        ),
        total=answer.total,
        note=f"Showing {first} to {last}." if more or query.page > 1 else "",
        footer=f"To get these every day, subscribe to: {answer.topic.canonical}",
        actions=(Action("More", f"search {query.query} page:{query.page + 1}"),) if more else (),
    )


def one_paper(paper: Paper) -> Listing:
    """A paper somebody asked for by name."""
    return Listing(heading=paper.key, cards=(card(paper, mode=Mode.FULL),), total=1)


def subscribed(subscription: Subscription, report: PreviewReport) -> Notice:
    """The confirmation: what was saved, what it means, how much to expect, when it speaks."""
    return Notice(
        heading=f"Subscribed: {subscription.name}",
        lines=(
            f"Filter: {subscription.filter.canonical}",
            f"That is: {reading(subscription.filter)}.",
            f"It speaks {describe(subscription.cadence, subscription.zone)}; "
            f"{next_words(subscription)}. A digest shows the best {subscription.top}.",
            _volume(report),
        ),
        tone=Tone.DONE,
        cards=tuple(card(one.paper, why=one.why) for one in report.papers[:1]),
        actions=(
            Action("Preview", f"preview {subscription.filter.canonical}"),
            Action("Undo", f"unsubscribe {subscription.name}"),
        ),
    )


def _volume(report: PreviewReport) -> str:
    if not report.scanned:
        return "No papers of the last days are in the index yet, so the volume is unknown."
    words = f"In the last {report.days} days it would have matched {_papers(report.matches)}"
    if not report.matches:
        return f"{words} of {report.scanned}: a looser filter may serve better."
    words += f" of {report.scanned} (about {report.per_day:g} a day)"
    if report.per_day > FIREHOSE_PER_DAY:
        return f"{words}: that is a lot; digests show the best and count the rest."
    return f"{words}."


def previewed(report: PreviewReport) -> Notice:
    """What a filter would have brought, with samples."""
    return Notice(
        heading=f"Preview: {report.topic.canonical}",
        lines=(f"That is: {reading(report.topic)}.", _volume(report)),
        cards=tuple(card(one.paper, why=one.why) for one in report.papers[:SAMPLES]),
        actions=(Action("Subscribe", f"subscribe {report.topic.canonical}"),),
    )


def listed(subscriptions: list[Subscription], now: datetime) -> Notice:
    """A channel's subscriptions, numbered."""
    if not subscriptions:
        return Notice(
            heading="This channel has no subscriptions yet",
            lines=("Make one, for example: subscribe alignment -survey every:daily at:09:00",),
        )
    return Notice(
        heading="Subscriptions of this channel",
        lines=tuple(
            f"{number}. {one.name}: {one.filter.canonical} · "
            f"{describe(one.cadence, one.zone)} · {paused_words(one, now) or next_words(one)}"
            for number, one in enumerate(subscriptions, start=1)
        ),
    )


def paused_words(subscription: Subscription, now: datetime) -> str:
    """How long it is silent; empty when it is not."""
    until = subscription.paused_until
    if until is None or until <= now:
        return ""
    if until.year == _FOREVER_YEAR:
        return "paused until resumed"
    return f"paused until {_local(until, subscription.zone)}"


def next_words(subscription: Subscription) -> str:
    """When it speaks next, in its own zone."""
    if subscription.next_due_at is None:
        return "next: when a paper matches"
    return f"next: {_local(subscription.next_due_at, subscription.zone)}"


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M} ({zone})"


def unsubscribed(subscription: Subscription) -> Notice:
    """The confirmation, with the line that undoes it."""
    return Notice(
        heading=f"Stopped: {subscription.name}",
        lines=(f"Its filter was {subscription.filter.canonical}",),
        tone=Tone.DONE,
        actions=(
            Action("Undo", f"subscribe {subscription.filter.canonical} name:{subscription.name}"),
        ),
    )


def paused(subscriptions: list[Subscription], now: datetime) -> Notice:
    """Which subscriptions are silent, and until when."""
    return Notice(
        heading="Paused",
        lines=tuple(f"{one.name}: {paused_words(one, now)}" for one in subscriptions),
        tone=Tone.DONE,
    )


def resumed(subscriptions: list[Subscription]) -> Notice:
    """Which subscriptions speak again, and when."""
    return Notice(
        heading="Resumed",
        lines=tuple(f"{one.name}: {next_words(one)}" for one in subscriptions),
        tone=Tone.DONE,
    )


def explained(report: Why) -> Notice:
    """The steps of every subscription."""
    if not report.explanations:
        return Notice(
            heading=f"Why {report.history.paper.title}?",
            lines=("This channel has no subscriptions, so nothing could bring it here.",),
        )
    lines = [line for one in report.explanations for line in _steps(one)]
    return Notice(heading=f"Why {report.history.paper.title}?", lines=tuple(lines))


def _steps(explanation: Explanation) -> list[str]:
    subscription = explanation.subscription
    lines = [f"{subscription.name} ({subscription.filter.canonical})"]
    lines += [
        f"{'yes' if step.passed else 'no'}: {step.name}, {step.detail}"
        for step in explanation.steps
    ]
    return lines


def status(store: StoreStatus, sources: list[Source], lanes: list[LaneStatus]) -> Notice:
    """How everything is doing, in a few lines."""
    newest = f", the newest of {store.newest_on.isoformat()}" if store.newest_on else ""
    lines = [
        f"Index: {_papers(store.papers)}{newest}; {store.unplanned} not matched yet.",
        f"Subscriptions: {store.subscriptions} with {store.filters} distinct filters.",
        *(_source_line(one) for one in sources),
        *(_lane_line(one) for one in lanes),
    ]
    if not sources:
        lines.append("Sources: none has been read yet.")
    return Notice(heading="Status", lines=tuple(lines))


def _source_line(source: Source) -> str:
    if source.problem:
        return f"Source {source.name}: failing ({source.problem}), {source.failures} times in a row"
    if source.last_success_at is None:
        return f"Source {source.name}: not read yet"
    at = source.last_success_at.astimezone(UTC)
    return f"Source {source.name}: last read {at:%Y-%m-%d %H:%M} UTC"


def _lane_line(lane: LaneStatus) -> str:
    words = f"Channel {lane.channel}: {lane.state}"
    if lane.reason:
        words += f" ({lane.reason})"
    if lane.waiting:
        words += f", {lane.waiting} waiting"
    if lane.unknown:
        words += f", {lane.unknown} of unknown fate"
    if lane.last_ok_at:
        words += f", last post {lane.last_ok_at:%Y-%m-%d %H:%M} UTC"
    return words


def problem(error: CommandError) -> Notice:
    """A person's mistake, shown so that it can be mended; nothing was changed."""
    if isinstance(error, BadFilter):
        found = error.problem
        excerpt, column = _excerpt(error.text, found.column)
        return Notice(
            heading=f"{found.message} (column {found.column})",
            lines=(found.hint,) if found.hint else (),
            code=f"{excerpt}\n{' ' * (column - 1)}^",
            tone=Tone.ERROR,
        )
    return Notice(heading=str(error), tone=Tone.ERROR)


def _excerpt(text: str, column: int, width: int = 70) -> tuple[str, int]:
    """The stretch of a long filter around the wrong column."""
    if len(text) <= width:
        return text, column
    start = max(0, column - 1 - width // 2)
    return text[start : start + width], column - start


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count} papers"
