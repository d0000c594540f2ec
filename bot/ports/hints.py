"""What the bot needs to hear at once of work that other processes made."""

from collections.abc import Callable
from typing import Protocol

from bot.model.hint import Hint


class Hints(Protocol):
    """Hints between the processes on one database, where it carries them."""

    async def listen(self, heard: Callable[[Hint], None]) -> None:
        """Call `heard` for each hint until cancelled, over all breaks of the connection.

        After a break it is called for every kind of hint, since some may have been lost. Where the
        database carries none this only waits.
        """
        ...
