"""Who must wait for whom on PostgreSQL; SQLite has one writer at a time anyway."""

import zlib
from enum import IntEnum

from sqlalchemy import Connection, text

from adapters.store.engines import is_sqlite


class Lock(IntEnum):
    """Work that only one transaction at a time does. The numbers are ours alone by their prefix."""

    # Papers and hits: merged papers must not vanish under a planner, and the ids of hits must
    # become visible in their order, or a cursor would pass over some.
    PAPERS = 0x70617065_00000002
    # Two logins counted at once must not both be the last one allowed.
    USES = 0x70617065_00000005


def take(connection: Connection, lock: Lock, *, of: str = "") -> None:
    """Hold `lock` until this transaction ends. of: what it is about; others are not held up."""
    if is_sqlite(connection):
        return
    # Names with the same checksum wait for each other, which is harmless.
    number = int(lock) + (zlib.crc32(of.encode("utf-8", "replace")) << 8 if of else 0)
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": number})
