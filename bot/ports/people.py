"""What the bot needs to remember of members, under their hash."""

from datetime import datetime
from typing import Protocol

from bot.model.member import Member
from bot.model.memory import Admission, Kept, Muted


class People(Protocol):
    """What members keep for themselves. Nobody's platform id is stored here."""

    async def hashed(self, member: Member) -> str:
        """The salted hash a member is stored under."""
        ...

    async def mute(
        self, member: Member, term: str, *, until: datetime | None, now: datetime
    ) -> None:
        """Hide papers that match this canonical filter; again replaces `until`."""
        ...

    async def unmute(self, member: Member, term: str) -> bool:
        """Show them again; False if it was not muted."""
        ...

    async def mutes(self, member: Member, *, now: datetime) -> list[Muted]:
        """What is muted at `now`, oldest first."""
        ...

    async def save(self, member: Member, key: str, *, now: datetime) -> bool:
        """Keep a stored paper; False if it was kept already. Raises NotFound."""
        ...

    async def unsave(self, member: Member, key: str) -> bool:
        """Keep it no longer; False if it was not kept."""
        ...

    async def saved(self, member: Member, *, limit: int, offset: int = 0) -> Kept:
        """Kept papers, the latest first."""
        ...

    async def asked(self, member: Member, query: str, *, now: datetime) -> None:
        """Remember a query for completing it later; only the last few are kept."""
        ...

    async def recent(self, member: Member, limit: int) -> list[str]:
        """The queries asked last, latest first."""
        ...

    async def admit(
        self,
        member: Member,
        *,
        most: int,
        most_here: int,
        now: datetime,
        event: tuple[str, str] | None = None,
    ) -> Admission:
        """Count a command, or say how long to wait, or that it was handled: nothing is counted then.

        most, most_here: in any minute, of this member and of the whole workspace together, over
        all processes. event: scope and key of what it came in by (see `Upkeep.first_time`).
        """
        ...

    async def forget(self, member: Member) -> int:
        """Delete everything stored about a member, votes and authorship too; rows touched."""
        ...
