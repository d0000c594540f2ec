"""Verdicts on papers, one for each member, channel and paper."""

from datetime import datetime

from sqlalchemy import Connection, case, delete, func, insert, or_, select

from adapters.store import tables
from adapters.store.convert import paper_of
from adapters.store.database import Database
from adapters.store.members import ensure_salt, hash_of, paper_id
from adapters.store.pages import note_vote
from adapters.store.places import ensure_channel
from adapters.store.subscriptions import is_in
from bot.model.member import Member
from bot.model.memory import Judged
from bot.model.personal import Verdict
from bot.model.subscription import Channel
from bot.rules.parse import parse_stored
from bot.rules.taste import NO_TASTE, Taste, Vote, named, taste_of

RELEVANT = func.sum(case((tables.votes.c.verdict > 0, 1), else_=0))
NOT_FOR_US = func.sum(case((tables.votes.c.verdict < 0, 1), else_=0))


LEARNED_FROM = 500
"""A channel's taste is what it said of its last papers."""


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

        def body(connection: Connection) -> tuple[list[Judged], tuple[set[str], set[str]]]:
            return _judged(connection, channel, LEARNED_FROM), _asked_names(connection, channel)

        judged, asked = await self._database.read(body)
        if not judged and not any(asked):
            return NO_TASTE
        votes = [
            Vote(one.paper, up=up)
            for one in judged
            for up, count in ((True, one.relevant), (False, one.not_for_us))
            for _ in range(count)
        ]
        return taste_of(votes, *asked)

    async def judged(self, channel: Channel, limit: int) -> list[Judged]:
        """The papers judged here, latest vote first."""
        return await self._database.read(lambda connection: _judged(connection, channel, limit))


def _judged(connection: Connection, channel: Channel, limit: int) -> list[Judged]:
    votes, papers, channels = tables.votes, tables.papers, tables.channels
    counted = (
        select(
            votes.c.paper_id,
            RELEVANT.label("relevant"),
            NOT_FOR_US.label("not_for_us"),
            func.max(votes.c.voted_at).label("voted_at"),
        )
        .join(channels, channels.c.id == votes.c.channel_id)
        .where(is_in(channel))
        .group_by(votes.c.paper_id)
        .order_by(func.max(votes.c.voted_at).desc(), votes.c.paper_id.desc())
        .limit(limit)
        .subquery()
    )
    query = (
        select(papers, counted.c.relevant, counted.c.not_for_us)
        .join(counted, counted.c.paper_id == papers.c.id)
        .order_by(counted.c.voted_at.desc(), papers.c.id.desc())
    )
    return [
        Judged(paper_of(row), int(row["relevant"]), int(row["not_for_us"]))
        for row in connection.execute(query).mappings()
    ]


def _asked_names(connection: Connection, channel: Channel) -> tuple[set[str], set[str]]:
    """Authors and organisations the channel's subscriptions ask for."""
    filters, subscriptions, channels = tables.filters, tables.subscriptions, tables.channels
    canonical = filters.c.canonical
    query = (
        select(canonical)
        .join(subscriptions, subscriptions.c.filter_id == filters.c.id)
        .join(channels, channels.c.id == subscriptions.c.channel_id)
        .where(is_in(channel), or_(canonical.contains("author:"), canonical.contains("org:")))
    )
    authors, organizations = set[str](), set[str]()
    for text in connection.scalars(query):
        some, others = named(parse_stored(text).root)
        authors |= some
        organizations |= others
    return authors, organizations
