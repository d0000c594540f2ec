"""Where people are heard: Slack by Socket Mode or HTTP, Discord by its gateway or HTTP."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from adapters.web import Door, Route
from bot.commands.desk import Desk
from bot.model.errors import BotError, ConfigError
from bot.ports import Clock, Meter, Store
from config.holding import Held
from config.settings import Settings

if TYPE_CHECKING:
    from adapters.discord.listen import DiscordListener
    from adapters.slack.listen import SlackListener

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 90.0
"""A connection that breaks at once is not retried faster: Discord counts every login."""

STEADY_S = 600.0
"""A connection that held so long starts over with short pauses."""

GATEWAY_LEASE = 0.75
"""Part of a worker's lease on a channel: people wait for an answer where a process was lost."""

Connection = tuple[str, Callable[[], Awaitable[None]]]
"""A platform and what keeps its connection, until it breaks."""


class Ears:
    """The platforms this installation listens to. Their libraries are loaded only with a token."""

    def __init__(
        self,
        settings: Settings,
        desk: Desk,
        store: Store,
        clock: Clock,
        meter: Meter,
        *,
        holder: str,
    ) -> None:
        self._settings = settings
        self._holder = holder
        self._desk = desk
        self._store = store
        self._clock = clock
        self._meter = meter
        self._slack: SlackListener | None = None
        if settings.slack_on:
            from config import slack_parts  # noqa: PLC0415 - only with a token

            self._slack = slack_parts.listener(settings, desk, store, clock)
        self._discord: DiscordListener | None = None
        if settings.discord_on:
            from config import discord_parts  # noqa: PLC0415 - only with a token

            self._discord = discord_parts.listener(settings, desk, store, clock, meter)

    def routes(self) -> list[Route | Door]:
        """What platforms and browsers call us under."""
        found: list[Route | Door] = []
        if self._slack is not None:
            from config import slack_parts  # noqa: PLC0415 - only with a token

            found += slack_parts.doors(self._settings, self._store, self._clock, self._slack)
        if self._discord is not None and self._discord.http is not None:
            found.append(Route("/discord/interactions", self._discord.http.receive))
        return found

    def connections(self) -> list[Connection]:
        """What we call, and stay connected to."""
        found: list[Connection] = []
        settings, slack = self._settings, self._slack
        if slack is not None and settings.slack_app_token is not None:
            app_token = settings.slack_app_token.get_secret_value()
            found.append(("slack", lambda: slack.run_socket_mode(app_token)))
        if self._discord is not None:
            found += self._discord_connections(self._discord)
            found.append(("discord roll call", self._roll_call))
        return found

    def _discord_connections(self, discord: "DiscordListener") -> list[Connection]:
        """One for each shard, each held by one process at a time; or the one that is called."""
        if discord.http is not None:
            return [("discord", discord.run)]
        count = self._settings.discord_shards
        return [
            (f"discord {one}" if count > 1 else "discord", self._shard(discord, one, count))
            for one in range(count)
        ]

    def _shard(
        self, discord: "DiscordListener", number: int, count: int
    ) -> Callable[[], Awaitable[None]]:
        # The database is asked before any login, so that a crash loop at the start costs none.
        name = "discord gateway" if count == 1 else f"discord gateway {number} of {count}"
        return lambda: self._held(name).run(lambda: discord.run(number))

    async def _roll_call(self) -> None:
        from config import discord_parts  # noqa: PLC0415 - only with a token

        calling = (self._settings, self._store, self._clock, self._meter)
        await self._held("discord roll call").run(lambda: discord_parts.call_the_roll(*calling))

    def _held(self, name: str) -> Held:
        length = timedelta(seconds=GATEWAY_LEASE * self._settings.lease_s)
        return Held(self._store.leases, self._clock, name=name, holder=self._holder, length=length)

    @property
    def gateway_open(self) -> bool:
        """Whether this process is connected to Discord's gateway now."""
        discord = self._discord
        return discord is not None and discord.http is None and discord.ready

    async def drain(self) -> None:
        """Let answers under way go out."""
        if self._slack is not None:
            await self._slack.drain()
        if self._discord is not None:
            await self._discord.drain()


async def supervised(platform: str, listen: Callable[[], Awaitable[None]]) -> None:
    """Keep a connection up: what ends it is logged, and it is taken up again after a pause."""
    pause = FIRST_PAUSE_S
    now = asyncio.get_running_loop().time
    while True:
        began = now()
        try:
            await listen()
        except ConfigError as error:
            log.error(  # noqa: TRY400 - a person must act; a trace would say nothing more
                "platform off until its token is mended",
                extra={"platform": platform, "problem": str(error)},
            )
            return
        except BotError as error:
            log.error(  # noqa: TRY400 - the error says all there is
                "connection not made",
                extra={"platform": platform, "problem": str(error), "again_in_s": pause},
            )
        except Exception:  # the one catch-all: no platform may end the whole bot
            log.exception("connection lost", extra={"platform": platform, "again_in_s": pause})
        if now() - began > STEADY_S:
            pause = FIRST_PAUSE_S
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_S)
