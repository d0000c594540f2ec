"""What a channel has had to do with papers: promised, shown, matched."""

from sqlalchemy import Connection, RowMapping, select

from adapters.store import standing, tables
from adapters.store.convert import paper_of
from adapters.store.hits import hits_of_papers
from adapters.store.places import COLUMNS, channel_of, is_in
from bot.model.paper import Event
from bot.model.record import PaperHistory, Said, Shown
from bot.model.subscription import Channel


def history_of(connection: Connection, channel: Channel, key: str) -> PaperHistory | None:
    """Everything `why` needs to know about one paper in a channel."""
    aliases, papers = tables.aliases.c, tables.papers
    query = select(papers).where(
        papers.c.id == select(aliases.paper_id).where(aliases.alias == key).scalar_subquery()
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    paper_id = row["id"]
    mine = standing.selected().where(is_in(channel)).order_by(tables.subscriptions.c.id)
    found = _hits(connection, channel, paper_id)
    return PaperHistory(
        paper=paper_of(row),
        paper_id=paper_id,
        sightings=_sightings(connection, paper_id),
        subscriptions=tuple(standing.readable(connection, mine)),
        hits={one: hit for one, hit, _ in found},
        events={one: Event(event) for one, _, event in found},
        periods=_periods(connection, [(one, hit) for one, hit, _ in found]),
        shown=tuple(shown_in(connection, channel, paper_id=paper_id)),
    )


def _sightings(connection: Connection, paper_id: int) -> tuple[Said, ...]:
    seen = tables.sightings.c
    rows = connection.execute(
        select(
            seen.source,
            seen.event,
            seen.seen_on,
            seen.first_seen_at,
            seen.late,
            seen.planned_at.is_not(None).label("planned"),
        )
        .where(seen.paper_id == paper_id)
        .order_by(seen.first_seen_at, seen.id)
    )
    return tuple(
        Said(source, Event(event), on, at, late, planned)
        for source, event, on, at, late, planned in rows
    )


def _hits(connection: Connection, channel: Channel, paper_id: int) -> list[tuple[int, int, str]]:
    """Subscription, hit and event: of each the first hit since it began."""
    subscriptions, channels = tables.subscriptions, tables.channels
    query = (
        select(subscriptions.c.id, subscriptions.c.filter_id, subscriptions.c.created_at)
        .join(channels, channels.c.id == subscriptions.c.channel_id)
        .where(is_in(channel))
    )
    mine = connection.execute(query).all()
    first: dict[int, tuple[int, int, str]] = {}
    for hit in hits_of_papers(connection, [paper_id]):
        for number, filter_id, began in mine:
            if hit.has(filter_id) and (hit.seen_at is None or hit.seen_at >= began):
                first.setdefault(number, (number, hit.id, hit.event))
    return list(first.values())


def _periods(connection: Connection, hits: list[tuple[int, int]]) -> dict[int, str]:
    """For each subscription the digest whose candidates held its hit."""
    done = tables.occurrences.c
    found: dict[int, str] = {}
    for subscription_id, hit_id in hits:
        query = select(done.period).where(
            done.subscription_id == subscription_id,
            done.hit_after < hit_id,
            done.hit_upto >= hit_id,
        )
        period = connection.scalar(query.order_by(done.composed_at).limit(1))
        if period is not None:
            found[subscription_id] = period
    return found


def shown_in(
    connection: Connection,
    channel: Channel,
    *,
    limit: int | None = None,
    paper_id: int | None = None,
) -> list[Shown]:
    """What a channel was promised or shown, newest first."""
    shown, deliveries, papers = tables.shown, tables.deliveries, tables.papers
    query = (
        select(
            *COLUMNS,
            papers.c.key,
            shown.c.subscription,
            shown.c.promised_at,
            deliveries.c.state,
            deliveries.c.finished_at,
            deliveries.c.message_id,
            deliveries.c.dedupe_key,
        )
        .join(tables.channels, tables.channels.c.id == shown.c.channel_id)
        .join(deliveries, deliveries.c.id == shown.c.delivery_id)
        .join(papers, papers.c.id == shown.c.paper_id)
        .where(is_in(channel))
        .order_by(shown.c.promised_at.desc(), shown.c.delivery_id.desc(), papers.c.id.desc())
        .limit(limit)
    )
    if paper_id is not None:
        query = query.where(shown.c.paper_id == paper_id)
    return [_shown(row) for row in connection.execute(query).mappings()]


def _shown(row: RowMapping) -> Shown:
    return Shown(
        channel=channel_of(row),
        paper=row["key"],
        subscription=row["subscription"],
        state=row["state"],
        at=row["finished_at"] or row["promised_at"],
        message_id=row["message_id"],
        delivery=row["dedupe_key"],
    )
