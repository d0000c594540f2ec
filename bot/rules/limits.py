"""How fast messages may go out, by what the platforms say: one shared limit per key.

The limit of a single channel is not here: its lane sends one message at a time and then waits, see
`patience.pace`.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.model.delivery import DeliveryKind
from bot.model.subscription import Channel, Platform


@dataclass(frozen=True, slots=True)
class Limit:
    """So many at once, then one every `interval`, counted under `key` over all processes."""

    key: str
    interval: timedelta
    burst: int = 1


DISCORD = "discord"
"""The key of everything that is sent there."""

SLACK_POSTS = timedelta(seconds=60 / 300)
SLACK_POST_BURST = 60
"""Slack names no figure for a workspace: "several hundred messages per minute" (chat.postMessage,
rate limiting). This is 360 in the first minute and 300 in each one after."""

SLACK_EDITS = timedelta(seconds=60 / 50)
SLACK_EDIT_BURST = 10
"""chat.update is of tier 3: 50 and more a minute for each workspace (rate limits, tiers)."""

DISCORD_REQUESTS = timedelta(seconds=1 / 45.5)
"""50 requests a second for the bot as a whole (rate limits, global); evenly spread, and so far below
that no second sees more even if some arrive a tenth of a second late."""

SLACK_LOOKS = timedelta(seconds=60 / 30)
SLACK_LOOK_BURST = 5
"""conversations.history is of tier 3, or one a minute for some apps: Slack then says so by a 429."""

DISCORD_LOOKS = timedelta(seconds=1 / 5)
DISCORD_LOOK_BURST = 5
"""Beside the posts, whose limit every look counts under too (`whole_limit`)."""


def limit_of(channel: Channel, kind: DeliveryKind) -> Limit | None:
    """The limit that a message of this kind falls under."""
    match channel.platform:
        case Platform.SLACK:
            scope = f"slack:{channel.workspace}"
            if kind is DeliveryKind.EDIT:
                return Limit(f"{scope}/edit", SLACK_EDITS, SLACK_EDIT_BURST)
            return Limit(f"{scope}/post", SLACK_POSTS, SLACK_POST_BURST)
        case Platform.DISCORD:
            return Limit(DISCORD, DISCORD_REQUESTS)
        case Platform.TERMINAL:
            return None


def look_limit(channel: Channel) -> Limit | None:
    """The limit that reading a channel back falls under: a slow queue of its own."""
    match channel.platform:
        case Platform.SLACK:
            return Limit(f"slack:{channel.workspace}/look", SLACK_LOOKS, SLACK_LOOK_BURST)
        case Platform.DISCORD:
            return Limit("discord/look", DISCORD_LOOKS, DISCORD_LOOK_BURST)
        case Platform.TERMINAL:
            return None


REQUESTS_A_LOOK = 4
"""On Discord: what kind of place it is, what was posted since; and if nothing was, what its last
message is, and whether anything can be read at all."""


def whole_limit(channel: Channel) -> Limit | None:
    """The limit that every request counts under besides its own, so that looks leave posts theirs."""
    return Limit(DISCORD, DISCORD_REQUESTS) if channel.platform is Platform.DISCORD else None
