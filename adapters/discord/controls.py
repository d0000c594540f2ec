"""Buttons as plain dicts. Each carries ids alone: a command line, or the paper it is about.

custom_id `do:LINE` runs the line; `more:PAPER|NAME` shows everything that can be done with a paper,
and how to stop the subscription NAME that brought it. Both are understood after any restart, by any
process, and on messages of any age (presses.py).
"""

from collections.abc import Sequence
from typing import Any

from adapters.discord import limits
from adapters.discord.escape import label
from bot.model.message import Action, Card

DO, MORE = "do:", "more:"
MORE_LABEL = "More"
VISIBLE = 2
"""Actions shown at once below a paper; the rest is behind More."""

MOST_ROWS = 3

_ROW, _BUTTON = 1, 2
_GREY, _RED = 2, 4
_ENDS = ("unsubscribe ",)


def button(action: Action) -> dict[str, Any] | None:
    """A button for an action; None when its command does not fit into a button's id."""
    name = DO + action.command
    if limits.units(name) > limits.CUSTOM_ID or not action.label.strip():
        return None
    style = _RED if action.command.startswith(_ENDS) else _GREY
    text = label(action.label, limits.BUTTON_LABEL)
    return {"type": _BUTTON, "style": style, "label": text, "custom_id": name}


def action_rows(actions: Sequence[Action]) -> list[dict[str, Any]]:
    """Rows of buttons, each action once."""
    made = {one["custom_id"]: one for action in actions if (one := button(action)) is not None}
    buttons = list(made.values())
    rows = [
        buttons[start : start + limits.BUTTONS_IN_ROW]
        for start in range(0, len(buttons), limits.BUTTONS_IN_ROW)
    ]
    return [{"type": _ROW, "components": row} for row in rows[:MOST_ROWS]]


def card_row(card: Card, stop: str = "") -> dict[str, Any] | None:
    """The row below one of several papers: its first actions, and More where there is more."""
    face = card.face
    rows = action_rows(face.actions[:VISIBLE])
    buttons = list(rows[0]["components"]) if rows else []
    if face.more or card.stop or len(face.actions) > VISIBLE:
        name = f"{MORE}{face.paper}|{stop}"
        if limits.units(name) > limits.CUSTOM_ID:
            name = f"{MORE}{face.paper}|"
        if limits.units(name) <= limits.CUSTOM_ID:
            buttons.append(
                {"type": _BUTTON, "style": _GREY, "label": MORE_LABEL, "custom_id": name}
            )
    return {"type": _ROW, "components": buttons} if buttons else None


def all_rows(card: Card) -> list[dict[str, Any]]:
    """Everything that can be done with a paper that stands alone."""
    return action_rows([*card.face.actions, *card.face.more, *((card.stop,) if card.stop else ())])
