"""Verbs about the Slack app itself: slack manifest."""

from typing import Annotated

import typer
import yaml

from bot.model.errors import ConfigError
from config import values
from config.cli import output

HOW = """\
# The Slack app, for https://api.slack.com/apps → “Create New App” → “From a manifest”.
# Made by `papers slack manifest`; docs/slack.md says what each scope is for.
"""


def add_to(app: typer.Typer) -> None:
    """Add these verbs."""
    slack = typer.Typer(help="The Slack app itself.", no_args_is_help=True)
    slack.callback()(_about)
    slack.command()(manifest)
    app.add_typer(slack, name="slack")


def _about() -> None:
    """The Slack app itself."""


def manifest(
    http: Annotated[
        str, typer.Option("--http", metavar="URL", help="Slack calls this https:// address.")
    ] = "",
    socket_mode: Annotated[
        bool, typer.Option("--socket-mode", help="The bot calls Slack (the default).")
    ] = False,
    many: Annotated[
        bool, typer.Option("--many", help="Many workspaces install the app; needs --http.")
    ] = False,
    history: Annotated[
        bool, typer.Option("--history", help="With the scopes that read channels back.")
    ] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON instead of YAML.")] = False,
) -> None:
    """Print the manifest that creates the Slack app.

    Example: papers slack manifest --http https://papers.example.org
    """
    if http and socket_mode:
        output.fail(ConfigError("--http and --socket-mode exclude each other; give one of them."))
    if many and not http:
        output.fail(ConfigError("--many needs --http URL: people install the app in a browser."))
    if as_json_:
        output.show_json(_made(http, many=many, history=history))
    else:
        output.screen.out(written(_made(http, many=many, history=history)), end="")


def written(made: dict[str, object]) -> str:
    """A manifest as the file people paste."""
    return HOW + yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=100)


def _made(http: str, *, many: bool, history: bool) -> dict[str, object]:
    from adapters.slack import manifest as slack  # noqa: PLC0415 - only for this verb

    try:
        address = values.public_address(http) if http else ""
    except ValueError as error:
        output.fail(ConfigError(f"--http {error}"))
    return slack.manifest(address=address, many=many, history=history)
