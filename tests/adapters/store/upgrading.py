"""A database at an older schema."""

from collections.abc import Callable

from alembic import command
from sqlalchemy import Connection, text

from adapters.store import schema
from adapters.store.engines import database_url, open_engine


def on(url: str, body: Callable[[Connection], object]) -> None:
    """Run `body` in one transaction."""
    engine = open_engine(database_url(url), threads=1, writes=True)
    try:
        with engine.begin() as connection:
            body(connection)
    finally:
        engine.dispose()


def migrate_to(url: str, revision: str) -> None:
    """As an older version of the program would."""

    def body(connection: Connection) -> None:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    on(url, body)


def execute(url: str, *statements: str) -> None:
    """Run statements in one transaction."""
    on(url, lambda connection: [connection.execute(text(one)) for one in statements])
