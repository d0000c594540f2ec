"""What Discord needs of the command desk and of the store: see `bot.commands.desk.Desk`."""

from collections.abc import Mapping
from typing import Protocol

from bot.model.answer import Answer
from bot.model.command import Asker


class Desk(Protocol):
    """Answers lines and filled forms; never raises for what a person can ask.

    event: Discord's id of the interaction; the same one a second time changes nothing and is
    answered with nothing.
    """

    async def ask(self, asker: Asker, line: str, *, event: str = "") -> Answer:
        """The answer to a typed line."""
        ...

    async def submit(
        self, asker: Asker, command: str, values: Mapping[str, str], *, event: str = ""
    ) -> Answer:
        """What filling in a form comes to. With `form` set nothing was done: it says why."""
        ...

    async def remember(self, asker: Asker, query: str) -> None:
        """Keep a query for completing it later."""
        ...

    async def look(self, asker: Asker, command: str, values: Mapping[str, str]) -> Answer:
        """The form of a command, with these values filled in."""
        ...


class Knows(Protocol):
    """What may complete what somebody is typing; each list best first and short."""

    async def subscriptions(self, asker: Asker) -> list[str]:
        """Names of the channel's subscriptions."""
        ...

    async def queries(self, asker: Asker) -> list[str]:
        """What this person asked lately."""
        ...

    async def authors(self, beginning: str) -> list[str]:
        """Authors of stored papers with a name that begins so."""
        ...
