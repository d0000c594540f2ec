"""Looks into the store: schema, sources, deliveries, channels."""

from datetime import datetime, timedelta

from bot.model.errors import BotError
from bot.model.record import LaneStatus, Source, StoreStatus
from bot.ports import Store
from config.finding import Finding, ok, problem, warning

SOURCE_SILENT = timedelta(days=2)
"""No source of ours is read less often than daily."""

DELIVERY_LATE = timedelta(minutes=15)
PAUSED = "paused"


async def look_into(store: Store, followed: tuple[str, ...], now: datetime) -> list[Finding]:
    """What the store says about itself. followed: the sources that are on."""
    try:
        schema = await store.upkeep.check()
        status = await store.upkeep.status()
        sources = await store.sources.all()
        lanes = await store.outbox.lanes(now=now)
    except BotError as error:
        return [down(error)]
    by_name = {source.name: source for source in sources}
    return [
        ok("Database", f"schema {schema}, {_many(status.papers, 'paper')}"),
        *(_read(name, by_name.get(name), now) for name in followed),
        _owed(status, now),
        *_channels(lanes),
    ]


def down(error: BotError) -> Finding:
    """A store that cannot be used; the error says itself when migrating helps."""
    why = str(error)
    cure = "papers migrate" if "papers migrate" in why else "check DATABASE_URL"
    return problem("Database", why, cure)


def _read(name: str, source: Source | None, now: datetime) -> Finding:
    what = f"Readings of {name}"
    if source and source.problem:
        times = _many(source.failures, "reading")
        return warning(what, f"{times} failed in a row: {source.problem}", "papers ingest")
    last = source.last_success_at if source else None
    if last is None:
        return warning(what, "none yet", "papers ingest")
    at = f"last {last:%Y-%m-%d %H:%M} UTC"
    if now - last > SOURCE_SILENT:
        return warning(what, f"{at}, long ago; is a worker running?", "papers run")
    return ok(what, at)


def _owed(status: StoreStatus, now: datetime) -> Finding:
    waiting = status.oldest_waiting_at
    if waiting is None or waiting > now:
        return ok("Deliveries", "none is late")
    why = f"the oldest has been waiting for {_span(now - waiting)}"
    if now - waiting > DELIVERY_LATE:
        return warning("Deliveries", f"{why}; is a worker running?", "papers status")
    return ok("Deliveries", why)


def _channels(lanes: list[LaneStatus]) -> list[Finding]:
    paused = [
        warning(
            f"Channel {lane.channel}", f"paused: {lane.reason}", f"papers resume {lane.channel}"
        )
        for lane in lanes
        if lane.state == PAUSED
    ]
    return paused or [ok("Channels", f"{_many(len(lanes), 'channel')} posted to, none is paused")]


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes < 120:
        return _many(minutes, "minute")
    return _many(minutes // 60, "hour")
