"""Settings and parts for one run of a verb."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TextIO

from adapters.store import migrate
from bot.model.errors import ConfigError
from config.cli import output
from config.settings import Settings, load_settings
from config.wiring import Parts, assembled


def configured() -> Settings:
    """The settings, or exit code 2 with one line that names the variable."""
    try:
        return load_settings()
    except ConfigError as error:
        output.fail(error)


@asynccontextmanager
async def parts(settings: Settings, *, screen: TextIO | None = None) -> AsyncIterator[Parts]:
    """The bot's parts over an up-to-date database.

    A SQLite file belongs to this installation alone and is created or upgraded as needed; a
    PostgreSQL is upgraded by `papers migrate`, once per release.
    """
    if settings.database_url.startswith("sqlite"):
        migrate(settings.database_url)
    async with assembled(settings, screen=screen) as bot:
        yield bot
