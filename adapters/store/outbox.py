"""The outbox: messages owed to channels, lane by lane.

Who holds a lane's lease is the only one to send in that channel. `generation` counts the leases:
a receipt counts only while the lane's generation is the one it was claimed with.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from adapters.store.claiming import Claiming
from adapters.store.database import Database, Undo
from adapters.store.lane_status import lane_statuses, pause_lane
from adapters.store.owing import owe
from adapters.store.receipts import settle, write_receipt
from bot.model.delivery import Delivery, NewDelivery, Outcome, ReadBack
from bot.model.record import LaneStatus
from bot.model.subscription import Channel, Platform


class Outbox:
    """See `bot.ports.Outbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enqueue(self, delivery: NewDelivery, *, now: datetime) -> bool:
        """Owe one more message; False if its dedupe key was owed before."""

        def body(connection: Connection) -> bool:
            if not owe(connection, delivery, now=now, subscription=""):
                raise Undo
            return True

        return await self._database.attempt(body) is not None

    async def claim(
        self,
        worker: str,
        platforms: frozenset[Platform],
        *,
        now: datetime,
        lease: timedelta,
        limit: int,
    ) -> list[Delivery]:
        """Lease free lanes; per lane its first waiting delivery, made `sending`."""

        def body(connection: Connection) -> list[Delivery]:
            claiming = Claiming(connection, worker, now, now + lease)
            return claiming.waiting(platforms, limit)

        return await self._database.write(body)

    async def record(
        self,
        delivery: Delivery,
        outcome: Outcome,
        *,
        retry_at: datetime | None,
        now: datetime,
    ) -> bool:
        """Write what became of a claimed delivery and free its lane."""
        return await self._database.write(
            lambda connection: write_receipt(
                connection, delivery, outcome, retry_at=retry_at, now=now
            )
        )

    async def adopt_unclear(
        self, worker: str, platforms: frozenset[Platform], *, now: datetime, lease: timedelta
    ) -> list[Delivery]:
        """Lease lanes whose delivery has an unknown fate and that nobody looks after."""

        def body(connection: Connection) -> list[Delivery]:
            return Claiming(connection, worker, now, now + lease).unclear(platforms)

        return await self._database.write(body)

    async def settle(
        self, delivery: Delivery, found: ReadBack, *, resend: bool, now: datetime
    ) -> bool:
        """Write what reading back showed: sent, queued again, or still unknown."""
        return await self._database.write(
            lambda connection: settle(connection, delivery, found, resend=resend, now=now)
        )

    async def lanes(self, channel: Channel | None = None) -> list[LaneStatus]:
        """How deliveries to each channel are doing."""
        return await self._database.read(lambda connection: lane_statuses(connection, channel))

    async def set_lane(self, channel: Channel, *, paused: str | None, now: datetime) -> None:
        """Pause a lane for a reason, or let it run again (None)."""
        await self._database.write(
            lambda connection: pause_lane(connection, channel, paused=paused, now=now)
        )
