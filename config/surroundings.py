"""The real world for `papers doctor`: which services to ask, and how."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version

from adapters.clock import SystemClock
from adapters.discord import checkup as discord
from adapters.slack import checkup as slack
from adapters.slack.client import new_client
from adapters.sources.exchange import Request
from adapters.sources.http import Fetcher, user_agent
from adapters.sources.places import with_path
from adapters.store import open_store
from bot.model.errors import BotError, ConfigError
from config.doctor import Answer, Probe, Surroundings
from config.settings import Settings

ENOUGH_BYTES = 20 * 2**20
WITHIN_S = 15.0


@asynccontextmanager
async def real_surroundings(settings: Settings | ConfigError) -> AsyncIterator[Surroundings]:
    """The system's clock, the real store, and every service that is on."""
    clock = SystemClock()
    if isinstance(settings, ConfigError):
        yield Surroundings(clock=clock, open_store=open_store)
        return
    agent = user_agent(version("paperwire"), settings.contact)
    async with Fetcher(agent=agent, clock=clock) as fetcher:
        probes = [*_platforms(settings), *_sources(settings, fetcher)]
        yield Surroundings(clock=clock, open_store=open_store, probes=probes)


def _platforms(settings: Settings) -> list[Probe]:
    probes = []
    if settings.slack_on:
        probes.append(
            Probe(
                what="Slack",
                ask=lambda: _ask_slack(settings),
                next_command="see docs/slack.md",
            )
        )
    if settings.discord_on:
        probes.append(
            Probe(
                what="Discord",
                ask=lambda: _ask_discord(settings),
                next_command="see docs/configuration.md",
            )
        )
    return probes


async def _ask_slack(settings: Settings) -> Answer:
    token = settings.slack_bot_token
    if token is None:
        return Answer(says="workspaces install the app themselves, at /slack/install")
    found = await slack.identify(new_client(token.get_secret_value(), settings.slack_api_url))
    if isinstance(found, str):
        raise BotError(found)
    missing = ", ".join(sorted(found.missing))
    return Answer(
        says=f"the token works in “{found.team}”",
        lacking=f"lacks the scope {missing}; add it and install the app again" if missing else "",
    )


async def _ask_discord(settings: Settings) -> Answer:
    token = settings.discord_token
    found = await discord.identify(
        token.get_secret_value() if token else "", settings.discord_api_url
    )
    if isinstance(found, str):
        raise BotError(found)
    left = f"only {found.logins_left} logins are left today: does something restart the bot?"
    return Answer(
        says=f"the token works as “{found.bot}”", lacking=left if found.few_logins else ""
    )


def _sources(settings: Settings, fetcher: Fetcher) -> list[Probe]:
    """One question per kind of source and per feed: arXiv wants seconds between requests."""
    probes: dict[str, Probe] = {}
    for name in settings.sources:
        kind, _, rest = name.partition(":")
        what = f"Source {name if kind == 'feed' else kind}"
        request = _request(settings, name, kind, rest)
        probes.setdefault(
            what, Probe(what=what, ask=_asking(fetcher, request), next_command="papers ingest")
        )
    return list(probes.values())


def _request(settings: Settings, name: str, kind: str, rest: str) -> Request:
    match kind:
        case "hf_daily":
            url = f"{settings.hf_endpoint}/api/daily_papers?limit=1"
        case "arxiv_rss":
            url = f"{with_path(settings.arxiv_rss_url, '/rss')}/{rest}"
        case "arxiv_oai":
            url = f"{with_path(settings.arxiv_oai_url, '/oai')}?verb=Identify"
        case _:
            url = rest
    token = settings.hf_token if kind == "hf_daily" else None
    return Request(
        source=name,
        url=url,
        token=token.get_secret_value() if token else "",
        public_only=kind == "feed",
        most_bytes=ENOUGH_BYTES,
        within=WITHIN_S,
    )


def _asking(fetcher: Fetcher, request: Request) -> Callable[[], Awaitable[Answer]]:
    async def ask() -> Answer:
        reply = await fetcher.get(request)
        return Answer(says=f"{request.host} answers", at=_date(reply.headers.get("date", "")))

    return ask


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None
