"""What people say to the app → the command desk → the answer, where it belongs.

Commands, clicks, mentions and direct messages differ only in how they are answered.
"""

import logging
import re
from typing import Any

from adapters.slack.incoming import typed
from adapters.slack.places import of_command, of_event, of_interaction, own_id
from adapters.slack.replies import Ways
from adapters.slack.surface import Surface
from bot.model.answer import Answer
from bot.model.errors import BotError
from bot.model.message import Notice, Tone

OUR_FAULT = Notice(
    heading="Something went wrong on our side.",
    lines=("What happened is in the log. /papers list shows whether a change was made.",),
    tone=Tone.ERROR,
)
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")

log = logging.getLogger(__name__)


class Hearing:
    """Answers people in every workspace."""

    def __init__(self, on: Surface) -> None:
        self._on = on

    async def command(self, body: dict[str, Any]) -> None:
        """A slash command: answered through its response URL."""
        place, url = of_command(body), str(body.get("response_url") or "")
        if place is None or not url:
            log.warning("a command from nowhere we could answer to")
            return
        trigger_id = str(body.get("trigger_id") or "")
        ways = Ways(place=place, response_url=url, trigger_id=trigger_id)
        await self._say(typed(str(body.get("text") or "")), ways, event=trigger_id)

    async def action(self, body: dict[str, Any]) -> None:
        """A button or a menu entry under a message of ours, or in a window."""
        place = of_interaction(body)
        if place is None:
            log.warning("a click from nowhere we could answer to")
            return
        action = (body.get("actions") or [{}])[0]
        chosen = action.get("selected_option") or action
        line = str(chosen.get("value") or "")
        trigger_id, url = str(body.get("trigger_id") or ""), str(body.get("response_url") or "")
        window = bool(body.get("view"))
        ways = Ways(
            place=place, response_url=url, trigger_id=trigger_id, window=window, on_top=window
        )
        await self._say(line, ways, event=trigger_id)

    async def spoken(self, body: dict[str, Any]) -> None:
        """A mention in a channel, or a message to the app itself."""
        event, place = body.get("event") or {}, of_event(body)
        mention = event.get("type") == "app_mention"
        if place is None or event.get("bot_id") or event.get("subtype"):
            return
        if not mention and event.get("channel_type") != "im":
            return
        if not await self._on.is_new(str(body.get("event_id") or "")):
            return
        thread = str(event.get("thread_ts") or (event.get("ts") if mention else "") or "")
        ways = Ways(place=place, aloud=True, thread=thread)
        said = str(event.get("text") or "")
        await self._say(typed(_without(said, own_id(body))), ways)

    async def _say(self, line: str, ways: Ways, *, event: str = "") -> None:
        try:
            asker = await self._on.knowledge.asker(ways.place)
            answer = await self._on.desk.ask(asker, line, event=event)
        except BotError as problem:
            log.warning("command failed", extra={"reason": type(problem).__name__})
            words = Notice(heading="This did not work.", lines=(str(problem),), tone=Tone.ERROR)
            answer = Answer(private=words)
        except Exception:
            # The last resort of this surface: the log has it and the person is told.
            log.exception("a mistake of ours in a Slack command")
            answer = Answer(private=OUR_FAULT)
        await self._on.replies.show(answer, ways)


def _without(text: str, own: str) -> str:
    """What was said to the app: the rest of the message after its name."""
    if own:
        return text.replace(f"<@{own}>", " ", 1).strip()
    return _MENTION.sub(" ", text, count=1).strip()
