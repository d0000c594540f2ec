"""What becomes of a channel's subscriptions when the channel or its workspace comes and goes.

Platforms call this when they hear of it. Subscriptions are never deleted for it: they are shown as
suspended with the reason, and resume by themselves without a flood, for what was due meanwhile
becomes one digest each. Data go only after a stated time away.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from bot.model.memory import Absence, Standing
from bot.model.subscription import Channel, Platform
from bot.ports import Clock, Store

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)
"""How long the data of a channel or workspace that is gone are kept (Discord removals)."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Keeps subscriptions right through what happens to channels and workspaces."""

    store: Store
    clock: Clock

    async def known(self, channel: Channel) -> bool:
        """Whether anything was ever ordered there."""
        return await self.store.absences.known(channel)

    async def suspend(self, channel: Channel, reason: str, *, is_gone: bool = False) -> None:
        """Post nothing there until `resume`; the engine tells those who subscribed it.

        is_gone: the channel exists no more; its data are deleted after `KEPT_FOR`.
        """
        now = self.clock.now()
        away = Absence(
            channel=channel,
            reason=reason,
            since=now,
            purge_at=now + KEPT_FOR if is_gone else None,
        )
        if await self.store.absences.leave(away):
            log.warning("channel suspended", extra={"reason": reason, "gone": is_gone})

    async def resume(self, channel: Channel) -> None:
        """Go on, if it was suspended or its last message was refused."""
        if await self.store.absences.come_back(channel):
            log.info("channel goes on")

    async def move(self, old: Channel, new: Channel) -> None:
        """The same channel has another id now."""
        await self.store.absences.rename(old, new)

    async def workspace_gone(
        self, platform: Platform, workspace: str, reason: str, *, keep: timedelta | None = KEPT_FOR
    ) -> None:
        """The bot was put out of a workspace; its data are deleted after `keep`. None: not from here."""
        now = self.clock.now()
        whole = Channel(platform, workspace, "")
        away = Absence(
            channel=whole, reason=reason, since=now, purge_at=now + keep if keep else None
        )
        if await self.store.absences.leave(away):
            log.warning("workspace gone", extra={"platform": platform.value, "reason": reason})

    async def workspace_back(self, platform: Platform, workspace: str) -> None:
        """It was let in again in time: everything goes on as it was."""
        if await self.store.absences.come_back(Channel(platform, workspace, "")):
            log.info("workspace is back", extra={"platform": platform.value})

    async def channels(self, platform: Platform) -> list[Standing]:
        """Every channel of a platform, and how things are there."""
        return await self.store.absences.channels(platform)
