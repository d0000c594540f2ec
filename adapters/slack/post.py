"""The Messenger over chat.postMessage and chat.update: one page, one call, one outcome.

Slack has no idempotency key. The marker of a delivery therefore rides along as message metadata,
which readers do not see and conversations.history gives back; it is an opaque id, because anyone
in the workspace may read it.
"""

from collections.abc import Awaitable
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.client import posting
from adapters.slack.limits import HISTORY_PAGE
from adapters.slack.outcomes import MAY_NOT_LOOK, outcome_of, retry_after
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
    Unanswered,
    Unclear,
    Unreadable,
)
from bot.model.message import Message
from bot.model.subscription import Channel, Platform

EVENT_TYPE = "paperwire_delivery"
SKEW = timedelta(minutes=2)
"""How far our clock and Slack's may lie apart when a message is looked for."""

SHOWN_WITHIN = timedelta(minutes=10)
"""A message that was posted at all stands there so soon after the attempt began."""

MOST_HISTORY_PAGES = 5


class SlackMessenger:
    """Posts to the channels of the workspace its client has the token of."""

    recognises_repeats_for = timedelta(0)  # Slack has no idempotency key

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    @property
    def platform(self) -> Platform:
        """Slack."""
        return Platform.SLACK

    def plain(self, page: Payload) -> Payload | None:
        """The fallback text without the blocks."""
        return plain(page)

    def pages(self, message: Message) -> list[Payload]:
        """`message` as Slack messages within every limit."""
        return render(message)

    async def post(self, to: Channel, page: Payload, *, marker: str, thread: str = "") -> Outcome:
        """Post one page once; see the port."""
        where, parent = _place(to, thread)
        async with posting(self._client) as client:
            call = client.chat_postMessage(
                channel=where,
                text=page["text"],
                blocks=page.get("blocks"),
                thread_ts=parent or None,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"delivery": marker}},
                unfurl_links=False,
                unfurl_media=False,
            )
            return await _sent(to, call)

    async def edit(self, to: Channel, message_id: str, page: Payload) -> Outcome:
        """Change one page; see the port."""
        where, ts = _place(to, message_id)
        # Without `blocks` Slack would keep the ones that are there.
        blocks = page.get("blocks") or []
        async with posting(self._client) as client:
            call = client.chat_update(channel=where, ts=ts, text=page["text"], blocks=blocks)
            return await _sent(to, call)

    async def find(
        self, to: Channel, *, marker: str, since: datetime, thread: str = ""
    ) -> ReadBack:
        """Look for the page among the channel's messages; needs `channels:history`."""
        where, parent = _place(to, thread)
        if where == to.person:
            opened = await _asked(self._client.conversations_open(users=to.person))
            if isinstance(opened, Unreadable | Unanswered):
                return opened
            where = str((opened.get("channel") or {}).get("id"))
        oldest, latest = _ts(since - SKEW), _ts(since + SHOWN_WITHIN)
        cursor = ""
        for _ in range(MOST_HISTORY_PAGES):
            page = await _asked(self._read(where, parent, oldest, latest, cursor))
            if isinstance(page, Unreadable | Unanswered):
                return page
            found = _with_marker(page.get("messages"), marker)
            if found:
                return Posted(f"{where}/{found}" if to.person else found)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return Absent()
        return Unreadable(f"more than {MOST_HISTORY_PAGES * HISTORY_PAGE} messages since then")

    async def _read(
        self, where: str, parent: str, oldest: str, latest: str, cursor: str
    ) -> AsyncSlackResponse:
        """One page of messages, of the channel or of one thread."""
        if parent:
            return await self._client.conversations_replies(
                channel=where,
                ts=parent,
                oldest=oldest,
                latest=latest,
                cursor=cursor or None,
                include_all_metadata=True,
                limit=HISTORY_PAGE,
            )
        return await self._client.conversations_history(
            channel=where,
            oldest=oldest,
            latest=latest,
            cursor=cursor or None,
            include_all_metadata=True,
            limit=HISTORY_PAGE,
        )


def plain(page: Payload) -> Payload | None:
    """The fallback text of a page without its blocks; None if it has none."""
    return {"text": page["text"]} if page.get("blocks") and page.get("text") else None


def _place(to: Channel, message_id: str) -> tuple[str, str]:
    """The conversation and the `ts` of a message.

    Slack takes a person's id for the conversation with them when posting, but not afterwards; so
    ids of such messages are `CONVERSATION/ts`.
    """
    conversation, _, ts = message_id.rpartition("/")
    return conversation or to.person or to.channel, ts


async def _sent(to: Channel, call: Awaitable[AsyncSlackResponse]) -> Outcome:
    """What became of a call that shows something."""
    try:
        answer = await call
    except SlackApiError as error:
        return _refusal(error)
    except NEVER_ARRIVED as error:
        return NotSent(f"no connection to Slack: {type(error).__name__}")
    except LOST as error:
        return Unclear(f"connection lost before the answer: {type(error).__name__}")
    except BROKEN_ANSWER:
        return Unclear("the answer is not in Slack's form")
    ts = answer.get("ts")
    if not isinstance(ts, str) or not ts:
        return Unclear("an answer without a `ts`")
    return Posted(f"{answer.get('channel')}/{ts}" if to.person else ts)


async def _asked(
    call: Awaitable[AsyncSlackResponse],
) -> AsyncSlackResponse | Unreadable | Unanswered:
    """The answer to a question, or why we may not or could not ask it."""
    try:
        return await call
    except SlackApiError as error:
        said = code_of(error) or f"HTTP {status_of(error)}"
        if said in MAY_NOT_LOOK:
            return Unreadable(said)
        return Unanswered(said, wait=retry_after(header_of(error, "Retry-After")))
    except LOST as error:
        return Unanswered(f"no answer: {type(error).__name__}")
    except BROKEN_ANSWER:
        return Unanswered("the answer is not in Slack's form")


def _ts(at: datetime) -> str:
    return f"{at.timestamp():.6f}"


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
