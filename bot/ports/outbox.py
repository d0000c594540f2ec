"""What the bot needs to remember of messages owed."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model.delivery import Delivery, DeliveryState, NewDelivery, Receipt, Settlement
from bot.model.record import DeliveryStatus, LaneStatus, Pause
from bot.model.subscription import Channel, Platform


class Outbox(Protocol):
    """Messages owed to channels. Protocol and crash points: docs/decisions, outbox."""

    async def enqueue(self, delivery: NewDelivery, *, now: datetime) -> bool:
        """Owe one more message; False if its dedupe key was owed before."""
        ...

    async def claim(
        self,
        worker: str,
        platforms: frozenset[Platform],
        *,
        now: datetime,
        lease: timedelta,
        limit: int,
    ) -> list[Delivery]:
        """Lease up to `limit` free lanes; per lane its first waiting delivery, made `sending`.

        Durable before it returns. Only lanes of these platforms that are not leased nor held back
        by an `unknown` delivery, a pause, a breaker or a shared limit; paused ones when a probe is
        due. What may go within half a second already counts, see `Delivery.send_at`. A message
        suspected of killing its workers (`SUSPECT`) is handed out alone.
        """
        ...

    async def next_ready(
        self, platforms: frozenset[Platform], *, before: datetime
    ) -> datetime | None:
        """When the next lane may go, if that is at or before this instant."""
        ...

    async def record(self, receipts: Sequence[Receipt], *, now: datetime) -> list[bool]:
        """Write what became of claimed deliveries and free their lanes, in one transaction.

        For each whether it counted: not when the claim was lost meanwhile.
        """
        ...

    async def adopt_unclear(
        self, platforms: frozenset[Platform], *, now: datetime, lease: timedelta, alone: bool
    ) -> list[Delivery]:
        """Lease deliveries of unknown fate that it is time to look for.

        alone: one that is suspected of killing its workers; else all that are not.

        Those that were being sent under a lease that is over become `unknown` first. An unknown one
        holds the lane for ten minutes, no longer. Reading back has limits of its own: one that has
        `send_at` waits until then, and `begin_look` comes before the look.
        """
        ...

    async def begin_look(self, delivery: Delivery) -> bool:
        """A look that waited for its place begins: whoever dies from now on is counted.

        False when somebody else took it over meanwhile.
        """
        ...

    async def settle(self, delivery: Delivery, settled: Settlement, *, now: datetime) -> bool:
        """Write what became of a delivery of unknown fate; False if somebody else took it over."""
        ...

    async def lanes(self, channel: Channel | None = None, *, now: datetime) -> list[LaneStatus]:
        """How deliveries to each channel are doing."""
        ...

    async def suspended(self, platform: Platform, workspace: str) -> dict[Channel, str]:
        """The channels of a workspace that nothing is posted to now, and why."""
        ...

    async def waiting(self, channels: Collection[Channel]) -> dict[Channel, int]:
        """How many messages wait for each of these channels; those without any are left out."""
        ...

    async def untold(self, *, now: datetime, cooldown: timedelta, limit: int) -> list[Pause]:
        """Channels that a platform paused and of which nobody was told, longest first.

        Told once for each pause, and not again within `cooldown`. Left out are those of workspaces
        that cannot be written to at all.
        """
        ...

    async def tell(self, pause: Pause, letters: Sequence[NewDelivery], *, now: datetime) -> bool:
        """Owe the letters about a pause and note that it was told; False if it was, or is over."""
        ...

    async def set_lane(
        self,
        channel: Channel,
        *,
        paused: str | None,
        now: datetime,
        probe_at: datetime | None = None,
    ) -> None:
        """Pause a lane for a reason, or let it run again at once (None).

        probe_at: when to try whether it works again; without, only whoever paused it resumes it.
        """
        ...

    async def set_workspace(
        self, platform: Platform, workspace: str, *, paused: str | None, now: datetime
    ) -> int:
        """Pause every lane of a workspace, or let those run again that no person paused; how many.

        For events: the bot was removed, installed again, its token renewed.
        """
        ...

    async def deliveries(
        self,
        *,
        channel: Channel | None = None,
        states: frozenset[DeliveryState] = frozenset(),
        limit: int,
    ) -> list[DeliveryStatus]:
        """Messages owed and sent, newest first; of one channel and in these states if given."""
        ...

    async def delivery(self, delivery_id: int) -> DeliveryStatus | None:
        """One of them."""
        ...

    async def redeliver(
        self, delivery_id: int, *, now: datetime, keep: timedelta
    ) -> DeliveryStatus:
        """Owe a message again that was given up or is of unknown fate, for as long as `keep`.

        Raises CommandError for one that is under way, was posted, or is not kept any more.
        """
        ...
