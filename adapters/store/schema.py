"""Bring a database to the current schema, and say which one it has."""

import logging
from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from adapters.store import meta, tables
from adapters.store.database import run
from adapters.store.engines import database_url, is_sqlite, open_engine
from adapters.store.reindexing import reindex_if_outdated
from bot.model.errors import StoreDown

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x70617065_00000001

OLDEST_FIT = "0017"
"""Programs from this schema on work with the newest one, because since then things were only added.

A migration that takes something away, one release after nobody uses it, moves this forward, and so
does one that changes what the search index holds: FTS5 forgets only exactly what it was given. It is
what makes it safe to run the old and the new version side by side, and to go back by one.
"""

_FITS = "programs_that_fit"


def migrate(url: str) -> str:
    """Create or upgrade the tables, all or nothing, and return the revision.

    Safe to run at every start and by several processes at once: the others wait and find nothing
    left to do. Raises StoreDown for a database that a newer version has written.
    """
    engine = open_engine(database_url(url), threads=1, writes=True)
    try:
        return run(engine, _upgrade)
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> str:
    if not is_sqlite(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    current = revision(connection)
    if current and current not in known_revisions():
        return _newer(connection, current)
    if current != head():
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        reindex_if_outdated(connection)
        log.info("database upgraded", extra={"from": current or "nothing", "to": head()})
        meta.write(connection, _FITS, " ".join([head(), *_fitting()]))
    return head()


def require_current(connection: Connection) -> str:
    """The revision of the database; raises StoreDown with the next step if it is not ours."""
    current = revision(connection)
    if current == head():
        return current
    if not current:
        msg = "The database has no tables yet. Run `papers migrate`."
    elif current in known_revisions():
        msg = f"The database is at schema {current}, this version needs {head()}. Run `papers migrate`."
    else:
        return _newer(connection, current)
    raise StoreDown(msg)


def _newer(connection: Connection, current: str) -> str:
    """The revision of a database that a newer version has upgraded, if we may still work on it.

    Raises StoreDown if that version did not say so.
    """
    upgraded_to, *fitting = meta.read(connection, _FITS).split() or [""]
    if upgraded_to == current and head() in fitting:
        return current
    raise StoreDown(_NEWER.format(found=current, head=head()))


def _fitting() -> list[str]:
    """Schemas whose programs work with the newest one."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions(OLDEST_FIT, "head")
    return [script.revision for script in scripts]


_NEWER = (
    "The database is at schema {found}, which this version does not know (its own is {head}). "
    "A newer version of the program has written it: install that version, or restore a backup."
)


def revision(connection: Connection) -> str:
    """The schema the database has; empty when it has none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


@cache
def head() -> str:
    """The newest schema this version knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def differences(connection: Connection) -> list[object]:
    """How the tables in the database differ from the ones in `tables.py`; none is right."""
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "include_name": lambda name, kind, _: (
                kind != "table" or not str(name).startswith("paper_index")
            ),
        },
    )
    return list(compare_metadata(context, tables.METADATA))


@cache
def known_revisions() -> frozenset[str]:
    """Every schema this version can upgrade from."""
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
