"""Posted pages, and what happened to their papers since they were composed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, literal, select, union_all, update

from adapters.store import tables
from adapters.store.convert import paper_of
from adapters.store.database import Database
from adapters.store.owing import owe
from adapters.store.places import COLUMNS, channel_of, chunks
from adapters.store.tastes import NOT_FOR_US, RELEVANT
from adapters.store.wording import as_text, digest_of
from bot.model.delivery import DeliveryKind, DeliveryState
from bot.model.memory import News, Rewritten, StalePage
from bot.model.paper import Paper

_GONE = tuple(
    state.value
    for state in (
        DeliveryState.DEAD,
        DeliveryState.EXPIRED,
        DeliveryState.CANCELLED,
        DeliveryState.ROLLED_UP,
    )
)


class Living:
    """See `bot.ports.Living`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest_news(self) -> int:
        """The id of the last thing that happened; 0 when nothing waits to be told."""
        newest = select(func.max(tables.news.c.id))
        return await self._database.read(lambda connection: connection.scalar(newest) or 0)

    async def stale(
        self, *, since: datetime, voted_before: datetime, limit: int
    ) -> list[StalePage]:
        """Pages composed after `since` that do not tell everything yet; see the port."""
        return await self._database.read(
            lambda connection: _stale(connection, since, voted_before, limit)
        )

    async def rewrite(self, pages: list[Rewritten], *, now: datetime) -> int:
        """Store new words and owe their messages; how many pages were still as read."""

        def body(connection: Connection) -> int:
            return sum(_rewrite(connection, one, now) for one in pages)

        return await self._database.write(body)

    async def told(self, upto: int) -> None:
        """Forget news up to this id."""
        known = delete(tables.news).where(tables.news.c.id <= upto)
        await self._database.write(lambda connection: connection.execute(known))


def _concern() -> Any:
    """The condition that a page has a paper of which it does not tell some news."""
    pages, news = tables.pages.c, tables.news.c
    return (news.id > pages.told_upto) & (news.at > pages.composed_at)


def _concerned(since: datetime, voted_before: datetime) -> Any:
    """Pages with news or votes they do not show, and what to take them up by: votes first."""
    pages, news, on_page = tables.pages.c, tables.news.c, tables.page_papers.c
    by_news = (
        select(pages.delivery_id, news.id.label("first"))
        .join(tables.page_papers, on_page.delivery_id == pages.delivery_id)
        .join(tables.news, news.paper_id == on_page.paper_id)
        .where(_concern(), pages.composed_at > since)
    )
    by_votes = select(pages.delivery_id, literal(0).label("first")).where(
        pages.voted_at <= voted_before, pages.composed_at > since
    )
    either = union_all(by_news, by_votes).subquery()
    return (
        select(either.c.delivery_id, func.min(either.c.first).label("first"))
        .group_by(either.c.delivery_id)
        .subquery()
    )


def _stale(
    connection: Connection, since: datetime, voted_before: datetime, limit: int
) -> list[StalePage]:
    pages, deliveries = tables.pages, tables.deliveries
    channels, settings = tables.channels, tables.channel_settings
    concerned = _concerned(since, voted_before)
    query = (
        select(
            pages,
            *COLUMNS,
            deliveries.c.dedupe_key,
            deliveries.c.kind,
            settings.c.threads,
            settings.c.tally,
        )
        .join(concerned, concerned.c.delivery_id == pages.c.delivery_id)
        .join(deliveries, deliveries.c.id == pages.c.delivery_id)
        .join(channels, channels.c.id == pages.c.channel_id)
        .outerjoin(settings, settings.c.channel_id == pages.c.channel_id)
        .where(deliveries.c.state.not_in(_GONE))
        .order_by(concerned.c.first, pages.c.delivery_id)
        .limit(limit)
    )
    rows = connection.execute(query).mappings().all()
    told = _news(connection, [row["delivery_id"] for row in rows])
    counted = _votes(connection, [row["delivery_id"] for row in rows if row["tally"]])
    return [
        StalePage(
            id=row["delivery_id"],
            channel=channel_of(row),
            key=row["dedupe_key"],
            words=digest_of(row["message"]),
            edits=row["edits"],
            news=tuple(told.get(row["delivery_id"], ())),
            votes=row["votes"],
            tallies=counted.get(row["delivery_id"], {}),
            in_thread=row["kind"] == DeliveryKind.REPLY.value,
            tell=bool(row["threads"]),
        )
        for row in rows
    ]


def _news(connection: Connection, page_ids: list[int]) -> dict[int, list[News]]:
    """For each page what it does not tell yet, in the order it happened."""
    pages, news, on_page = tables.pages, tables.news, tables.page_papers
    found: dict[int, list[News]] = {}
    for some in chunks(page_ids):
        query = (
            select(on_page.c.delivery_id, news.c.id, news.c.paper_id, news.c.what, news.c.at)
            .join(news, news.c.paper_id == on_page.c.paper_id)
            .join(pages, pages.c.delivery_id == on_page.c.delivery_id)
            .where(on_page.c.delivery_id.in_(some), _concern())
            .order_by(news.c.id)
        )
        rows = connection.execute(query).all()
        papers = _papers(connection, {row.paper_id for row in rows})
        for row in rows:
            told = News(row.id, papers[row.paper_id], row.what, row.at)
            found.setdefault(row.delivery_id, []).append(told)
    return found


def _votes(connection: Connection, page_ids: list[int]) -> dict[int, dict[str, tuple[int, int]]]:
    """For each page the votes its channel gave to the papers on it, by every name of theirs."""
    pages, on_page, votes, aliases = (
        tables.pages.c, tables.page_papers.c, tables.votes.c, tables.aliases.c
    )  # fmt: skip
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for some in chunks(page_ids):
        query = (
            select(on_page.delivery_id, aliases.alias, RELEVANT, NOT_FOR_US)
            .join(tables.pages, pages.delivery_id == on_page.delivery_id)
            .join(
                tables.votes,
                (votes.paper_id == on_page.paper_id) & (votes.channel_id == pages.channel_id),
            )
            .join(tables.aliases, aliases.paper_id == on_page.paper_id)
            .where(on_page.delivery_id.in_(some))
            .group_by(on_page.delivery_id, aliases.alias)
        )
        for page, alias, relevant, not_for_us in connection.execute(query):
            found.setdefault(page, {})[alias] = (int(relevant), int(not_for_us))
    return found


def _papers(connection: Connection, ids: Iterable[int]) -> dict[int, Paper]:
    found = {}
    for some in chunks(sorted(ids)):
        query = select(tables.papers).where(tables.papers.c.id.in_(some))
        for row in connection.execute(query).mappings():
            found[row["id"]] = paper_of(row)
    return found


def _rewrite(connection: Connection, one: Rewritten, now: datetime) -> bool:
    """Write a page's new words unless another process has just done so, or somebody voted."""
    pages, page = tables.pages, one.page
    written = connection.execute(
        update(pages)
        .where(
            pages.c.delivery_id == page.id,
            pages.c.edits == page.edits,
            pages.c.votes == page.votes,
        )
        .values(
            message=as_text(one.words),
            edits=page.edits + 1,
            told_upto=max((news.id for news in page.news), default=pages.c.told_upto),
            voted_at=None,
        )
    )
    if not written.rowcount:
        return False
    for delivery in one.deliveries:
        owe(connection, delivery, now=now, subscription="")
    return True
