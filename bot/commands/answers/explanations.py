"""The answer to `why`: the stages of every subscription, and what would change the outcome."""

from collections.abc import Iterator

from bot.commands.answers.subscriptions import damaged_words
from bot.commands.explaining import Explanation, Why
from bot.model.message import Action, Notice
from bot.rules.cards import FIRST_AUTHORS, how_many
from bot.rules.ranking import Score

MOST_CHANGES = 2


def explained(report: Why) -> Notice:
    """The stages of every subscription."""
    title = f"Why {report.history.paper.title}?"
    lines = list(_posted_before(report))
    if not report.explanations and not report.damaged:
        nothing = "This channel has no subscriptions, so nothing could bring it here."
        left = "This channel has no subscriptions now."
        return Notice(heading=title, lines=(*lines, left if lines else nothing))
    lines += [line for one in report.explanations for line in _lines(one)]
    lines += map(damaged_words, report.damaged)
    return Notice(
        heading=title,
        lines=(*lines, *_numbers(report)),
        actions=tuple(_actions(report)),
    )


def _posted_before(report: Why) -> Iterator[str]:
    """Where and when it was posted, if no stage of a subscription says so."""
    told = any(step.name == "posted" for one in report.explanations for step in one.steps)
    for shown in report.history.shown[:1]:
        if shown.state == "sent" and not told:
            yield (
                f"It was posted in this channel by “{shown.subscription}” on "
                f"{shown.at:%Y-%m-%d %H:%M} UTC."
            )


def _lines(explanation: Explanation) -> Iterator[str]:
    subscription = explanation.subscription
    yield f"{subscription.name} ({subscription.filter.canonical})"
    for step in explanation.steps:
        yield f"{'yes' if step.passed else 'no'}: {step.name}, {step.detail}"
    if explanation.score is not None:
        yield f"score {points(explanation.score)}"
    if explanation.change is not None:
        change = explanation.change
        yield f"{_capital(change.change)} it would match: {change.topic.canonical}"


def points(score: Score) -> str:
    """`7.6: 3 (1 in the title, 0 in the abstract) + 4.6 (23 upvotes, 2 days old)`."""
    parts = " + ".join(f"{round(value, 2):.3g} ({words})" for words, value in score.parts)
    return f"{score.total:.3g}: {parts.replace('+ -', '− ')}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _actions(report: Why) -> Iterator[Action]:
    changes = [one for one in report.explanations if one.change is not None]
    for one in changes[:MOST_CHANGES]:
        if one.change is not None:
            text = one.change.topic.canonical
            yield Action(f"Change {one.subscription.name}", f"edit {one.subscription.name} {text}")
            yield Action("Preview the change", f"preview {text}")


def _numbers(report: Why) -> Iterator[str]:
    """Where every number on the card comes from."""
    paper = report.history.paper
    metrics = paper.metrics
    counted = {"upvote": metrics.upvotes, "comment": metrics.comments, "star": metrics.stars}
    known = [how_many(count, name) for name, count in counted.items() if count is not None]
    if metrics.stars is not None:
        known[-1] += " of its code"
    if known:
        yield (
            f"Counters: {', '.join(known)}, as its sources said when they were last read; "
            "a card keeps those of when it was posted."
        )
    dated = []
    if paper.version is not None:
        dated.append(f"version {paper.version} is the newest a source has named")
    if paper.published_on is not None:
        dated.append(f"{paper.published_on.isoformat()} is the date of its first version")
    if dated:
        yield _capital("; ".join(dated)) + "."
    if len(paper.authors) > FIRST_AUTHORS:
        yield f"It has {len(paper.authors)} authors; a card names {FIRST_AUTHORS}."
    if report.tally is not None:
        yield "Votes in this channel: {} relevant, {} not for us.".format(*report.tally)
