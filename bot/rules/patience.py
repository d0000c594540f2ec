"""When to try again: pace, back-off, breakers and probes.

Source of the figures: design page on delivery, §1.5.
"""

from datetime import datetime, timedelta

from bot.model.delivery import (
    ChannelGone,
    Delivery,
    NotSent,
    Outcome,
    Posted,
    Refused,
    WorkspaceGone,
)
from bot.model.subscription import Platform

PACE = {
    Platform.SLACK: timedelta(seconds=1),  # about one message a second (chat.postMessage)
    Platform.DISCORD: timedelta(0),  # by its headers alone
    Platform.TERMINAL: timedelta(0),
}
"""Least time between two messages to one channel."""

UNSEEN = {
    Platform.SLACK: timedelta(seconds=1),
    Platform.DISCORD: timedelta(seconds=5),
    Platform.TERMINAL: timedelta(0),
}
"""The same after a message whose answer nobody saw. Discord would have said in it what is left of the
channel's bucket; five seconds is the longest window seen on its message routes."""

FIRST_BACKOFF = timedelta(seconds=5)
LONGEST_BACKOFF = timedelta(hours=1)

LANE_BREAKS_AT = 5
"""Failures in a row after which a channel is left alone for a while, and then asked once."""

WORKSPACE_BREAKS_AT = 10
"""The same over all channels of a workspace, so that one bad channel does not stop the others."""

BREAK = timedelta(minutes=1)

LEAST_WORKSPACES = 5
"""Half of the workspaces failing stops the platform, if there are at least so many."""

ACTIVE = timedelta(minutes=10)
"""A workspace counts towards its platform if something was sent there so lately."""

PROBES = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""How long after a channel was paused it is tried again by itself; then every seven days."""

WORKSPACE_PROBE = timedelta(hours=1)


def retry_at(delivery: Delivery, outcome: Outcome, now: datetime, chance: float) -> datetime | None:
    """When the lane may speak again; None gives a delivery that was not sent up.

    Age and not the number of attempts decides when to give up, so that the rule keeps its meaning
    whenever the back-off is tuned. chance: a random number from 0 to 1.
    """
    match outcome:
        case Posted(hold=hold) | Refused(hold=hold):
            return now + pace(delivery.channel.platform, hold)
        case NotSent(wait=wait, limited=limited):
            if now >= delivery.expires_at:
                return None
            pause = wait if wait is not None else backoff(delivery.attempt, chance)
            if not limited and delivery.failures + 1 >= LANE_BREAKS_AT:
                pause = max(pause, BREAK)
            return now + pause
        case ChannelGone():
            return now + PROBES[min(delivery.probes, len(PROBES) - 1)]
        case WorkspaceGone():
            return now + WORKSPACE_PROBE
        case _:
            return None


def pace(platform: Platform, hold: timedelta | None) -> timedelta:
    """How long a channel is left alone after an answer. hold: what its headers asked for."""
    return max(PACE[platform], hold or timedelta(0))


def backoff(attempt: int, chance: float) -> timedelta:
    """Full jitter, 5 s doubling to 1 h, never under a second."""
    ceiling = min(FIRST_BACKOFF * (1 << min(attempt, 20)), LONGEST_BACKOFF)
    return max(timedelta(seconds=1), ceiling * chance)


def workspace_breaks(failures: int) -> bool:
    """Whether so many failures in a row, over its channels, stop a workspace for a while."""
    return failures >= WORKSPACE_BREAKS_AT


def platform_breaks(failing: int, active: int) -> bool:
    """Whether so many failing workspaces, of those active, stop the platform for a while."""
    return active >= LEAST_WORKSPACES and 2 * failing >= active
