"""Taking a change of a channel back, or a vote."""

from dataclasses import replace

from bot.commands import answers
from bot.commands.context import Context
from bot.commands.editing import store_change
from bot.commands.managing import log_change, told
from bot.commands.settling import check_may_manage
from bot.commands.voting import take_back
from bot.model.answer import Answer
from bot.model.errors import BadOption, Conflict, NotFound
from bot.model.memory import Change
from bot.model.subscription import Subscription
from bot.rules.schedule import next_due, zone_of

Pair = tuple[Subscription | None, Subscription | None]
_COMPARED = (
    "name", "cadence", "zone", "top", "mode", "layout", "empty", "paused_until"
)  # fmt: skip
"""What must be as a change left it; when it speaks next is the clock's business."""


async def undo(context: Context, number: int) -> Answer:
    """Take back the change of this number; 0 takes back the asker's last vote here.

    Raises NotFound, NotAllowed; BadOption when something was changed again since.
    """
    if not number:
        return await take_back(context, None)
    store, channel = context.store, context.asker.channel
    await check_may_manage(store, context.asker)
    change = await store.policy.change(channel, number)
    if change is None:
        raise NotFound(f"This channel's log has no change {number}; see `log`.")
    if change.undone_at is not None:
        raise BadOption(f"Change {number} was undone already.")
    current = {one.id: one for one in await store.subscriptions.of(channel)}
    await _check_unchanged(context, change, current)
    if not await store.policy.take_undo(channel, number, now=context.now):
        raise BadOption(f"Change {number} was undone already.")
    restored = [await _back(context, change, *pair, current) for pair in _pairs(change)]
    if change.settings is not None:
        await store.policy.settle(channel, change.settings[0])
    undone = await log_change(
        context,
        f"undone: {change.what}",
        before=change.after,
        after=tuple(one for one in restored if one is not None),
        settings=(change.settings[1], change.settings[0]) if change.settings else None,
    )
    return told(context, undone, answers.undone(change, undone.number))


async def _check_unchanged(
    context: Context, change: Change, current: dict[int, Subscription]
) -> None:
    """Raises BadOption if what the change left behind was changed again since."""
    for after in change.after:
        if not _same(current.get(after.id), after):
            raise BadOption(
                f"“{after.name}” was changed again since; see `log` and undo the later change first."
            )
    if change.settings is not None:
        settings = await context.store.policy.settings(change.channel)
        if replace(settings, is_public=None) != change.settings[1]:
            raise BadOption("The settings were changed again since; undo the later change first.")


def _pairs(change: Change) -> list[Pair]:
    """Each subscription as it was and as it became; None where it was not there."""
    before = {one.id: one for one in change.before}
    after = {one.id: one for one in change.after}
    return [(before.get(id_), after.get(id_)) for id_ in {**before, **after}]


def _same(now: Subscription | None, then: Subscription) -> bool:
    return (
        now is not None
        and now.filter.key == then.filter.key
        and all(getattr(now, name) == getattr(then, name) for name in _COMPARED)
    )


async def _back(
    context: Context,
    change: Change,
    before: Subscription | None,
    after: Subscription | None,
    current: dict[int, Subscription],
) -> Subscription | None:
    """Make it what it was before; it as it is stored now."""
    store = context.store
    if before is None:
        if after is not None:
            await store.subscriptions.remove(change.channel, after.name)
        return None
    due = next_due(before.cadence, zone_of(before.zone), context.now)
    wanted = replace(before, next_due_at=context.now if due is None else due)
    if after is not None:
        return await store_change(store, current[after.id], wanted)
    try:
        back = await store.subscriptions.restore(wanted)
    except Conflict:
        raise BadOption(
            f"A subscription called “{before.name}” was made since; rename or stop it first.",
            "name",
        ) from None
    await store.ledger.replan(change.at)
    return back
