"""What the last digest of each subscription came to."""

from bot.model.subscription import Channel
from bot.ports import Store

MOST_LISTED = 25


async def coverage(store: Store, channel: Channel) -> list[str]:
    """A line for each subscription that has had a digest: matched, posted, below the cap."""
    lines = []
    for one in (await store.subscriptions.of(channel))[:MOST_LISTED]:
        last = await store.ledger.chosen(one, None)
        if last is None:
            continue
        posted, below = len(last.shown), len(last.left_out.papers)
        lines.append(
            f"Digest {last.period} of {one.name}: matched {posted + below}, posted {posted}, "
            f"{below} below the cap."
        )
    return lines
