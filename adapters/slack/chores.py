"""Work that goes on after a request was acknowledged."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from bot.model.errors import BotError

T = TypeVar("T")

DRAIN_SECONDS = 5.0
TURNS = 5

log = logging.getLogger(__name__)


class Chores:
    """Keeps count of what is under way, so that the end can wait for it."""

    def __init__(self) -> None:
        self._working: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it beside what goes on now; a mistake in it ends in the log."""
        self.begin(_guarded(work))

    def begin(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Work that somebody may wait for, and that goes on when they give up."""
        # No TaskGroup: it belongs to no request, and `drain` waits for it.
        task = asyncio.get_running_loop().create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the work of the current task in."""
        task = asyncio.current_task()
        if task is not None:
            self._working.add(task)
        try:
            yield
        finally:
            if task is not None:
                self._working.discard(task)

    async def drain(self) -> None:
        """Let what is under way come to its end, and what that begins, for a few seconds at most."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + DRAIN_SECONDS
        for _ in range(TURNS):  # what was acknowledged just now begins
            await asyncio.sleep(0)
        while self._working and (left := ends - loop.time()) > 0:
            await asyncio.wait(set(self._working), timeout=left)


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except BotError as problem:
        log.warning("work failed", extra={"reason": type(problem).__name__})
    except Exception:  # nobody waits for it, so the log is the only place that can tell
        log.exception("a mistake of ours in the work for Slack")
