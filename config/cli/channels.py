"""Verbs about channels: subscribe, unsubscribe, list, pause, resume, digest, why."""

from typing import Annotated

import typer

from bot.commands import answers
from bot.commands.changing import make
from bot.commands.context import Context
from bot.commands.explaining import why as explain
from bot.commands.options import read_options, split_options
from bot.commands.previewing import SAMPLE_DAYS, preview
from bot.commands.remainders import left_out
from bot.commands.searching import digest_papers
from bot.commands.subscribing import pick
from bot.model.command import (
    Asker,
    DigestNow,
    Options,
    Pause,
    Period,
    Preview,
    Rest,
    Resume,
    Subscribe,
    Unsubscribe,
)
from bot.model.subscription import Channel, Platform, Subscription
from bot.rules.addresses import parse_channel
from bot.rules.digests import digest
from config.cli import as_json, output
from config.cli.index import FILTER_LINE, Json, day_of
from config.cli.opened import configured, parts
from config.wiring import Parts

ChannelName = Annotated[
    str,
    typer.Argument(
        metavar="CHANNEL", help="slack:TEAM/CHANNEL, discord:GUILD/CHANNEL or terminal:NAME."
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The subscription's name or number.")]
MaybeName = Annotated[str | None, typer.Argument(metavar="[NAME]", help="One only; else all.")]

FROM_HERE = ", from the command line"
"""How the channel's log tells where a change came from; it can be undone there."""

SOMEWHERE = Channel(Platform.TERMINAL, "", "")


def add_to(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command("subscribe", context_settings=FILTER_LINE)(subscribe_channel)
    app.command("unsubscribe")(unsubscribe_channel)
    app.command("list")(list_subscriptions)
    app.command("pause")(pause_channel)
    app.command("resume")(resume_channel)
    app.command("digest")(show_digest)
    app.command("rest")(show_rest)
    app.command("why")(why)


def subscribe_channel(
    channel: ChannelName,
    words: Annotated[list[str], typer.Argument(metavar="FILTER… [every:… at:… tz:… top:… name:…]")],
    as_json_: Json = False,
) -> None:
    """Give a channel a standing order.

    Example: papers subscribe terminal:lab alignment -survey every:daily at:09:00 tz:Europe/Berlin
    """
    line = output.checked(lambda: output.one_line(words), as_json=as_json_)
    output.run(_subscribe(channel, line, as_json_=as_json_), as_json=as_json_)


async def _subscribe(channel: str, line: str, *, as_json_: bool) -> None:
    filter_text, given = split_options(line)
    order = Subscribe(filter=filter_text, options=read_options(given) if given else Options())
    async with parts(configured()) as bot:
        context = _asked(bot, channel)
        (made,) = (await make(context, order, note=FROM_HERE)).after
        report = await preview(
            bot.store,
            made,
            Preview(filter="").days,
            context.today,
            sampled=SAMPLE_DAYS,
        )
    if as_json_:
        output.show_json(as_json.subscription(made))
    else:
        output.tell(answers.subscribed(made, report), channel)


def unsubscribe_channel(channel: ChannelName, name: Name, as_json_: Json = False) -> None:
    """Stop a subscription.

    Example: papers unsubscribe terminal:lab alignment
    """
    output.run(_unsubscribe(channel, name, as_json_=as_json_), as_json=as_json_)


async def _unsubscribe(channel: str, name: str, *, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        order = Unsubscribe(name)
        change = await make(_asked(bot, channel), order, note=FROM_HERE)
    if change.damaged:
        (gone,) = change.damaged
        if as_json_:
            output.show_json({"channel": channel, "name": gone, "damaged": True})
        else:
            output.tell(answers.unsubscribed_damaged(gone), channel)
        return
    (stopped,) = change.before
    if as_json_:
        output.show_json(as_json.subscription(stopped))
    else:
        output.tell(answers.unsubscribed(stopped), channel)


def list_subscriptions(
    channel: Annotated[str | None, typer.Argument(metavar="[CHANNEL]")] = None,
    as_json_: Json = False,
) -> None:
    """The subscriptions of one channel, or of all.

    Example: papers list terminal:lab
    """
    output.run(_list(channel, as_json_=as_json_), as_json=as_json_)


async def _list(channel: str | None, *, as_json_: bool) -> None:
    where = parse_channel(channel) if channel else None
    async with parts(configured()) as bot:
        found = await bot.store.subscriptions.of(where)
        damaged = await bot.store.subscriptions.damaged(where)
        now = bot.clock.now()
        lanes = await bot.store.outbox.lanes(where, now=now)
    suspended = {one.channel: one.reason for one in lanes}
    if as_json_:
        output.show_json(
            {
                "subscriptions": [as_json.subscription(one) for one in found],
                "damaged": [as_json.damaged(one) for one in damaged],
                "suspended": {
                    str(place): why
                    for place in {one.channel for one in found}
                    if (why := suspended.get(place, ""))
                },
            }
        )
        return
    by_channel: dict[Channel, list[Subscription]] = {one.channel: [] for one in damaged}
    for one in found:
        by_channel.setdefault(one.channel, []).append(one)
    for place, subscriptions in by_channel.items():
        output.screen.print(str(place), markup=False)
        broken = [one for one in damaged if one.channel == place]
        listed = answers.listed(subscriptions, now, suspended.get(place, ""), damaged=broken)
        output.tell(listed, str(place))
    if not by_channel:
        output.tell(answers.listed([], now, platform=(where or SOMEWHERE).platform), channel or "")


def pause_channel(
    channel: ChannelName,
    name: MaybeName = None,
    days: Annotated[int | None, typer.Option(min=1, help="For so many days.")] = None,
    as_json_: Json = False,
) -> None:
    """Silence a channel's subscriptions, for days or until resumed.

    Example: papers pause terminal:lab alignment --days 3
    """
    output.run(_pause(channel, Pause(name=name, days=days), as_json_=as_json_), as_json=as_json_)


async def _pause(channel: str, order: Pause, *, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        context = _asked(bot, channel)
        changed = (await make(context, order, note=FROM_HERE)).after
    if as_json_:
        output.show_json({"subscriptions": [as_json.subscription(one) for one in changed]})
    else:
        output.tell(answers.paused(changed, context.now), channel)


def resume_channel(channel: ChannelName, name: MaybeName = None, as_json_: Json = False) -> None:
    """Let a channel's subscriptions speak again.

    Example: papers resume terminal:lab
    """
    output.run(_resume(channel, name, as_json_=as_json_), as_json=as_json_)


async def _resume(channel: str, name: str | None, *, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        order = Resume(name=name)
        changed = (await make(_asked(bot, channel), order, note=FROM_HERE)).after
    if as_json_:
        output.show_json({"subscriptions": [as_json.subscription(one) for one in changed]})
    else:
        output.tell(answers.resumed(changed), channel)


def _asked(bot: Parts, channel: str) -> Context:
    return Context(
        asker=Asker(channel=parse_channel(channel)), store=bot.store, now=bot.clock.now()
    )


def show_digest(
    channel: ChannelName,
    name: Name,
    on: Annotated[str | None, typer.Option("--date", help="The day, as 2026-01-31.")] = None,
    week: Annotated[bool, typer.Option("--week", help="The seven days up to it.")] = False,
    as_json_: Json = False,
) -> None:
    """A subscription's digest of a day, printed here; nothing is posted or marked as shown.

    Example: papers digest terminal:lab alignment --date 2026-01-30
    """
    order = DigestNow(
        name=name,
        period=Period.WEEK if week else Period.TODAY,
        on=output.checked(lambda: day_of(on), as_json=as_json_) if on else None,
    )
    output.run(_digest(channel, name, order, as_json_=as_json_), as_json=as_json_)


async def _digest(channel: str, name: str, order: DigestNow, *, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        chosen = await pick(bot.store, parse_channel(channel), name)
        ranked, day = await digest_papers(bot.store, chosen, order, bot.clock.now().date())
    message = digest(chosen, ranked, day)
    if as_json_:
        output.show_json(
            {
                "subscription": as_json.subscription(chosen),
                "date": day.isoformat(),
                "matches": len(ranked),
                "omitted": message.omitted,
                "papers": [as_json.ranked(one) for one in ranked[: chosen.top]],
            }
        )
    else:
        output.tell(message, channel)


def show_rest(
    channel: ChannelName,
    name: Name,
    period: Annotated[
        str, typer.Argument(help="Which digest, as it is labelled: 2026-01-31; default: the last.")
    ] = "",
    page: Annotated[int, typer.Option(help="Which ten, from 1.", min=1)] = 1,
    as_json_: Json = False,
) -> None:
    """The papers a digest counted but had no room for.

    Example: papers rest terminal:lab alignment 2026-01-31
    """
    order = Rest(name=name, period=period, page=page)
    output.run(_rest(channel, order, as_json_=as_json_), as_json=as_json_)


async def _rest(channel: str, order: Rest, *, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        place = parse_channel(channel)
        found = await left_out(bot.store, place, order)
    if not as_json_:
        output.tell(answers.rest(order, found), channel)
        return
    output.show_json(
        {
            "subscription": as_json.subscription(found.subscription),
            "period": found.period,
            "papers": [as_json.ranked(one) for one in found.papers],
        }
    )


def why(
    channel: ChannelName,
    paper: Annotated[str, typer.Argument(help="An id or address, such as 2403.09472.")],
    as_json_: Json = False,
) -> None:
    """Why a paper came to a channel, or why it did not.

    Example: papers why terminal:lab 2403.09472
    """
    output.run(_why(channel, paper, as_json_=as_json_), as_json=as_json_)


async def _why(channel: str, paper: str, *, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        report = await explain(bot.store, parse_channel(channel), paper, bot.clock.now().date())
    if as_json_:
        output.show_json(as_json.why(report))
    else:
        output.tell(answers.explained(report), channel)
