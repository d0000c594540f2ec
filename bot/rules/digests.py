"""Matching papers → the ranked, capped message a channel gets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.model.message import Action, Card, Digest
from bot.model.paper import Event, Paper, PaperKey
from bot.model.record import Choice
from bot.model.subscription import Every, Platform, Subscription
from bot.model.topic import TopicFilter
from bot.rules.cards import face
from bot.rules.document import folded
from bot.rules.ranking import Score, standing
from bot.rules.studying import Papers, Study
from bot.rules.taste import NO_TASTE, Taste

MOST_SINGLE_POSTS = 5
"""More at once become one digest, so that a long absence or a bulk import floods nobody."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper with its score and, where somebody will read them, the reasons it matched."""

    paper: Paper
    score: Score
    why: tuple[str, ...]
    also: tuple[str, ...] = ()


def rank(
    topic: TopicFilter,
    papers: Sequence[Paper],
    today: date,
    *,
    events: Mapping[PaperKey, Event] | None = None,
    taste: Taste = NO_TASTE,
    explained: int | None = None,
) -> list[Ranked]:
    """Matching papers, best first, near-equal ones apart.

    events: what brought each paper, where that is known. explained: how many of the first get
    their reasons; None: all.
    """
    studied = Study(topic)
    happened = [
        standing(paper, folded(paper), today, (events or {}).get(paper.key, Event.NEW))
        for paper in papers
    ]
    read = len(papers) if explained is None else explained
    return [
        Ranked(papers[place], scored, studied.why(happened[place]) if above < read else ())
        for above, (place, scored) in enumerate(studied.best(happened, taste))
    ]


def rank_candidates(
    subscription: Subscription,
    choice: Choice,
    studied: Study,
    papers: Papers,
    taste: Taste = NO_TASTE,
    *,
    everything: bool = False,
) -> list[Ranked]:
    """The best of stored matches, with the channel's other subscriptions that match.

    studied: of the subscription's filter. papers: of the day it is due. As many as a digest can
    show, or all of them.
    """
    found = papers.of(choice.papers)
    if everything:
        best = studied.best(found, taste)
    else:
        most = max(subscription.top, MOST_SINGLE_POSTS)
        best = studied.best(found, taste, most, most)
    return [
        Ranked(
            found[place].paper, scored, studied.why(found[place]), choice.also(choice.papers[place])
        )
        for place, scored in best
    ]


def posted_singly(subscription: Subscription, count: int) -> bool:
    """Whether so many papers at once come as a message each."""
    return subscription.cadence.every is Every.INSTANT and count <= MOST_SINGLE_POSTS


def shown_of(
    subscription: Subscription, ranked: Sequence[Ranked], count: int | None = None
) -> Sequence[Ranked]:
    """Those of a period's papers the channel is shown; the rest is counted. For `count` see `digest`."""
    count = len(ranked) if count is None else count
    return ranked if posted_singly(subscription, count) else ranked[: subscription.top]


def digest(
    subscription: Subscription,
    ranked: Sequence[Ranked],
    day: date,
    *,
    count: int | None = None,
    note: str = "",
    period: str = "",
) -> Digest:
    """Those of them the channel is shown; the rest is counted, not hidden.

    count: how many there are, where only the best of them are given. period: the label of a stored
    digest, so that its rest can be asked for.
    """
    count = len(ranked) if count is None else count
    shown = shown_of(subscription, ranked, count)
    omitted = count - len(shown)
    stop = stop_action(subscription) if subscription.name else None
    return Digest(
        heading=heading(subscription, count, day),
        cards=tuple(
            Card(face(one.paper, subscription.mode), _why(one), stop=stop) for one in shown
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


def stop_action(subscription: Subscription) -> Action:
    """What stops the subscription from below any of its papers."""
    return Action("Stop this subscription", f"unsubscribe {subscription.name}")


def heading(subscription: Subscription, count: int, day: date) -> str:
    """Name, count and day, as in `alignment: 3 new papers, Monday 23 November 2026`."""
    papers = "1 new paper" if count == 1 else f"{count} new papers"
    return f"{subscription.name}: {papers}, {_in_words(day)}"


@lru_cache(maxsize=64)
def _in_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


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
