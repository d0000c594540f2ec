"""The store's own health and housekeeping."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, tuple_, update

from adapters.store import meta, schema, tables
from adapters.store.database import Database
from adapters.store.engines import is_sqlite
from adapters.store.figures import figures
from adapters.store.inbox import first_time
from adapters.store.owing import refresh
from adapters.store.places import pairs
from adapters.store.restoring import note_loss
from bot.model.delivery import DeliveryState
from bot.model.figures import CLOCK_OFF, CLOCK_SET, Figures
from bot.model.record import StoreStatus

# How long things are kept: design page on delivery, §3.
INBOX_FOR = timedelta(hours=48)
PAGES_FOR = timedelta(days=61)
PAYLOADS_FOR = timedelta(days=90)
BATCH = 500
EMPTY = "{}"


class Upkeep:
    """See `bot.ports.Upkeep`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def status(self) -> StoreStatus:
        """The store in figures."""
        return await self._database.read(_status)

    async def figures(self) -> Figures:
        """What metrics show of the store."""
        return await self._database.read(figures)

    async def first_time(self, scope: str, key: str, *, now: datetime) -> bool:
        """Whether this event or interaction is seen for the first time (kept 48 h)."""
        return await self._database.write(
            lambda connection: first_time(connection, scope, key, now=now)
        )

    async def tidy(self, *, now: datetime) -> int:
        """Expire deliveries nobody needs, forget what is past its keeping; rows touched."""
        touched = 0
        for step in (_expire, _forget_inbox, _forget_uses, _empty_payloads, _forget_pages):
            # Small transactions, so that nobody waits long for the one writer.
            while count := await self._database.write(_at(step, now)):
                touched += count
        return touched

    async def remembered(self, name: str) -> str:
        """What was written down under this name; empty if nothing was."""
        return await self._database.read(lambda connection: meta.read(connection, name))

    async def remember(self, name: str, value: str) -> None:
        """Write something small down that outlives the process."""
        await self._database.write(lambda connection: meta.write(connection, name, value))

    async def time(self) -> datetime:
        """What the database's clock says; with SQLite it is this machine's."""
        return await self._database.read(_time)

    async def restored(self, *, lost_at: datetime) -> int:
        """Note that a backup was brought back; see the port."""
        return await self._database.write(lambda connection: note_loss(connection, lost_at))

    async def check(self) -> str:
        """Answer with the schema revision. Raises StoreDown with what to do next."""
        return await self._database.read(schema.require_current)


def _at(step: Any, now: datetime) -> Any:
    return lambda connection: step(connection, now)


def _expire(connection: Connection, now: datetime) -> int:
    deliveries = tables.deliveries
    query = (
        select(deliveries.c.id, deliveries.c.channel_id)
        .where(deliveries.c.state == DeliveryState.QUEUED.value, deliveries.c.expires_at <= now)
        .limit(BATCH)
    )
    late = {row.id: row.channel_id for row in connection.execute(query)}
    if not late:
        return 0
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(late), deliveries.c.state == DeliveryState.QUEUED.value)
        .values(state=DeliveryState.EXPIRED.value, finished_at=now)
    )
    refresh(connection, set(late.values()))
    return len(late)


def _forget_inbox(connection: Connection, now: datetime) -> int:
    inbox = tables.inbox.c
    old = select(inbox.scope, inbox.key).where(inbox.seen_at <= now - INBOX_FOR).limit(BATCH)
    forgotten = delete(tables.inbox).where(tuple_(inbox.scope, inbox.key).in_(old))
    return connection.execute(forgotten).rowcount


def _forget_uses(connection: Connection, now: datetime) -> int:
    uses = tables.uses.c
    old = select(uses.id).where(uses.used_at <= now - INBOX_FOR).limit(BATCH)
    return connection.execute(delete(tables.uses).where(uses.id.in_(old))).rowcount


def _empty_payloads(connection: Connection, now: datetime) -> int:
    deliveries = tables.deliveries
    done = (
        select(deliveries.c.id)
        .where(
            deliveries.c.state == DeliveryState.SENT.value,
            deliveries.c.finished_at <= now - PAYLOADS_FOR,
            deliveries.c.payload != EMPTY,
        )
        .limit(BATCH)
    )
    emptied = connection.execute(
        update(deliveries).where(deliveries.c.id.in_(done)).values(payload=EMPTY)
    )
    return emptied.rowcount


def _forget_pages(connection: Connection, now: datetime) -> int:
    """Words of pages that are written anew no more."""
    pages, on_page = tables.pages, tables.page_papers
    old = list(
        connection.scalars(
            select(pages.c.delivery_id).where(pages.c.composed_at <= now - PAGES_FOR).limit(BATCH)
        )
    )
    if old:
        connection.execute(delete(on_page).where(on_page.c.delivery_id.in_(old)))
        connection.execute(delete(pages).where(pages.c.delivery_id.in_(old)))
    return len(old)


def _status(connection: Connection) -> StoreStatus:
    papers, deliveries = tables.papers.c, tables.deliveries.c
    unplanned = select(func.count()).select_from(tables.sightings)
    states = select(deliveries.state, func.count()).group_by(deliveries.state)
    waiting = select(func.min(deliveries.created_at)).where(
        or_(*(deliveries.state == state.value for state in _WAITING))
    )
    in_use = select(func.count()).select_from(tables.filters).where(tables.filters.c.uses > 0)
    return StoreStatus(
        papers=_scalar(connection, select(func.count()).select_from(tables.papers)),
        newest_on=connection.scalar(select(func.max(papers.announced_on))),
        subscriptions=_scalar(connection, select(func.count()).select_from(tables.subscriptions)),
        filters=_scalar(connection, in_use),
        unplanned=_scalar(connection, unplanned.where(tables.sightings.c.planned_at.is_(None))),
        deliveries=pairs(connection, states),
        oldest_waiting_at=connection.scalar(waiting),
        schema=schema.revision(connection),
        clock=tuple(filter(None, (meta.read(connection, one) for one in (CLOCK_SET, CLOCK_OFF)))),
    )


def _time(connection: Connection) -> datetime:
    if is_sqlite(connection):
        text = connection.scalar(select(func.strftime("%Y-%m-%dT%H:%M:%f+00:00", "now")))
        return datetime.fromisoformat(str(text))
    at: datetime | None = connection.scalar(select(func.clock_timestamp()))
    assert at is not None  # noqa: S101 - a function of the database always answers
    return at.astimezone(UTC)


_WAITING = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN)


def _scalar(connection: Connection, query: Any) -> int:
    return int(connection.scalar(query) or 0)
