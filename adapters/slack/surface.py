"""What everybody needs who handles requests of people on Slack."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from adapters.slack.chores import Chores
from adapters.slack.desk import Desk
from adapters.slack.knowing import Knowledge
from adapters.slack.replies import Replies
from adapters.slack.workspaces import Workspaces
from bot.ports import Clock


class FirstTime(Protocol):
    """Whether something is seen for the first time, over all processes (`Upkeep.first_time`)."""

    async def __call__(self, scope: str, key: str, *, now: datetime) -> bool:
        """True once per scope and key."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """The desk behind, the workspaces in front, and what is known of people."""

    desk: Desk
    workspaces: Workspaces
    knowledge: Knowledge
    replies: Replies
    chores: Chores
    clock: Clock
    first_time: FirstTime

    async def is_new(self, event: str) -> bool:
        """Whether Slack's id of an event or of what a person did is seen for the first time.

        For what never comes before the desk, which looks itself.
        """
        return not event or await self.first_time("slack", event, now=self.clock.now())
