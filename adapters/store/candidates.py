"""Hits as candidates: what a digest may show, and what it left out."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from adapters.store import tables
from adapters.store.convert import paper_of
from adapters.store.places import chunks
from adapters.store.subscriptions import is_in
from bot.model.paper import Event
from bot.model.record import Candidate, Chosen
from bot.model.subscription import Channel, Subscription


def candidates_for(
    connection: Connection, subscription: Subscription, limit: int
) -> list[Candidate]:
    """Hits after its cursor whose paper the channel was not promised, oldest first."""
    hits, filters = tables.hits, tables.filters
    query = (
        _hits()
        .join(filters, filters.c.id == hits.c.filter_id)
        .where(
            filters.c.key == subscription.filter.key,
            hits.c.id > subscription.hit_cursor,
            since(subscription.created_at),
            not_promised(subscription.channel),
        )
        .order_by(hits.c.id)
        .limit(limit)
    )
    return _candidates_of(connection, subscription, query)


def _hits() -> Select[Any]:
    hits, papers = tables.hits, tables.papers
    return select(papers, hits.c.id.label("hit_id"), hits.c.event.label("hit_event")).join(
        hits, hits.c.paper_id == papers.c.id
    )


def chosen_by(
    connection: Connection, subscription: Subscription, period: str | None
) -> Chosen | None:
    """What one of its digests showed and left out, oldest first.

    Left out are the hits it chose from, less what the channel had been promised by the end of it.
    """
    done, hits, shown = tables.occurrences.c, tables.hits, tables.shown.c
    which = select(tables.occurrences).where(done.subscription_id == subscription.id)
    if period is not None:
        which = which.where(done.period == period)
    found = connection.execute(which.order_by(done.composed_at.desc()).limit(1)).first()
    if found is None:
        return None
    chosen = _hits().where(
        hits.c.filter_id == found.filter_id,
        hits.c.id > found.hit_after,
        hits.c.id <= found.hit_upto,
        since(subscription.created_at),
    )
    left_out = chosen.where(
        not_promised(subscription.channel, shown.promised_at <= found.composed_at)
    )
    mine = chosen.where(hits.c.paper_id.in_(_shown_by(subscription, found.period)))
    return Chosen(
        period=found.period,
        shown=tuple(_candidates_of(connection, subscription, mine.order_by(hits.c.id))),
        left_out=tuple(_candidates_of(connection, subscription, left_out.order_by(hits.c.id))),
    )


def _shown_by(subscription: Subscription, period: str) -> Select[Any]:
    """The ids of the papers that digest's messages carry."""
    shown, deliveries = tables.shown, tables.deliveries
    return (
        select(shown.c.paper_id)
        .join(deliveries, deliveries.c.id == shown.c.delivery_id)
        .where(deliveries.c.dedupe_key.startswith(f"{subscription.id}/{period}/", autoescape=True))
    )


def _candidates_of(
    connection: Connection, subscription: Subscription, query: Select[Any]
) -> list[Candidate]:
    """The candidates in the rows of a query for papers and their hits."""
    rows = connection.execute(query).mappings().all()
    also = _also(connection, subscription, [row["id"] for row in rows])
    return [
        Candidate(
            hit_id=row["hit_id"],
            paper_id=row["id"],
            paper=paper_of(row),
            event=Event(row["hit_event"]),
            also=tuple(also.get(row["id"], ())),
        )
        for row in rows
    ]


def since(created_at: datetime) -> Any:
    """The condition on `hits` that its sighting is not older than the subscription.

    A hit may be younger than the subscription and still no news to it: when papers were stored
    before, but are only matched now.
    """
    seen = tables.sightings.c
    older = select(seen.id).where(
        seen.id == tables.hits.c.sighting_id, seen.first_seen_at < created_at
    )
    return ~older.correlate(tables.hits).exists()


def not_promised(channel: Channel, *when: ColumnElement[bool]) -> Any:
    """The condition on `hits` that the channel was never (or not `when`) promised the paper."""
    shown, channels = tables.shown, tables.channels
    promised = (
        select(shown.c.paper_id)
        .join(channels, channels.c.id == shown.c.channel_id)
        .where(is_in(channel), shown.c.paper_id == tables.hits.c.paper_id, *when)
    )
    return ~promised.correlate(tables.hits).exists()


def _also(
    connection: Connection, subscription: Subscription, papers: list[int]
) -> dict[int, list[str]]:
    """For each paper the names of the channel's other subscriptions that match it."""
    hits, subscriptions, channels = tables.hits, tables.subscriptions, tables.channels
    names: dict[int, list[str]] = {}
    for some in chunks(papers):
        query = (
            select(hits.c.paper_id, subscriptions.c.name)
            .join(subscriptions, subscriptions.c.filter_id == hits.c.filter_id)
            .join(channels, channels.c.id == subscriptions.c.channel_id)
            .where(
                hits.c.paper_id.in_(some),
                is_in(subscription.channel),
                subscriptions.c.id != subscription.id,
            )
            .order_by(subscriptions.c.id)
        )
        for paper_id, name in connection.execute(query):
            names.setdefault(paper_id, []).append(name)
    return names
