"""The error tree, grouped by what the caller does next. Docstrings are default messages."""

from dataclasses import dataclass
from datetime import timedelta


class BotError(Exception):
    """Something went wrong that a person can understand."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").split("\n")[0])


class SourceError(BotError):
    """A source could not be read."""


class SourceDown(SourceError):
    """The source does not answer as it should; try later."""

    def __init__(self, message: str = "", wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class SourceRefused(SourceError):
    """The source refuses this request for good; a person has to look."""


class SourceGarbled(SourceError):
    """The source's answer is not in the form we know; nothing was taken from it."""


class UnreadableFile(BotError):
    """This file holds no list of papers in a form we know."""


class CommandError(BotError):
    """The command cannot be carried out; the text is shown to the person as it stands."""


class NotAllowed(CommandError):
    """This needs a permission you do not have here."""


class NotPossible(CommandError):
    """This cannot be done as things are; the text says what to do first."""


class TooOften(CommandError):
    """Somebody asks faster than the bot answers; waiting helps."""


class NotFound(CommandError):
    """There is nothing of that name here."""


class OutOfReach(NotFound):
    """It is not here, and the source that may have it does not answer; try later."""


@dataclass(frozen=True, slots=True)
class FilterProblem:
    """Why a filter does not parse: what, at which column (1-based), and what would help."""

    message: str
    column: int
    hint: str = ""


class BadFilter(CommandError):
    """The filter does not parse."""

    def __init__(self, text: str, problem: FilterProblem) -> None:
        super().__init__(problem.message)
        self.text = text
        self.problem = problem


class BadOption(CommandError):
    """An option has a value it cannot take. option: its key, such as `at`, where it is one."""

    def __init__(self, message: str = "", option: str = "") -> None:
        super().__init__(message)
        self.option = option


class Conflict(BotError):
    """Somebody else changed this first; read again and decide anew."""


class StoreDown(BotError):
    """The database does not answer."""


class StoreBusy(StoreDown):
    """Another process holds the database."""


class ConfigError(BotError):
    """The configuration is wrong; the text names the variable, never its value."""
