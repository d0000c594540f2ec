"""Hits as candidates: what digests may show, and what they left out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from adapters.store import tables
from adapters.store.convert import paper_of
from adapters.store.hits import ALL, StoredHit, hits_of_filters, hits_of_papers
from adapters.store.places import chunks, find_channel, one_of
from bot.model.paper import Event, Paper
from bot.model.record import Candidate, Choice, Chosen
from bot.model.subscription import Subscription

Pair = tuple[int, int]


class Standing(NamedTuple):
    """Where a subscription stands in the store, to look its hits up."""

    filter_id: int
    channel_id: int
    created_at: datetime
    after: int
    upto: int = ALL


class Hit(NamedTuple):
    """A hit as a subscription's candidate: without its filters."""

    id: int
    paper_id: int
    event: str
    seen_at: datetime | None


class Named(NamedTuple):
    """A subscription as `also in` names it."""

    id: int
    channel_id: int
    name: str
    filter_id: int


def candidates_for(
    connection: Connection, subscriptions: Sequence[Subscription], limit: int
) -> dict[int, Choice]:
    """For each subscription (by id) what it may be shown, oldest first, at most `limit`.

    The hits after its cursor whose paper the channel was not promised.
    """
    standing = _standing(connection, subscriptions)
    hits = unpromised(connection, standing)
    return _candidates(connection, standing, {one: some[:limit] for one, some in hits.items()})


def _standing(connection: Connection, subscriptions: Iterable[Subscription]) -> dict[int, Standing]:
    known = {one.id: one for one in subscriptions}
    stored = tables.subscriptions.c
    found = {}
    for some in chunks(sorted(known)):
        query = select(stored.id, stored.filter_id, stored.channel_id).where(stored.id.in_(some))
        for number, filter_id, channel_id in connection.execute(query):
            one = known[number]
            found[number] = Standing(filter_id, channel_id, one.created_at, one.hit_cursor)
    return found


def unpromised(connection: Connection, standing: Mapping[int, Standing]) -> dict[int, list[Hit]]:
    """For each subscription its hits that are news to it and to its channel, oldest first."""
    hits = news(connection, standing)
    pairs = {
        (standing[number].channel_id, hit.paper_id) for number, some in hits.items() for hit in some
    }
    promised = promises(connection, pairs)
    return {
        number: [hit for hit in some if (standing[number].channel_id, hit.paper_id) not in promised]
        for number, some in hits.items()
    }


def news(connection: Connection, standing: Mapping[int, Standing]) -> dict[int, list[Hit]]:
    """For each subscription the hits of its filter that are not older than itself, oldest first.

    A hit may be younger than the subscription and still no news to it: when papers were stored
    before, but are only matched now.
    """
    wanted: dict[int, tuple[int, int]] = {}
    for one in standing.values():
        after, upto = wanted.get(one.filter_id, (one.after, one.upto))
        wanted[one.filter_id] = (min(after, one.after), max(upto, one.upto))
    by_filter = hits_of_filters(connection, wanted)
    rows = _hits(connection, {hit_id for some in by_filter.values() for hit_id in some})
    return {
        number: [
            hit
            for hit_id in by_filter[one.filter_id]
            if one.after < hit_id <= one.upto
            and (hit := rows.get(hit_id))
            and (hit.seen_at is None or hit.seen_at >= one.created_at)
        ]
        for number, one in standing.items()
    }


def _hits(connection: Connection, ids: Collection[int]) -> dict[int, Hit]:
    hits, seen = tables.hits, tables.sightings.c
    query = select(hits.c.id, hits.c.paper_id, hits.c.event, seen.first_seen_at).outerjoin(
        tables.sightings, seen.id == hits.c.sighting_id
    )
    found = {}
    for some in chunks(sorted(ids)):
        for row in connection.execute(query.where(hits.c.id.in_(some))):
            found[row[0]] = Hit(*row)
    return found


def promises(connection: Connection, pairs: Iterable[Pair], *when: Any) -> set[Pair]:
    """Those of these pairs of channel and paper (by id) that were promised, or promised `when`."""
    shown = tables.shown.c
    wanted = set(pairs)
    there = _promised_anything(connection, wanted)
    query = select(shown.channel_id, shown.paper_id).where(*when)
    found: set[Pair] = set()
    for some in chunks(sorted(pair for pair in wanted if pair[0] in there)):
        rows = connection.execute(query.where(one_of(shown.channel_id, shown.paper_id, some)))
        found.update((row[0], row[1]) for row in rows)
    return found


def _promised_anything(connection: Connection, pairs: Collection[Pair]) -> set[int]:
    """The channels that were promised a paper as old as these: first thing in the morning, few."""
    if not pairs:
        return set()
    shown, channels = tables.shown.c, tables.channels.c
    papers = [paper_id for _, paper_id in pairs]
    any_of_them = (
        select(shown.paper_id)
        .where(
            shown.channel_id == channels.id,
            shown.paper_id >= min(papers),
            shown.paper_id <= max(papers),
        )
        .exists()
    )
    found: set[int] = set()
    for some in chunks(sorted({channel_id for channel_id, _ in pairs})):
        query = select(channels.id).where(channels.id.in_(some), any_of_them)
        found.update(connection.scalars(query))
    return found


def _candidates(
    connection: Connection, standing: Mapping[int, Standing], hits: Mapping[int, Sequence[Hit]]
) -> dict[int, Choice]:
    """Hits with their papers, and who else in the channel gets those."""
    ids = {hit.paper_id for some in hits.values() for hit in some}
    papers = _papers(connection, ids)
    others = _others(connection, {standing[number].channel_id for number in hits if hits[number]})
    matched: dict[int, list[StoredHit]] = {}
    if any(len(some) > 1 for some in others.values()):
        for row in hits_of_papers(connection, ids):
            matched.setdefault(row.paper_id, []).append(row)
    made = {
        hit.id: Candidate(
            hit_id=hit.id,
            paper_id=hit.paper_id,
            paper=papers[hit.paper_id],
            event=_EVENTS[hit.event],
        )
        for hit in {hit.id: hit for some in hits.values() for hit in some}.values()
    }
    return {
        number: Choice(
            [made[hit.id] for hit in some],
            partial(_also, number, others.get(standing[number].channel_id, ()), matched),
        )
        for number, some in hits.items()
    }


_EVENTS = {event.value: event for event in Event}


def _also(
    number: int,
    others: Iterable[Named],
    matched: Mapping[int, Sequence[StoredHit]],
    candidate: Candidate,
) -> tuple[str, ...]:
    """Names of the channel's other subscriptions that match a paper, by all its hits."""
    names: list[str] = []
    rows = matched.get(candidate.paper_id, ())
    for one in others:
        for row in rows:
            if row.has(one.filter_id):
                if one.id != number:
                    names.append(one.name)
                break
    return tuple(names)


def _papers(connection: Connection, ids: Collection[int]) -> dict[int, Paper]:
    papers = tables.papers
    found: dict[int, Paper] = {}
    for some in chunks(sorted(ids)):
        rows = connection.execute(select(papers).where(papers.c.id.in_(some))).mappings()
        found.update((row["id"], paper_of(row)) for row in rows)
    return found


def _others(connection: Connection, channels: Collection[int]) -> dict[int, list[Named]]:
    """Every subscription of these channels, by channel and age."""
    stored = tables.subscriptions.c
    found: dict[int, list[Named]] = {}
    for some in chunks(sorted(channels)):
        query = (
            select(stored.id, stored.channel_id, stored.name, stored.filter_id)
            .where(stored.channel_id.in_(some))
            .order_by(stored.id)
        )
        for row in connection.execute(query):
            found.setdefault(row[1], []).append(Named(*row))
    return found


def chosen_by(
    connection: Connection, subscription: Subscription, period: str | None
) -> Chosen | None:
    """What one of its digests showed and left out, oldest first.

    Left out are the hits it chose from, less what the channel had been promised by the end of it.
    """
    done, shown = tables.occurrences.c, tables.shown.c
    which = select(tables.occurrences).where(done.subscription_id == subscription.id)
    if period is not None:
        which = which.where(done.period == period)
    found = connection.execute(which.order_by(done.composed_at.desc()).limit(1)).first()
    channel_id = find_channel(connection, subscription.channel)
    if found is None or channel_id is None:
        return None
    number, created_at = subscription.id, subscription.created_at
    standing = {
        number: Standing(found.filter_id, channel_id, created_at, found.hit_after, found.hit_upto)
    }
    hits = news(connection, standing)[number]
    pairs = {(channel_id, hit.paper_id) for hit in hits}
    promised = promises(connection, pairs, shown.promised_at <= found.composed_at)
    mine = _shown_by(connection, subscription, found.period)
    left_out = [hit for hit in hits if (channel_id, hit.paper_id) not in promised]
    showed = [hit for hit in hits if hit.paper_id in mine]
    return Chosen(
        period=found.period,
        shown=tuple(_candidates(connection, standing, {number: showed})[number].papers),
        left_out=_candidates(connection, standing, {number: left_out})[number],
    )


def _shown_by(connection: Connection, subscription: Subscription, period: str) -> set[int]:
    """The ids of the papers that digest's messages carry."""
    shown, deliveries = tables.shown, tables.deliveries
    query = (
        select(shown.c.paper_id)
        .join(deliveries, deliveries.c.id == shown.c.delivery_id)
        .where(deliveries.c.dedupe_key.startswith(f"{subscription.id}/{period}/", autoescape=True))
    )
    return set(connection.scalars(query))
