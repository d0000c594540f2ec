"""Showing an answer where it belongs: to the person, to the channel, as a form.

A command or a click has a response URL; a mention is answered in its thread, a direct message in
its conversation; from App Home the words come as a window.
"""

import logging
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import forms, limits
from adapters.slack.answers import answer as answer_by_url
from adapters.slack.blocks import plain
from adapters.slack.knowing import Knowledge
from adapters.slack.places import Place
from adapters.slack.refusals import BROKEN_ANSWER, LOST, code_of
from adapters.slack.render import render
from adapters.slack.workspaces import Workspaces
from bot.model.answer import Answer
from bot.model.delivery import Payload
from bot.model.form import Form
from bot.model.message import Action, Listing, Message, Notice

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How the person can be reached.

    response_url: of what they did. trigger_id: lets one window be opened within three seconds.
    aloud: a message to answer where it stands, readable by whoever reads that; thread: the `ts` it
    is answered under. window: words may only come as a window (App Home); on_top: there is one.
    """

    place: Place
    response_url: str = ""
    trigger_id: str = ""
    aloud: bool = False
    thread: str = ""
    window: bool = False
    on_top: bool = False


class Replies:
    """Shows answers in every workspace."""

    def __init__(self, workspaces: Workspaces, knowledge: Knowledge) -> None:
        self._workspaces = workspaces
        self._knowledge = knowledge

    async def show(self, answer: Answer, ways: Ways) -> None:
        """Show all that an answer holds; what does not arrive is in the log."""
        if answer.form is not None and await self._opened(answer.form, ways):
            answer = replace(answer, private=None)
        private = _with_form(answer) if answer.form is not None else answer.private
        who = ways.place if answer.by else None
        public = await self._public(answer.public, who)
        if ways.aloud:
            # What everybody reads in the thread needs not be told once more.
            await self._post(render(private) if private else public, ways)
        elif ways.response_url:
            pages = render(private) if private else []
            by_url = limits.RESPONSE_URL_USES - len(public)
            await answer_by_url(ways.response_url, pages[:by_url], public)
            await self._whisper(pages[by_url:], ways)
        else:
            await self._without_url(private, public, ways)

    async def _public(self, message: Message | None, who: Place | None) -> list[Payload]:
        if message is None:
            return []
        return render(message, by=await self._knowledge.name(who) if who else "")

    async def _without_url(
        self, private: Message | None, public: list[Payload], ways: Ways
    ) -> None:
        if private is not None and ways.window:
            await self._window(private, ways)
        elif private is not None:
            await self._whisper(render(private), ways)
        if public and not ways.place.direct:
            await self._post(public, ways)

    async def _post(self, pages: list[Payload], ways: Ways) -> None:
        """As a message of our own, for everybody in the conversation."""
        client = await self._client(ways)
        channel = ways.place.conversation or ways.place.member
        if client is None:
            return
        for page in pages:
            sent = await _tried(
                client.chat_postMessage(
                    channel=channel,
                    text=page["text"],
                    blocks=page.get("blocks"),
                    thread_ts=ways.thread or None,
                    unfurl_links=False,
                    unfurl_media=False,
                )
            )
            if not sent:
                return

    async def _whisper(self, pages: list[Payload], ways: Ways) -> None:
        """For one person among others; in their own conversation where that cannot be."""
        client = await self._client(ways)
        place = ways.place
        if client is None or not pages:
            return
        if place.direct:
            await self._post(pages, ways)
            return
        for number, page in enumerate(pages):
            sent = await _tried(
                client.chat_postEphemeral(
                    channel=place.conversation,
                    user=place.member,
                    text=page["text"],
                    blocks=page.get("blocks"),
                    thread_ts=ways.thread or None,
                )
            )
            if not sent:
                await self._post(
                    pages[number:], replace(ways, place=replace(place, conversation=""))
                )
                return

    async def _window(self, message: Message, ways: Ways) -> None:
        await self._show_view(window(message), ways)

    async def _opened(self, form: Form, ways: Ways) -> bool:
        back = forms.Return(form.command, ways.place, ways.response_url)
        if not ways.trigger_id or not forms.can_show(form, back):
            return False
        return await self._show_view(forms.view(form, back), ways)

    async def _show_view(self, view: dict[str, Any], ways: Ways) -> bool:
        client = await self._client(ways)
        if client is None:
            return False
        show = client.views_push if ways.on_top else client.views_open
        return await _tried(show(trigger_id=ways.trigger_id, view=view))

    async def update(self, client: AsyncWebClient, view_id: str, view: dict[str, Any]) -> None:
        """Make an open window show something else."""
        await _tried(client.views_update(view_id=view_id, view=view))

    async def _client(self, ways: Ways) -> AsyncWebClient | None:
        return await self._workspaces.client(ways.place.workspace, ways.place.organisation)


def window(message: Message) -> dict[str, Any]:
    """A message as a window of its own, without a form."""
    blocks = [block for page in render(message) for block in page["blocks"]]
    return {
        "type": "modal",
        "title": plain("Paperwire"),
        "close": plain("Close"),
        "blocks": blocks[: limits.VIEW_BLOCKS],
    }


def _with_form(answer: Answer) -> Message | None:
    """The words that stand for a form, with a button that opens it."""
    form, words = answer.form, answer.private
    if form is None or words is None:
        return words
    button = Action("Fill in the form", form.command)
    match words:
        case Notice() | Listing():
            return replace(words, actions=(*words.actions, button))
        case _:
            return words


async def _tried(call: Awaitable[object]) -> bool:
    """Whether a call went through; why not is in the log."""
    try:
        await call
    except SlackApiError as error:
        log.warning("answer refused", extra={"reason": code_of(error)})
        return False
    except (*LOST, *BROKEN_ANSWER) as error:
        log.warning("answer lost", extra={"reason": type(error).__name__})
        return False
    return True
