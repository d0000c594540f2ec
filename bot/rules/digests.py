"""Matching papers → the ranked, capped message a channel gets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.model.message import Action, Digest
from bot.model.paper import Event, Paper, PaperKey
from bot.model.record import Candidate
from bot.model.subscription import Every, Platform, Subscription
from bot.model.topic import Node, TopicFilter
from bot.rules.cards import card, card_actions
from bot.rules.document import Document
from bot.rules.document import folded as folded_once
from bot.rules.ranking import Occasion, Score, order, positive_texts, score
from bot.rules.reasons import reasons
from bot.rules.synonyms import expand
from bot.rules.taste import NO_TASTE, Taste
from bot.rules.variety import varied

MOST_SINGLE_POSTS = 5
"""More at once become one digest, so that a long absence or a bulk import floods nobody."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper with its score and, where somebody will read them, the reasons it matched."""

    paper: Paper
    score: Score
    why: tuple[str, ...]
    also: tuple[str, ...] = ()


def rank(  # noqa: PLR0913 - all but three have a use in one place only
    topic: TopicFilter,
    papers: Sequence[Paper],
    today: date,
    *,
    events: Mapping[PaperKey, Event] | None = None,
    taste: Taste = NO_TASTE,
    explained: int | None = None,
    documents: Mapping[PaperKey, Document] | None = None,
) -> list[Ranked]:
    """Matching papers, best first, near-equal ones apart.

    events: what brought each paper, where that is known. explained: how many of the first get
    their reasons; None: all. documents: the papers folded, where somebody has done it before.
    """
    root: Node = expand(topic.root)
    own = frozenset(token for term in positive_texts(root) for token in term.tokens)
    taste = taste.without(own)
    scored = []
    documents = documents or {paper.key: folded_once(paper) for paper in papers}
    for paper in papers:
        folded = documents[paper.key]
        occasion = Occasion(today, (events or {}).get(paper.key, Event.NEW), taste)
        scored.append((paper, score(root, folded, paper, occasion)))
    scored.sort(key=lambda one: order(one[1], one[0]))
    ranked = varied(scored, own)
    read = len(ranked) if explained is None else explained
    return [
        Ranked(paper, found, reasons(topic, documents[paper.key], paper) if place < read else ())
        for place, (paper, found) in enumerate(ranked)
    ]


def rank_candidates(
    subscription: Subscription,
    candidates: Sequence[Candidate],
    today: date,
    taste: Taste = NO_TASTE,
    *,
    all_explained: bool = False,
) -> list[Ranked]:
    """The same for stored matches, adding the channel's other subscriptions that match.

    Those a digest can show get their reasons, or all of them.
    """
    also = {candidate.paper.key: candidate.also for candidate in candidates}
    events = {candidate.paper.key: candidate.event for candidate in candidates}
    papers = [one.paper for one in candidates]
    ranked = rank(
        subscription.filter,
        papers,
        today,
        events=events,
        taste=taste,
        explained=None if all_explained else max(subscription.top, MOST_SINGLE_POSTS),
    )
    return [Ranked(one.paper, one.score, one.why, also[one.paper.key]) for one in ranked]


def posted_singly(subscription: Subscription, count: int) -> bool:
    """Whether so many papers at once come as a message each."""
    return subscription.cadence.every is Every.INSTANT and count <= MOST_SINGLE_POSTS


def shown_of(subscription: Subscription, ranked: Sequence[Ranked]) -> Sequence[Ranked]:
    """Those of a period's papers the channel is shown; the rest is counted."""
    return ranked if posted_singly(subscription, len(ranked)) else ranked[: subscription.top]


def digest(
    subscription: Subscription,
    ranked: Sequence[Ranked],
    day: date,
    *,
    note: str = "",
    period: str = "",
) -> Digest:
    """Those of them the channel is shown; the rest is counted, not hidden.

    period: the label of a stored digest, so that its rest can be asked for.
    """
    shown = shown_of(subscription, ranked)
    omitted = len(ranked) - len(shown)
    return Digest(
        heading=heading(subscription, len(ranked), day),
        cards=tuple(
            card(
                one.paper,
                why=_why(one),
                mode=subscription.mode,
                **card_actions(one.paper.key, subscription.name),
            )
            for one in shown
        ),
        omitted=omitted,
        note=note,
        footer=footer(subscription),
        name=subscription.name,
        mode=subscription.mode,
        actions=(rest_action(subscription, period),) if omitted and period else (),
    )


def rest_action(subscription: Subscription, period: str) -> Action:
    """What lists exactly the papers this digest counted but did not show."""
    return Action("Show the rest", f"rest #{subscription.id} {period}")


def heading(subscription: Subscription, count: int, day: date) -> str:
    """Name, count and day, as in `alignment: 3 new papers, Monday 23 November 2026`."""
    papers = "1 new paper" if count == 1 else f"{count} new papers"
    return f"{subscription.name}: {papers}, {day:%A} {day.day} {day:%B %Y}"


def footer(subscription: Subscription) -> str:
    """Which subscription this is and how to stop it there."""
    stop = "/papers unsubscribe "
    if subscription.channel.platform is Platform.DISCORD:
        stop = "/papers-admin unsubscribe name:"
    return (
        f"Subscription “{subscription.name}”: {subscription.filter.canonical} · "
        f"stop it with {stop}{subscription.name}"
    )


def _why(one: Ranked) -> tuple[str, ...]:
    if not one.also:
        return one.why
    return (*one.why, "also in " + ", ".join(f"“{name}”" for name in one.also))
