"""Where in a workspace papers stood before: posted, or as a card under a link."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select, union_all, update

from adapters.store import tables
from adapters.store.convert import clean
from adapters.store.database import Database
from adapters.store.places import COLUMNS, channel_of, ensure_channel, insert_once
from bot.model.delivery import DeliveryState
from bot.model.memory import Elsewhere
from bot.model.subscription import Channel

MOST_PLACES = 3
"""Other channels named for one paper."""


class Memory:
    """See `bot.ports.Memory`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unfurled(
        self, channel: Channel, key: str, *, message_id: str = "", now: datetime, within: timedelta
    ) -> bool:
        """Remember a card under a link; see the port."""

        def body(connection: Connection) -> bool:
            aliases, unfurls = tables.aliases.c, tables.unfurls
            paper = connection.scalar(select(aliases.paper_id).where(aliases.alias == clean(key)))
            if paper is None:
                return True
            row = {
                "channel_id": ensure_channel(connection, channel),
                "paper_id": paper,
                "at": now,
                "message_id": clean(message_id),
            }
            if insert_once(connection, unfurls, row):
                return True
            long_ago = (
                (unfurls.c.channel_id == row["channel_id"])
                & (unfurls.c.paper_id == paper)
                & (unfurls.c.at <= now - within)
            )
            again = update(unfurls).where(long_ago).values(at=now, message_id=row["message_id"])
            return connection.execute(again).rowcount > 0

        return await self._database.write(body)

    async def elsewhere(self, channel: Channel, keys: list[str]) -> dict[str, list[Elsewhere]]:
        """For papers posted or unfurled in other public channels: where, latest first."""

        def body(connection: Connection) -> dict[str, list[Elsewhere]]:
            found: dict[str, dict[Channel, Elsewhere]] = {}
            where = {
                "platform": channel.platform.value,
                "workspace": channel.workspace,
                "here": channel.channel,
                "keys": keys,
            }
            for row in connection.execute(_STOOD, where).mappings():
                place = Elsewhere(channel_of(row), row["at"], row["message_id"])
                known = found.setdefault(row["key"], {})
                before = known.get(place.channel)
                if before is None or before.at < place.at:
                    known[place.channel] = place
            return {
                key: sorted(places.values(), key=lambda one: one.at, reverse=True)[:MOST_PLACES]
                for key, places in found.items()
            }

        return await self._database.read(body)


def _posted() -> Any:
    shown, deliveries, papers = tables.shown, tables.deliveries, tables.papers
    return (
        select(
            *COLUMNS,
            papers.c.key,
            func.coalesce(deliveries.c.finished_at, shown.c.promised_at).label("at"),
            deliveries.c.message_id,
        )
        .join(shown, shown.c.paper_id == papers.c.id)
        .join(deliveries, deliveries.c.id == shown.c.delivery_id)
        .join(tables.channels, tables.channels.c.id == shown.c.channel_id)
        .join(tables.channel_settings, tables.channel_settings.c.channel_id == shown.c.channel_id)
        .where(_public_beside(), papers.c.key.in_(bindparam("keys", expanding=True)))
        .where(deliveries.c.state == DeliveryState.SENT.value)
    )


def _unfurled() -> Any:
    unfurls, papers, settings = tables.unfurls, tables.papers, tables.channel_settings
    return (
        select(*COLUMNS, papers.c.key, unfurls.c.at, unfurls.c.message_id)
        .join(unfurls, unfurls.c.paper_id == papers.c.id)
        .join(tables.channels, tables.channels.c.id == unfurls.c.channel_id)
        .join(settings, settings.c.channel_id == unfurls.c.channel_id)
        .where(_public_beside(), papers.c.key.in_(bindparam("keys", expanding=True)))
    )


def _public_beside() -> Any:
    channels, settings = tables.channels.c, tables.channel_settings.c
    return and_(
        channels.platform == bindparam("platform"),
        channels.workspace == bindparam("workspace"),
        channels.channel != bindparam("here"),
        settings.is_public.is_(True),
    )


# Built once: every search asks, and building them takes longer than most answers.
_STOOD = union_all(_posted(), _unfurled())
