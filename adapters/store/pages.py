"""Keeping the words of posted pages, and noting what happens to the papers on them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select

from adapters.store import tables
from adapters.store.places import chunks
from adapters.store.wording import as_text
from bot.model.message import Digest


def keep_page(
    connection: Connection, words: Digest, *, delivery_id: int, channel_id: int, now: datetime
) -> None:
    """Keep the words of a page that was just owed, and which papers stand on it."""
    row = {
        "delivery_id": delivery_id,
        "channel_id": channel_id,
        "message": as_text(words),
        "edits": 0,
        "told_upto": 0,
        "composed_at": now,
    }
    connection.execute(insert(tables.pages), row)
    aliases = tables.aliases.c
    keys = [card.paper for card in words.cards]
    papers = set(connection.scalars(select(aliases.paper_id).where(aliases.alias.in_(keys))))
    if papers:
        rows = [{"delivery_id": delivery_id, "paper_id": paper} for paper in sorted(papers)]
        connection.execute(insert(tables.page_papers), rows)


def note_news(
    connection: Connection, happened: Mapping[int, Iterable[str]], *, now: datetime
) -> None:
    """Note what happened to these papers, as far as any posted page shows them."""
    on_page = tables.page_papers.c
    for some in chunks(sorted(happened)):
        shown = set(connection.scalars(select(on_page.paper_id).where(on_page.paper_id.in_(some))))
        rows = [
            {"paper_id": paper, "what": what, "at": now}
            for paper in sorted(shown)
            for what in happened[paper]
        ]
        if rows:
            connection.execute(insert(tables.news), rows)
