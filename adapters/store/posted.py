"""Messages that went out, by the platform's own id of them."""

from sqlalchemy import select

from adapters.store import tables
from adapters.store.database import Database
from bot.model.paper import PaperKey
from bot.model.subscription import Channel


class Posted:
    """See `bot.ports.Posted`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def papers_in(self, channel: Channel, message_id: str) -> list[PaperKey]:
        """The papers that a message of ours shows; none if it is not ours."""
        shown, deliveries = tables.shown.c, tables.deliveries.c
        papers, channels = tables.papers.c, tables.channels.c
        query = (
            select(papers.key)
            .join(tables.shown, shown.paper_id == papers.id)
            .join(tables.deliveries, deliveries.id == shown.delivery_id)
            .join(tables.channels, channels.id == deliveries.channel_id)
            .where(
                channels.platform == channel.platform.value,
                channels.workspace == channel.workspace,
                channels.channel == channel.channel,
                deliveries.message_id == message_id,
            )
            .order_by(papers.key)
        )
        return await self._database.read(lambda connection: list(connection.scalars(query)))
