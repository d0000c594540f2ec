"""The store as a whole: everything the bot remembers, behind `bot.ports.Store`."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from adapters.store.absences import Absences
from adapters.store.database import Database
from adapters.store.feedback import Feedback
from adapters.store.fulltext_postgres import PostgresIndex
from adapters.store.fulltext_sqlite import SqliteIndex
from adapters.store.hints import Hints
from adapters.store.installations import Installations
from adapters.store.leases import Leases
from adapters.store.ledger import Ledger
from adapters.store.living import Living
from adapters.store.memory import Memory
from adapters.store.outbox import Outbox
from adapters.store.papers import Papers
from adapters.store.people import People
from adapters.store.policy import Policy
from adapters.store.posted import Posted
from adapters.store.sealing import Vault
from adapters.store.shared_limits import SharedLimits
from adapters.store.source_log import SourceLog
from adapters.store.subscriptions import Subscriptions
from adapters.store.upkeep import Upkeep
from bot.ports import Meter


class SqlStore:
    """See `bot.ports.Store`. Open it with `open_store`."""

    def __init__(self, database: Database, vault: Vault, url: str) -> None:
        index = SqliteIndex() if database.is_sqlite else PostgresIndex()
        self.papers = Papers(database, index)
        self.subscriptions = Subscriptions(database)
        self.ledger = Ledger(database)
        self.outbox = Outbox(database)
        self.feedback = Feedback(database)
        self.people = People(database)
        self.policy = Policy(database)
        self.living = Living(database)
        self.memory = Memory(database)
        self.absences = Absences(database)
        self.limits = SharedLimits(database)
        self.sources = SourceLog(database)
        self.upkeep = Upkeep(database)
        self.leases = Leases(database)
        self.posted = Posted(database)
        self.installations = Installations(database, vault)
        self.hints = Hints(url)


@asynccontextmanager
async def open_store(
    url: str, *, keys: Sequence[str] = (), meter: Meter | None = None
) -> AsyncIterator[SqlStore]:
    """The store at this address, closed at the end.

    url: as in the setting DATABASE_URL. keys: as in PAPERS_KEYS. Its tables are made and upgraded by `migrate`, never
    here. Raises ConfigError for a wrong address; what is wrong with the database itself is
    raised as StoreDown by the first operation (`upkeep.check` is made for that).
    """
    database = Database(url, meter)
    store = SqlStore(database, Vault(keys), url)
    try:
        yield store
    finally:
        await store.papers.close()
        await database.close()
