"""Count commands, so that nobody asks more often than allowed: in any process, by any clock tick."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, insert, select

from adapters.store import tables
from adapters.store.convert import clean
from adapters.store.locks import Lock, take
from adapters.store.members import ensure_salt, hash_of
from bot.model.member import Member
from bot.model.memory import Wait

MINUTE = timedelta(minutes=1)


def admit(
    connection: Connection, member: Member, *, most: int, most_here: int, now: datetime
) -> Wait | None:
    """See `bot.ports.People.admit`."""
    ours = uses_in(member.platform.value, member.workspace)
    take(connection, Lock.USES, of=ours)
    mine = uses_of(connection, member, salt=ensure_salt(connection))
    counted = _counted(connection, (mine, ours), now)
    for name, limit in ((mine, most), (ours, most_here)):
        count, first = counted.get(name, (0, now))
        if count >= limit:
            return Wait(min(first + MINUTE - now, MINUTE), shared=name is ours)
    connection.execute(
        insert(tables.uses), [{"name": name, "used_at": now} for name in (mine, ours)]
    )
    return None


def uses_of(connection: Connection, member: Member, *, salt: str = "") -> str:
    """The name a member's commands are counted under."""
    return f"asked by {hash_of(connection, member, salt=salt)}"


def uses_in(platform: str, workspace: str) -> str:
    """The name the commands of a whole workspace are counted under."""
    return clean(f"asked {platform} {workspace}")


def _counted(
    connection: Connection, names: tuple[str, ...], now: datetime
) -> dict[str, tuple[int, datetime]]:
    """By name: how many within the last minute, and the first of them."""
    # What a clock that was ahead has written must not shut anybody out for longer.
    recent = {"names": names, "since": now - MINUTE, "until": now + MINUTE}
    return {name: (count, first) for name, count, first in connection.execute(_RECENT, recent)}


# Built once, since every command asks.
_USES = tables.uses.c
_RECENT = (
    select(_USES.name, func.count(), func.min(_USES.used_at))
    .where(
        _USES.name.in_(bindparam("names", expanding=True)),
        _USES.used_at > bindparam("since"),
        _USES.used_at < bindparam("until"),
    )
    .group_by(_USES.name)
)
