"""Verbs about the Discord application: discord invite."""

import asyncio
from typing import Annotated

import typer

from bot.model.errors import ConfigError
from config.cli import output
from config.settings import Settings, load_settings


def add_to(app: typer.Typer) -> None:
    """Add these verbs."""
    discord = typer.Typer(help="The Discord application.", no_args_is_help=True)
    discord.callback()(_about)
    discord.command()(invite)
    app.add_typer(discord, name="discord")


def _about() -> None:
    """The Discord application."""


def invite(
    least: Annotated[
        bool, typer.Option("--least", help="Without the rights it can do without.")
    ] = False,
    personal: Annotated[
        bool, typer.Option("--personal", help="For yourself, in every server and message.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the link that brings the bot into a server, with the rights it asks for.

    Example: papers discord invite
    """
    from adapters.discord import invitation  # noqa: PLC0415 - only for this verb

    application_id = _application()
    link = invitation.invitation(application_id, least=least, personal=personal)
    asked = [] if personal else [one for one in invitation.RIGHTS if not (least and one.optional)]
    if as_json:
        output.show_json({"url": link, "permissions": [one.name for one in asked]})
        return
    output.screen.out(link)
    for right in asked:
        output.screen.out(f"  {right.name}: {right.use}")


def _application() -> str:
    """The id of the application the token belongs to."""
    from adapters.discord.checkup import application  # noqa: PLC0415 - only for this verb

    try:
        settings = load_settings()
        return asyncio.run(application(_token(settings), settings.discord_api_url))
    except ConfigError as error:
        output.fail(error)


def _token(settings: Settings) -> str:
    if settings.discord_token is None:
        raise ConfigError("DISCORD_TOKEN is not set; the link is made for its application")
    return settings.discord_token.get_secret_value()
