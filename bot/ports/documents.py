"""What the bot needs of those who read and write files people keep."""

from typing import Protocol


class Entry(dict[str, object]):
    """Keys and values of a text, which know where they stand. lines: key → line, from 1."""

    def __init__(self) -> None:
        """An entry without anything in it yet."""
        super().__init__()
        self.lines: dict[str, int] = {}


def line_of(values: object, key: str = "") -> int:
    """The line this key stands in, or else the first of them; 0 where nobody knows."""
    if not isinstance(values, Entry):
        return 0
    return values.lines.get(key) or min(values.lines.values(), default=0)


class Documents(Protocol):
    """Plain values as text a person can read, and back."""

    def read(self, text: str) -> object:
        """Entries, lists and texts. Raises UnreadableFile with the line, also for a key twice."""
        ...

    def write(self, values: object) -> str:
        """The same values as text, in their own order."""
        ...
