"""The last look at a lease: when a request is written, not only when it is begun.

In between a token is read and a connection opened. A process that is frozen there wakes up when
others have long sent the message, with the request next in hand. The engine says until when a
request may be written; whoever writes to the network asks here, with nothing but the write to come.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from bot.model.steps import Step, passing


class TooLate(Exception):
    """The request must not be written any more."""


@dataclass(slots=True)
class Permit:
    """Until when requests of one delivery may be written. withheld: one was not, for that reason."""

    until: datetime
    now: Callable[[], datetime]
    withheld: bool = False


_permit: ContextVar[Permit | None] = ContextVar("permit", default=None)


@contextmanager
def permitted(until: datetime, now: Callable[[], datetime]) -> Iterator[Permit]:
    """Requests made inside are written until then, by this clock, or not at all."""
    permit = Permit(until, now)
    token = _permit.set(permit)
    try:
        yield permit
    finally:
        _permit.reset(token)


def about_to_write() -> None:
    """Raise TooLate if the request may not be written any more; outside of a delivery it may."""
    permit = _permit.get()
    if permit is None:
        return
    passing(Step.WRITING)
    if permit.now() > permit.until:
        permit.withheld = True
        raise TooLate
