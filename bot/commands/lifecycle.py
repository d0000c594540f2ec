"""What becomes of a channel's subscriptions when the channel or its workspace comes and goes.

Platforms call this when they hear of it. Subscriptions are never deleted for it: they are shown as
suspended with the reason, and resume by themselves without a flood, for what was due meanwhile
becomes one digest each. Data go only after a stated time away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.model.delivery import NewDelivery
from bot.model.member import Member
from bot.model.memory import Absence, Standing
from bot.model.message import Action, Notice, Tone
from bot.model.subscription import Channel, Platform
from bot.ports import Clock, Renderer, Store

KEPT_FOR = timedelta(days=30)
"""How long the data of a channel or workspace that is gone are kept (Discord removals)."""

TOLD_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Keeps subscriptions right through what happens to channels and workspaces."""

    store: Store
    clock: Clock
    renderers: Mapping[Platform, Renderer]

    async def known(self, channel: Channel) -> bool:
        """Whether anything was ever ordered there."""
        return await self.store.absences.known(channel)

    async def suspend(self, channel: Channel, reason: str, *, is_gone: bool = False) -> None:
        """Post nothing there until `resume`; those who subscribed it are told once.

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
            await self._tell(away)

    async def resume(self, channel: Channel) -> None:
        """Go on, if it was suspended or its last message was refused."""
        await self.store.absences.come_back(channel)

    async def move(self, old: Channel, new: Channel) -> None:
        """The same channel has another id now."""
        await self.store.absences.rename(old, new)

    async def workspace_gone(
        self, platform: Platform, workspace: str, reason: str, *, keep: timedelta | None = KEPT_FOR
    ) -> None:
        """The bot was put out of a workspace; its data are deleted after `keep`. None: not from here."""
        now = self.clock.now()
        whole = Channel(platform, workspace, "")
        await self.store.absences.leave(
            Absence(channel=whole, reason=reason, since=now, purge_at=now + keep if keep else None)
        )

    async def workspace_back(self, platform: Platform, workspace: str) -> None:
        """It was let in again in time: everything goes on as it was."""
        await self.store.absences.come_back(Channel(platform, workspace, ""))

    async def channels(self, platform: Platform) -> list[Standing]:
        """Every channel of a platform, and how things are there."""
        return await self.store.absences.channels(platform)

    async def tell_refused(self, platform: Platform) -> None:
        """Tell whoever subscribed a channel, once, that a post was refused there, and why.

        The channel is tried again by itself after days; they can mend it sooner.
        """
        for one in await self.channels(platform):
            if one.refused and one.since is not None:
                await self._tell(Absence(channel=one.channel, reason=one.reason, since=one.since))

    async def _tell(self, away: Absence) -> None:
        """One direct message for everybody who subscribed the channel to something."""
        channel = away.channel
        found = await self.store.subscriptions.of(channel)
        names = ", ".join(f"“{one.name}”" for one in found)
        notice = Notice(
            heading="Your subscriptions wait",
            lines=(
                f"I cannot post in a channel you subscribed: {away.reason}.",
                f"{names} are kept and go on by themselves as soon as I can.",
            ),
            tone=Tone.WARNING,
            actions=(Action("Status", "status"),),
        )
        pages = self.renderers[channel.platform](notice)
        for owner in sorted({one.created_by for one in found if one.created_by}):
            to = Member(channel.platform, channel.workspace, owner).channel
            for number, page in enumerate(pages, start=1):
                letter = NewDelivery(
                    channel=to,
                    dedupe_key=f"{channel} away {away.since.isoformat()}/{owner}/{number}",
                    payload=page,
                    not_before=away.since,
                    expires_at=away.since + TOLD_WITHIN,
                )
                await self.store.outbox.enqueue(letter, now=away.since)
