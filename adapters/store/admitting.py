"""Count commands, so that nobody asks more often than allowed: in any process, by any clock tick."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from adapters.store import tables
from adapters.store.convert import clean
from adapters.store.locks import Lock, take
from adapters.store.members import ensure_salt, hash_of
from bot.model.member import Member
from bot.model.memory import Wait


def admit(
    connection: Connection, member: Member, *, most: int, most_here: int, now: datetime
) -> Wait | None:
    """See `bot.ports.People.admit`."""
    take(connection, Lock.USES)
    ensure_salt(connection)
    mine = uses_of(connection, member)
    ours = uses_in(member.platform.value, member.workspace)
    for name, limit in ((mine, most), (ours, most_here)):
        free_in = _free_in(connection, name, limit, now)
        if free_in is not None:
            return Wait(free_in, shared=name is ours)
    connection.execute(
        insert(tables.uses), [{"name": name, "used_at": now} for name in (mine, ours)]
    )
    return None


def uses_of(connection: Connection, member: Member) -> str:
    """The name a member's commands are counted under."""
    return f"asked by {hash_of(connection, member)}"


def uses_in(platform: str, workspace: str) -> str:
    """The name the commands of a whole workspace are counted under."""
    return clean(f"asked {platform} {workspace}")


def _free_in(connection: Connection, name: str, most: int, now: datetime) -> timedelta | None:
    uses, minute = tables.uses, timedelta(minutes=1)
    connection.execute(delete(uses).where(uses.c.name == name, uses.c.used_at <= now - minute))
    # What a clock that was ahead has written must not shut anybody out for longer.
    recent = select(func.count(), func.min(uses.c.used_at)).where(
        uses.c.name == name, uses.c.used_at < now + minute
    )
    count, first = connection.execute(recent).one()
    return None if count < most else min(first + minute - now, minute)
