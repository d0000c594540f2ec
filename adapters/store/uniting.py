"""Two stored papers turn out to be one work: everything said about one belongs to the other."""

from sqlalchemy import Connection, Table, and_, delete, select, update

from adapters.store import tables
from adapters.store.hits import unite_hits

# What makes a row of each table unique beside its paper: of twins one row stays.
_OWNED: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (tables.sightings, ("source", "event", "version")),
    (tables.shown, ("channel_id",)),
    (tables.votes, ("channel_id", "member")),
    (tables.saved, ("member",)),
    (tables.unfurls, ("channel_id",)),
    (tables.news, ("what",)),
    (tables.page_papers, ("delivery_id",)),
)


def unite(connection: Connection, *, kept: int, gone: int) -> None:
    """Move sightings, hits, what channels were shown and ids from one paper to the other.

    What was shown as either counts as shown. Afterwards the row `gone` does not exist.
    """
    for table, unique in _OWNED:
        twin = table.alias()
        same = and_(*(twin.c[name] == table.c[name] for name in unique))
        connection.execute(
            delete(table).where(
                table.c.paper_id == gone,
                select(twin.c.paper_id).where(twin.c.paper_id == kept, same).exists(),
            )
        )
        connection.execute(update(table).where(table.c.paper_id == gone).values(paper_id=kept))
    unite_hits(connection, kept=kept, gone=gone)
    aliases = tables.aliases
    connection.execute(update(aliases).where(aliases.c.paper_id == gone).values(paper_id=kept))
    connection.execute(delete(tables.papers).where(tables.papers.c.id == gone))
