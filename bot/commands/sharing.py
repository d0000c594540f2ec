"""Showing an answer to the whole channel, once."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.commands.context import Context
from bot.model.answer import Answer
from bot.model.command import Asker
from bot.model.message import Listing, Notice, Tone


async def share(
    context: Context, line: str, ask: Callable[[Asker, str], Awaitable[Answer]]
) -> Answer:
    """The answer to `line` for everybody; within a day only the first time."""
    asker = context.asker
    found = await ask(asker, line)
    message = found.private
    if message is None or (isinstance(message, Notice) and message.tone is Tone.ERROR):
        return found
    if asker.alone:
        return Answer(private=message)
    told = f"{asker.channel} {line} {context.today.isoformat()}"
    key = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
    if not await context.store.upkeep.first_time("share", key, now=context.now):
        return Answer(private=Notice(heading="This was shared in the channel today already."))
    if isinstance(message, Listing):
        # Buttons that page it belong to the asker's own copy.
        message = replace(message, actions=())
    return Answer(
        private=Notice(heading="Shared with the channel.", tone=Tone.DONE),
        public=message,
        by=asker.member,
    )
