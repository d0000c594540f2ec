"""How a scenario uses a platform: as a person who types, presses, fills in forms and reads.

Every platform has a driver; the scenarios beside it run on each of them unchanged, so that equal
behaviour is a test and not a hope. A driver for a real platform types and presses through that
platform's own local server and reads what its members would see there.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.world import World

ADA, BOB = "ada", "bob"
LAB, CLUB, BOARD = "lab", "club", "board"
"""Two public channels, and one for members that ada can read and bob cannot."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody sees: one message, or a form.

    text: all its words, line by line, without markup. labels: what can be pressed or chosen on it,
    those behind “More” too. values: of a form, by field name. errors: under the fields. handle: the
    driver's own way back to it.
    """

    text: str = ""
    labels: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    handle: Any = field(default=None, compare=False)

    def __contains__(self, words: str) -> bool:
        return words in self.text


class Driver(Protocol):
    """People in front of one platform, and the bot behind it.

    `world` lets papers be announced and time pass. All methods return when the bot has answered.
    """

    world: World

    async def say(self, line: str, *, by: str = ADA, where: str = LAB) -> Seen:
        """`/papers LINE` typed in a channel (on Discord the slash command that means the same).

        What the person alone gets to see: a message or a form; empty if there is nothing.
        """
        ...

    async def press(self, seen: Seen, label: str, *, by: str = ADA, where: str = LAB) -> Seen:
        """Press a button, or choose from a menu, on a message; what the person then sees."""
        ...

    async def fill(
        self, form: Seen, values: dict[str, str], *, by: str = ADA, where: str = LAB
    ) -> Seen:
        """Send a form with these values changed: the answer, or the form again with `errors`."""
        ...

    async def posts(self, where: str = LAB) -> list[Seen]:
        """The messages everybody sees in a channel, oldest first, as they stand now.

        A reply in a thread follows the message it belongs to.
        """
        ...

    async def letters(self, to: str) -> list[Seen]:
        """Direct messages from the bot to a person, oldest first."""
        ...

    async def put_out(self, where: str = LAB) -> None:
        """Somebody takes the bot out of a channel, without a word to it."""
        ...

    async def let_in(self, where: str = LAB) -> None:
        """It may post there again."""
        ...
