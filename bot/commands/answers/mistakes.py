"""The answer to a mistake."""

import unicodedata

from bot.model.errors import BadFilter, CommandError
from bot.model.message import Notice, Tone


def problem(error: CommandError) -> Notice:
    """A person's mistake, shown so that it can be mended; nothing was changed."""
    if isinstance(error, BadFilter):
        found = error.problem
        excerpt, column = _excerpt(error.text, found.column)
        return Notice(
            heading=f"{found.message} (column {found.column})",
            lines=(found.hint,) if found.hint else (),
            code=f"{excerpt}\n{''.join(map(_blank, excerpt[: column - 1]))}^",
            tone=Tone.ERROR,
        )
    return Notice(heading=str(error), tone=Tone.ERROR)


def _blank(sign: str) -> str:
    """As much room as a sign takes in a font whose letters are all equally wide."""
    if unicodedata.combining(sign):
        return ""
    return "\u3000" if unicodedata.east_asian_width(sign) in {"W", "F"} else " "


def _excerpt(text: str, column: int, width: int = 70) -> tuple[str, int]:
    """The stretch of a long filter around the wrong column, on one line."""
    text = "".join(" " if sign.isspace() else sign for sign in text)
    if len(text) <= width:
        return text, column
    start = max(0, column - 1 - width // 2)
    return text[start : start + width], column - start
