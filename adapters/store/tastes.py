"""What channels tell of their taste: verdicts, and the names their filters ask for."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, case, func, or_, select

from adapters.store import standing, tables
from adapters.store.convert import paper_of
from adapters.store.places import chunks, find_channels, is_in
from bot.model.errors import StoreDown
from bot.model.memory import Judged
from bot.model.subscription import Channel
from bot.rules.taste import named

RELEVANT = func.sum(case((tables.votes.c.verdict > 0, 1), else_=0))
NOT_FOR_US = func.sum(case((tables.votes.c.verdict < 0, 1), else_=0))

LEARNED_FROM = 500
"""A channel's taste is what it said of its last papers."""


@dataclass(slots=True)
class Told:
    """Of one channel; authors, organizations: names its subscriptions ask for."""

    judged: list[Judged] = field(default_factory=list)
    authors: set[str] = field(default_factory=set)
    organizations: set[str] = field(default_factory=set)


def told_by(connection: Connection, channels: Collection[Channel]) -> dict[Channel, Told]:
    """What these channels tell; those that tell nothing are left out."""
    ids = find_channels(connection, channels)
    by_id = {number: channel for channel, number in ids.items()}
    told: dict[Channel, Told] = {}
    for number in _voting(connection, by_id):
        channel = by_id[number]
        told.setdefault(channel, Told()).judged = judged_in(connection, channel, LEARNED_FROM)
    for number, text in _asking(connection, by_id):
        try:
            authors, organizations = named(standing.stored_filter(text).root)
        except StoreDown:
            continue  # one damaged row must not silence a channel; whoever loads it says so
        if authors or organizations:
            one = told.setdefault(by_id[number], Told())
            one.authors |= authors
            one.organizations |= organizations
    return told


def _voting(connection: Connection, ids: Collection[int]) -> Iterator[int]:
    votes = tables.votes.c
    for some in chunks(sorted(ids)):
        query = select(votes.channel_id).where(votes.channel_id.in_(some)).distinct()
        yield from connection.scalars(query)


def _asking(connection: Connection, ids: Collection[int]) -> Iterator[tuple[int, str]]:
    """Filters of these channels that ask for a name."""
    filters, subscriptions = tables.filters, tables.subscriptions
    canonical = filters.c.canonical
    for some in chunks(sorted(ids)):
        query = (
            select(subscriptions.c.channel_id, canonical)
            .join(filters, filters.c.id == subscriptions.c.filter_id)
            .where(
                subscriptions.c.channel_id.in_(some),
                or_(canonical.contains("author:"), canonical.contains("org:")),
            )
        )
        for row in connection.execute(query):
            yield row[0], row[1]


def judged_in(connection: Connection, channel: Channel, limit: int) -> list[Judged]:
    """The papers judged in a channel, latest vote first."""
    votes, papers, channels = tables.votes, tables.papers, tables.channels
    counted = (
        select(
            votes.c.paper_id,
            RELEVANT.label("relevant"),
            NOT_FOR_US.label("not_for_us"),
            func.max(votes.c.voted_at).label("voted_at"),
        )
        .join(channels, channels.c.id == votes.c.channel_id)
        .where(is_in(channel))
        .group_by(votes.c.paper_id)
        .order_by(func.max(votes.c.voted_at).desc(), votes.c.paper_id.desc())
        .limit(limit)
        .subquery()
    )
    query = (
        select(papers, counted.c.relevant, counted.c.not_for_us)
        .join(counted, counted.c.paper_id == papers.c.id)
        .order_by(counted.c.voted_at.desc(), papers.c.id.desc())
    )
    return [
        Judged(paper_of(row), int(row["relevant"]), int(row["not_for_us"]))
        for row in connection.execute(query).mappings()
    ]
