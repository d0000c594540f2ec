"""After a backup was brought back: what the lost database did until it was lost counts as done.

A backup knows of matches whose digests were due, and of messages that were owed, between its own
time and the loss; the lost database has posted these. So they are composed by the same rules and
taken as posted; what sources tell again comes where a digest was still to come. See
`docs/decisions/restored-means-posted.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.engine.compose import compose
from bot.engine.plan import Planner
from bot.model.subscription import Platform
from bot.ports import Renderer, Store
from bot.rules.mailings import is_of_today_only


@dataclass(frozen=True, slots=True)
class TakenUp:
    """digests: due before the loss, composed now. messages: taken as posted, theirs among them.

    of_today_only: sources that cannot tell again what they told between backup and loss.
    """

    digests: int
    messages: int
    of_today_only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stopped:
    """A clock that stands at the loss."""

    at: datetime

    def now(self) -> datetime:
        return self.at


async def take_up(
    store: Store, renderers: Mapping[Platform, Renderer], lost_at: datetime
) -> TakenUp:
    """Bring a restored store to where the lost one stood at `lost_at`. May be run again."""
    clock = _Stopped(lost_at)
    await Planner(store, clock).plan()
    digests = await compose(store, renderers, clock)
    messages = await store.upkeep.restored(lost_at=lost_at)
    names = [one.name for one in await store.sources.all()]
    return TakenUp(digests, messages, tuple(filter(is_of_today_only, names)))
