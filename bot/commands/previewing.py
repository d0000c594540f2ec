"""`preview`: what a filter would have brought, found by the rules of the real run."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands.nearby import MOST_VARIANTS, Near, nearest_looser, unknown_words
from bot.commands.options import read_options, split_options
from bot.model.command import Preview
from bot.model.record import Arrival, SearchRequest
from bot.model.subscription import Cadence, Channel, Subscription
from bot.model.topic import And, Node, Or, Text, TopicFilter
from bot.ports import Store
from bot.rules.digests import Ranked
from bot.rules.document import folded
from bot.rules.matching import expand, matches, places
from bot.rules.parse import parse_filter
from bot.rules.ranking import order as best_first
from bot.rules.ranking import positive_texts
from bot.rules.reading import quoted
from bot.rules.reasons import reasons
from bot.rules.replay import Issue, Match, issues, loosened, matched
from bot.rules.saved import resolve
from bot.rules.synonyms import other_forms
from bot.rules.taste import Taste
from bot.rules.variants import Variant, tighter

MOST_PREVIEWED = 100_000
MOST_LOOKED_AT = 2_000
MOST_TRIED = 60
"""Matches asked about words, and about each variant; of more, every so-manieth is."""

FIREHOSE_PER_DAY = 10
MOST_WORDS = 16
FEW = 3
"""With fewer matches the preview says which words stand in no paper at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewReport:
    """What a filter would have brought between two local dates, both included.

    papers: all matches, best first. by_day: matches on each local date. issues: the digests it
    would have been. cause: the alternative that stands in most matches, and in what part of them.
    unknown: words of the filter that stand in no stored paper.
    """

    topic: TopicFilter
    days: int
    until: date
    scanned: int
    papers: tuple[Ranked, ...]
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
        return len(self.papers)

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
    store: Store, subscription: Subscription, days: int, until: date
) -> PreviewReport:
    """What `subscription` would have posted in the `days` local days up to `until`."""
    topic = subscription.filter
    # A day more on each side: sightings carry their source's date, not ours.
    window = SearchRequest(
        root=loosened(topic.root),
        today=until,
        limit=MOST_PREVIEWED,
        since=until - timedelta(days=days),
        until=until + timedelta(days=1),
    )
    arrivals = await store.papers.arrivals(window)
    taste = await store.feedback.taste(subscription.channel)
    # A broad filter takes a second, and people are answered beside it.
    looked = await asyncio.to_thread(_look_back, subscription, days, until, arrivals, taste)
    asked = replace(window, since=until - timedelta(days=days - 1), until=until, limit=0)
    before = (await store.papers.search(replace(asked, root=topic.root))).total
    return PreviewReport(
        topic=topic,
        days=days,
        until=until,
        scanned=(await store.papers.search(replace(asked, root=None))).total,
        papers=looked.papers,
        by_day=looked.by_day,
        issues=looked.issues,
        top=subscription.top,
        cause=looked.cause,
        looser=await nearest_looser(store, topic, asked, more_than=before),
        tighter=looked.tighter,
        unknown=await unknown_words(store, topic.root, asked) if len(looked.papers) < FEW else (),
    )


@dataclass(frozen=True, slots=True)
class _Looked:
    """What follows from the arrivals alone."""

    papers: tuple[Ranked, ...]
    by_day: tuple[tuple[date, int], ...]
    issues: tuple[Issue, ...]
    cause: tuple[str, float] | None
    tighter: Near | None


def _look_back(
    subscription: Subscription, days: int, until: date, arrivals: Sequence[Arrival], taste: Taste
) -> _Looked:
    """Match and compose once more what arrived. Pure."""
    zone, topic = ZoneInfo(subscription.zone), subscription.filter
    began, end = _start(until, zone, 1 - days), _start(until, zone, 1)
    found = [one for one in matched(topic.root, arrivals) if began <= one.at < end]
    digests = tuple(issues(replace(subscription, created_at=began), found, end, taste))
    papers = sorted(
        (one for issue in digests for one in issue.ranked),
        key=lambda one: best_first(one.score, one.paper),
    )
    return _Looked(
        papers=tuple(papers),
        by_day=_by_day(found, zone, days, until),
        issues=digests,
        cause=_cause(topic.root, _some(found, MOST_LOOKED_AT)),
        tighter=_tighter(topic, found),
    )


def _some(found: Sequence[Match], most: int) -> Sequence[Match]:
    """All, or every so-manieth."""
    return found[:: max(1, -(-len(found) // most))]


def _start(day: date, zone: ZoneInfo, offset: int) -> datetime:
    local = datetime.combine(day + timedelta(days=offset), time(), zone)
    return local.astimezone(UTC)


def _by_day(
    found: Sequence[Match], zone: ZoneInfo, days: int, until: date
) -> tuple[tuple[date, int], ...]:
    counted = Counter(one.at.astimezone(zone).date() for one in found)
    every = (until - timedelta(days=before) for before in range(days - 1, -1, -1))
    return tuple((day, counted[day]) for day in every)


def _cause(root: Node, found: Sequence[Match]) -> tuple[str, float] | None:
    """The word among alternatives (a filter's own, or other forms of a word) most matches have."""
    terms = list(_alternatives(root))[:MOST_WORDS]
    if not found or len(terms) < 2:
        return None
    count = {term: sum(1 for one in found if places(term, one.document)) for term in terms}
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


def _tighter(topic: TopicFilter, found: Sequence[Match]) -> Near | None:
    """The variant that leaves out the fewest papers, but some: chosen by some, counted on all."""
    some = _some(found, MOST_TRIED)
    near = []
    for variant in tighter(topic)[:MOST_VARIANTS]:
        kept = _kept(variant, some)
        if 0 < kept < len(some):
            near.append((kept, variant))
    if not near:
        return None
    _, nearest = max(near, key=lambda one: one[0])
    return Near(nearest, _kept(nearest, found))


def _kept(variant: Variant, found: Sequence[Match]) -> int:
    root = expand(variant.topic.root)
    return sum(
        matches(root, one.document, event=one.arrival.event, today=one.at.date()) for one in found
    )


def explained(report: PreviewReport, most: int | None = None) -> tuple[Ranked, ...]:
    """The first papers of a report, with their reasons."""
    return tuple(
        replace(one, why=reasons(report.topic, folded(one.paper), one.paper))
        for one in report.papers[:most]
    )
