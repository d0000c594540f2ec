"""Papers stay here: the only place that knows SQL.

`migrate(url)` brings a database to the current schema, `open_store(url)` opens it as
`bot.ports.Store`. Tables: tables.py. Transactions: database.py.
"""

from adapters.store.schema import migrate
from adapters.store.scratch import make_scratch
from adapters.store.store import SqlStore, open_store

__all__ = ["SqlStore", "make_scratch", "migrate", "open_store"]
