"""The few Block Kit pieces we use, each in one place.

Every text here is rich_text or plain_text with `emoji` off: both show `*`, `_`, `:tada:` and
`<!channel>` as they are.
"""

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
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


class _Line:
    """Blocks that differ in one text only: how long and how they are written is known at once.

    Most blocks of a digest are such lines.
    """

    def __init__(self, made: Callable[[str], Block]) -> None:
        self._made = made
        self._around = _written(made("")).split('""', 1)

    def __call__(self, text: str) -> Shared:
        block = Shared(self._made(text))
        block.size = units(text)
        block.written = encode_basestring_ascii(text).join(self._around)
        return block


def _written(block: Block) -> str:
    return json.dumps(block, separators=(",", ":"))


_header = _Line(lambda text: {"type": "header", "text": plain(text)})
_context = _Line(lambda text: {"type": "context", "elements": [plain(text)]})
_section = _Line(lambda text: {"type": "section", "text": plain(text)})


def header(text: str) -> Shared:
    """A large heading."""
    return _header(text)


def context(text: str) -> Shared:
    """A line of small print."""
    return _context(text)


def can_carry(action: Action, most: int) -> bool:
    """Whether the action's command is a line that fits into a value of `most` units."""
    return action.command.isprintable() and 0 < units(action.command) <= most


@lru_cache(maxsize=1 << 10)
def menu(actions: tuple[Action, ...]) -> Shared | None:
    """A menu behind three dots, for what is needed seldom; None if nothing fits into it."""
    options = [
        {"text": plain(line(action.label, limits.OPTION_TEXT) or "…"), "value": action.command}
        for action in actions
        if can_carry(action, limits.OPTION_VALUE)
    ]
    if not options:
        return None
    made = Shared(
        {
            "type": "overflow",
            "action_id": MENU_ID,
            "options": options[: limits.OVERFLOW_OPTIONS],
        }
    )
    made.written = _written(made)
    return made


def menu_section(text: str, actions: tuple[Action, ...]) -> Shared:
    """A line with a menu of actions at its end, if there are any."""
    section, dots = _section(text), menu(actions)
    if dots is not None:
        section["accessory"] = dots
        section.size = units(text) + size_of(dots)
        section.written = f'{section.written[:-1]},"accessory":{dots.written}}}'
    return section


def buttons(actions: Sequence[Action], more: tuple[Action, ...] = ()) -> list[Block]:
    """Rows of buttons, a menu of `more` at the end; none if there is nothing to press.

    A command too long for a button is left out: it can still be typed.
    """
    row: list[Block] = [
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


def size_of(node: object) -> int:
    """Characters of all texts in a block; of those that many messages share it is kept."""
    if not isinstance(node, Shared):
        return _size(node)
    if node.size is None:
        node.size = _size(node)
    return node.size


def _size(node: object) -> int:
    size = 0
    if isinstance(node, dict):
        for name, child in node.items():
            if isinstance(child, str):
                size += units(child) if name == "text" else 0
            else:
                size += _size(child)
    elif isinstance(node, list):
        for child in node:
            size += _size(child)
    return size
