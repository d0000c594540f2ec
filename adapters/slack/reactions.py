"""👍 and 👎 under a paper as feedback, beside the buttons.

A reaction counts only where it can mean one paper: a message of ours that shows exactly one. Others
are left alone; nobody is asked what they meant.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from adapters.slack.places import of_event
from adapters.slack.replies import Ways
from adapters.slack.surface import Surface
from bot.model.subscription import Channel

VERDICTS = {
    "+1": "like",
    "thumbsup": "like",
    "heart": "like",
    "fire": "like",
    "-1": "dislike",
    "thumbsdown": "dislike",
}
"""Names of reactions, without skin tone, and the verb each stands for."""

PapersIn = Callable[[Channel, str], Awaitable[list[str]]]
"""The papers a message of ours shows: channel and `ts` in, keys out."""

log = logging.getLogger(__name__)


class Reactions:
    """Feedback by reaction in every workspace."""

    def __init__(self, on: Surface, papers_in: PapersIn) -> None:
        self._on = on
        self._papers_in = papers_in

    async def heard(self, body: dict[str, Any]) -> None:
        """A reaction was added or taken back."""
        event = body.get("event") or {}
        item = event.get("item") or {}
        verb = VERDICTS.get(str(event.get("reaction", "")).split("::")[0])
        place = of_event(body)
        if verb is None or place is None or item.get("type") != "message":
            return
        papers = await self._papers_in(place.channel, str(item.get("ts", "")))
        if len(papers) != 1:
            return
        if event.get("type") == "reaction_removed":
            verb = "undo"
        asker = await self._on.knowledge.asker(place)
        answer = await self._on.desk.ask(
            asker, f"{verb} {papers[0]}", event=str(body.get("event_id") or "")
        )
        await self._on.replies.show(answer, Ways(place=place))
