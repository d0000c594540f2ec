"""Verbs about messages on their way: deliveries list|show|redeliver, lanes list|pause|resume."""

from datetime import UTC, timedelta
from typing import Annotated

import typer

from bot.model.delivery import DeliveryState
from bot.model.errors import CommandError
from bot.model.record import DeliveryStatus, LaneStatus
from bot.rules.addresses import parse_channel
from config.cli import as_json, output
from config.cli.channels import ChannelName
from config.cli.index import Json
from config.cli.opened import configured, parts

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="As `deliveries list` shows it.")]

REDELIVERED_WITHIN = timedelta(days=1)
"""How long a message sent again by hand is tried."""


def add_to(app: typer.Typer) -> None:
    """Add these verbs."""
    deliveries = typer.Typer(help="Messages owed to channels.", no_args_is_help=True)
    deliveries.command("list")(list_deliveries)
    deliveries.command("show")(show_delivery)
    deliveries.command("redeliver")(redeliver)
    app.add_typer(deliveries, name="deliveries")
    lanes = typer.Typer(help="The queue of each channel.", no_args_is_help=True)
    lanes.command("list")(list_lanes)
    lanes.command("pause")(pause_lane)
    lanes.command("resume")(resume_lane)
    app.add_typer(lanes, name="lanes")


def list_deliveries(
    channel: Annotated[str | None, typer.Argument(metavar="[CHANNEL]")] = None,
    state: Annotated[
        list[DeliveryState] | None, typer.Option(help="Only in this state; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="At most so many.")] = 20,
    as_json_: Json = False,
) -> None:
    """The newest messages and what became of them.

    Example: papers deliveries list --state dead --state unknown
    """
    wanted = frozenset(state or ())
    output.run(_list(channel, wanted, limit, as_json_=as_json_), as_json=as_json_)


async def _list(
    channel: str | None, states: frozenset[DeliveryState], limit: int, *, as_json_: bool
) -> None:
    where = parse_channel(channel) if channel else None
    async with parts(configured()) as bot:
        found = await bot.store.outbox.deliveries(channel=where, states=states, limit=limit)
    if as_json_:
        output.show_json({"deliveries": [as_json.delivery(one) for one in found]})
        return
    for one in found:
        output.screen.out(_line(one))
    if not found:
        output.screen.print("No such message.")


def show_delivery(number: Number, as_json_: Json = False) -> None:
    """One message: its state, its papers, and what went wrong.

    Example: papers deliveries show 302
    """
    output.run(_show(number, as_json_=as_json_), as_json=as_json_)


async def _show(number: int, *, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        found = await bot.store.outbox.delivery(number)
    if found is None:
        msg = f"There is no delivery {number}; `papers deliveries list` shows them."
        raise CommandError(msg)
    if as_json_:
        output.show_json(as_json.delivery(found))
        return
    for name, value in as_json.delivery(found).items():
        words = ", ".join(value) if isinstance(value, list) else value
        if words not in ("", None):
            output.screen.out(f"{name:12} {words}")


def redeliver(number: Number, as_json_: Json = False) -> None:
    """Send a message again that was given up, or whose fate is unknown.

    One that was posted is never repeated.

    Example: papers deliveries redeliver 302
    """
    output.run(_redeliver(number, as_json_=as_json_), as_json=as_json_)


async def _redeliver(number: int, *, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        again = await bot.store.outbox.redeliver(
            number, now=bot.clock.now(), keep=REDELIVERED_WITHIN
        )
    if as_json_:
        output.show_json(as_json.delivery(again))
    else:
        output.screen.out(f"It is owed again. {_line(again)}")


def list_lanes(
    channel: Annotated[str | None, typer.Argument(metavar="[CHANNEL]")] = None,
    as_json_: Json = False,
) -> None:
    """How deliveries to each channel are doing.

    Example: papers lanes list
    """
    output.run(_lanes(channel, as_json_=as_json_), as_json=as_json_)


def pause_lane(
    channel: ChannelName,
    reason: Annotated[str, typer.Option(help="Shown in `status`.")] = "paused by hand",
    as_json_: Json = False,
) -> None:
    """Post nothing in a channel until `papers lanes resume`; what is owed waits.

    Example: papers lanes pause slack:T0123456/C0123456 --reason "conference week"
    """
    output.run(_steer(channel, reason, as_json_=as_json_), as_json=as_json_)


def resume_lane(channel: ChannelName, as_json_: Json = False) -> None:
    """Post again, at once, whatever the channel was paused for.

    Example: papers lanes resume slack:T0123456/C0123456
    """
    output.run(_steer(channel, None, as_json_=as_json_), as_json=as_json_)


async def _lanes(channel: str | None, *, as_json_: bool) -> None:
    where = parse_channel(channel) if channel else None
    async with parts(configured()) as bot:
        found = await bot.store.outbox.lanes(where, now=bot.clock.now())
    _show_lanes(found, as_json_=as_json_)


async def _steer(channel: str, paused: str | None, *, as_json_: bool) -> None:
    where = parse_channel(channel)
    async with parts(configured()) as bot:
        now = bot.clock.now()
        if not await bot.store.outbox.lanes(where, now=now):
            msg = f"Nothing was ever owed to {where}; `papers lanes list` shows the channels."
            raise CommandError(msg)
        await bot.store.outbox.set_lane(where, paused=paused, now=now)
        found = await bot.store.outbox.lanes(where, now=now)
    _show_lanes(found, as_json_=as_json_)


def _show_lanes(found: list[LaneStatus], *, as_json_: bool) -> None:
    if as_json_:
        output.show_json({"lanes": [as_json.lane(one) for one in found]})
        return
    for one in found:
        why = f" ({one.reason})" if one.reason else ""
        until = f", tried again {as_json.instant(one.until)}" if one.until else ""
        output.screen.out(
            f"{one.channel}: {one.state}{why}{until}; "
            f"{one.waiting} waiting, {one.unknown} of unknown fate, {one.dead} given up this week"
        )
    if not found:
        output.screen.print("Nothing was owed to any such channel yet.")


def _line(one: DeliveryStatus) -> str:
    why = f": {one.problem}" if one.problem else ""
    at = (one.finished_at or one.created_at).astimezone(UTC)
    return f"{one.id:7} {one.state.value:10} {at:%Y-%m-%d %H:%M} UTC {one.channel} {one.kind.value}{why}"
