"""What Discord's answers to a post mean for the delivery: one table, each row with its source.

Sources: [codes] developer documentation, "Opcodes and Status Codes"; [limits] the same, "Rate
Limits"; [nonce] the same, "Create Message"; [seen] reported by users, not promised.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Any

from bot.model.delivery import (
    ChannelGone,
    NotSent,
    Outcome,
    Reach,
    Refused,
    Unanswered,
    Unclear,
    Unreadable,
    WorkspaceGone,
)


class Kind(Enum):
    """The outcome class a code belongs to."""

    CHANNEL = auto()
    WORKSPACE = auto()
    CONTENT = auto()
    LATER = auto()


@dataclass(frozen=True, slots=True)
class Meaning:
    """An error code: what it does to the delivery, what a person should do, where it is written."""

    kind: Kind
    advice: str
    source: str


MEANINGS: dict[int, Meaning] = {
    10003: Meaning(Kind.CHANNEL, "the channel was deleted; subscribe in another one", "[codes]"),
    10008: Meaning(Kind.CONTENT, "the message to change was deleted", "[codes]"),
    10013: Meaning(Kind.CHANNEL, "there is no such person", "[codes]"),
    10004: Meaning(Kind.WORKSPACE, "the server is gone, or Paperwire is not in it", "[codes]"),
    20016: Meaning(Kind.LATER, "the channel is in slow mode", "[codes]"),
    20028: Meaning(Kind.LATER, "the channel takes no more writes for now", "[codes]"),
    40005: Meaning(Kind.CONTENT, "the message is too large", "[codes]"),
    40007: Meaning(Kind.CHANNEL, "this person has blocked Paperwire", "[codes]"),
    40067: Meaning(
        Kind.CHANNEL, "the forum requires a tag, and has none everybody may use; add one", "[codes]"
    ),
    50001: Meaning(
        Kind.CHANNEL, "give Paperwire the permission View Channel in this channel", "[codes]"
    ),
    50005: Meaning(Kind.CONTENT, "the message to change was posted by somebody else", "[codes]"),
    50006: Meaning(Kind.CONTENT, "the message is empty", "[codes]"),
    50007: Meaning(Kind.CHANNEL, "this person takes no direct messages from here", "[codes]"),
    50008: Meaning(Kind.CHANNEL, "messages cannot be sent to this kind of channel", "[codes]"),
    50013: Meaning(
        Kind.CHANNEL,
        "give Paperwire the permission Send Messages in this channel",
        "[codes]",
    ),
    50024: Meaning(Kind.CHANNEL, "messages cannot be sent to this kind of channel", "[codes]"),
    50035: Meaning(Kind.CONTENT, "Discord does not take the form of the message", "[codes]"),
    50083: Meaning(Kind.CHANNEL, "the thread is archived; reopen it", "[codes]"),
    50109: Meaning(Kind.CONTENT, "Discord does not take the form of the message", "[codes]"),
    160002: Meaning(
        Kind.CONTENT,
        "give Paperwire the permission Read Message History, or it cannot answer messages",
        "[codes]",
    ),
    200000: Meaning(Kind.CONTENT, "the server's AutoMod rules block it", "[codes]"),
    200001: Meaning(Kind.CONTENT, "the server's AutoMod rules block its title", "[codes]"),
}

NO_REPLY_WITHOUT_READING = 160002
START_AGAIN = "check DISCORD_TOKEN and start again"

BLOCKED_FOR = timedelta(minutes=15)
"""A ban of the address ends by itself; how soon is not said. [limits]"""

SLOW_MODE_FOR = timedelta(seconds=30)
"""Where a code says "later" but no time."""

LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as far as it decides: body is None where it was not JSON.

    hold: how long its headers ask us to leave this channel alone.
    """

    status: int
    body: Any
    retry_after: str = ""
    by_discord: bool = True
    hold: timedelta | None = None


def outcome_of(answer: Answer) -> Outcome:
    """What an answer other than 2xx means."""
    body = answer.body if isinstance(answer.body, dict) else {}
    code = body.get("code") if isinstance(body.get("code"), int) else 0
    said = f"Discord answered {answer.status}"
    outcome: Outcome
    if code:
        said += f", code {code}"
    match answer.status:
        case 429:
            outcome = _limited(answer, body)
        case 401:
            outcome = token_is_dead()
        case status if status >= 500:
            # It may have happened before the answer was lost; the nonce tells later. [nonce]
            outcome = Unclear(said)
        case 403 if answer.body is None:
            outcome = NotSent(f"{said}: the address is blocked for a while", wait=BLOCKED_FOR)
        case _:
            outcome = _by_meaning(MEANINGS.get(code or 0), said, answer.status, body)
    return outcome


def token_is_dead() -> Outcome:
    """One token serves all servers, so everything stops."""
    return WorkspaceGone(
        f"Discord does not know the bot token any more; {START_AGAIN}", reach=Reach.PLATFORM
    )


def not_read(answer: Answer) -> Unreadable | Unanswered:
    """What an answer means when it was asked what stands in a channel: 403 and 404 stay so."""
    said = f"Discord answered {answer.status} when asked what was posted"
    if answer.status in {403, 404} and answer.body is not None:
        return Unreadable(said)
    return Unanswered(said, wait=_seconds(answer.retry_after))


def _by_meaning(meaning: Meaning | None, said: str, status: int, body: dict[str, Any]) -> Outcome:
    if meaning is None:
        reason = f"{said}: {describe(body)}"
        return ChannelGone(reason) if status in {403, 404} else Refused(reason)
    reason = f"{said}: {meaning.advice}"
    match meaning.kind:
        case Kind.CHANNEL:
            return ChannelGone(reason)
        case Kind.WORKSPACE:
            return WorkspaceGone(reason)
        case Kind.CONTENT:
            return Refused(f"{reason} ({describe(body)})")
        case Kind.LATER:
            return NotSent(reason, wait=SLOW_MODE_FOR, limited=True)


def _limited(answer: Answer, body: dict[str, Any]) -> Outcome:
    """A 429: by a bucket, by everybody's limit, or by the guard in front of Discord ([limits])."""
    wait = _seconds(body.get("retry_after")) or _seconds(answer.retry_after)
    if not answer.by_discord or answer.body is None:
        return NotSent(
            "Discord has blocked this address for too many bad requests", wait=wait or BLOCKED_FOR
        )
    reach = Reach.PLATFORM if body.get("global") is True else Reach.CHANNEL
    return NotSent(
        "Discord asked to slow down", wait=wait or timedelta(seconds=1), limited=True, reach=reach
    )


def _seconds(value: Any) -> timedelta | None:
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return None
    if not 0 < seconds < float("inf"):
        return None
    return min(timedelta(seconds=min(seconds, 1e6)), LONGEST_WAIT)


def describe(body: dict[str, Any]) -> str:
    """Discord's message and the first place it complains of, such as `embeds.0.title`."""
    path: list[str] = []
    here: Any = body.get("errors")
    while isinstance(here, dict) and here and "_errors" not in here:
        step = next(iter(here))
        path.append(str(step))
        here = here[step]
    place = ".".join(path)
    complaint = ""
    if isinstance(here, dict):
        first = (here.get("_errors") or [{}])[0]
        complaint = str(first.get("message", "")) if isinstance(first, dict) else ""
    parts = [str(body.get("message", "")), place, complaint]
    return ", ".join(part for part in parts if part)[:300] or "no reason given"
