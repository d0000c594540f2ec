"""Settings and parts for one run of a verb."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TextIO

from bot.model.errors import ConfigError
from config.cli import output
from config.settings import Settings, load_settings

if TYPE_CHECKING:
    from config.wiring import Parts


def configured() -> Settings:
    """The settings, or exit code 2 with one line that names the variable."""
    try:
        return load_settings()
    except ConfigError as error:
        output.fail(error)


@asynccontextmanager
async def parts(settings: Settings, *, screen: TextIO | None = None) -> AsyncIterator["Parts"]:
    """The bot's parts over an up-to-date database.

    A SQLite file belongs to this installation alone and is created or upgraded as needed; a
    PostgreSQL is upgraded by `papers migrate`, once per release.
    """
    # Half a second and 60 MB that `--help`, `doctor` and `healthcheck` need not spend.
    from adapters.store import migrate  # noqa: PLC0415
    from config.wiring import assembled  # noqa: PLC0415

    if settings.database_url.startswith("sqlite"):
        migrate(settings.database_url)
    async with assembled(settings, screen=screen) as bot:
        yield bot
