"""What a digest says on a day without papers: failure is never silent, the rest is a choice."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from bot.model.message import Digest
from bot.model.record import Source
from bot.model.subscription import EmptyDay, Every, Subscription
from bot.rules.digests import footer, heading

FAILING_SINCE = 5
"""Failures in a row from which a source counts as down and not as hiccuping."""

SILENT_FOR = timedelta(hours=26)
"""A source that announced nothing for so long had no mailing: weekends and holidays are such."""


def quiet_day(
    subscription: Subscription, sources: Iterable[Source], day: date, now: datetime
) -> Digest | None:
    """The message of a dated digest without papers, or None to say nothing."""
    if subscription.cadence.every in {Every.INSTANT, Every.HOURLY}:
        return None
    known = list(sources)
    failing = [one for one in known if one.problem and one.failures >= FAILING_SINCE]
    reasons = [_failing(one) for one in failing]
    if subscription.empty is not EmptyDay.SILENT and not failing:
        reasons += _without_mailing(known, now)
    if not reasons and subscription.empty is not EmptyDay.ALWAYS:
        return None
    return Digest(
        heading=heading(subscription, 0, day),
        cards=(),
        note=" ".join(reasons) or "Every source was read; no new paper matched.",
        footer=footer(subscription),
        name=subscription.name,
    )


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


def _without_mailing(sources: list[Source], now: datetime) -> list[str]:
    read = [one for one in sources if one.last_success_at is not None]
    newest = max((one.last_new_at for one in read if one.last_new_at), default=None)
    if not read or (newest is not None and now - newest < SILENT_FOR):
        return []
    since = f" since {newest:%Y-%m-%d %H:%M} UTC" if newest else ""
    return [f"The sources announced nothing new{since}: a day without mailing."]
