"""The outbox: messages owed to channels, lane by lane.

Who holds a lane's lease is the only one to send in that channel. `generation` counts the leases:
a receipt counts only while the delivery's generation is the one it was claimed with.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from adapters.store import adopting, listing, tables, telling
from adapters.store.claiming import Claiming, ready_lanes
from adapters.store.database import Database, Undo
from adapters.store.lane_status import (
    lane_statuses,
    pause_lane,
    steer_workspace,
    suspended_in,
    waiting_in,
)
from adapters.store.owing import owe
from adapters.store.receipts import write_receipts
from bot.model.delivery import Delivery, DeliveryState, NewDelivery, Receipt, Settlement
from bot.model.record import DeliveryStatus, LaneStatus, Pause
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
            return Claiming(connection, worker, now, lease).claim(platforms, limit)

        if await self.next_ready(platforms, before=now) is None:
            return []  # an idle bot only reads
        return await self._database.write(body)

    async def next_ready(
        self, platforms: frozenset[Platform], *, before: datetime
    ) -> datetime | None:
        """When the next lane may go, if that is at or before this instant."""
        asked = {"by": before, "platforms": [one.value for one in platforms]}
        return await self._database.read(lambda connection: connection.scalar(_NEXT_READY, asked))

    async def record(self, receipts: Sequence[Receipt], *, now: datetime) -> list[bool]:
        """Write what became of claimed deliveries and free their lanes; see the port."""
        if not receipts:
            return []
        return await self._database.write(
            lambda connection: write_receipts(connection, receipts, now=now)
        )

    async def adopt_unclear(
        self, platforms: frozenset[Platform], *, now: datetime, lease: timedelta, alone: bool
    ) -> list[Delivery]:
        """Lease deliveries of unknown fate that it is time to look for."""
        return await self._database.write(
            lambda connection: adopting.adopt(
                connection, platforms, now=now, lease=lease, alone=alone
            )
        )

    async def begin_look(self, delivery: Delivery) -> bool:
        """Count whoever dies from now on; False when somebody else took it over meanwhile."""
        return await self._database.write(
            lambda connection: adopting.begin_look(connection, delivery)
        )

    async def settle(self, delivery: Delivery, settled: Settlement, *, now: datetime) -> bool:
        """Write what became of a delivery of unknown fate."""
        return await self._database.write(
            lambda connection: adopting.settle(connection, delivery, settled, now=now)
        )

    async def lanes(self, channel: Channel | None = None, *, now: datetime) -> list[LaneStatus]:
        """How deliveries to each channel are doing."""
        return await self._database.read(
            lambda connection: lane_statuses(connection, channel, now=now)
        )

    async def suspended(self, platform: Platform, workspace: str) -> dict[Channel, str]:
        """The channels of a workspace that nothing is posted to now, and why."""
        return await self._database.read(
            lambda connection: suspended_in(connection, platform, workspace)
        )

    async def waiting(self, channels: Collection[Channel]) -> dict[Channel, int]:
        """How many messages wait for each of these channels; those without any are left out."""
        return await self._database.read(lambda connection: waiting_in(connection, channels))

    async def untold(self, *, now: datetime, cooldown: timedelta, limit: int) -> list[Pause]:
        """Channels that a platform paused and of which nobody was told; see the port."""
        return await self._database.read(
            lambda connection: telling.untold(connection, now=now, cooldown=cooldown, limit=limit)
        )

    async def tell(self, pause: Pause, letters: Sequence[NewDelivery], *, now: datetime) -> bool:
        """Owe the letters about a pause and note that it was told."""
        return await self._database.write(
            lambda connection: telling.tell(connection, pause, letters, now=now)
        )

    async def set_lane(
        self,
        channel: Channel,
        *,
        paused: str | None,
        now: datetime,
        probe_at: datetime | None = None,
    ) -> None:
        """Pause a lane for a reason, or let it run again (None)."""
        await self._database.write(
            lambda connection: pause_lane(
                connection, channel, paused=paused, probe_at=probe_at, now=now
            )
        )

    async def set_workspace(
        self, platform: Platform, workspace: str, *, paused: str | None, now: datetime
    ) -> int:
        """Pause every lane of a workspace, or let those run again that no person paused."""
        return await self._database.write(
            lambda connection: steer_workspace(
                connection, platform, workspace, paused=paused, now=now
            )
        )

    async def deliveries(
        self,
        *,
        channel: Channel | None = None,
        states: frozenset[DeliveryState] = frozenset(),
        limit: int,
    ) -> list[DeliveryStatus]:
        """Messages owed and sent, newest first."""
        return await self._database.read(
            lambda connection: listing.listed(connection, channel, states, limit)
        )

    async def delivery(self, delivery_id: int) -> DeliveryStatus | None:
        """One of them."""
        return await self._database.read(lambda connection: listing.shown(connection, delivery_id))

    async def redeliver(
        self, delivery_id: int, *, now: datetime, keep: timedelta
    ) -> DeliveryStatus:
        """Owe a message again that was given up; see the port."""
        return await self._database.write(
            lambda connection: listing.redeliver(connection, delivery_id, now=now, keep=keep)
        )


_NEXT_READY = ready_lanes(tables.lanes.c.ready_at).order_by(tables.lanes.c.ready_at).limit(1)
