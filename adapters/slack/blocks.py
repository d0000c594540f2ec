"""The few Block Kit pieces we use, each in one place.

Every text here is rich_text or plain_text with `emoji` off: both show `*`, `_`, `:tada:` and
`<!channel>` as they are.
"""

import json
from collections.abc import Sequence
from json.encoder import encode_basestring_ascii
from typing import Any

from adapters.slack import limits
from adapters.slack.wording import line, units
from bot.model.delivery import Shared
from bot.model.message import Action

Block = dict[str, Any]

ACTION_PREFIX = "papers:"
"""How the ids of our buttons and menus begin; the rest only tells them apart."""

MENU_ID = ACTION_PREFIX + "menu"


def plain(text: str) -> Block:
    """A text object without markup."""
    return {"type": "plain_text", "text": text, "emoji": False}


def run(text: str) -> Block:
    """Words in a paragraph."""
    return {"type": "text", "text": text}


def bold(text: str) -> Block:
    """Words in a paragraph, strong."""
    return {"type": "text", "text": text, "style": {"bold": True}}


def link(url: str, text: str, *, strong: bool = True) -> Block:
    """Linked words in a paragraph; `url` has been checked."""
    piece: Block = {"type": "link", "url": url, "text": text}
    return {**piece, "style": {"bold": True}} if strong else piece


def channel_name(channel: str) -> Block:
    """A channel by its present name, which Slack shows to those who can read it."""
    return {"type": "channel", "channel_id": channel}


def paragraph(*runs: Block) -> Block:
    """One paragraph of rich text."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": list(runs)}],
    }


def code_block(text: str) -> Block:
    """Text in fixed width, line breaks kept."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [run(text)]}],
    }


def header(text: str) -> Block:
    """A large heading."""
    return {"type": "header", "text": plain(text)}


def context(text: str) -> Shared:
    """A line of small print; how long it is and how it is written is known at once."""
    made = Shared(_context(text))
    made.size = units(text)
    made.written = encode_basestring_ascii(text).join(_AROUND_TEXT)
    return made


def _context(text: str) -> Block:
    return {"type": "context", "elements": [plain(text)]}


_AROUND_TEXT = json.dumps(_context(""), separators=(",", ":")).split('""')
"""Most blocks of a digest are such lines: only their text is written anew."""


def can_carry(action: Action, most: int) -> bool:
    """Whether the action's command is a line that fits into a value of `most` units."""
    return action.command.isprintable() and 0 < units(action.command) <= most


def menu(actions: Sequence[Action]) -> Block | None:
    """A menu behind three dots, for what is needed seldom; None if nothing fits into it."""
    options = [
        {"text": plain(line(action.label, limits.OPTION_TEXT) or "…"), "value": action.command}
        for action in actions
        if can_carry(action, limits.OPTION_VALUE)
    ]
    if not options:
        return None
    return {
        "type": "overflow",
        "action_id": MENU_ID,
        "options": options[: limits.OVERFLOW_OPTIONS],
    }


def menu_section(text: str, actions: Sequence[Action]) -> Block:
    """A line with a menu of actions at its end, if there are any."""
    section: Block = {"type": "section", "text": plain(text)}
    dots = menu(actions)
    return {**section, "accessory": dots} if dots else section


def buttons(actions: Sequence[Action], more: Sequence[Action] = ()) -> list[Block]:
    """Rows of buttons, a menu of `more` at the end; none if there is nothing to press.

    A command too long for a button is left out: it can still be typed.
    """
    row = [
        {
            "type": "button",
            "action_id": f"{ACTION_PREFIX}{number}",
            "text": plain(line(action.label, limits.BUTTON_TEXT) or "…"),
            "value": action.command,
        }
        for number, action in enumerate(actions)
        if can_carry(action, limits.BUTTON_VALUE)
    ]
    dots = menu(more)
    if dots:
        row.append(dots)
    return [
        {"type": "actions", "elements": row[start : start + limits.ACTIONS_ELEMENTS]}
        for start in range(0, len(row), limits.ACTIONS_ELEMENTS)
    ]
