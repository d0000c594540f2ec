"""A real store for tests: SQLite in a folder of the test's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.store import SqlStore, migrate, open_store


@asynccontextmanager
async def open_test_store(folder: Path) -> AsyncIterator[SqlStore]:
    """An empty store, closed at the end."""
    url = f"sqlite:///{folder / 'store.db'}"
    migrate(url)
    async with open_store(url) as store:
        yield store
