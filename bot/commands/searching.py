"""Answers from the team's own index: searches, single papers and digests on demand."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.commands.naming import read_in
from bot.commands.nearby import Near, nearest_looser, unknown_words
from bot.model.command import DigestNow, Period, Search
from bot.model.errors import NotFound, OutOfReach, SourceError
from bot.model.paper import Paper
from bot.model.record import Results, SearchRequest
from bot.model.subscription import Channel, Subscription
from bot.model.topic import TopicFilter
from bot.ports import Lookup, Store
from bot.rules.digests import Ranked, rank
from bot.rules.document import document
from bot.rules.identity import arxiv_id, paper_key
from bot.rules.ranking import Score
from bot.rules.reasons import reasons

MOST_IN_DIGEST = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A search and what it found, best first. total counts everything that matches.

    Where that is nothing: looser is the nearest filter that finds something, unknown are words
    that stand in no stored paper, newest_on is the date of the newest paper looked at.
    """

    topic: TopicFilter
    total: int
    ranked: tuple[Ranked, ...]
    looser: Near | None = None
    unknown: tuple[str, ...] = ()
    newest_on: date | None = None


async def search(store: Store, query: Search, today: date, channel: Channel) -> Answer:
    """Papers that match the query, by relevance. Raises BadFilter.

    channel: whose subscriptions `filter:name` names.
    """
    topic = await read_in(store, channel, query.query)
    request = SearchRequest(
        root=topic.root,
        today=today,
        limit=query.limit,
        offset=(query.page - 1) * query.limit,
    )
    results = await store.papers.search(request)
    return _answer(topic, results) if results.total else await _nothing(store, topic, request)


async def _nothing(store: Store, topic: TopicFilter, request: SearchRequest) -> Answer:
    """What to say instead of papers."""
    newest = SearchRequest(root=None, today=request.today, limit=1, newest=True)
    found = (await store.papers.search(newest)).found
    return Answer(
        topic,
        0,
        (),
        looser=await nearest_looser(store, topic, request, more_than=0) if found else None,
        unknown=await unknown_words(store, topic.root, request) if found else (),
        newest_on=found[0].paper.announced_on if found else None,
    )


def _answer(topic: TopicFilter, results: Results) -> Answer:
    """The index has ranked already; here each paper gets its reasons."""
    ranked = tuple(
        Ranked(
            one.paper,
            Score(one.score, (("relevance", one.score),)),
            reasons(topic, document(one.paper), one.paper),
        )
        for one in results.found
    )
    return Answer(topic, results.total, ranked)


async def find_paper(store: Store, lookup: Lookup | None, text: str) -> Paper:
    """The paper with this id or address, from the index or else from a live source.

    Raises NotFound, and OutOfReach when the live source does not answer.
    """
    key = paper_key(text)
    paper = await store.papers.get(key) if key else None
    if paper is not None:
        return paper
    wanted = arxiv_id(text)
    if wanted is None:
        raise NotFound(f"“{text[:60]}” is not in the index, and it is no arXiv id to ask for.")
    if lookup is not None:
        try:
            announced = await lookup.look_up([str(key).removeprefix("arxiv:")])
        except SourceError as error:
            raise OutOfReach(
                f"“{text[:60]}” is not in the index, and arXiv could not be asked ({error})."
            ) from None
        if announced.sightings:
            return announced.sightings[0].paper
    raise NotFound(f"No paper “{text[:60]}” is known. Check the id, such as 2403.09472.")


async def _between(store: Store, topic: TopicFilter, since: date, until: date) -> Results:
    return await store.papers.search(
        SearchRequest(
            root=topic.root,
            today=until,
            limit=MOST_IN_DIGEST,
            since=since,
            until=until,
            newest=True,
        )
    )


async def digest_papers(
    store: Store, subscription: Subscription, order: DigestNow, today: date
) -> tuple[list[Ranked], date]:
    """The ranked papers of a digest on demand, and the last day it covers.

    A day's digest covers the papers announced on that date, a weekly one the seven up to it.
    Nothing is marked as shown: a digest on demand takes nothing away from the regular one.
    """
    on = order.on or today
    days = 7 if order.period is Period.WEEK else 1
    found = await _between(store, subscription.filter, on - timedelta(days=days - 1), on)
    taste = await store.feedback.taste(subscription.channel)
    papers = [one.paper for one in found.found]
    return rank(subscription.filter, papers, on, taste=taste), on
