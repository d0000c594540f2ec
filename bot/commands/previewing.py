"""`preview`: what a filter would have brought, found by the rules of the real run."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.commands.nearby import (
    MOST_VARIANTS,
    Near,
    fewest,
    looser_at_two_places,
    unknown_words,
)
from bot.commands.options import read_options, split_options
from bot.model.command import Preview
from bot.model.looking_back import LookBack, LookBackRequest
from bot.model.record import SearchRequest
from bot.model.subscription import Cadence, Channel, Subscription
from bot.model.topic import And, Node, Or, Text, TopicFilter
from bot.ports import Store
from bot.rules.digests import MOST_SINGLE_POSTS, Ranked
from bot.rules.document import folded
from bot.rules.garbage import held_back
from bot.rules.hindsight import Hindsight, Match
from bot.rules.ranking import order as best_first
from bot.rules.ranking import positive_texts
from bot.rules.reading import quoted
from bot.rules.reasons import reasons
from bot.rules.replay import Issue, happened, issues, loosened, matched
from bot.rules.saved import read_filter
from bot.rules.sifting import Sieve, standing_terms, told_terms
from bot.rules.synonyms import expand, other_forms
from bot.rules.taste import NO_TASTE, Taste
from bot.rules.variants import Variant, looser, tighter

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
    the filter that stand in no stored paper. is_past: whether `until` was asked for.
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
    is_past: bool = False

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

    Raises BadFilter, BadOption.
    """
    text, given = split_options(order.filter)
    options = read_options(given)
    topic = read_filter(text, {one.name: one.filter for one in named})
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

    @property
    def topic(self) -> TopicFilter:
        """The subscription's."""
        return self.subscription.filter

    @property
    def since(self) -> date:
        """The first day."""
        return self.until - timedelta(days=self.days - 1)


async def _preview(store: Store, about: _Asked, sampled: int | None) -> PreviewReport:
    topic, until = about.topic, about.until
    stricter = tighter(topic)[:MOST_VARIANTS]
    wider = looser(topic)[:MOST_VARIANTS]
    taste = await store.feedback.taste(about.subscription.channel)
    asked = _question(about, stricter, wider, named=taste is not NO_TASTE)
    past = await store.papers.look_back(asked)
    before, scanned, *totals = past.totals
    # Others are answered beside a broad filter.
    looked = await asyncio.to_thread(_look_back, about, past, stricter, taste)
    first = until - timedelta(days=(sampled or about.days) - 1)
    recent = (one for one in looked.papers if not sampled or _announced(one) >= first)
    here = replace(asked.arrivals, since=about.since, until=until, limit=0)
    near = fewest(wider, totals, before)
    if near is None and not before:
        near = await looser_at_two_places(store, topic, wider, here)
    return PreviewReport(
        topic=topic,
        typed=about.subscription.typed,
        days=about.days,
        until=until,
        scanned=scanned,
        papers=looked.papers,
        samples=await explained(store, topic, list(islice(recent, SAMPLES))),
        by_day=looked.by_day,
        issues=looked.issues,
        top=about.subscription.top,
        cause=looked.cause,
        looser=near,
        tighter=looked.tighter,
        unknown=await unknown_words(store, topic.root, here) if looked.matches < FEW else (),
    )


def _question(
    about: _Asked, stricter: Sequence[Variant], wider: Sequence[Variant], *, named: bool
) -> LookBackRequest:
    """All that the store is asked for at once."""
    root, until = about.topic.root, about.until
    tree = expand(root)
    terms = told_terms([tree, *(expand(one.topic.root) for one in stricter), *_alternatives(root)])
    return LookBackRequest(
        # A day more on each side: sightings carry their source's date, not ours.
        arrivals=SearchRequest(
            root=loosened(root),
            today=until,
            limit=MOST_PREVIEWED,
            since=until - timedelta(days=about.days),
            until=until + timedelta(days=1),
        ),
        days=(about.since, until),
        terms=[*terms, *standing_terms(positive_texts(tree))],
        trees=(root, None, *(one.topic.root for one in wider)),
        named=named,
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
    zone, topic = ZoneInfo(about.subscription.zone), about.topic
    began, end = _start(about.until, zone, 1 - about.days), _start(about.until, zone, 1)
    sieve = Sieve({one.number: one for one in past.glimpses}, past.told)
    found = [one for one in matched(topic.root, past.glimpses, sieve) if began <= one.at < end]
    most = about.best and max(about.best, about.subscription.top, MOST_SINGLE_POSTS)
    hindsight = Hindsight(topic.root, sieve, past.papers, taste, most)
    begun = replace(about.subscription, created_at=began)
    digests = tuple(issues(begun, found, end, hindsight))
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
    counted = Counter[date]()
    for at, count in Counter([one.at for one in found]).items():
        counted[at.astimezone(zone).date()] += count
    every = (until - timedelta(days=before) for before in range(days - 1, -1, -1))
    return tuple((day, counted[day]) for day in every)


def _cause(root: Node, found: Sequence[Match], sieve: Sieve) -> tuple[str, float] | None:
    """The word among alternatives (a filter's own, or other forms of a word) most matches have."""
    terms = list(_alternatives(root))[:MOST_WORDS]
    if not found or len(terms) < 2:
        return None
    here = frozenset(one.glimpse.number for one in found)
    count = {term: len(sieve.holding(term, here)) for term in terms}
    if not _has_choice(root) and sum(map(bool, count.values())) < 2:
        return None  # of a word's other forms only one is there, which says nothing
    most = max(terms, key=lambda term: count[term])
    return quoted(most), count[most] / len(found)


def _has_choice(node: Node) -> bool:
    """Whether a person has written alternatives."""
    return isinstance(node, Or) or (isinstance(node, And) and any(map(_has_choice, node.parts)))


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
    when = happened((one.glimpse, one.at) for one in found)
    near = []
    for variant in nearby:
        tree = expand(variant.topic.root)
        kept = sum(len(sieve.matching(tree, some, *time)) for time, some in when.items())
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
