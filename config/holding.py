"""One process at a time does a thing: it holds a lease as long as it does it.

Used for Discord's gateway, where two connections with one token would both answer every command.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.model import metrics
from bot.model.errors import BotError
from bot.ports import Clock, Leases, Meter, Unmetered

log = logging.getLogger(__name__)

KEEP_EVERY = 2 / 9
ASK_EVERY = 1 / 9
GIVE_UP_AFTER = 2 / 3
"""Parts of a lease's length. Without an answer from the database the work ends before anybody else
can have the lease."""

IDENTIFIES_A_DAY = 900
"""Discord resets a bot's token at 1,000 logins in 24 hours (delivery.md §0.9); we end before."""

DAY = timedelta(days=1)


class Held:
    """Does `work` whenever this process has the lease `name`, until cancelled.

    length: how long others wait after a holder was lost without a word.
    """

    def __init__(
        self, leases: Leases, clock: Clock, *, name: str, holder: str, length: timedelta
    ) -> None:
        self._leases = leases
        self._clock = clock
        self._name = name
        self._holder = holder
        self._length = length

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Wait for the lease, work as long as it is ours; ends when the work does.

        Raises what the work raises. The lease is given back whatever happens.
        """
        try:
            while True:
                await self._wait()
                if await self._work(work):
                    return
        finally:
            await self._give_back()

    async def _wait(self) -> None:
        waiting = False
        while await self._hold() is None:
            if not waiting:
                log.info("another process does this", extra={"lease": self._name})
                waiting = True
            await asyncio.sleep(self._seconds(ASK_EVERY))
        log.info("lease taken", extra={"lease": self._name})

    async def _work(self, work: Callable[[], Awaitable[None]]) -> bool:
        """Whether the work came to its own end; False when the lease was lost under it."""
        working = asyncio.ensure_future(work())
        keeping = asyncio.ensure_future(self._keep())
        try:
            await asyncio.wait({working, keeping}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
                return True
            keeping.result()
            log.error("lease lost; the work of it ends here", extra={"lease": self._name})
            return False
        finally:
            for task in (working, keeping):
                task.cancel()
            await asyncio.wait({working, keeping})

    async def _keep(self) -> None:
        """Renew the lease until it is lost, or until nobody can say any more that it is ours."""
        loop = asyncio.get_running_loop()
        sure_at = loop.time()
        generation = held = await self._hold()
        while held is not None and held == generation:
            try:
                async with asyncio.timeout_at(sure_at + self._seconds(GIVE_UP_AFTER)):
                    sure_at, held = await self._renewed()
            except TimeoutError:
                return

    async def _renewed(self) -> tuple[float, int | None]:
        """When the lease was asked for again, and the answer; as often as it takes."""
        while True:
            await asyncio.sleep(self._seconds(KEEP_EVERY))
            asked_at = asyncio.get_running_loop().time()
            try:
                return asked_at, await self._hold()
            except BotError as error:
                log.warning("lease not renewed", extra={"lease": self._name, "problem": str(error)})

    async def _hold(self) -> int | None:
        return await self._leases.hold(
            self._name, self._holder, now=self._clock.now(), length=self._length
        )

    def _seconds(self, part: float) -> float:
        return part * self._length.total_seconds()

    async def _give_back(self) -> None:
        try:
            async with asyncio.timeout(self._seconds(KEEP_EVERY)):
                await asyncio.shield(self._leases.release(self._name, self._holder))
        except (BotError, TimeoutError):
            pass  # it ends by itself


class LoginBudget:
    """Counts logins at Discord's gateway, over all processes and restarts."""

    def __init__(
        self,
        leases: Leases,
        clock: Clock,
        most: int = IDENTIFIES_A_DAY,
        meter: Meter | None = None,
    ) -> None:
        self._leases = leases
        self._clock = clock
        self._most = most
        self._meter = meter or Unmetered()

    async def spend(self) -> None:
        """Count one login before it happens. Raises BotError when the day's are used up."""
        left = await self._leases.spend(
            "discord identify", now=self._clock.now(), most=self._most, within=DAY
        )
        if left is None:
            raise BotError(
                f"No login at Discord: {self._most} in 24 hours are used up, and at 1,000 Discord "
                "resets the bot's token. Commands wait until some are free again; posts go out. See "
                "the log for why the connection broke so often."
            )
        self._meter.count(metrics.GATEWAY_IDENTIFIES)
        if left < self._most // 10:
            log.error("few logins at Discord are left today", extra={"left": left})
