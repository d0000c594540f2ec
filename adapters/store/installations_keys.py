"""The keys of sealed values: whether we have them, and sealing anew with the newest."""

from sqlalchemy import Connection, select, tuple_, update

from adapters.store import meta, tables
from adapters.store.database import Database
from adapters.store.sealing import MISSING, Vault, key_of
from bot.model.errors import ConfigError

BATCH = 100
CANARY = "keys_canary"
SUNG = "the key fits"
COLUMNS = ("token", "refresh_token")


def place(column: str, tenant: str) -> str:
    """What a sealed value is bound to."""
    return f"installations|{column}|{tenant}"


def check(connection: Connection, vault: Vault) -> None:
    """Raise ConfigError unless the canary and every sealed value have a key we hold.

    The first check with keys writes the canary.
    """
    sung = meta.read(connection, CANARY)
    if sung:
        vault.open(sung, f"meta|{CANARY}|")
    elif vault.first:
        meta.write(connection, CANARY, vault.seal(SUNG, f"meta|{CANARY}|"))
    rows = tables.installations.c
    for name in COLUMNS:
        for sealed in connection.scalars(select(rows[name])):
            if not vault.knows(key_of(sealed)):
                raise ConfigError(MISSING.format(key=key_of(sealed)))


async def rotate(database: Database, vault: Vault) -> int:
    """Seal everything anew with the first key, in batches; how many rows were not yet."""
    count, after = 0, ("", "")
    while True:
        step = await database.write(lambda connection: _batch(connection, vault, after))  # noqa: B023
        if step is None:
            break
        changed, after = step
        count += changed
    await database.write(lambda connection: _canary(connection, vault))
    return count


def _canary(connection: Connection, vault: Vault) -> None:
    sung = meta.read(connection, CANARY)
    if sung:
        vault.open(sung, f"meta|{CANARY}|")
    meta.write(connection, CANARY, vault.seal(SUNG, f"meta|{CANARY}|"))


def _batch(
    connection: Connection, vault: Vault, after: tuple[str, str]
) -> tuple[int, tuple[str, str]] | None:
    rows = tables.installations
    query = (
        select(rows.c.platform, rows.c.tenant, rows.c.token, rows.c.refresh_token)
        .where(tuple_(rows.c.platform, rows.c.tenant) > after)
        .order_by(rows.c.platform, rows.c.tenant)
        .limit(BATCH)
        .with_for_update()
    )
    found = connection.execute(query).all()
    if not found:
        return None
    changed = 0
    for platform, tenant, *sealed in found:
        if all(key_of(one) == vault.first for one in sealed):
            continue
        anew = {
            name: vault.seal(vault.open(one, place(name, tenant)), place(name, tenant))
            for name, one in zip(COLUMNS, sealed, strict=True)
        }
        connection.execute(
            update(rows).where(rows.c.platform == platform, rows.c.tenant == tenant).values(**anew)
        )
        changed += 1
    return changed, (found[-1].platform, found[-1].tenant)
