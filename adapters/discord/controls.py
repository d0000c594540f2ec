"""Buttons and menus as plain dicts. Each carries the command line it stands for, nothing else.

custom_id `do:<command>` runs the command; `choose` runs the command of the chosen option. Both
are understood after any restart and by any process (listen.py).
"""

from collections.abc import Sequence
from typing import Any

from adapters.discord import limits
from adapters.discord.escape import label
from bot.model.message import Action, Card

DO = "do:"
CHOOSE = "choose"
CHOOSE_HINT = "More about a paper…"

_ROW, _BUTTON, _STRING_SELECT = 1, 2, 3
_GREY = 2


def button_rows(actions: Sequence[Action]) -> list[dict[str, Any]]:
    """Rows of buttons; an action whose command does not fit into a button's id has none."""
    buttons: dict[str, dict[str, Any]] = {}
    for action in actions:
        name = DO + action.command
        if limits.units(name) <= limits.CUSTOM_ID and action.label.strip():
            buttons[name] = {
                "type": _BUTTON,
                "style": _GREY,
                "label": label(action.label, limits.BUTTON_LABEL),
                "custom_id": name,
            }
    made = list(buttons.values())
    rows = [
        made[start : start + limits.BUTTONS_IN_ROW]
        for start in range(0, len(made), limits.BUTTONS_IN_ROW)
    ]
    return [{"type": _ROW, "components": row} for row in rows[: limits.ROWS]]


def card_buttons(card: Card) -> list[dict[str, Any]]:
    """The buttons of a card that stands alone."""
    return button_rows(card.actions)


def menu(cards: Sequence[Card]) -> list[dict[str, Any]]:
    """One menu for the actions of several cards; empty when they have none."""
    options: dict[str, dict[str, Any]] = {}
    for card in cards:
        for action in card.actions:
            if limits.units(action.command) <= limits.OPTION_VALUE:
                text = f"{action.label} {card.title}"
                options[action.command] = {
                    "label": label(text, limits.OPTION_LABEL),
                    "value": action.command,
                }
    if not options:
        return []
    select = {
        "type": _STRING_SELECT,
        "custom_id": CHOOSE,
        "placeholder": CHOOSE_HINT,
        "options": list(options.values())[: limits.SELECT_OPTIONS],
    }
    return [{"type": _ROW, "components": [select]}]
