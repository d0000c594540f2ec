"""The answer to `why`: the stages of every subscription, and what would change the outcome."""

from collections.abc import Iterator

from bot.commands.explaining import Explanation, Why
from bot.model.message import Action, Notice
from bot.rules.ranking import Score

MOST_CHANGES = 2


def explained(report: Why) -> Notice:
    """The stages of every subscription."""
    title = f"Why {report.history.paper.title}?"
    if not report.explanations:
        return Notice(
            heading=title,
            lines=("This channel has no subscriptions, so nothing could bring it here.",),
        )
    lines = [line for one in report.explanations for line in _lines(one)]
    numbers = _numbers(report)
    return Notice(
        heading=title,
        lines=(*lines, *([numbers] if numbers else [])),
        actions=tuple(_actions(report)),
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


def _numbers(report: Why) -> str:
    """Where the counters on the card come from."""
    metrics = report.history.paper.metrics
    counted = {
        "upvotes": metrics.upvotes,
        "comments": metrics.comments,
        "stars of its code": metrics.stars,
    }
    known = [f"{count} {name}" for name, count in counted.items() if count is not None]
    if not known:
        return ""
    return f"Counters: {', '.join(known)}, as its sources said when they were last read."
