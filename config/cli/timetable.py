"""Verbs about time: what comes next, and what would have come."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.model.errors import BadOption
from bot.model.subscription import Every, Subscription
from bot.rules.schedule import describe
from config.cli import output
from config.cli.index import Json, day_of
from config.cli.opened import configured, parts

if TYPE_CHECKING:
    from config.simulating import Played

LONGEST_DAYS = 366

schedules = typer.Typer(help="When subscriptions speak.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these verbs."""
    app.add_typer(schedules, name="schedules")
    app.command("simulate")(simulate)


@schedules.command("next")
def next_schedules(
    limit: Annotated[int, typer.Option("--limit", min=1, help="So many at most.")] = 50,
    as_json_: Json = False,
) -> None:
    """Which subscription speaks when, the next one first.

    Example: papers schedules next --limit 5
    """
    output.run(_next(limit, as_json_=as_json_), as_json=as_json_)


async def _next(limit: int, *, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        now = bot.clock.now()
        everyone = await bot.store.subscriptions.of()
    running = [one for one in everyone if one.paused_until is None or one.paused_until <= now]
    planned = sorted(
        (one for one in running if one.next_due_at is not None),
        key=lambda one: (one.next_due_at or now, one.id),
    )
    waiting = [one for one in running if one.cadence.every is Every.INSTANT]
    if as_json_:
        output.show_json(
            {
                "schedules": [_as_json(one) for one in planned[:limit]],
                "more": max(0, len(planned) - limit),
                "instant": len(waiting),
                "paused": len(everyone) - len(running),
            }
        )
        return
    for one in planned[:limit]:
        when = _local(one.next_due_at or now, one.zone)
        output.screen.print(f"{when}  {one.channel}  {one.name}", markup=False)
    for sentence in (
        f"{len(planned) - limit} more; --limit shows them." if len(planned) > limit else "",
        f"{len(waiting)} speak as soon as a paper matches." if waiting else "",
        f"{len(everyone) - len(running)} are paused." if len(everyone) > len(running) else "",
        "" if everyone else "There are no subscriptions yet; `papers subscribe` makes one.",
    ):
        if sentence:
            output.screen.print(sentence, markup=False)


def _as_json(one: Subscription) -> dict[str, object]:
    at = one.next_due_at
    assert at is not None  # noqa: S101 - only planned ones come here
    return {
        "at": at.isoformat(),
        "local": at.astimezone(ZoneInfo(one.zone)).isoformat(),
        "zone": one.zone,
        "channel": str(one.channel),
        "subscription": one.name,
        "cadence": describe(one.cadence, one.zone),
    }


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M} {zone}"


def simulate(
    since: Annotated[str, typer.Option("--from", help="The first day, as 2026-01-31.")],
    until: Annotated[str, typer.Option("--to", help="The last day.")],
    speed: Annotated[
        float, typer.Option("--speed", min=0, help="Virtual seconds in one second; 0: at once.")
    ] = 0,
    as_json_: Json = False,
) -> None:
    """What would be posted where and when in these days, played on a throw-away copy.

    Stored papers come when they came then; nothing is posted or remembered, and the real database
    is only read. With --json, one line per message.

    Example: papers simulate --from 2026-11-16 --to 2026-11-22
    """
    first = output.checked(lambda: day_of(since), as_json=as_json_)
    last = output.checked(lambda: _last(first, day_of(until)), as_json=as_json_)
    output.run(_simulate(first, last, speed, as_json_=as_json_), as_json=as_json_)


def _last(first: date, last: date) -> date:
    if last < first:
        raise BadOption(f"--to {last} is before --from {first}")
    if (last - first).days >= LONGEST_DAYS:
        raise BadOption(f"a simulation may span {LONGEST_DAYS} days at most")
    return last


async def _simulate(first: date, last: date, speed: float, *, as_json_: bool) -> None:
    from config.simulating import play  # noqa: PLC0415 - only for this verb

    messages, papers = 0, 0
    async with parts(configured()) as bot:
        async for one in play(bot, first, last, speed=speed):
            messages += 1
            papers += len(one.shown)
            if as_json_:
                output.show_json(_played_json(one))
                continue
            heading = f"── {_local(one.post.at, one.zone)} · {one.post.channel} ──"
            output.screen.print(heading, markup=False)
            output.screen.out(one.text)
    if not as_json_:
        summary = f"{messages} messages with {papers} papers from {first} to {last}."
        output.screen.print(summary, markup=False)


def _played_json(one: "Played") -> dict[str, object]:
    at = one.post.at
    return {
        "at": at.isoformat(),
        "local": at.astimezone(ZoneInfo(one.zone)).isoformat(),
        "channel": str(one.post.channel),
        "subscriptions": sorted({shown.subscription for shown in one.shown}),
        "papers": [shown.paper for shown in one.shown],
        "text": one.text,
    }
