"""Questions with fields, the same on every platform; Slack and Discord show them as modals."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a field takes."""

    LINE = "line"
    TEXT = "text"  # several lines
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values a field takes, and how people read it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. name: what its value is called when the form comes back.

    error: what is wrong with `value`; shown under the field. most: characters it takes.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    kind: Kind = Kind.LINE
    choices: tuple[Choice, ...] = ()
    required: bool = False
    most: int = 200
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form to be filled in. fields: the most important first, for where few can be shown.

    command: the line it completes (`subscribe`, `edit alignment`, `settings`): ids only, handed
    back with the values. note: lines above the fields, such as what the filter would have sent.
    """

    command: str
    title: str
    fields: tuple[Field, ...]
    submit: str = "Save"
    note: tuple[str, ...] = ()

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by field; empty when the form can be taken."""
        return {field.name: field.error for field in self.fields if field.error}
