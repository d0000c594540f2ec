"""Fail points: what PAPERS_FAILPOINT makes the process do at the steps of `bot/model/steps.py`.

For tests alone. `STEP=ACTION[@N]`, several with commas; N is the how-manyeth passing it happens at
(1 by default, `*` for each one). Actions: `kill` ends the process at once, as `kill -9` would, and
`kill:WORD` only over what mentions the word;
`stop` freezes it until SIGCONT; `sleep:SECONDS` blocks it; `pages:N` lets an SQLite database grow
by so many pages and no more, as a full disk would.
"""

import os
import signal
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from bot.model.errors import ConfigError
from bot.model.steps import Step, break_at

KILLED = 137
"""The exit code a shell reports for `kill -9`."""


@dataclass(frozen=True, slots=True)
class FailPoint:
    """What happens at a step. at: the passing it happens at, 0 for every one.

    word: what it has to be about, empty for anything.
    """

    step: Step
    action: str
    number: float
    at: int
    word: str = ""


def read(text: str) -> tuple[FailPoint, ...]:
    """The fail points of a setting. Raises ValueError for a step or action there is not."""
    return tuple(_read_one(part.strip()) for part in text.split(",") if part.strip())


def _read_one(text: str) -> FailPoint:
    step, _, what = text.partition("=")
    what, _, times = what.partition("@")
    action, _, number = what.partition(":")
    if step not in set(Step) or action not in {"kill", "stop", "sleep", "pages"}:
        raise ValueError("names a step or action there is not; see config/failpoints.py")
    at = 0 if times == "*" else int(times or 1)
    if action == "kill":
        return FailPoint(Step(step), action, 0, at, word=number)
    return FailPoint(Step(step), action, float(number or 0), at)


def arm(points: tuple[FailPoint, ...]) -> None:
    """Switch them on. Raises ConfigError when there is nothing to switch on."""
    if not points:
        raise ConfigError("PAPERS_FAILPOINT names no fail point")
    passed: Counter[Step] = Counter()

    def breaker(step: Step, about: object) -> None:
        passed[step] += 1
        for point in points:
            if point.step is step and point.at in (0, passed[step]):
                _act(point, about)

    break_at(breaker)


def _act(point: FailPoint, about: Any) -> None:
    match point.action:
        case "kill":
            if point.word in repr(about):
                os._exit(KILLED)
        case "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "sleep":
            time.sleep(point.number)
        case "pages":
            used = about.execute("PRAGMA page_count").fetchone()[0]
            about.execute(f"PRAGMA max_page_count = {used + int(point.number)}")
        case unknown:
            raise AssertionError(unknown)  # `read` lets no other through
