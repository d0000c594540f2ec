"""Forum channels: a post per paper, tagged by the subscriptions that matched.

A forum post has no nonce. Whether one arrived is read back from the threads of the forum.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.discord.limits import FORUM_TAGS
from adapters.discord.mark import is_marked, marked
from adapters.discord.meanings import Answer, not_read
from adapters.discord.post import digits, snowflake
from adapters.discord.render import NO_MENTIONS
from bot.model.delivery import (
    Absent,
    Outcome,
    Payload,
    Posted,
    ReadBack,
    Unanswered,
    Unclear,
    Unreadable,
)
from bot.model.subscription import Channel

FORUMS = (15, 16)
"""Channel types GUILD_FORUM and GUILD_MEDIA."""

REQUIRE_TAG = 1 << 4
"""Channel flag: a post without a tag is refused with 40067."""

SKEW = timedelta(minutes=2)
MOST_READ = 50

Ask = Callable[[str, str], Awaitable[Answer | None]]


@dataclass(frozen=True, slots=True)
class Forum:
    """tags: name in lower case → id, those everybody may use, in the forum's own order."""

    tags: dict[str, str]
    needs_tag: bool


def read(channel: Any) -> Forum | None:
    """The forum a channel object describes; None if it is none."""
    if not isinstance(channel, dict) or channel.get("type") not in FORUMS:
        return None
    tags = {
        str(tag.get("name", "")).casefold(): str(tag["id"])
        for tag in channel.get("available_tags") or ()
        if isinstance(tag, dict) and tag.get("id") and not tag.get("moderated")
    }
    return Forum(tags, bool((channel.get("flags") or 0) & REQUIRE_TAG))


def new_post(
    forum: Forum, body: Payload, *, name: str, tags: tuple[str, ...], marker: str
) -> dict[str, Any]:
    """The request for a post: tags of these names; where one is required, the first if none fits."""
    chosen = [forum.tags[tag.casefold()] for tag in tags if tag.casefold() in forum.tags]
    if not chosen and forum.needs_tag:
        chosen = list(forum.tags.values())[:1]
    message = {**marked(body, marker), "allowed_mentions": NO_MENTIONS}
    made: dict[str, Any] = {"name": name, "message": message}
    if chosen:
        made["applied_tags"] = list(dict.fromkeys(chosen))[:FORUM_TAGS]
    return made


def posted(answer: Answer) -> Outcome:
    """The outcome of a request that was taken: a thread has the id of its first message."""
    made = answer.body.get("id") if isinstance(answer.body, dict) else None
    if not made:
        return Unclear(f"Discord answered {answer.status} without an id")
    return Posted(str(made))


async def find(ask: Ask, to: Channel, *, marker: str, since: datetime) -> ReadBack:
    """Look for the reference in the first messages of the forum's newest threads."""
    active = await ask("GET", f"/guilds/{digits(to.workspace)}/threads/active")
    threads = active.body.get("threads") if active and isinstance(active.body, dict) else None
    if active is None:
        return Unanswered("Discord could not be asked for the forum's threads")
    if active.status != 200 or not isinstance(threads, list):
        return not_read(active)
    after = snowflake(since - SKEW)
    ids = sorted(
        (int(one["id"]) for one in threads if str(one.get("parent_id")) == to.channel), reverse=True
    )
    newer = [one for one in ids if one >= after]
    if len(newer) > MOST_READ:
        return Unreadable("too much was posted in the forum since")
    for thread in newer:
        found = await _first_of(ask, thread, marker)
        if not isinstance(found, Absent):
            return found
    return Absent()


async def _first_of(ask: Ask, thread: int, marker: str) -> ReadBack:
    """Whether the first message of a thread carries the reference."""
    first = await ask("GET", f"/channels/{thread}/messages/{thread}")
    if first is None:
        return Unanswered("Discord could not be asked for a post of the forum")
    if first.status == 404:
        return Absent()  # the thread is there, its first message was deleted
    if first.status != 200 or not isinstance(first.body, dict):
        return not_read(first)
    return Posted(str(thread)) if is_marked(first.body, marker) else Absent()
