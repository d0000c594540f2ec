"""Verdicts on papers, one for each member, channel and paper."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from adapters.store import tables
from adapters.store.database import Database
from adapters.store.members import ensure_salt, hash_of, paper_id
from adapters.store.pages import note_vote
from adapters.store.places import ensure_channel, is_in
from adapters.store.tastes import NOT_FOR_US, RELEVANT, judged_in, told_by
from bot.model.member import Member
from bot.model.memory import Judged
from bot.model.personal import Verdict
from bot.model.subscription import Channel
from bot.rules.taste import NO_TASTE, Taste, Vote, taste_of


class Feedback:
    """See `bot.ports.Feedback`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def vote(
        self, channel: Channel, member: Member, key: str, verdict: Verdict | None, *, now: datetime
    ) -> Verdict | None:
        """Set a member's verdict and return the one before; see the port."""

        def body(connection: Connection) -> Verdict | None:
            ensure_salt(connection)
            here, paper = ensure_channel(connection, channel), paper_id(connection, key)
            row = {
                "channel_id": here,
                "paper_id": paper,
                "member": hash_of(connection, member),
            }
            votes = tables.votes
            mine = [votes.c[name] == value for name, value in row.items()]
            before = connection.scalar(select(votes.c.verdict).where(*mine).with_for_update())
            connection.execute(delete(votes).where(*mine))
            if verdict is not None:
                connection.execute(insert(votes), row | {"verdict": verdict.value, "voted_at": now})
            note_vote(connection, here, paper, now=now)
            return None if before is None else Verdict(before)

        return await self._database.write(body)

    async def last(self, channel: Channel, member: Member) -> str | None:
        """The paper this member judged last here."""

        def body(connection: Connection) -> str | None:
            votes, papers, channels = tables.votes, tables.papers, tables.channels
            query = (
                select(papers.c.key)
                .join(votes, votes.c.paper_id == papers.c.id)
                .join(channels, channels.c.id == votes.c.channel_id)
                .where(is_in(channel), votes.c.member == hash_of(connection, member))
                .order_by(votes.c.voted_at.desc(), papers.c.id.desc())
            )
            return connection.scalar(query.limit(1))

        return await self._database.read(body)

    async def tally(self, channel: Channel, keys: list[str]) -> dict[str, tuple[int, int]]:
        """For each of these papers with votes: how many either way."""
        votes, papers, channels = tables.votes, tables.papers, tables.channels
        query = (
            select(papers.c.key, RELEVANT, NOT_FOR_US)
            .join(votes, votes.c.paper_id == papers.c.id)
            .join(channels, channels.c.id == votes.c.channel_id)
            .where(is_in(channel), papers.c.key.in_(keys))
            .group_by(papers.c.key)
        )

        def body(connection: Connection) -> dict[str, tuple[int, int]]:
            return {row[0]: (int(row[1]), int(row[2])) for row in connection.execute(query)}

        return await self._database.read(body)

    async def taste(self, channel: Channel) -> Taste:
        """What the last votes and the subscriptions here tell of the channel; see the port."""
        return (await self.tastes([channel])).get(channel, NO_TASTE)

    async def tastes(self, channels: Iterable[Channel]) -> dict[Channel, Taste]:
        """The same of many channels; see the port."""
        wanted = list(channels)
        told = await self._database.read(lambda connection: told_by(connection, wanted))
        return {
            channel: taste_of(
                [
                    Vote(one.paper, up=up)
                    for one in some.judged
                    for up, count in ((True, one.relevant), (False, one.not_for_us))
                    for _ in range(count)
                ],
                some.authors,
                some.organizations,
            )
            for channel, some in told.items()
        }

    async def judged(self, channel: Channel, limit: int) -> list[Judged]:
        """The papers judged here, latest vote first."""
        return await self._database.read(lambda connection: judged_in(connection, channel, limit))
