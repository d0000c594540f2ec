"""Windows with forms: what is typed is looked at as it is typed, and done when it is submitted."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from adapters.slack import forms
from adapters.slack.places import Place, of_interaction
from adapters.slack.replies import Ways, window
from adapters.slack.surface import Surface
from bot.model.answer import Answer

ANSWER_WITHIN_S = 2.3
"""Slack waits three seconds for what is wrong; later the window is closed and the answer follows."""

SETTLED_S = 0.35
"""A word is looked at when nobody typed on for so long."""

MOST_OPEN = 1_000
OUR_FAULT = "Something went wrong on our side; /papers list shows whether a change was made."
STRANGE = "This form was not made here. Close it and open it again."


log = logging.getLogger(__name__)


class Modals:
    """Forms in every workspace."""

    def __init__(
        self, on: Surface, *, at_home: Callable[[Place], Coroutine[Any, Any, None]]
    ) -> None:
        self._on = on
        self._at_home = at_home
        self._typing: dict[str, object] = {}

    async def submitted(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take a filled form; what to acknowledge it with: nothing, or errors under its fields."""
        view = body.get("view") or {}
        place = of_interaction(body)
        back = forms.unpacked(str(view.get("private_metadata", "")), place) if place else None
        if back is None:
            return _wrong(view, STRANGE)
        try:
            return await self._taken(body, view, back)
        except Exception:  # the last resort of this surface: the log has it, the person is told
            log.exception("a mistake of ours in a Slack form")
            return _wrong(view, OUR_FAULT)

    async def _taken(
        self, body: dict[str, Any], view: dict[str, Any], back: forms.Return
    ) -> dict[str, Any]:
        asker = await self._on.knowledge.asker(back.place)
        work = self._on.chores.begin(
            self._on.desk.submit(
                asker,
                back.command,
                forms.values(view.get("state") or {}),
                event=str(body.get("trigger_id") or view.get("id") or ""),
            )
        )
        done, _ = await asyncio.wait({work}, timeout=ANSWER_WITHIN_S)
        if done and work.result().form is not None:
            return _errors(work.result(), view)
        ways = Ways(place=back.place, response_url=back.response_url)
        if done and not back.response_url:
            return self._told_at_home(work.result(), ways)
        self._on.chores.start(self._shown(work, ways))
        return {}

    def _told_at_home(self, answer: Answer, ways: Ways) -> dict[str, Any]:
        """A form from App Home has no place to answer but its own window."""
        if answer.public is not None:
            told = replace(answer, private=None)
            self._on.chores.start(self._on.replies.show(told, ways))
        self._on.chores.start(self._at_home(ways.place))
        if answer.private is None:
            return {}
        return {"response_action": "update", "view": window(answer.private)}

    async def changed(self, body: dict[str, Any]) -> None:
        """Somebody types: show what the form would do, once they pause."""
        view = body.get("view") or {}
        place, view_id = of_interaction(body), str(view.get("id", ""))
        back = forms.unpacked(str(view.get("private_metadata", "")), place) if place else None
        if back is None or not await self._settled(view_id):
            return
        asker = await self._on.knowledge.asker(back.place)
        filled = forms.values(view.get("state") or {})
        looked = await self._on.desk.look(asker, back.command, filled)
        client = await self._on.workspaces.client(back.place.workspace, back.place.organisation)
        if looked.form is not None and client is not None:
            await self._on.replies.update(client, view_id, forms.view(looked.form, back))

    async def _shown(self, work: "asyncio.Task[Answer]", ways: Ways) -> None:
        answer = await work
        await self._on.replies.show(answer, ways)

    async def _settled(self, view_id: str) -> bool:
        """Whether nobody typed on in this window for a moment."""
        if len(self._typing) > MOST_OPEN:
            self._typing.clear()
        mine = self._typing[view_id] = object()
        await asyncio.sleep(SETTLED_S)
        return self._typing.get(view_id) is mine


def _errors(answer: Answer, view: dict[str, Any]) -> dict[str, Any]:
    found = forms.errors(answer.form) if answer.form else {}
    return {"response_action": "errors", "errors": found} if found else _wrong(view, STRANGE)


def _wrong(view: dict[str, Any], words: str) -> dict[str, Any]:
    """An error under the first field there is."""
    blocks = [block for block in view.get("blocks") or [] if block.get("type") == "input"]
    if not blocks:
        return {}
    return {"response_action": "errors", "errors": {str(blocks[0].get("block_id")): words}}
