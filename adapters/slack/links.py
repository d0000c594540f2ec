"""Papers in people's messages: cards under links, and the shortcut “Papers in this message”.

A card is left out where it would only be noise: a message with three links or more, and a link that
had its card in this channel within the last half hour. Source: Slack's reference of `link_shared`
and chat.unfurl; the guards are those of GitHub's app.
"""

import logging
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.mentioned import papers_linked, papers_mentioned, text_of
from adapters.slack.places import Place, of_event, of_interaction
from adapters.slack.refusals import BROKEN_ANSWER, LOST, code_of
from adapters.slack.render import card_blocks
from adapters.slack.replies import Ways
from adapters.slack.surface import Surface
from bot.model.answer import Answer
from bot.model.message import Card, Listing, Notice
from bot.ports.memory import Memory

SAME_LINK_AFTER = timedelta(minutes=30)
TOO_MANY_LINKS = 3
MOST_IN_A_MESSAGE = 8

log = logging.getLogger(__name__)


class Links:
    """Cards for papers people talk about."""

    def __init__(self, on: Surface, memory: Memory) -> None:
        self._on = on
        self._memory = memory

    async def shared(self, body: dict[str, Any]) -> None:
        """Somebody posted links to papers, or is about to."""
        event = body.get("event") or {}
        place = of_event(body)
        papers = papers_linked(str(one.get("url", "")) for one in event.get("links") or [])
        if place is None or not papers or len(event["links"]) >= TOO_MANY_LINKS:
            return
        composing = event.get("source") == "composer"
        unfurls = {}
        for url, key in papers.items():
            card = await self._card(place, key)
            if card and (composing or await self._is_fresh(place, key, event)):
                unfurls[url] = {"blocks": card_blocks(card)}
        client = await self._on.workspaces.client(place.workspace, place.organisation)
        if unfurls and client:
            await _unfurl(client, event, unfurls)

    async def asked(self, body: dict[str, Any]) -> None:
        """The shortcut: the papers of one message, shown to the person who asked."""
        place = of_interaction(body)
        if place is None or not await self._on.is_new(str(body.get("trigger_id") or "")):
            return
        keys = papers_mentioned(text_of(body.get("message") or {}), most=MOST_IN_A_MESSAGE)
        cards = [card for card in [await self._card(place, key) for key in keys] if card]
        ways = Ways(place=place, response_url=str(body.get("response_url") or ""))
        await self._on.replies.show(Answer(private=_found(cards, len(keys))), ways)

    async def _card(self, place: Place, key: str) -> Card | None:
        """The card of a paper as the desk shows it; None for one nobody knows."""
        answer = await self._on.desk.ask(await self._on.knowledge.asker(place), key)
        match answer.private:
            case Listing(cards=(card, *_)):
                return card
            case _:
                return None

    async def _is_fresh(self, place: Place, key: str, event: dict[str, Any]) -> bool:
        """Whether this paper had no card here within the last half hour; it has now."""
        return await self._memory.unfurled(
            place.channel,
            key,
            message_id=str(event.get("message_ts") or ""),
            now=self._on.clock.now(),
            within=SAME_LINK_AFTER,
        )


async def _unfurl(client: AsyncWebClient, event: dict[str, Any], unfurls: dict[str, Any]) -> None:
    composed = {name: event[name] for name in ("unfurl_id", "source") if event.get(name)}
    posted = {"channel": event.get("channel"), "ts": event.get("message_ts")}
    try:
        await client.chat_unfurl(unfurls=unfurls, **(composed if len(composed) == 2 else posted))
    except SlackApiError as error:
        log.warning("no card shown", extra={"reason": code_of(error)})
    except (*LOST, *BROKEN_ANSWER) as error:
        log.warning("no card shown", extra={"reason": type(error).__name__})


def _found(cards: list[Card], named: int) -> Listing | Notice:
    if not named:
        return Notice(
            heading="No papers in this message",
            lines=(
                "Links to arXiv, Hugging Face, DOI and OpenReview are understood, and arXiv ids.",
            ),
        )
    if not cards:
        return Notice(heading="None of the papers in this message is known here")
    unknown = named - len(cards)
    return Listing(
        heading="1 paper in this message"
        if len(cards) == 1
        else f"{len(cards)} papers in this message",
        cards=tuple(card.saying(summary=card.face.summary[:400]) for card in cards),
        total=len(cards),
        note=f"{unknown} more could not be found." if unknown else "",
    )
