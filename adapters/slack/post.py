"""The Messenger over chat.postMessage: one page, one call, one outcome.

Slack has no idempotency key. The marker of a delivery therefore rides along as message metadata,
which readers do not see and conversations.history gives back; it is an opaque id, because anyone
in the workspace may read it.
"""

import logging
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.limits import HISTORY_PAGE
from adapters.slack.outcomes import outcome_of, retry_after
from adapters.slack.refusals import (
    BROKEN_ANSWER,
    LOST,
    NEVER_ARRIVED,
    code_of,
    detail_of,
    header_of,
    status_of,
)
from adapters.slack.render import render
from bot.model.delivery import (
    Absent,
    NotSent,
    Outcome,
    Payload,
    Posted,
    ReadBack,
    Refused,
    Unclear,
    Unreadable,
)
from bot.model.message import Message
from bot.model.subscription import Channel, Platform

EVENT_TYPE = "paperwire_delivery"
SKEW = timedelta(minutes=2)
"""How far our clock and Slack's may lie apart when a message is looked for."""

MOST_HISTORY_PAGES = 5

log = logging.getLogger(__name__)


class SlackMessenger:
    """Posts to the channels of the workspace its client has the token of."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    @property
    def platform(self) -> Platform:
        """Slack."""
        return Platform.SLACK

    def pages(self, message: Message) -> list[Payload]:
        """`message` as Slack messages within every limit."""
        return render(message)

    async def post(self, to: Channel, page: Payload, *, marker: str) -> Outcome:
        """Post one page once.

        Blocks that Slack refuses are our mistake, not the reader's: then the plain text goes out
        alone. That is no repeat, for a refused message was certainly not posted.
        """
        outcome = await self._post(to, page, marker)
        if isinstance(outcome, Refused) and page.get("blocks") and page.get("text"):
            log.error("blocks refused, posting text", extra={"reason": outcome.reason})
            return await self._post(to, {"text": page["text"]}, marker)
        return outcome

    async def _post(self, to: Channel, page: Payload, marker: str) -> Outcome:
        try:
            answer = await self._client.chat_postMessage(
                channel=to.channel,
                text=page["text"],
                blocks=page.get("blocks"),
                metadata={"event_type": EVENT_TYPE, "event_payload": {"delivery": marker}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as error:
            return _refusal(error)
        except NEVER_ARRIVED as error:
            return NotSent(f"no connection to Slack: {type(error).__name__}")
        except LOST as error:
            return Unclear(f"connection lost before the answer: {type(error).__name__}")
        except BROKEN_ANSWER:
            return Unclear("the answer is not in Slack's form")
        ts = answer.get("ts")
        return Posted(ts) if isinstance(ts, str) and ts else Unclear("an answer without a `ts`")

    async def find(self, to: Channel, *, marker: str, since: datetime) -> ReadBack:
        """Look for the page among the channel's messages; needs `channels:history`."""
        oldest = f"{(since - SKEW).timestamp():.6f}"
        cursor = ""
        for _ in range(MOST_HISTORY_PAGES):
            page = await self._history(to, oldest, cursor)
            if isinstance(page, str):
                return Unreadable(page)
            found = _with_marker(page.get("messages"), marker)
            if found:
                return Posted(found)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return Absent()
        return Unreadable(f"more than {MOST_HISTORY_PAGES * HISTORY_PAGE} messages since then")

    async def _history(self, to: Channel, oldest: str, cursor: str) -> AsyncSlackResponse | str:
        """One page of messages, or why we could not read it."""
        try:
            return await self._client.conversations_history(
                channel=to.channel,
                oldest=oldest,
                cursor=cursor or None,
                include_all_metadata=True,
                limit=HISTORY_PAGE,
            )
        except SlackApiError as error:
            return code_of(error) or f"HTTP {status_of(error)}"
        except LOST as error:
            return f"no answer: {type(error).__name__}"
        except BROKEN_ANSWER:
            return "the answer is not in Slack's form"


def _refusal(error: SlackApiError) -> Outcome:
    """What an unsuccessful answer means; the status decides before the error code does."""
    status, code = status_of(error), code_of(error)
    wait = retry_after(header_of(error, "Retry-After"))
    if status == 429:
        return outcome_of("ratelimited", wait)
    if status >= 500 or status == 408:
        return Unclear(f"HTTP {status}: {code}" if code else f"HTTP {status}")
    if code:
        return outcome_of(code, wait, detail_of(error))
    if 400 <= status < 500:
        return NotSent(f"HTTP {status}, not from Slack itself: is there a proxy in between?")
    return Unclear("the answer is not in Slack's form")


def _with_marker(messages: object, marker: str) -> str | None:
    """The `ts` of the message that carries the marker."""
    expected = {"event_type": EVENT_TYPE, "event_payload": {"delivery": marker}}
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, dict) and message.get("metadata") == expected:
            return str(message.get("ts"))
    return None
