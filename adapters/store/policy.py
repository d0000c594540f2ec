"""A channel's settings, and the log of what was changed there."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select

from adapters.store import tables
from adapters.store.changing import make, write_settings
from adapters.store.database import Database
from adapters.store.ledger import ask_again
from adapters.store.places import COLUMNS, channel_of, is_in
from adapters.store.snapshots import restored, settings_of
from bot.model.memory import Change
from bot.model.settings import ChannelSettings
from bot.model.subscription import Channel, Platform


class Policy:
    """See `bot.ports.Policy`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settings(self, channel: Channel) -> ChannelSettings:
        """What the channel has settled; the defaults if nothing."""

        def body(connection: Connection) -> ChannelSettings:
            where = {
                "in_platform": channel.platform.value,
                "in_workspace": channel.workspace,
                "in_channel": channel.channel,
            }
            row = connection.execute(_SETTINGS, where).mappings().first()
            return settings_of(dict(row)) if row else ChannelSettings()

        return await self._database.read(body)

    async def set_public(self, channel: Channel, *, is_public: bool) -> None:
        """Whether everybody in the workspace can read this channel, as the platform says."""
        await self._database.write(
            lambda connection: write_settings(connection, channel, {"is_public": is_public})
        )

    async def settled(self) -> list[Channel]:
        """The channels with a row of settings, in the order of their names."""
        settings, channels = tables.channel_settings, tables.channels
        query = (
            select(*COLUMNS)
            .join(settings, settings.c.channel_id == channels.c.id)
            .order_by(*COLUMNS)
        )
        return await self._database.read(
            lambda connection: list(map(channel_of, connection.execute(query).mappings()))
        )

    async def public(self, platform: Platform, workspace: str) -> set[Channel]:
        """The channels of a workspace that everybody in it can read."""
        settings, channels = tables.channel_settings, tables.channels
        query = (
            select(*COLUMNS)
            .join(settings, settings.c.channel_id == channels.c.id)
            .where(
                channels.c.platform == platform.value,
                channels.c.workspace == workspace,
                settings.c.is_public.is_(True),
            )
        )
        return await self._database.read(
            lambda connection: set(map(channel_of, connection.execute(query).mappings()))
        )

    async def make(
        self, change: Change, *, undoes: int = 0, replan: datetime | None = None
    ) -> Change:
        """Carry a change out and log it; see the port."""

        def body(connection: Connection) -> Change:
            made = make(connection, change, undoes)
            if replan is not None:
                ask_again(connection, replan)
            return made

        return await self._database.write(body)

    async def changes(self, channel: Channel, limit: int) -> list[Change]:
        """The channel's last changes, newest first."""
        query = _selected(channel).order_by(tables.changes.c.id.desc()).limit(limit)
        return await self._database.read(
            lambda connection: list(map(_change, connection.execute(query).mappings()))
        )

    async def change(self, channel: Channel, number: int) -> Change | None:
        """The channel's change of this number."""

        def body(connection: Connection) -> Change | None:
            query = _selected(channel).where(tables.changes.c.id == number)
            row = connection.execute(query).mappings().first()
            return _change(row) if row else None

        return await self._database.read(body)


def _selected(channel: Channel) -> Any:
    changes, channels = tables.changes, tables.channels
    return (
        select(changes, *COLUMNS)
        .join(channels, channels.c.id == changes.c.channel_id)
        .where(is_in(channel))
    )


def _change(row: RowMapping) -> Change:
    channel = channel_of(row)
    before, after, settings = restored(row["touched"], channel)
    return Change(
        channel=channel,
        what=row["what"],
        at=row["at"],
        number=row["id"],
        who=row["who"],
        before=before,
        after=after,
        settings=settings,
        undone_at=row["undone_at"],
    )


# Built once, since every command asks.
_SETTINGS = (
    select(tables.channel_settings)
    .join(tables.channels, tables.channels.c.id == tables.channel_settings.c.channel_id)
    .where(
        tables.channels.c.platform == bindparam("in_platform"),
        tables.channels.c.workspace == bindparam("in_workspace"),
        tables.channels.c.channel == bindparam("in_channel"),
    )
)
