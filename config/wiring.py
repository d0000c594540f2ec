"""Settings → a running bot: which adapter stands at which port, and who watches the long tasks."""

import asyncio
import logging
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import TextIO

from adapters.clock import Metronome, SharedClock
from adapters.discord.render import render as discord_pages
from adapters.slack.render import render as slack_pages
from adapters.sources.arxiv_api import ArxivApi
from adapters.sources.http import Fetcher, user_agent
from adapters.sources.places import Places
from adapters.sources.registry import open_source
from adapters.store import open_store
from adapters.terminal.render import pages as terminal_pages
from adapters.web import PrometheusMeter, Watch, WebServer
from bot.commands.desk import Desk
from bot.engine.beat import Engine, World
from bot.engine.rezone import rezone
from bot.model.errors import BotError
from bot.model.hint import Hint
from bot.model.subscription import Platform
from bot.ports import Clock, Lookup, Messenger, Meter, PaperSource, Renderer, Store
from config.documents import YamlDocuments
from config.figures import details, page
from config.listening import Ears, supervised
from config.settings import Settings
from config.time import ANCHOR_EVERY_S, Timekeeper, when_settled
from config.zones import use_shipped_zones

log = logging.getLogger(__name__)

STOP_WITHIN_S = 8.0


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything one process is made of."""

    settings: Settings
    store: Store
    clock: Clock
    desk: Desk
    engine: Engine
    meter: PrometheusMeter
    zones: str
    stack: AsyncExitStack


def renderers() -> dict[Platform, Renderer]:
    """How each platform shows a message."""
    return {
        Platform.SLACK: slack_pages,
        Platform.DISCORD: discord_pages,
        Platform.TERMINAL: terminal_pages,
    }


@asynccontextmanager
async def assembled(
    settings: Settings, *, screen: TextIO | None = None, clock: Clock | None = None
) -> AsyncIterator[Parts]:
    """All parts of the bot, connected to nothing but the database yet.

    screen: where `terminal:` channels are shown; None leaves their messages in the outbox.
    """
    clock = clock or SharedClock()
    zones = use_shipped_zones()
    meter = PrometheusMeter()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(
            open_store(settings.database_url, meter=meter, keys=settings.sealing_keys)
        )
        sources, lookup = await _sources(stack, settings, store, clock)
        messengers = await _messengers(stack, settings, store, clock, meter, screen)
        world = World(
            store=store,
            sources=sources,
            renderers=renderers(),
            messengers=messengers,
            clock=clock,
            worker=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}",
            meter=meter,
            lease=timedelta(seconds=settings.lease_s),
            ambiguous=settings.ambiguous,
        )
        desk = Desk(store, clock, lookup, YamlDocuments())
        yield Parts(settings, store, clock, desk, Engine(world), meter, zones, stack)


async def _sources(
    stack: AsyncExitStack, settings: Settings, store: Store, clock: Clock
) -> tuple[dict[str, PaperSource], Lookup | None]:
    """The sources to follow, and the look-up of single papers where we may ask arXiv."""
    fetcher = await stack.enter_async_context(
        Fetcher(
            agent=user_agent(version("paperwire"), settings.contact),
            clock=clock,
            limits=store.limits,
        )
    )
    places = Places(
        hf_endpoint=settings.hf_endpoint,
        hf_token=settings.hf_token.get_secret_value() if settings.hf_token else "",
        arxiv_rss_url=settings.arxiv_rss_url,
        arxiv_oai_url=settings.arxiv_oai_url,
        arxiv_api_url=settings.arxiv_api_url,
    )
    sources = {name: open_source(name, fetcher, places) for name in settings.sources}
    lookup = ArxivApi(fetcher, places.arxiv_api_url) if settings.contact else None
    return sources, lookup


async def _messengers(
    stack: AsyncExitStack,
    settings: Settings,
    store: Store,
    clock: Clock,
    meter: Meter,
    screen: TextIO | None,
) -> dict[Platform, Messenger]:
    messengers: dict[Platform, Messenger] = {}
    if settings.slack_on:
        from config import slack_parts  # noqa: PLC0415 - only with a token

        messengers[Platform.SLACK] = slack_parts.messenger(settings, store, clock)
    if settings.discord_on or settings.discord_webhooks:
        from config import discord_parts  # noqa: PLC0415 - only with a token

        messengers[Platform.DISCORD] = await stack.enter_async_context(
            discord_parts.messenger(settings, store, clock, meter)
        )
    if screen is not None:
        from adapters.terminal.post import TerminalMessenger  # noqa: PLC0415 - only with a screen

        messengers[Platform.TERMINAL] = TerminalMessenger(screen)
    return messengers


async def _checked(parts: Parts) -> Timekeeper:
    """Keys, database, time and time zones are right. Raises what to do where they are not."""
    await parts.store.installations.check_keys()
    await parts.store.upkeep.check()
    timekeeper = Timekeeper(parts.clock, parts.store, parts.meter)
    await timekeeper.anchor()
    await rezone(parts.store, parts.zones)
    return timekeeper


async def run(parts: Parts, *, answers: bool, works: bool) -> None:
    """Be the bot until SIGTERM or SIGINT: answer people, do the work, or both.

    A second signal ends the process at once, which is safe: what was under way is found again.
    """
    stopping = asyncio.Event()
    _on_signals(stopping)
    timekeeper = await _checked(parts)  # before any login
    ears = _ears(parts) if answers else None
    metronome = Metronome(parts.meter)
    async with WebServer(
        parts.settings.port,
        readiness=lambda: _problems(parts.store),
        routes=ears.routes() if ears else (),
        watch=_watch(parts, ears, metronome),
        meter=parts.meter,
    ) as web:
        log.info("ready", extra={"port": web.port})
        metronome.every(ANCHOR_EVERY_S, "clock", timekeeper.anchor)
        for job in parts.engine.jobs() if works else ():
            metronome.every(job.seconds, job.name, when_settled(parts.clock, job))
        metronome.start()
        async with asyncio.TaskGroup() as tasks:
            carrying = tasks.create_task(parts.engine.courier.run()) if works else None
            listening = [
                tasks.create_task(supervised(name, listen))
                for name, listen in (ears.connections() if ears else ())
            ]
            listening += [tasks.create_task(one) for one in _hinted(parts, metronome, works=works)]
            await stopping.wait()
            log.info("stopping")
            web.stopping()
            parts.engine.courier.stop()
            await metronome.stop(within=STOP_WITHIN_S)
            if carrying is not None:
                await asyncio.wait([carrying], timeout=STOP_WITHIN_S)
                carrying.cancel()  # what it had under way will be read back
            if ears is not None:
                await ears.drain()
            for task in listening:
                task.cancel()


def _ears(parts: Parts) -> Ears:
    worker = parts.engine.world.worker
    return Ears(parts.settings, parts.desk, parts.store, parts.clock, parts.meter, holder=worker)


def _watch(parts: Parts, ears: Ears | None, metronome: Metronome) -> Watch:
    token = parts.settings.metrics_token
    return Watch(
        lambda: page(
            parts.meter,
            parts.store,
            parts.clock,
            gateway_open=ears is not None and ears.gateway_open,
        ),
        lambda: details(parts.store, metronome),
        token=token.get_secret_value() if token else "",
    )


def _hinted(
    parts: Parts, metronome: Metronome, *, works: bool
) -> list[Coroutine[object, object, None]]:
    """Who looks at once when another process says that there is something to do."""

    def heard(hint: Hint) -> None:
        match hint:
            case Hint.PAPERS:
                metronome.hasten("advance")
            case Hint.MESSAGES:
                parts.engine.courier.wake()

    return [parts.store.hints.listen(heard)] if works else []


def _on_signals(stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if stopping.is_set():
            os._exit(1)
        stopping.set()

    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop)


async def _problems(store: Store) -> dict[str, str]:
    try:
        await store.upkeep.check()
    except BotError as error:
        return {"database": str(error)}
    return {}
