"""What the bot needs to remember of its sources and of itself."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.model.figures import Figures
from bot.model.record import Source, StoreStatus


class SourceLog(Protocol):
    """Where each source was read up to, and when it is due."""

    async def all(self) -> list[Source]:
        """Every source ever registered, by name."""
        ...

    async def take_due(self, names: list[str], *, now: datetime, hold: timedelta) -> list[Source]:
        """Sources of these that are due, each handed to one caller for `hold` only."""
        ...

    async def succeeded(self, name: str, *, next_poll_at: datetime, now: datetime) -> None:
        """A reading went well; the cursor itself moved with `PaperShelf.save`."""
        ...

    async def failed(
        self, name: str, problem: str, *, next_poll_at: datetime, now: datetime
    ) -> None:
        """A reading failed; the cursor stays."""
        ...


class Upkeep(Protocol):
    """The store's own health and housekeeping."""

    async def status(self) -> StoreStatus:
        """The store in figures."""
        ...

    async def figures(self) -> Figures:
        """What metrics show of the store; cheap, whatever the number of finished messages."""
        ...

    async def first_time(self, scope: str, key: str, *, now: datetime) -> bool:
        """Whether this event or interaction is seen for the first time (kept 48 h)."""
        ...

    async def tidy(self, *, now: datetime) -> int:
        """Expire deliveries nobody needs, forget what is past its keeping; rows touched."""
        ...

    async def remembered(self, name: str) -> str:
        """What was written down under this name; empty if nothing was."""
        ...

    async def remember(self, name: str, value: str) -> None:
        """Write something small down that outlives the process."""
        ...

    async def time(self) -> datetime:
        """What the database's clock says: the one time all processes share."""
        ...

    async def restored(self, *, lost_at: datetime) -> int:
        """Note that a backup was brought back in place of a database lost at this moment.

        What is owed since before then is taken as posted, but in channels that are paused; how
        many messages. What sources announced before then and tell again counts as taken in when
        the lost database had taken it in: subscriptions whose digests were due since then have had
        it (`Subscription.heard_until`), the others get it in their next one.
        """
        ...

    async def check(self) -> str:
        """Answer with the schema revision. Raises StoreDown with what to do next."""
        ...
