"""Index all papers anew, after an upgrade that changed what is indexed of a paper."""

import logging

from sqlalchemy import Connection, func, select

from adapters.store import meta, tables
from adapters.store.convert import paper_of
from adapters.store.engines import is_sqlite
from adapters.store.fulltext_postgres import PostgresIndex
from adapters.store.fulltext_sqlite import SqliteIndex
from bot.rules.search_tokens import indexable

log = logging.getLogger(__name__)

BATCH = 2_000
_OUTDATED = "search_index_outdated"
"""Set by migrations, in words that stay as they are: they run long after this file has changed."""


def reindex_if_outdated(connection: Connection) -> None:
    """Do what a migration asked for; 73,000 papers take about 20 s. Part of the upgrade's transaction."""
    if not meta.read(connection, _OUTDATED):
        return
    papers = tables.papers
    total = connection.scalar(select(func.count()).select_from(papers)) or 0
    if total:
        log.info("indexing all papers anew", extra={"papers": total})
    index = SqliteIndex() if is_sqlite(connection) else PostgresIndex()
    index.clear(connection)
    after = -1
    while True:
        query = select(papers).where(papers.c.id > after).order_by(papers.c.id).limit(BATCH)
        rows = connection.execute(query).mappings().all()
        if not rows:
            break
        index.add(connection, [(row["id"], indexable(paper_of(row))) for row in rows])
        after = rows[-1]["id"]
    meta.write(connection, _OUTDATED, "")
