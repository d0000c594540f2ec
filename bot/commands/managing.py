"""Changes of a channel: made, logged, and told to everybody in one line."""

from dataclasses import replace

from bot.commands import answers
from bot.commands.answers.changes import changed_words
from bot.commands.context import Context
from bot.commands.editing import edit
from bot.commands.previewing import preview
from bot.commands.settling import check_may_manage, in_words, settled
from bot.commands.subscribing import chosen, pause, resume, subscribe, unsubscribe
from bot.model.answer import Answer
from bot.model.command import Change as Order
from bot.model.command import Edit, Pause, Preview, Resume, Subscribe, Unsubscribe
from bot.model.memory import Change
from bot.model.message import Notice
from bot.model.settings import ChannelSettings
from bot.model.subscription import Subscription

DAYS_LOOKED_BACK = Preview(filter="").days


async def manage(context: Context, order: Order) -> Answer:
    """Carry out a change. Raises NotAllowed, and what the change itself raises."""
    store, asker, now = context.store, context.asker, context.now
    await check_may_manage(store, asker)
    match order:
        case Subscribe():
            made = await subscribe(store, asker, order, now)
            change = await log_change(context, f"new subscription “{made.name}”", after=(made,))
            report = await preview(store, made, DAYS_LOOKED_BACK, context.today)
            return told(context, change, answers.subscribed(made, report, change.number))
        case Edit():
            before, after = await edit(store, asker, order, now)
            words = "; ".join(changed_words(before, after))
            change = await log_change(context, f"“{before.name}”: {words}", (before,), (after,))
            return told(context, change, answers.edited(before, after, change.number))
        case Unsubscribe(name):
            gone = await unsubscribe(store, asker.channel, name)
            change = await log_change(context, f"“{gone.name}” was stopped", before=(gone,))
            return told(context, change, answers.unsubscribed(gone, change.number))
        case Pause() | Resume():
            return await _pause(context, order)


async def _pause(context: Context, order: Pause | Resume) -> Answer:
    store, channel, now = context.store, context.asker.channel, context.now
    before = tuple(await chosen(store, channel, order.name))
    names = ", ".join(f"“{one.name}”" for one in before)
    if isinstance(order, Pause):
        after = await pause(store, channel, order, now)
        until = answers.paused_words(after[0], now)
        change = await log_change(context, f"{names} {until}", before, tuple(after))
        return told(context, change, answers.paused(after, now, change.number))
    after = await resume(store, channel, order, now)
    if order.name is None:
        # Whoever says so has mended what kept us out; a refusal would suspend it again.
        await store.absences.come_back(channel)
    change = await log_change(context, f"{names} resumed", before, tuple(after))
    return told(context, change, answers.resumed(after, change.number))


async def show_settings(context: Context, given: dict[str, str]) -> Answer:
    """The channel's settings, changed first where any is given."""
    store, asker = context.store, context.asker
    before = await store.policy.settings(asker.channel)
    if not given:
        return Answer(private=answers.settings(in_words(before)))
    await check_may_manage(store, asker)
    after = await settled(store, asker, before, given)
    await store.policy.settle(asker.channel, after)
    old, new = in_words(before), in_words(after)
    words = "; ".join(f"{key}: {old[key]} → {new[key]}" for key in new if old[key] != new[key])
    change = await log_change(
        context, f"settings, {words or 'as they were'}", settings=(before, after)
    )
    return told(context, change, answers.settings(new, change.number))


async def show_log(context: Context) -> Notice:
    """What was changed and posted here, newest first."""
    store, channel = context.store, context.asker.channel
    return answers.log(
        await store.policy.changes(channel, answers.LOGGED),
        await store.ledger.shown(channel, answers.LOGGED),
        context.asker.zone,
    )


async def log_change(
    context: Context,
    what: str,
    before: tuple[Subscription, ...] = (),
    after: tuple[Subscription, ...] = (),
    *,
    settings: tuple[ChannelSettings, ChannelSettings] | None = None,
) -> Change:
    """Write a change into the channel's log; it with its number."""
    who = await context.store.people.hashed(context.asker.person)
    change = Change(
        channel=context.asker.channel,
        what=what,
        at=context.now,
        who=who if context.asker.member else "",
        before=before,
        after=after,
        settings=settings,
    )
    return replace(change, number=await context.store.policy.record(change))


def told(context: Context, change: Change, private: Notice) -> Answer:
    """The answer to a change: in full for who made it, in one line for everybody."""
    if context.asker.alone:
        return Answer(private=private)
    return Answer(private=private, public=answers.changed(change), by=context.asker.member)
