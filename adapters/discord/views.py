"""A rendered page as discord.py's arguments, for answers to people.

Controls are for sending only: presses find their way by custom_id (presses.py).
"""

from typing import Any

import discord

from adapters.discord.render import SEPARATOR, TEXT
from bot.model.delivery import Payload


def arguments(page: Payload) -> dict[str, Any]:
    """What `send_message`, `edit_original_response` and `followup.send` need to show `page`."""
    view = discord.ui.LayoutView(timeout=None)
    for part in page["components"]:
        view.add_item(_item(part))
    view.stop()  # a view that is over is not kept waiting for presses
    return {"view": view, "allowed_mentions": discord.AllowedMentions.none()}


def _item(part: dict[str, Any]) -> discord.ui.Item[Any]:
    if part["type"] == TEXT:
        return discord.ui.TextDisplay(part["content"])
    if part["type"] == SEPARATOR:
        return discord.ui.Separator()
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    for one in part["components"]:
        row.add_item(
            discord.ui.Button(
                custom_id=one["custom_id"],
                label=one["label"],
                style=discord.ButtonStyle(one["style"]),
            )
        )
    return row


class ReadyModal(discord.ui.Modal):
    """A form that was rendered already; what is sent back is read by its id (client.py)."""

    def __init__(self, payload: dict[str, Any]) -> None:
        super().__init__(title=payload["title"], custom_id=payload["custom_id"])
        self._payload_made = payload
        self.stop()  # a form that is over is not kept waiting in this process

    def to_dict(self) -> dict[str, Any]:
        """What Discord gets."""
        return self._payload_made
