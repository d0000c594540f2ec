"""The Messenger port for `terminal:NAME` channels: pages are written to a text stream."""

import asyncio
import sys
from datetime import datetime, timedelta
from typing import TextIO

from adapters.terminal.layout import COLUMNS, columns
from adapters.terminal.render import pages
from bot.model.delivery import (
    Absent,
    NotSent,
    Outcome,
    Payload,
    Posted,
    ReadBack,
    Refused,
    Unclear,
)
from bot.model.message import Message
from bot.model.subscription import Channel, Platform

REMEMBERED = 1_000
"""Pages that reading back can find, the newest; it asks within minutes of a page."""


class TerminalMessenger:
    """Shows pages one after the other, each below the name of its channel.

    A page counts as posted once it is written and flushed. Reading back answers for pages of this
    process only: a terminal keeps no list, and what an earlier process wrote may be shown again.
    """

    platform = Platform.TERMINAL
    recognises_repeats_for = timedelta(0)

    def __init__(self, screen: TextIO | None = None) -> None:
        self._screen = sys.stdout if screen is None else screen
        self._one_at_a_time = asyncio.Lock()
        self._count = 0
        self._shown: dict[tuple[Channel, str], Posted] = {}

    def plain(self, page: Payload) -> None:
        """Pages here are plain already."""
        del page

    def pages(self, message: Message) -> list[Payload]:
        """The terminal's renderer."""
        return pages(message)

    async def post(self, to: Channel, page: Payload, *, marker: str, thread: str = "") -> Outcome:
        """Write one page; an answer says which message it belongs to. See the port."""
        outcome = await self._show(to, page, f"about message {thread}" if thread else "")
        if isinstance(outcome, Posted):
            self._shown[to, marker] = outcome
            if len(self._shown) > REMEMBERED:
                del self._shown[next(iter(self._shown))]
        return outcome

    async def edit(self, to: Channel, message_id: str, page: Payload) -> Outcome:
        """Write the page anew: what a terminal has shown stays there. See the port."""
        outcome = await self._show(to, page, f"message {message_id} as it is now")
        return Posted(message_id) if isinstance(outcome, Posted) else outcome

    async def _show(self, to: Channel, page: Payload, remark: str) -> Outcome:
        text = page.get("text")
        if not isinstance(text, str):
            return Refused("this page was not rendered for a terminal")
        async with self._one_at_a_time:
            try:
                # In a thread: a terminal that is held, or a full pipe, must not hold up the bot.
                await asyncio.to_thread(self._write, f"{_rule(to, remark)}\n{text}\n\n")
            except (BrokenPipeError, ValueError):  # ValueError: the stream is closed
                return NotSent("nobody reads this terminal any more")
            except OSError as error:
                return Unclear(f"writing failed: {error.strerror or error}")
            self._count += 1
            return Posted(str(self._count))

    async def find(
        self, to: Channel, *, marker: str, since: datetime, thread: str = ""
    ) -> ReadBack:
        """Whether this process has shown the page; see the port."""
        del since, thread  # all of it lies within this process's life
        return self._shown.get((to, marker), Absent())

    def _write(self, text: str) -> None:
        encoding = self._screen.encoding or "utf-8"
        self._screen.write(text.encode(encoding, "replace").decode(encoding))
        self._screen.flush()


def _rule(channel: Channel, remark: str) -> str:
    name = f"── {channel}, {remark} " if remark else f"── {channel} "
    return name + "─" * max(2, COLUMNS - columns(name))
