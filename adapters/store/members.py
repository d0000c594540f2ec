"""Members as salted hashes: equal for the same person, and nobody's id can be read back."""

import hashlib
import secrets

from sqlalchemy import Connection, select

from adapters.store import meta, tables
from adapters.store.convert import clean
from adapters.store.places import insert_once
from bot.model.errors import NotFound
from bot.model.member import Member

_SALT = "member_salt"


def hash_of(connection: Connection, member: Member, *, salt: str = "") -> str:
    """What this member is stored under; empty for nobody (a command line has no member).

    salt: as `ensure_salt` has answered, where it was asked.
    """
    if not member.id:
        return ""
    told = (
        f"{salt or meta.read(connection, _SALT)} {member.platform} {member.workspace} {member.id}"
    )
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]


def ensure_salt(connection: Connection) -> str:
    """Draw the salt of this installation, once; every write that stores a hash calls it first."""
    if salt := meta.read(connection, _SALT):
        return salt
    insert_once(connection, tables.meta, {"name": _SALT, "value": secrets.token_hex(16)})
    return meta.read(connection, _SALT)


def place_of(member: Member) -> dict[str, str]:
    """The columns that say which workspace a member's row belongs to."""
    return {"platform": member.platform.value, "workspace": clean(member.workspace)}


def paper_id(connection: Connection, key: str) -> int:
    """The row of a paper with this key or any id of it. Raises NotFound."""
    aliases = tables.aliases.c
    found: int | None = connection.scalar(
        select(aliases.paper_id).where(aliases.alias == clean(key))
    )
    if found is None:
        raise NotFound(f"“{key[:60]}” is not in the index, so nothing can be kept about it.")
    return found
