"""Questions about papers, answered from the team's own index."""

from zoneinfo import ZoneInfo

from bot.commands import answers
from bot.commands.citing import cited
from bot.commands.context import Context
from bot.commands.explaining import why
from bot.commands.muting import unmuted
from bot.commands.previewing import preview, trial
from bot.commands.remainders import left_out
from bot.commands.searching import digest_papers, find_paper, search
from bot.commands.similar import similar
from bot.commands.subscribing import pick
from bot.commands.trending import trend
from bot.model.command import Asking, DigestNow, Preview, Rest, Search, Show, Why
from bot.model.message import Digest, Message
from bot.model.personal import Bib, Similar, Trend
from bot.rules.digests import digest


async def ask_about_papers(context: Context, question: Asking) -> Message:
    """The answer. Raises BadFilter, BadOption and NotFound."""
    store, asker, today = context.store, context.asker, context.today
    match question:
        case Search():
            return answers.results(question, await search(store, question, today, asker.channel))
        case Why(text):
            return answers.explained(await why(store, asker.channel, text, today))
        case Preview():
            return await _preview(context, question)
        case DigestNow():
            return await _digest(context, question)
        case Rest():
            return answers.rest(question, await left_out(store, asker.channel, question))
        case _:
            return await _about_one(context, question)


async def _about_one(context: Context, question: Show | Similar | Trend | Bib) -> Message:
    match question:
        case Show(text):
            return answers.one_paper(await find_paper(context.store, context.lookup, text))
        case Similar(text):
            return answers.similar(*await similar(context, text))
        case Trend():
            return answers.trending(await trend(context, question))
        case Bib():
            return answers.bibliography(question, *await cited(context, question))


async def _preview(context: Context, order: Preview) -> Message:
    asker = context.asker
    existing = await context.store.subscriptions.of(asker.channel)
    tried = trial(order, asker.channel, asker.zone, existing)
    return answers.previewed(await preview(context.store, tried, order.days, context.today))


async def _digest(context: Context, order: DigestNow) -> Message:
    """The digest on demand. It takes nothing away from the regular one."""
    channel = context.asker.channel
    if order.name is not None:
        chosen = [await pick(context.store, channel, order.name)]
    else:
        chosen = await context.store.subscriptions.of(channel)
    if not chosen:
        return answers.listed([], context.now, platform=channel.platform)
    digests = []
    for one in chosen:
        today = context.now.astimezone(ZoneInfo(one.zone)).date()
        ranked, day = await digest_papers(context.store, one, order, today)
        digests.append(digest(one, await unmuted(context, ranked), day))
    if len(digests) == 1:
        return digests[0]
    return Digest(
        heading=" · ".join(one.heading for one in digests),
        cards=tuple({card.face.paper: card for one in digests for card in one.cards}.values()),
        omitted=sum(one.omitted for one in digests),
        footer="All subscriptions of this channel; name one to see it alone.",
    )
