"""Stage 6: channels that a platform paused → one direct message to whoever subscribed them.

Never through the failing channel itself, once for each pause and at most once a day for a channel.
A letter goes through the outbox like every message. Where the bot may not speak at all any more
(token revoked, put out of the workspace) no letter can go: log, metric and status say so.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.model import metrics
from bot.model.delivery import NewDelivery
from bot.model.member import Member
from bot.model.message import Action, InChannel, Notice, Tone
from bot.model.record import Pause
from bot.model.subscription import Platform, Subscription
from bot.ports import Clock, Meter, Renderer, Store

log = logging.getLogger(__name__)

COOLDOWN = timedelta(hours=24)
TOLD_WITHIN = timedelta(days=7)
BATCH = 100


async def tell_owners(
    store: Store, renderers: Mapping[Platform, Renderer], clock: Clock, meter: Meter
) -> int:
    """Write to the owners of channels paused since they were told last; how many letters."""
    now, written = clock.now(), 0
    for pause in await store.outbox.untold(now=now, cooldown=COOLDOWN, limit=BATCH):
        here = await store.subscriptions.of(pause.channel)
        letters = _letters(renderers[pause.channel.platform], pause, here, now)
        if not await store.outbox.tell(pause, letters, now=now):
            continue
        written += len(letters)
        platform = pause.channel.platform.value
        meter.count(metrics.PAUSES_TOLD, platform=platform, to="owner" if letters else "nobody")
        log.warning(
            "owner told of a paused channel" if letters else "nobody to tell of a paused channel",
            extra={"platform": platform, "reason": pause.reason, "letters": len(letters)},
        )
    return written


def _letters(
    render: Renderer, pause: Pause, here: Sequence[Subscription], now: datetime
) -> list[NewDelivery]:
    """One for everybody who subscribed the channel to something."""
    channel = pause.channel
    if channel.person or not here:
        return []
    names = ", ".join(f"“{one.name}”" for one in here)
    notice = Notice(
        heading="Your subscriptions wait",
        lines=(
            InChannel(channel),
            f"I cannot post there: {pause.reason}.",
            f"{names}: kept, and papers go on being matched. As soon as I can post again, what came"
            " meanwhile comes as one digest. If you have mended it, say “resume” in the channel.",
        ),
        tone=Tone.WARNING,
        actions=(Action("Status", "status"),),
    )
    owners = sorted({one.created_by for one in here if one.created_by})
    pages = render(notice)
    return [
        NewDelivery(
            channel=Member(channel.platform, channel.workspace, owner).channel,
            dedupe_key=f"{channel} away {pause.since.isoformat()}/{owner}/{number}",
            payload=page,
            not_before=now,
            expires_at=now + TOLD_WITHIN,
        )
        for owner in owners
        for number, page in enumerate(pages, start=1)
    ]
