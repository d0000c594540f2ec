"""Keeping the words of posted pages, and noting what happens to the papers on them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from adapters.store import tables
from adapters.store.bulk import insert_many, paired
from adapters.store.places import chunks
from adapters.store.wording import as_text
from bot.model.message import Digest

Pair = tuple[int, int]


class Kept(NamedTuple):
    """A page that was just owed, by the ids of its delivery and its channel."""

    delivery_id: int
    channel_id: int
    words: Digest


def keep_pages(
    connection: Connection, pages: Sequence[Kept], papers: Mapping[str, int], *, now: datetime
) -> None:
    """Keep the words of pages, and which papers (ids by key, if they are stored) stand on them."""
    shown = {
        one.delivery_id: sorted(
            {papers[card.face.paper] for card in one.words.cards if card.face.paper in papers}
        )
        for one in pages
    }
    on_page = [(one, paper) for one in pages for paper in shown[one.delivery_id]]
    judged = _judged(connection, {(one.channel_id, paper) for one, paper in on_page})
    rows = []
    for one in pages:
        # A paper may have been judged here before it was posted, as the result of a search.
        voted = not judged.isdisjoint((one.channel_id, paper) for paper in shown[one.delivery_id])
        rows.append(
            {
                "delivery_id": one.delivery_id,
                "channel_id": one.channel_id,
                "message": as_text(one.words),
                "edits": 0,
                "told_upto": 0,
                "composed_at": now,
                "votes": int(voted),
                "voted_at": now if voted else None,
            }
        )
    insert_many(connection, tables.pages, rows)
    standing = [{"delivery_id": one.delivery_id, "paper_id": paper} for one, paper in on_page]
    insert_many(connection, tables.page_papers, standing)


def _judged(connection: Connection, pairs: Collection[Pair]) -> set[Pair]:
    """Those of these pairs of channel and paper that were judged; most channels judge nothing."""
    votes = tables.votes.c
    judging: set[int] = set()
    for some in chunks(sorted({channel for channel, _ in pairs})):
        query = select(votes.channel_id).where(votes.channel_id.in_(some))
        judging.update(connection.scalars(query.distinct()))
    mine = [pair for pair in pairs if pair[0] in judging]
    return paired(connection, tables.votes, ("channel_id", "paper_id"), mine)


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
