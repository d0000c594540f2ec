"""Values as the JSON documented in docs/cli.md: a contract other programs build on."""

from datetime import datetime
from typing import Any

from bot.commands.explaining import Why
from bot.model.paper import Paper
from bot.model.record import DeliveryStatus, LaneStatus, Source, StoreStatus
from bot.model.subscription import Damaged, Subscription
from bot.rules.digests import Ranked
from bot.rules.schedule import describe


def instant(at: datetime | None) -> str | None:
    """An instant in ISO 8601, UTC."""
    return at.isoformat().replace("+00:00", "Z") if at else None


def paper(one: Paper) -> dict[str, Any]:
    """A paper's facts."""
    return {
        "id": one.key,
        "title": one.title,
        "url": one.url,
        "authors": list(one.authors),
        "published_on": one.published_on.isoformat() if one.published_on else None,
        "announced_on": one.announced_on.isoformat() if one.announced_on else None,
        "categories": list(one.categories),
        "upvotes": one.metrics.upvotes,
        "comments": one.metrics.comments,
        "organization": one.organization,
        "code_url": one.code_url,
        "status": one.status.value,
    }


def ranked(one: Ranked) -> dict[str, Any]:
    """A paper with its score and reasons."""
    return {**paper(one.paper), "score": round(one.score.total, 4), "reasons": list(one.why)}


def subscription(one: Subscription) -> dict[str, Any]:
    """A standing order."""
    return {
        "channel": str(one.channel),
        "name": one.name,
        "filter": one.filter.canonical,
        "typed": one.typed,
        "every": one.cadence.every.value,
        "at": one.cadence.at.strftime("%H:%M") if one.cadence.at else None,
        "weekday": one.cadence.weekday,
        "tz": one.zone,
        "top": one.top,
        "mode": one.mode.value,
        "cadence": describe(one.cadence, one.zone),
        "created_at": instant(one.created_at),
        "next_due_at": instant(one.next_due_at),
        "paused_until": instant(one.paused_until),
    }


def why(report: Why) -> dict[str, Any]:
    """What each subscription of a channel made of a paper."""
    return {
        "paper": paper(report.history.paper),
        "subscriptions": [
            {
                "name": one.subscription.name,
                "filter": one.subscription.filter.canonical,
                "matched": one.matched,
                "steps": [
                    {"stage": step.name, "passed": step.passed, "detail": step.detail}
                    for step in one.steps
                ],
                "score": one.score
                and {
                    "total": round(one.score.total, 4),
                    "parts": [
                        {"words": words, "points": round(points, 4)}
                        for words, points in one.score.parts
                    ],
                },
                "change": one.change
                and {"filter": one.change.topic.canonical, "words": one.change.change},
            }
            for one in report.explanations
        ],
        "shown": [
            {"subscription": one.subscription, "state": one.state, "at": instant(one.at)}
            for one in report.history.shown
        ],
    }


def damaged(one: Damaged) -> dict[str, str]:
    """A subscription that nobody can read."""
    return {
        "channel": str(one.channel),
        "name": one.name,
        "filter": one.filter,
        "problem": one.problem,
    }


def status(
    store: StoreStatus,
    sources: list[Source],
    lanes: list[LaneStatus],
    unreadable: list[Damaged],
) -> dict[str, Any]:
    """How everything is doing."""
    return {
        "papers": store.papers,
        "newest_on": store.newest_on.isoformat() if store.newest_on else None,
        "subscriptions": store.subscriptions,
        "filters": store.filters,
        "unplanned": store.unplanned,
        "deliveries": store.deliveries,
        "oldest_waiting_at": instant(store.oldest_waiting_at),
        "schema": store.schema,
        "clock": list(store.clock),
        "sources": [
            {
                "name": one.name,
                "last_success_at": instant(one.last_success_at),
                "next_poll_at": instant(one.next_poll_at),
                "failures": one.failures,
                "problem": one.problem,
            }
            for one in sources
        ],
        "channels": [lane(one) for one in lanes],
        "damaged": [damaged(one) for one in unreadable],
    }


def lane(one: LaneStatus) -> dict[str, Any]:
    """How deliveries to one channel are doing."""
    return {
        "channel": str(one.channel),
        "state": one.state,
        "reason": one.reason,
        "waiting": one.waiting,
        "unknown": one.unknown,
        "dead": one.dead,
        "resent": one.resent,
        "until": instant(one.until),
        "last_ok_at": instant(one.last_ok_at),
    }


def delivery(one: DeliveryStatus) -> dict[str, Any]:
    """One message and what became of it."""
    return {
        "id": one.id,
        "channel": str(one.channel),
        "state": one.state.value,
        "kind": one.kind.value,
        "papers": list(one.papers),
        "attempt": one.attempt,
        "resends": one.resends,
        "created_at": instant(one.created_at),
        "not_before": instant(one.not_before),
        "expires_at": instant(one.expires_at),
        "finished_at": instant(one.finished_at),
        "message_id": one.message_id,
        "problem": one.problem,
        "bytes": one.size,
    }
