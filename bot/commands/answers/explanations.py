"""The answer to `why`: the steps of every subscription."""

from bot.commands.explaining import Explanation, Why
from bot.model.message import Notice


def explained(report: Why) -> Notice:
    """The steps of every subscription."""
    if not report.explanations:
        return Notice(
            heading=f"Why {report.history.paper.title}?",
            lines=("This channel has no subscriptions, so nothing could bring it here.",),
        )
    lines = [line for one in report.explanations for line in _steps(one)]
    return Notice(heading=f"Why {report.history.paper.title}?", lines=tuple(lines))


def _steps(explanation: Explanation) -> list[str]:
    subscription = explanation.subscription
    lines = [f"{subscription.name} ({subscription.filter.canonical})"]
    lines += [
        f"{'yes' if step.passed else 'no'}: {step.name}, {step.detail}"
        for step in explanation.steps
    ]
    return lines
