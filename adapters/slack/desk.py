"""What Slack needs of the command desk: see `bot.commands.desk.Desk`."""

from collections.abc import Mapping
from typing import Protocol

from bot.model.answer import Answer
from bot.model.command import Asker


class Desk(Protocol):
    """Answers lines and filled forms; never raises for what a person can ask.

    event: Slack's id of what the person did; the same one a second time changes nothing and is
    answered with nothing.
    """

    async def ask(self, asker: Asker, line: str, *, event: str = "") -> Answer:
        """The answer to a typed line."""
        ...

    async def submit(
        self, asker: Asker, command: str, values: Mapping[str, str], *, event: str = ""
    ) -> Answer:
        """What filling in a form comes to."""
        ...

    async def look(self, asker: Asker, command: str, values: Mapping[str, str]) -> Answer:
        """The form anew, with what its filter would have sent and what is wrong."""
        ...
