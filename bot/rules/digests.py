"""Matching papers → the ranked, capped message a channel gets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.model.message import Action, Digest
from bot.model.paper import Event, Paper, PaperKey
from bot.model.record import Choice
from bot.model.subscription import Every, Platform, Subscription
from bot.model.topic import TopicFilter
from bot.rules.cards import card, card_actions
from bot.rules.document import Document
from bot.rules.ranking import Score
from bot.rules.studying import Study
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
    studied = Study(topic, today, documents)
    happened = [(paper, (events or {}).get(paper.key, Event.NEW)) for paper in papers]
    ranked = studied.ranked(happened, taste)
    read = len(ranked) if explained is None else explained
    return [
        Ranked(paper, found, studied.why(paper) if place < read else ())
        for place, (paper, found) in enumerate(ranked)
    ]


def rank_candidates(
    subscription: Subscription,
    choice: Choice,
    studied: Study,
    taste: Taste = NO_TASTE,
    *,
    all_explained: bool = False,
) -> list[Ranked]:
    """The same for stored matches, adding the channel's other subscriptions that match.

    studied: of the subscription's filter on that day. Those a digest can show get their place,
    their reasons and what else matches them, or all of them.
    """
    read = max(subscription.top, MOST_SINGLE_POSTS)
    if all_explained:
        read = len(choice.papers)
    happened = [(one.paper, one.event) for one in choice.papers]
    ranked = studied.ranked(happened, taste, *(() if all_explained else (read,)))
    matched = {one.paper.key: one for one in choice.papers}
    return [
        Ranked(paper, found, studied.why(paper), choice.also(matched[paper.key]))
        if place < read
        else Ranked(paper, found, ())
        for place, (paper, found) in enumerate(ranked)
    ]


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
