"""Trends from the team's own index: how often, and which words rise."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.commands.context import Context
from bot.model.paper import Paper
from bot.model.personal import Trend
from bot.model.record import SearchRequest
from bot.model.topic import Node, Or, TopicFilter
from bot.rules.canonical import canonical_filter
from bot.rules.saved import read_filter
from bot.rules.trends import Rise, rising

MOST_READ = 3_000
"""Papers read for each of the two stretches that are compared."""


@dataclass(frozen=True, slots=True)
class Trending:
    """Counts of a filter (None: of everything), by week, and rising words.

    weeks: the first day of each seven and its count, oldest first. now, before: papers in the
    `days` up to today, and in as many days before.
    """

    topic: TopicFilter | None
    days: int
    now: int
    before: int
    weeks: tuple[tuple[date, int], ...]
    rising: tuple[Rise, ...]


async def trend(context: Context, order: Trend) -> Trending:
    """What papers of a filter, or of this channel's subscriptions, do over time.

    Raises BadFilter.
    """
    existing = await context.store.subscriptions.of(context.asker.channel)
    if order.term:
        named = {one.name: one.filter for one in existing}
        topic: TopicFilter | None = read_filter(order.term, named)
    else:
        topic = _ours([one.filter.root for one in existing])
    root = topic.root if topic else None
    today, days = context.today, timedelta(days=order.days)
    first = today - days + timedelta(days=1)
    now, now_total = await _read(context, root, first, today)
    before, before_total = await _read(context, root, first - days, first - timedelta(days=1))
    weeks = []
    start = first
    while start <= today:
        end = min(start + timedelta(days=6), today)
        weeks.append((start, await _count(context, root, start, end)))
        start = end + timedelta(days=1)
    return Trending(
        topic, order.days, now_total, before_total, tuple(weeks), tuple(rising(now, before))
    )


def _ours(roots: list[Node]) -> TopicFilter | None:
    """All filters of a channel as one; None for a channel without."""
    if not roots:
        return None
    return canonical_filter(roots[0] if len(roots) == 1 else Or(tuple(roots)))


async def _read(
    context: Context, root: Node | None, since: date, until: date
) -> tuple[list[Paper], int]:
    found = await context.store.papers.search(
        SearchRequest(
            root=root,
            today=context.today,
            limit=MOST_READ,
            since=since,
            until=until,
            newest=True,
        )
    )
    return [one.paper for one in found.found], found.total


async def _count(context: Context, root: Node | None, since: date, until: date) -> int:
    request = SearchRequest(root=root, today=context.today, limit=0, since=since, until=until)
    return (await context.store.papers.search(request)).total
