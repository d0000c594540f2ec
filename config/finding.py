"""What an examination found: one line of `papers doctor`."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a finding is meant: a problem keeps the bot from doing its work."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, why it is as it is, and the next command when it should not be so."""

    state: State
    what: str
    why: str
    next_command: str = ""


def ok(what: str, why: str) -> Finding:
    """Nothing to do."""
    return Finding(State.OK, what, why)


def warning(what: str, why: str, next_command: str = "") -> Finding:
    """It works, and somebody should look."""
    return Finding(State.WARNING, what, why, next_command)


def problem(what: str, why: str, next_command: str) -> Finding:
    """It does not work until somebody acts."""
    return Finding(State.PROBLEM, what, why, next_command)
