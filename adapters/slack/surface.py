"""What everybody needs who handles requests of people on Slack."""

from dataclasses import dataclass

from adapters.slack.chores import Chores
from adapters.slack.desk import Desk
from adapters.slack.knowing import Knowledge
from adapters.slack.replies import Replies
from adapters.slack.workspaces import Workspaces
from bot.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """The desk behind, the workspaces in front, and what is known of people."""

    desk: Desk
    workspaces: Workspaces
    knowledge: Knowledge
    replies: Replies
    chores: Chores
    clock: Clock
