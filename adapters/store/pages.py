"""Keeping the words of posted pages, and noting what happens to the papers on them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

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
        "votes": 0,
        "voted_at": None,
    }
    connection.execute(insert(tables.pages), row)
    aliases = tables.aliases.c
    keys = [card.paper for card in words.cards]
    papers = set(connection.scalars(select(aliases.paper_id).where(aliases.alias.in_(keys))))
    if papers:
        rows = [{"delivery_id": delivery_id, "paper_id": paper} for paper in sorted(papers)]
        connection.execute(insert(tables.page_papers), rows)
        _note_earlier_votes(connection, delivery_id, channel_id, papers, now)


def _note_earlier_votes(
    connection: Connection, delivery_id: int, channel_id: int, papers: set[int], now: datetime
) -> None:
    """A paper may have been judged here before it was posted, as the result of a search."""
    votes = tables.votes.c
    earlier = select(votes.paper_id).where(
        votes.channel_id == channel_id, votes.paper_id.in_(papers)
    )
    if connection.scalar(earlier.limit(1)) is not None:
        _mark(connection, tables.pages.c.delivery_id == delivery_id, now)


def note_vote(connection: Connection, channel_id: int, paper: int, *, now: datetime) -> None:
    """Note that the pages of this channel with this paper show a tally that is no longer true."""
    pages, on_page = tables.pages.c, tables.page_papers.c
    showing = select(on_page.delivery_id).where(on_page.paper_id == paper)
    mine = (pages.channel_id == channel_id) & pages.delivery_id.in_(showing)
    _mark(connection, mine, now)


def note_tally_wish(connection: Connection, channel_id: int, *, now: datetime) -> None:
    """Note that this channel wants tallies now, or no longer, on the pages that were voted on."""
    pages = tables.pages.c
    _mark(connection, (pages.channel_id == channel_id) & (pages.votes > 0), now)


def _mark(connection: Connection, which: ColumnElement[bool], now: datetime) -> None:
    pages = tables.pages
    marked = {"votes": pages.c.votes + 1, "voted_at": func.coalesce(pages.c.voted_at, now)}
    connection.execute(update(pages).where(which).values(**marked))


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
