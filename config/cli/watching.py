"""Verbs for what watches over the bot: a container's health check."""

import json
from typing import Annotated
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

import typer

from config.cli import output
from config.cli.index import Json
from config.cli.opened import configured

WITHIN_S = 5.0


def add_to(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command("healthcheck")(healthcheck)


def healthcheck(
    live: Annotated[
        bool, typer.Option("--live", help="Only whether it lives, not whether it can work.")
    ] = False,
    as_json_: Json = False,
) -> None:
    """Ask the bot on this machine how it is: exit code 0 when well, 1 when not.

    For containers: HEALTHCHECK CMD ["papers", "healthcheck"]. It asks PORT, as the bot has it.

    Example: papers healthcheck --live
    """
    settings = configured()
    address = f"http://127.0.0.1:{settings.port}/{'livez' if live else 'readyz'}"
    problems = _ask(address)
    if as_json_:
        output.show_json({"healthy": not problems, "problems": problems})
    for what, why in problems.items() if not as_json_ else ():
        output.errors.print(f"{what}: {why}", markup=False)
    if problems:
        raise typer.Exit(output.FAILED)


def _ask(address: str) -> dict[str, str]:
    # No proxy of the environment may stand between a container and itself.
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(address, timeout=WITHIN_S):
            return {}
    except HTTPError as error:
        try:
            return dict(json.loads(error.read())["problems"]) or {"process": f"says {error.code}"}
        except (ValueError, KeyError, TypeError):
            return {"process": f"something else than the bot answers at {address} ({error.code})"}
    except (URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        return {"process": f"nobody answers at {address} ({reason}); `papers run` starts the bot"}
