"""What the bot needs of those who read and write files people keep."""

from typing import Protocol


class Documents(Protocol):
    """Plain values as text a person can read, and back."""

    def read(self, text: str) -> object:
        """Dicts, lists and texts. Raises UnreadableFile with the line."""
        ...

    def write(self, values: object) -> str:
        """The same values as text, in their own order."""
        ...
