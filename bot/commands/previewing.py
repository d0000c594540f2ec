"""`preview`: what a filter would have brought, found by the rules of the real run."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.commands.nearby import MOST_VARIANTS, Near, nearest_looser, unknown_words
from bot.commands.options import read_options, split_options
from bot.model.command import Preview
from bot.model.record import LookBack, SearchRequest
from bot.model.subscription import Cadence, Channel, Subscription
from bot.model.topic import And, Node, Or, Text, TopicFilter
from bot.ports import Store
from bot.rules.digests import Ranked
from bot.rules.document import document, folded
from bot.rules.garbage import held_back
from bot.rules.parse import parse_filter
from bot.rules.ranking import order as best_first
from bot.rules.ranking import positive_texts
from bot.rules.reading import quoted
from bot.rules.reasons import reasons
from bot.rules.replay import Issue, Match, happened, issues, loosened, matched
from bot.rules.saved import resolve
from bot.rules.sifting import Sieve, worth_telling
from bot.rules.synonyms import expand, other_forms
from bot.rules.taste import Taste
from bot.rules.variants import Variant, tighter

MOST_PREVIEWED = 100_000
FIREHOSE_PER_DAY = 10
MOST_WORDS = 16
SAMPLES, SAMPLE_DAYS = 5, 7
FEW = 3
"""With fewer matches the preview says which words stand in no paper at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewReport:
    """What a filter would have brought between two local dates, both included.

    typed: the filter as a person wrote it. papers: the best matches, best first, without their
    abstracts. samples: the first of them, whole and `explained`. by_day: matches on each local
    date. issues: the digests it would have been.
    cause: the alternative that stands in most matches, and in what part of them. unknown: words of
    the filter that stand in no stored paper.
    """

    topic: TopicFilter
    typed: str = ""
    days: int
    until: date
    scanned: int
    papers: tuple[Ranked, ...]
    samples: tuple[Ranked, ...] = ()
    by_day: tuple[tuple[date, int], ...] = ()
    issues: tuple[Issue, ...] = ()
    top: int = 10
    cause: tuple[str, float] | None = None
    looser: Near | None = None
    tighter: Near | None = None
    unknown: tuple[str, ...] = ()

    @property
    def matches(self) -> int:
        """How many papers match."""
        return sum(issue.count for issue in self.issues)

    @property
    def per_day(self) -> float:
        """Matches a day on average."""
        return round(self.matches / self.days, 2)

    @property
    def is_firehose(self) -> bool:
        """Whether it brings more than anybody reads."""
        return self.per_day > FIREHOSE_PER_DAY

    @property
    def left_out(self) -> int:
        """How many the digests would have counted but not shown."""
        return sum(issue.left_out for issue in self.issues)


def trial(
    order: Preview, channel: Channel, zone: str | None, named: Sequence[Subscription] = ()
) -> Subscription:
    """The subscription a preview is about: its filter, and options if it names any.

    Raises BadFilter, BadOption; NotFound for an unknown `filter:name`.
    """
    text, given = split_options(order.filter)
    options = read_options(given)
    topic = resolve(parse_filter(text), {one.name: one.filter for one in named})
    made = Subscription(
        channel=channel,
        name=options.name or "preview",
        filter=topic,
        typed=text,
        cadence=options.cadence or Cadence(),
        zone=options.zone or zone or "UTC",
        created_at=datetime.min.replace(tzinfo=UTC),
    )
    return made if options.top is None else replace(made, top=options.top)


async def preview(
    store: Store,
    subscription: Subscription,
    days: int,
    until: date,
    *,
    sampled: int | None = None,
    everything: bool = False,
) -> PreviewReport:
    """What `subscription` would have posted in the `days` local days up to `until`.

    sampled: of so many of the last days the samples are; None: of all. everything: whether all
    matches are put in order, not only as many as digests and samples show.
    """
    asked = _Asked(subscription, days, until, None if everything or sampled else SAMPLES)
    # The thousands of objects of a broad filter are no garbage, and no reason to look for some.
    with held_back():
        return await _preview(store, asked, sampled)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a preview is about. best: how many of each digest are wanted at least; None: all."""

    subscription: Subscription
    days: int
    until: date
    best: int | None


async def _preview(store: Store, about: _Asked, sampled: int | None) -> PreviewReport:
    subscription, days, until = about.subscription, about.days, about.until
    topic = subscription.filter
    # A day more on each side: sightings carry their source's date, not ours.
    window = SearchRequest(
        root=loosened(topic.root),
        today=until,
        limit=MOST_PREVIEWED,
        since=until - timedelta(days=days),
        until=until + timedelta(days=1),
    )
    nearby = tighter(topic)[:MOST_VARIANTS]
    trees = [expand(one.root) for one in (topic, *(variant.topic for variant in nearby))]
    past = await store.papers.look_back(window, worth_telling(trees))
    taste = await store.feedback.taste(subscription.channel)
    # Others are answered beside a broad filter.
    looked = await asyncio.to_thread(_look_back, about, past, nearby, taste)
    asked = replace(window, since=until - timedelta(days=days - 1), until=until, limit=0)
    before = (await store.papers.search(replace(asked, root=topic.root))).total
    first = until - timedelta(days=(sampled or days) - 1)
    recent = (one for one in looked.papers if not sampled or _announced(one) >= first)
    return PreviewReport(
        topic=topic,
        typed=subscription.typed,
        days=days,
        until=until,
        scanned=(await store.papers.search(replace(asked, root=None))).total,
        papers=looked.papers,
        samples=await explained(store, topic, list(islice(recent, SAMPLES))),
        by_day=looked.by_day,
        issues=looked.issues,
        top=subscription.top,
        cause=looked.cause,
        looser=await nearest_looser(store, topic, asked, more_than=before),
        tighter=looked.tighter,
        unknown=await unknown_words(store, topic.root, asked) if looked.matches < FEW else (),
    )


@dataclass(frozen=True, slots=True)
class _Looked:
    """What follows from the arrivals alone."""

    matches: int
    papers: tuple[Ranked, ...]
    by_day: tuple[tuple[date, int], ...]
    issues: tuple[Issue, ...]
    cause: tuple[str, float] | None
    tighter: Near | None


def _look_back(about: _Asked, past: LookBack, nearby: Sequence[Variant], taste: Taste) -> _Looked:
    """Match and compose once more what arrived. Pure."""
    zone, topic = ZoneInfo(about.subscription.zone), about.subscription.filter
    began, end = _start(about.until, zone, 1 - about.days), _start(about.until, zone, 1)
    papers = {one.paper.key: one.paper for one in past.arrivals}
    sieve = Sieve(papers, past.told, document if past.brief else folded)
    found = [one for one in matched(topic.root, past.arrivals, sieve) if began <= one.at < end]
    begun = replace(about.subscription, created_at=began)
    digests = tuple(issues(begun, found, end, sieve, taste, best=about.best))
    return _Looked(
        matches=len(found),
        papers=tuple(
            sorted(
                (one for issue in digests for one in issue.ranked),
                key=lambda one: best_first(one.score, one.paper),
            )
        ),
        by_day=_by_day(found, zone, about.days, about.until),
        issues=digests,
        cause=_cause(topic.root, found, sieve),
        tighter=_tighter(nearby, found, sieve),
    )


def _announced(one: Ranked) -> date:
    return one.paper.announced_on or date.min


def _start(day: date, zone: ZoneInfo, offset: int) -> datetime:
    local = datetime.combine(day + timedelta(days=offset), time(), zone)
    return local.astimezone(UTC)


def _by_day(
    found: Sequence[Match], zone: ZoneInfo, days: int, until: date
) -> tuple[tuple[date, int], ...]:
    counted = Counter(one.at.astimezone(zone).date() for one in found)
    every = (until - timedelta(days=before) for before in range(days - 1, -1, -1))
    return tuple((day, counted[day]) for day in every)


def _cause(root: Node, found: Sequence[Match], sieve: Sieve) -> tuple[str, float] | None:
    """The word among alternatives (a filter's own, or other forms of a word) most matches have."""
    terms = list(_alternatives(root))[:MOST_WORDS]
    if not found or len(terms) < 2:
        return None
    here = frozenset(one.arrival.paper.key for one in found)
    count = {term: len(sieve.holding(term, here)) for term in terms}
    most = max(terms, key=lambda term: count[term])
    return quoted(most), count[most] / len(found)


def _alternatives(node: Node) -> list[Text]:
    """Words of which a match needs only one."""
    match node:
        case Or(parts):
            return [form for part in parts for term in positive_texts(part)
                    for form in (term, *other_forms(term))]  # fmt: skip
        case And(parts):
            return [term for part in parts for term in _alternatives(part)]
        case Text():
            forms = (node, *other_forms(node))
            return list(forms) if len(forms) > 1 else []
        case _:
            return []


def _tighter(nearby: Sequence[Variant], found: Sequence[Match], sieve: Sieve) -> Near | None:
    """The variant that leaves out the fewest papers, but some."""
    when = happened((one.arrival, one.at) for one in found)
    near = []
    for variant in nearby:
        tree = expand(variant.topic.root)
        kept = sum(len(sieve.matching(tree, keys, *time)) for time, keys in when.items())
        if 0 < kept < len(found):
            near.append(Near(variant, kept))
    return max(near, key=lambda one: one.matches, default=None)


async def explained(
    store: Store, topic: TopicFilter, papers: Sequence[Ranked]
) -> tuple[Ranked, ...]:
    """Papers of a report with all that is known of them, and why each one matches."""
    whole = await store.papers.load([one.paper.key for one in papers])
    made = []
    for one in papers:
        stored = whole.get(one.paper.key, one.paper)
        paper = replace(stored, events=one.paper.events)  # what had been said of it then
        made.append(replace(one, paper=paper, why=reasons(topic, folded(paper), paper)))
    return tuple(made)
