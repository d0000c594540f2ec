"""What becomes of subscriptions when a platform says that a channel comes or goes."""

from bot.model.subscription import Channel
from bot.ports import Clock, Store


class StoreStanding:
    """Suspends and resumes deliveries; nothing is ever deleted."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def known(self, channel: Channel) -> bool:
        """Whether anything was ever ordered there."""
        return bool(await self._store.outbox.lanes(channel))

    async def suspend(self, channel: Channel, reason: str) -> None:
        """Post nothing there until it can be reached again."""
        await self._store.outbox.set_lane(channel, paused=reason, now=self._clock.now())

    async def resume(self, channel: Channel) -> None:
        """Go on."""
        await self._store.outbox.set_lane(channel, paused=None, now=self._clock.now())

    async def move(self, old: Channel, new: Channel) -> None:
        """The same channel has another id now."""
        await self._store.posted.move(old, new)
