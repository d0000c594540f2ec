"""What processes tell each other so that nobody waits for the next look at the database."""

from enum import StrEnum


class Hint(StrEnum):
    """What there is to look at. A hint may be lost: looking regularly finds the same."""

    PAPERS = "papers"  # something new was announced
    MESSAGES = "messages"  # a message is owed, or a channel runs again
