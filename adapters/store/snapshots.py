"""Subscriptions and settings as JSON, so that a change of them can be undone."""

import json
from datetime import UTC, datetime, time
from typing import Any

from adapters.store.standing import stored_filter
from bot.model.memory import Change
from bot.model.settings import ChannelSettings, Managers
from bot.model.subscription import (
    Cadence,
    Channel,
    EmptyDay,
    Every,
    Layout,
    Mode,
    Subscription,
)

Json = dict[str, Any]


def touched(change: Change) -> str:
    """What a change touched, before and after."""
    told: Json = {
        "before": [_subscription(one) for one in change.before],
        "after": [_subscription(one) for one in change.after],
    }
    if change.settings is not None:
        told["settings"] = [settings_row(one) for one in change.settings]
    return json.dumps(told, ensure_ascii=True, separators=(",", ":"))


def restored(
    text: str, channel: Channel
) -> tuple[
    tuple[Subscription, ...],
    tuple[Subscription, ...],
    tuple[ChannelSettings, ChannelSettings] | None,
]:
    """What `touched` told: subscriptions before and after, and the settings."""
    told = json.loads(text)
    settings = told.get("settings")
    return (
        tuple(_read(one, channel) for one in told["before"]),
        tuple(_read(one, channel) for one in told["after"]),
        (settings_of(settings[0]), settings_of(settings[1])) if settings else None,
    )


def _subscription(one: Subscription) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "filter": one.filter.canonical,
        "typed": one.typed,
        "every": one.cadence.every.value,
        "at": one.cadence.at.isoformat() if one.cadence.at else None,
        "weekday": one.cadence.weekday,
        "zone": one.zone,
        "top": one.top,
        "mode": one.mode.value,
        "layout": one.layout.value,
        "empty": one.empty.value,
        "created_at": _instant(one.created_at),
        "next_due_at": _instant(one.next_due_at),
        "hit_cursor": one.hit_cursor,
        "heard_until": _instant(one.heard_until),
        "paused_until": _instant(one.paused_until),
    }


def _read(told: Json, channel: Channel) -> Subscription:
    at = told["at"]
    return Subscription(
        id=told["id"],
        channel=channel,
        name=told["name"],
        filter=stored_filter(told["filter"]),
        typed=told["typed"],
        cadence=Cadence(
            Every(told["every"]), time.fromisoformat(at) if at else None, told["weekday"]
        ),
        zone=told["zone"],
        top=told["top"],
        mode=Mode(told["mode"]),
        layout=Layout(told["layout"]),
        empty=EmptyDay(told["empty"]),
        created_at=datetime.fromisoformat(told["created_at"]),
        next_due_at=_when(told["next_due_at"]),
        hit_cursor=told["hit_cursor"],
        heard_until=_when(told.get("heard_until")),
        paused_until=_when(told["paused_until"]),
    )


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at is not None else None


def _when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def settings_row(one: ChannelSettings) -> Json:
    """The columns of a channel's settings, but for `is_public`."""
    return {
        "zone": one.zone,
        "mode": one.mode.value if one.mode else None,
        "layout": one.layout.value if one.layout else None,
        "empty": one.empty.value if one.empty else None,
        "managers": one.managers.value,
        "listed": json.dumps(one.listed),
        "tally": one.tally,
        "threads": one.threads,
        "publish": one.publish,
    }


def settings_of(row: Any) -> ChannelSettings:
    """The settings in such columns."""
    return ChannelSettings(
        zone=row["zone"],
        mode=Mode(row["mode"]) if row["mode"] else None,
        layout=Layout(row["layout"]) if row["layout"] else None,
        empty=EmptyDay(row["empty"]) if row["empty"] else None,
        managers=Managers(row["managers"]),
        listed=tuple(json.loads(row["listed"])),
        tally=row["tally"],
        threads=row["threads"],
        publish=row["publish"],
        is_public=row.get("is_public"),
    )
