"""What members keep for themselves: muted filters, saved papers, recent queries."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from adapters.store import tables
from adapters.store.admitting import admit, uses_of
from adapters.store.convert import clean, paper_of
from adapters.store.database import Database
from adapters.store.inbox import first_time
from adapters.store.members import ensure_salt, hash_of, paper_id, place_of
from adapters.store.places import insert_once
from bot.model.member import Member
from bot.model.memory import Admission, Kept, Muted

RECENT = 20
"""Queries remembered for each member."""


class People:
    """See `bot.ports.People`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hashed(self, member: Member) -> str:
        """The salted hash a member is stored under."""

        def body(connection: Connection) -> str:
            ensure_salt(connection)
            return hash_of(connection, member)

        return await self._database.write(body)

    async def mute(
        self, member: Member, term: str, *, until: datetime | None, now: datetime
    ) -> None:
        """Hide papers that match this canonical filter; again replaces `until`."""

        def body(connection: Connection) -> None:
            ensure_salt(connection)
            mutes, who = tables.mutes, hash_of(connection, member)
            row = {"member": who, "term": clean(term), "until": until, "muted_at": now}
            if not insert_once(connection, mutes, row | place_of(member)):
                mine = (mutes.c.member == who) & (mutes.c.term == row["term"])
                connection.execute(update(mutes).where(mine).values(until=until))

        await self._database.write(body)

    async def unmute(self, member: Member, term: str) -> bool:
        """Show them again; False if it was not muted."""

        def body(connection: Connection) -> bool:
            mutes, who = tables.mutes, hash_of(connection, member)
            mine = (mutes.c.member == who) & (mutes.c.term == clean(term))
            return connection.execute(delete(mutes).where(mine)).rowcount > 0

        return await self._database.write(body)

    async def mutes(self, member: Member, *, now: datetime) -> list[Muted]:
        """What is muted at `now`, oldest first."""

        def body(connection: Connection) -> list[Muted]:
            mutes = tables.mutes.c
            query = (
                select(mutes.term, mutes.until)
                .where(
                    mutes.member == hash_of(connection, member),
                    or_(mutes.until.is_(None), mutes.until > now),
                )
                .order_by(mutes.muted_at, mutes.term)
            )
            return [Muted(term, until) for term, until in connection.execute(query)]

        return await self._database.read(body)

    async def save(self, member: Member, key: str, *, now: datetime) -> bool:
        """Keep a stored paper; False if it was kept already. Raises NotFound."""

        def body(connection: Connection) -> bool:
            ensure_salt(connection)
            row = {
                "member": hash_of(connection, member),
                "paper_id": paper_id(connection, key),
                "saved_at": now,
            }
            return insert_once(connection, tables.saved, row | place_of(member))

        return await self._database.write(body)

    async def unsave(self, member: Member, key: str) -> bool:
        """Keep it no longer; False if it was not kept."""

        def body(connection: Connection) -> bool:
            saved = tables.saved
            mine = (saved.c.member == hash_of(connection, member)) & (
                saved.c.paper_id == paper_id(connection, key)
            )
            return connection.execute(delete(saved).where(mine)).rowcount > 0

        return await self._database.write(body)

    async def saved(self, member: Member, *, limit: int, offset: int = 0) -> Kept:
        """Kept papers, the latest first."""

        def body(connection: Connection) -> Kept:
            saved, papers = tables.saved, tables.papers
            mine = saved.c.member == hash_of(connection, member)
            query = (
                select(papers)
                .join(saved, saved.c.paper_id == papers.c.id)
                .where(mine)
                .order_by(saved.c.saved_at.desc(), papers.c.id.desc())
                .limit(limit)
                .offset(offset)
            )
            total = connection.scalar(select(func.count()).select_from(saved).where(mine))
            found = tuple(paper_of(row) for row in connection.execute(query).mappings())
            return Kept(total=total or 0, papers=found)

        return await self._database.read(body)

    async def asked(self, member: Member, query: str, *, now: datetime) -> None:
        """Remember a query for completing it later; only the last few are kept."""

        def body(connection: Connection) -> None:
            ensure_salt(connection)
            recent, who = tables.recent, hash_of(connection, member)
            mine = recent.c.member == who
            row = {"member": who, "query": clean(query), "asked_at": now}
            if not insert_once(connection, recent, row | place_of(member)):
                same = mine & (recent.c.query == row["query"])
                connection.execute(update(recent).where(same).values(asked_at=now))
            newest = (
                select(recent.c.query)
                .where(mine)
                .order_by(recent.c.asked_at.desc(), recent.c.query)
                .limit(RECENT)
            )
            connection.execute(delete(recent).where(mine, recent.c.query.not_in(newest)))

        await self._database.write(body)

    async def recent(self, member: Member, limit: int) -> list[str]:
        """The queries asked last, latest first."""

        def body(connection: Connection) -> list[str]:
            recent = tables.recent.c
            query = (
                select(recent.query)
                .where(recent.member == hash_of(connection, member))
                .order_by(recent.asked_at.desc(), recent.query)
                .limit(limit)
            )
            return list(connection.scalars(query))

        return await self._database.read(body)

    async def admit(
        self,
        member: Member,
        *,
        most: int,
        most_here: int,
        now: datetime,
        event: tuple[str, str] | None = None,
    ) -> Admission:
        """Count a command, or say how long to wait, or that it was handled before."""

        def body(connection: Connection) -> Admission:
            if event and not first_time(connection, *event, now=now):
                return Admission(first=False)
            wait = admit(connection, member, most=most, most_here=most_here, now=now)
            return Admission(wait=wait)

        return await self._database.write(body)

    async def forget(self, member: Member) -> int:
        """Delete everything stored about a member, votes and authorship too; rows touched."""
        return await self._database.write(lambda connection: _forget(connection, member))


def _forget(connection: Connection, member: Member) -> int:
    who, touched = hash_of(connection, member), 0
    if not who:
        return 0
    statements: list[Any] = [
        delete(table).where(table.c.member == who)
        for table in (tables.votes, tables.mutes, tables.saved, tables.recent)
    ]
    changes, subscriptions, channels = tables.changes, tables.subscriptions, tables.channels
    asked = tables.uses.c.name == uses_of(connection, member)
    statements.append(delete(tables.uses).where(asked))
    statements.append(update(changes).where(changes.c.who == who).values(who=""))
    here = select(channels.c.id).where(
        channels.c.platform == member.platform.value, channels.c.workspace == member.workspace
    )
    made = (subscriptions.c.created_by == member.id) & subscriptions.c.channel_id.in_(here)
    statements.append(update(subscriptions).where(made).values(created_by=""))
    for statement in statements:
        touched += connection.execute(statement).rowcount
    return touched
