"""Named places on a paper's way, where tests let a process die, freeze or stumble.

Nothing happens at them unless `break_at` was called, which only the configuration does, and only
when it is told to by PAPERS_FAILPOINT.
"""

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """Where the path may break, in the order it is walked."""

    READ = "ingest.read"  # a source has answered, nothing is stored
    SAVED = "ingest.saved"  # papers and cursor are stored
    MATCHED = "plan.matched"  # filters were asked, nothing is stored
    PLANNED = "plan.stored"  # hits are stored
    DECIDED = "compose.decided"  # a digest is rendered, nothing is stored
    COMPOSED = "compose.stored"  # its messages are owed
    CLAIMED = "deliver.claimed"  # the lane is leased, the message is `sending`; not sent
    WRITING = "deliver.writing"  # connected; the request is the next thing to be written
    ANSWERED = "deliver.answered"  # the platform has it and has said so; no receipt yet
    RECORDED = "deliver.recorded"  # the receipt is stored
    ADOPTED = "reconcile.adopted"  # somebody else's unclear message is ours to look after
    LOOKED = "reconcile.looked"  # the channel was read back, nothing is stored
    SETTLED = "reconcile.settled"  # what was found is stored
    OPENED = "store.opened"  # a connection to the database has been opened
    COMMITTING = "store.committing"  # a transaction that writes is complete but for its COMMIT
    COMMITTED = "store.committed"  # the database has taken it, the caller has not heard yet


Breaker = Callable[[Step, object], None]


def _nothing(_step: Step, _about: object) -> None:
    """Go on."""


_breaker: Breaker = _nothing


def passing(step: Step, about: object = None) -> None:
    """Say that this step is reached; `about` is what it works on."""
    _breaker(step, about)


def break_at(breaker: Breaker | None) -> None:
    """Let `breaker` decide what happens at each step from now on; None: nothing."""
    global _breaker  # noqa: PLW0603 - one switch for the whole process, set before it works
    _breaker = breaker or _nothing
