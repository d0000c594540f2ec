"""What the bot needs to remember of people's verdicts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from bot.model.member import Member
from bot.model.memory import Judged
from bot.model.personal import Verdict
from bot.model.subscription import Channel
from bot.rules.taste import Taste


class Feedback(Protocol):
    """Relevant or not for us: one vote for each member, channel and paper."""

    async def vote(
        self, channel: Channel, member: Member, key: str, verdict: Verdict | None, *, now: datetime
    ) -> Verdict | None:
        """Set a member's verdict (None takes it back) and return the one before.

        Raises NotFound when the paper is not stored.
        """
        ...

    async def last(self, channel: Channel, member: Member) -> str | None:
        """The paper this member judged last here."""
        ...

    async def tally(self, channel: Channel, keys: list[str]) -> dict[str, tuple[int, int]]:
        """For each of these papers with votes: how many found it relevant, how many not."""
        ...

    async def taste(self, channel: Channel) -> Taste:
        """What the last votes here, and the names its subscriptions ask for, tell of the channel.

        `NO_TASTE` when they tell nothing.
        """
        ...

    async def tastes(self, channels: Iterable[Channel]) -> dict[Channel, Taste]:
        """The same of many channels; those that told nothing are left out."""
        ...

    async def judged(self, channel: Channel, limit: int) -> list[Judged]:
        """The papers judged here, latest vote first."""
        ...
