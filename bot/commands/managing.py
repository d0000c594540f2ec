"""Changes of a channel: made, logged, and told to everybody in one line."""

from dataclasses import replace

from bot.commands import answers, form_fields
from bot.commands.changing import drafted, make
from bot.commands.context import Context
from bot.commands.previewing import SAMPLE_DAYS, PreviewReport, preview
from bot.commands.settling import check_may_manage, in_words, settled
from bot.model.answer import Answer
from bot.model.command import Change as Order
from bot.model.command import Edit, Pause, Preview, Resume, Subscribe, Unsubscribe
from bot.model.errors import NotAllowed
from bot.model.form import Form
from bot.model.memory import Change
from bot.model.message import Notice
from bot.model.settings import ChannelSettings
from bot.model.subscription import Subscription

DAYS_LOOKED_BACK = Preview(filter="").days


async def manage(context: Context, order: Order) -> Answer:
    """Carry out a change. Raises NotAllowed, and what the change itself raises."""
    store = context.store
    await check_may_manage(store, context.asker)
    change = await make(context, order)
    if isinstance(order, Resume) and order.name is None:
        # Whoever says so has mended what kept us out; a refusal would suspend it again.
        await store.absences.come_back(change.channel)
    return told(context, change, await _in_full(context, order, change))


async def _in_full(context: Context, order: Order, change: Change) -> Notice:
    """The change as it is told to the person who made it."""
    before, after, number = change.before, change.after, change.number
    match order:
        case Subscribe():
            return answers.subscribed(after[0], await _expected(context, after[0]), number)
        case Edit():
            asks_anew = before[0].filter.key != after[0].filter.key
            report = await _expected(context, after[0]) if asks_anew else None
            return answers.edited(before[0], after[0], report, number)
        case Unsubscribe() if change.damaged:
            return answers.unsubscribed_damaged(change.damaged[0])
        case Unsubscribe():
            return answers.unsubscribed(before[0], number)
        case Pause():
            return answers.paused(after, context.now, number)
        case Resume():
            return answers.resumed(after, number)


async def _expected(context: Context, subscription: Subscription) -> PreviewReport:
    """What its filter would have brought lately."""
    return await preview(
        context.store, subscription, DAYS_LOOKED_BACK, context.today, sampled=SAMPLE_DAYS
    )


async def show_settings(context: Context, given: dict[str, str]) -> Answer:
    """The channel's settings, changed first where any is given; else a form to change them."""
    store, asker = context.store, context.asker
    platform = asker.channel.platform
    before = await store.policy.settings(asker.channel)
    if not given:
        shown = answers.settings(in_words(before, platform))
        return Answer(private=shown, form=await _settings_form(context, before))
    await check_may_manage(store, asker)
    after = await settled(store, asker.channel, before, given)
    old, new = in_words(before, platform), in_words(after, platform)
    if after == before:
        return Answer(private=answers.settings(new))
    words = "; ".join(f"{key}: {old[key]} → {new[key]}" for key in new if old[key] != new[key])
    draft = await drafted(context, f"settings, {words or 'other members named'}")
    change = await store.policy.make(replace(draft, settings=(before, after)))
    return told(context, change, answers.settings(new, change.number))


async def _settings_form(context: Context, now: ChannelSettings) -> Form | None:
    """The form, for those who may send it."""
    try:
        await check_may_manage(context.store, context.asker)
    except NotAllowed:
        return None
    return form_fields.settings(now, context.asker.channel.platform)


async def show_log(context: Context) -> Notice:
    """What was changed and posted here, newest first."""
    store, channel = context.store, context.asker.channel
    return answers.log(
        await store.policy.changes(channel, answers.LOGGED),
        await store.ledger.shown(channel, answers.LOGGED),
        context.asker.zone,
    )


def told(context: Context, change: Change, private: Notice) -> Answer:
    """The answer to a change: in full for who made it, in one line for everybody."""
    if context.asker.alone:
        return Answer(private=private)
    return Answer(private=private, public=answers.changed(change), by=context.asker.member)
