"""Hits as candidates: what digests may show, and what they left out."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from adapters.store import meta, tables
from adapters.store.bulk import numbered, paired
from adapters.store.hits import ALL, hits_of_filters
from adapters.store.kept import Kept, state_of
from adapters.store.places import chunks, find_channel
from bot.model.record import Candidate, Choice, Chosen
from bot.model.subscription import Subscription
from bot.rules.schedule import zone_of

Pair = tuple[int, int]


class Standing(NamedTuple):
    """Where a subscription stands in the store, to look its hits up."""

    filter_id: int
    channel_id: int
    began: datetime
    listens_from: datetime
    after: int
    upto: int = ALL


class Named(NamedTuple):
    """A subscription as `also in` names it."""

    id: int
    name: str
    filter_id: int


def listens_from(subscription: Subscription) -> datetime:
    """What was taken in before this moment is no news to it."""
    heard_until = subscription.heard_until
    return max(subscription.created_at, heard_until or subscription.created_at)


class Candidates:
    """Reads candidates; what it read of papers it keeps for the next time."""

    def __init__(self) -> None:
        self._kept = Kept((0, 0))

    def of(
        self, connection: Connection, subscriptions: Sequence[Subscription], limit: int
    ) -> dict[int, Choice]:
        """For each subscription (by id) what it may be shown, oldest first, at most `limit`.

        The hits after its cursor whose paper the channel was not promised.
        """
        # Readers run beside each other: each works on what it took or made here.
        kept, state = self._kept, state_of(connection)
        if kept.state != state or kept.is_full:
            kept = self._kept = Kept(state)
        standing = _standing(connection, subscriptions)
        found = unpromised(connection, standing, kept)
        some = {number: one[:limit] for number, one in found.items()}
        # Nothing has matched up to here but these, unless there were more than may be read.
        upto = {
            number: some[number][-1].hit_id if len(one) > limit else state[1]
            for number, one in found.items()
        }
        return _choices(connection, standing, some, kept, upto)


def _standing(connection: Connection, subscriptions: Iterable[Subscription]) -> dict[int, Standing]:
    known = {one.id: one for one in subscriptions}
    query = "SELECT id, filter_id, channel_id FROM subscriptions WHERE id IN"
    return {
        number: Standing(
            filter_id,
            channel_id,
            known[number].created_at,
            listens_from(known[number]),
            known[number].hit_cursor,
        )
        for number, filter_id, channel_id in numbered(connection, query, known)
    }


def unpromised(
    connection: Connection, standing: Mapping[int, Standing], kept: Kept
) -> dict[int, list[Candidate]]:
    """For each subscription its hits that are news to it and to its channel, oldest first."""
    hits = news(connection, standing, kept)
    papers = [one.paper_id for some in hits.values() for one in some]
    channels = {standing[number].channel_id for number, some in hits.items() if some}
    there = _promised_anything(connection, channels, papers)
    promised = promises(
        connection,
        (
            (standing[number].channel_id, one.paper_id)
            for number, some in hits.items()
            if standing[number].channel_id in there
            for one in some
        ),
    )
    if not promised:
        return hits
    return {
        number: [one for one in some if (standing[number].channel_id, one.paper_id) not in promised]
        for number, some in hits.items()
    }


def news(
    connection: Connection, standing: Mapping[int, Standing], kept: Kept
) -> dict[int, list[Candidate]]:
    """For each subscription the hits of its filter that are not older than itself, oldest first.

    A hit may be younger than the subscription and still no news to it: when papers were stored
    before, but are only matched now, or come again after a backup was restored.
    """
    wanted: dict[int, tuple[int, int]] = {}
    for one in standing.values():
        after, upto = wanted.get(one.filter_id, (one.after, one.upto))
        wanted[one.filter_id] = (min(after, one.after), max(upto, one.upto))
    by_filter = hits_of_filters(connection, wanted)
    kept.load(connection, set[int]().union(*by_filter.values()))
    return {number: _news(one, by_filter[one.filter_id], kept) for number, one in standing.items()}


def _news(one: Standing, hits: Sequence[int], kept: Kept) -> list[Candidate]:
    mine = hits[bisect_right(hits, one.after) : bisect_right(hits, one.upto)]
    if kept.seen_from is not None and one.listens_from > kept.seen_from:
        seen = kept.seen_at
        mine = [hit for hit in mine if (at := seen.get(hit)) is None or at >= one.listens_from]
    if kept.told_at:
        told = kept.told_at
        mine = [hit for hit in mine if (at := told.get(hit)) is None or at < one.began]
    return [found for found in map(kept.candidates.get, mine) if found is not None]


def promises(connection: Connection, pairs: Iterable[Pair]) -> set[Pair]:
    """Those of these pairs of channel and paper (by id) that were promised."""
    wanted = set(pairs)
    papers = [paper_id for _, paper_id in wanted]
    there = _promised_anything(connection, {channel_id for channel_id, _ in wanted}, papers)
    return paired(
        connection,
        tables.shown,
        ("channel_id", "paper_id"),
        [pair for pair in wanted if pair[0] in there],
    )


def _promised_anything(
    connection: Connection, channels: Collection[int], papers: Collection[int]
) -> set[int]:
    """The channels that were promised a paper as old as these: first thing in the morning, few."""
    if not papers:
        return set()
    query = (
        "SELECT id FROM channels WHERE EXISTS (SELECT 1 FROM shown"
        f" WHERE channel_id = channels.id AND paper_id >= {min(papers)}"
        f" AND paper_id <= {max(papers)}) AND id IN"
    )
    return {row[0] for row in numbered(connection, query, channels)}


def _choices(
    connection: Connection,
    standing: Mapping[int, Standing],
    found: Mapping[int, Sequence[Candidate]],
    kept: Kept,
    upto: Mapping[int, int] | None = None,
) -> dict[int, Choice]:
    """With who else in the channel gets them."""
    others = _others(connection, {standing[number].channel_id for number in found if found[number]})
    shared = {
        number: [one for one in others.get(standing[number].channel_id, ()) if one.id != number]
        for number in found
    }
    papers = {one.paper_id for number, some in found.items() if shared[number] for one in some}
    kept.load_matched(connection, papers)
    return {
        number: Choice(
            some, partial(_also, shared[number], kept.matched), (upto or {}).get(number, 0)
        )
        for number, some in found.items()
    }


def _also(
    others: Sequence[Named],
    matched: Mapping[int, Sequence[Sequence[int]]],
    candidate: Candidate,
) -> tuple[str, ...]:
    """Names of the channel's other subscriptions that match a paper, by all its hits."""
    names = []
    rows = matched.get(candidate.paper_id, ())
    for one in others:
        for filters in rows:
            place = bisect_left(filters, one.filter_id)
            if place < len(filters) and filters[place] == one.filter_id:
                names.append(one.name)
                break
    return tuple(names)


def _others(connection: Connection, channels: Collection[int]) -> dict[int, list[Named]]:
    """Every subscription of these channels, by channel and age."""
    query = "SELECT channel_id, id, name, filter_id FROM subscriptions WHERE channel_id IN"
    found: dict[int, list[Named]] = {}
    for channel_id, *one in sorted(map(tuple, numbered(connection, query, channels))):
        found.setdefault(channel_id, []).append(Named(*one))
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
    number, since = subscription.id, listens_from(subscription)
    lost_at = meta.lost_at(connection)
    if lost_at is not None and found.composed_at <= lost_at:
        since = subscription.created_at  # it chose before what came again after the loss
    standing = {
        number: Standing(
            found.filter_id,
            channel_id,
            subscription.created_at,
            since,
            found.hit_after,
            found.hit_upto,
        )
    }
    kept = Kept(state_of(connection))
    hits = news(connection, standing, kept)[number]
    before = select(shown.paper_id).where(
        shown.channel_id == channel_id, shown.promised_at <= found.composed_at
    )
    promised = set[int]()
    for some in chunks(sorted({hit.paper_id for hit in hits})):
        promised.update(connection.scalars(before.where(shown.paper_id.in_(some))))
    mine = _shown_by(connection, subscription, found.period)
    left_out = [hit for hit in hits if hit.paper_id not in promised]
    showed = [hit for hit in hits if hit.paper_id in mine]
    return Chosen(
        period=found.period,
        day=_day_of(found.period, found.composed_at, zone_of(subscription.zone)),
        shown=tuple(_choices(connection, standing, {number: showed}, kept)[number].papers),
        left_out=_choices(connection, standing, {number: left_out}, kept)[number],
    )


def _day_of(period: str, composed_at: datetime, zone: ZoneInfo) -> date:
    """A dated digest is called by its day; of others it is the day they were composed."""
    try:
        return date.fromisoformat(period)
    except ValueError:
        return composed_at.astimezone(zone).date()


def _shown_by(connection: Connection, subscription: Subscription, period: str) -> set[int]:
    """The ids of the papers that digest's messages carry."""
    shown, deliveries = tables.shown, tables.deliveries
    query = (
        select(shown.c.paper_id)
        .join(deliveries, deliveries.c.id == shown.c.delivery_id)
        .where(deliveries.c.dedupe_key.startswith(f"{subscription.id}/{period}/", autoescape=True))
    )
    return set(connection.scalars(query))
