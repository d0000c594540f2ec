"""Breakers of workspaces and platforms, shared by all processes.

While one is open nothing is sent there; then one message goes, to see, and the rest waits for what
becomes of it. The rules stand in `bot/rules/patience.py`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select, update

from adapters.store import tables
from adapters.store.owing import refresh
from adapters.store.places import insert_once
from bot.model.subscription import Channel, Platform
from bot.rules import patience

Scope = tuple[str, str]
"""A platform and a workspace; the workspace "" is the platform as a whole."""

STILL_THERE = timedelta(minutes=1)
"""How often a workspace that works is written down as active."""


def scope_of(channel: Channel) -> Scope | None:
    """The workspace of a channel; a terminal has none."""
    if channel.platform is Platform.TERMINAL:
        return None
    return channel.platform.value, channel.workspace


@dataclass(slots=True)
class Circuits:
    """The open breakers, as a claim sees them: who may go, or until when not."""

    connection: Connection
    now: datetime
    _open: dict[Scope, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._open = {(row[0], row[1]): row[2] for row in self.connection.execute(_OPEN)}

    def closed_until(self, channel: Channel) -> datetime | None:
        """When this channel may be tried, if not now. The one that may go is the probe."""
        scope = scope_of(channel)
        if not self._open or scope is None:
            return None
        mine = [one for one in (scope, (scope[0], "")) if one in self._open]
        waits = [self._open[one] for one in mine if self._open[one] > self.now]
        if waits:
            return max(waits)
        for one in mine:
            self._open[one] = self.now + patience.BREAK
            _set_open(self.connection, one, self._open[one])
        return None


def worked(connection: Connection, scope: Scope, now: datetime) -> None:
    """Something was posted there: close its breakers and let its lanes go on."""
    circuits, whole = tables.circuits, (scope[0], "")
    rows = connection.execute(select(circuits).where(_is(scope) | _is(whole))).all()
    known = {(row.platform, row.workspace): row for row in rows}
    if whole in known and known[whole].open_until is not None:
        forget(connection, whole)
        _resume(connection, whole)
    mine = known.get(scope)
    if mine is None:
        insert_once(connection, circuits, _fresh(scope, now))
        return
    if mine.failures == 0 and mine.open_until is None and mine.seen_at > now - STILL_THERE:
        return
    connection.execute(
        update(circuits)
        .where(_is(scope))
        .values(failures=0, failing_since=None, open_until=None, seen_at=now, reason="")
    )
    if mine.open_until is not None:
        _resume(connection, scope)


def failed(connection: Connection, scope: Scope, count: int, reason: str, now: datetime) -> None:
    """So many messages failed there in a row, in a way that may pass."""
    insert_once(connection, tables.circuits, _fresh(scope, now))
    circuits = tables.circuits
    failures = connection.scalar(
        update(circuits)
        .where(_is(scope))
        .values(
            failures=circuits.c.failures + count,
            failing_since=func.coalesce(circuits.c.failing_since, now),
            seen_at=now,
            reason=reason,
        )
        .returning(circuits.c.failures)
    )
    if patience.workspace_breaks(failures or 0):
        _set_open(connection, scope, now + patience.BREAK)
        _look_at_platform(connection, scope[0], reason, now)


def gone(connection: Connection, scope: Scope, reason: str, *, until: datetime) -> None:
    """Nothing in this workspace can be posted to: one probe at `until`, no sooner."""
    insert_once(connection, tables.circuits, _fresh(scope, until))
    circuits = tables.circuits
    connection.execute(update(circuits).where(_is(scope)).values(open_until=until, reason=reason))


def forget(connection: Connection, scope: Scope) -> None:
    """Somebody says that it works again."""
    circuits = tables.circuits
    connection.execute(
        update(circuits)
        .where(_is(scope))
        .values(failures=0, failing_since=None, open_until=None, reason="")
    )


def _look_at_platform(connection: Connection, platform: str, reason: str, now: datetime) -> None:
    circuits = tables.circuits.c
    query = select(circuits.failures).where(
        circuits.platform == platform,
        circuits.workspace != "",
        circuits.seen_at >= now - patience.ACTIVE,
    )
    active = connection.scalars(query).all()
    failing = sum(map(patience.workspace_breaks, active))
    if patience.platform_breaks(failing, len(active)):
        whole = (platform, "")
        insert_once(connection, tables.circuits, _fresh(whole, now))
        connection.execute(
            update(tables.circuits)
            .where(_is(whole))
            .values(open_until=now + patience.BREAK, reason=reason, seen_at=now)
        )


def _resume(connection: Connection, scope: Scope) -> None:
    """Let lanes go on that were paused because of the whole workspace."""
    lanes, channels = tables.lanes, tables.channels.c
    siblings = select(channels.id).where(inside(scope))
    resumed = connection.scalars(
        update(lanes)
        .where(lanes.c.channel_id.in_(siblings), lanes.c.paused_by == "workspace")
        .values(paused=None, paused_by="", paused_at=None, probe_at=None, probes=0)
        .returning(lanes.c.channel_id)
    ).all()
    refresh(connection, resumed)


def _set_open(connection: Connection, scope: Scope, until: datetime | None) -> None:
    circuits = tables.circuits
    connection.execute(update(circuits).where(_is(scope)).values(open_until=until))


def inside(scope: Scope) -> ColumnElement[bool]:
    """The condition on `channels` that one belongs to a workspace, or to a whole platform."""
    channels = tables.channels.c
    there = channels.platform == scope[0]
    return there & (channels.workspace == scope[1]) if scope[1] else there


def _is(scope: Scope) -> ColumnElement[bool]:
    circuits = tables.circuits.c
    return (circuits.platform == scope[0]) & (circuits.workspace == scope[1])


def _fresh(scope: Scope, now: datetime) -> dict[str, object]:
    return {
        "platform": scope[0],
        "workspace": scope[1],
        "failures": 0,
        "seen_at": now,
        "reason": "",
    }


_OPEN = select(
    tables.circuits.c.platform, tables.circuits.c.workspace, tables.circuits.c.open_until
).where(tables.circuits.c.open_until.is_not(None))
