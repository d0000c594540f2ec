"""A change of a channel's subscriptions: decided here, then stored together with its log row.

Nothing is written before all of it is decided, so a change is whole or it did not happen.
"""

from dataclasses import replace

from bot.commands.answers import paused_words
from bot.commands.answers.changes import changed_words
from bot.commands.context import Context
from bot.commands.editing import edited, last_spoke
from bot.commands.subscribing import chosen, name_taken, new_subscription, pick, running, silenced
from bot.model.command import Change as Order
from bot.model.command import Edit, Pause, Resume, Subscribe, Unsubscribe
from bot.model.errors import Conflict
from bot.model.memory import Change
from bot.model.subscription import Subscription

Several = tuple[Subscription, ...]


async def make(context: Context, order: Order, *, note: str = "") -> Change:
    """Carry an order out; the change as it is logged now. note: ends its sentence in the log.

    Raises NotFound, BadFilter, BadOption; nothing is changed then.
    """
    if isinstance(order, Unsubscribe) and (name := await _damaged(context, order.name)):
        gone = await drafted(context, f"“{name}” was stopped, which was damaged{note}")
        return await context.store.policy.make(replace(gone, damaged=(name,)))
    before, after, what = await _decided(context, order)
    change = await drafted(context, what + note, before, after)
    again = [
        last_spoke(old, context.now)
        for old, new in pairs(before, after)
        if old.filter.key != new.filter.key
    ]
    try:
        return await context.store.policy.make(change, replan=min(again, default=None))
    except Conflict:
        raise name_taken(after[0].name if after else "") from None


async def _damaged(context: Context, name: str) -> str:
    """The name of a subscription of the channel that nobody can read; empty if there is none."""
    damaged = await context.store.subscriptions.damaged(context.asker.channel)
    return next((one.name for one in damaged if one.name.lower() == name.lower()), "")


async def _decided(context: Context, order: Order) -> tuple[Several, Several, str]:
    """The subscriptions concerned as they are and as they shall be, and that in words."""
    store, channel, now = context.store, context.asker.channel, context.now
    match order:
        case Subscribe():
            made = await new_subscription(store, context.asker, order, now)
            return (), (made,), f"new subscription “{made.name}”"
        case Edit():
            old, new = await edited(store, context.asker, order, now)
            return (old,), (new,), f"“{old.name}”: {'; '.join(changed_words(old, new))}"
        case Unsubscribe(name):
            gone = await pick(store, channel, name)
            return (gone,), (), f"“{gone.name}” was stopped"
        case Pause():
            before = tuple(await chosen(store, channel, order.name))
            after = tuple(silenced(one, order, now) for one in before)
            return before, after, f"{_names(before)} {paused_words(after[0], now)}"
        case Resume():
            before = tuple(await chosen(store, channel, order.name))
            after = tuple(running(one, now) for one in before)
            return before, after, f"{_names(before)} resumed"


def pairs(before: Several, after: Several) -> list[tuple[Subscription, Subscription]]:
    """Those that were there and still are, as they were and as they are."""
    known = {one.id: one for one in before}
    return [(known[one.id], one) for one in after if one.id in known]


async def drafted(context: Context, what: str, before: Several = (), after: Several = ()) -> Change:
    """A change by the person who asks, not made yet."""
    who = await context.store.people.hashed(context.asker.person) if context.asker.member else ""
    return Change(
        channel=context.asker.channel,
        what=what,
        at=context.now,
        who=who,
        before=before,
        after=after,
    )


def _names(subscriptions: Several) -> str:
    return ", ".join(f"“{one.name}”" for one in subscriptions)
