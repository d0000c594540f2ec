"""What the bot needs to remember of posted pages, to keep their cards true."""

from datetime import datetime
from typing import Protocol

from bot.model.memory import Rewritten, StalePage


class Living(Protocol):
    """Posted pages, and what happened to their papers since."""

    async def newest_news(self) -> int:
        """The id of the last thing that happened; 0 when nothing waits to be told."""
        ...

    async def stale(
        self, *, since: datetime, voted_before: datetime, limit: int
    ) -> list[StalePage]:
        """Pages composed after `since` that do not tell everything yet, oldest news first.

        Votes count once the first that is not shown was given before `voted_before`.
        """
        ...

    async def rewrite(self, pages: list[Rewritten], *, now: datetime) -> int:
        """Store new words and owe their messages, all at once; how many pages were still as read.

        One that was voted on since it was read stays as it was, and stale.
        """
        ...

    async def told(self, upto: int) -> None:
        """Forget news up to this id: every page that concerns them says so."""
        ...
