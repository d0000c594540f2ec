"""What a digest says on a day without papers: failure is never silent, the rest is a choice."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.model.message import Digest
from bot.model.record import Source
from bot.model.subscription import Cadence, EmptyDay, Every, Subscription
from bot.rules.digests import footer, heading
from bot.rules.mailings import quiet_words

FAILING_SINCE = 5
"""Failures in a row from which a source counts as down and not as hiccuping."""


def quiet_day(
    subscription: Subscription,
    sources: Iterable[Source],
    day: date,
    now: datetime,
    *,
    scanned: int = 0,
) -> Digest | None:
    """The message of a dated digest without papers, or None to say nothing.

    scanned: papers announced on the days it covers (`days_covered`).
    """
    if subscription.cadence.every in {Every.INSTANT, Every.HOURLY}:
        return None
    known = list(sources)
    failing = [one for one in known if one.problem and one.failures >= FAILING_SINCE]
    reasons = [_failing(one) for one in failing]
    if subscription.empty is not EmptyDay.SILENT and not failing:
        reasons += quiet_words(known, now)
    if not reasons and subscription.empty is not EmptyDay.ALWAYS:
        return None
    return Digest(
        heading=heading(subscription, 0, day),
        cards=(),
        note=" ".join(
            [*reasons, _coverage(scanned, days_covered(subscription.cadence, day), failing)]
        ),
        footer=footer(subscription),
        name=subscription.name,
    )


def _coverage(scanned: int, days: int, failing: Sequence[Source]) -> str:
    when = "on this day" if days == 1 else f"on the last {days} days"
    if not scanned and failing:
        return f"Of papers announced {when} none is known yet."
    if not scanned:
        return f"No paper was announced {when}."
    papers = "1 paper" if scanned == 1 else f"{scanned} papers"
    return f"Scanned {papers} announced {when}; none matched that is new here."


def days_covered(cadence: Cadence, day: date) -> int:
    """How many days a dated digest looks back over, its own included."""
    if cadence.every is Every.WEEKLY:
        return 7
    return 3 if cadence.every is Every.WEEKDAYS and day.weekday() == 0 else 1


def outage(sources: Iterable[Source]) -> str:
    """What tells one outage from the next, so that a silent channel hears of each once."""
    return " ".join(
        f"{one.name}@{one.last_success_at.isoformat() if one.last_success_at else 'never'}"
        for one in sources
        if one.problem and one.failures >= FAILING_SINCE
    )


def _failing(source: Source) -> str:
    if source.last_success_at is None:
        return f"{source.name} could not be read yet ({source.problem})."
    since = f"{source.last_success_at:%Y-%m-%d %H:%M} UTC"
    return f"{source.name} could not be read since {since} ({source.problem})."
