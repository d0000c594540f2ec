"""Taking a change of a channel back, or a vote."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.commands import answers
from bot.commands.changing import Several, drafted, pairs
from bot.commands.context import Context
from bot.commands.editing import last_spoke
from bot.commands.managing import told
from bot.commands.settling import check_may_manage
from bot.commands.voting import take_back
from bot.model.answer import Answer
from bot.model.errors import BadOption, Conflict, NotFound
from bot.model.memory import Change
from bot.model.subscription import Subscription
from bot.rules.schedule import next_due, zone_of

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
    if not change.is_reversible:
        raise BadOption(f"Change {number} cannot be undone: {change.what}.")
    current = {one.id: one for one in await store.subscriptions.of(channel)}
    await _check_unchanged(context, change, current)
    gone = tuple(one for one in change.before if one.id not in {kept.id for kept in change.after})
    _check_names(gone, current)
    back = tuple(_wanted(one, context.now) for one in change.before)
    draft = await drafted(context, f"undone: {change.what}", change.after, back)
    if change.settings is not None:
        draft = replace(draft, settings=change.settings[::-1])
    try:
        undone = await store.policy.make(draft, undoes=number, replan=_since(change, gone))
    except Conflict:
        raise BadOption(f"Change {number} was undone already.") from None
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


def _same(now: Subscription | None, then: Subscription) -> bool:
    return (
        now is not None
        and now.filter.key == then.filter.key
        and all(getattr(now, name) == getattr(then, name) for name in _COMPARED)
    )


def _wanted(before: Subscription, now: datetime) -> Subscription:
    """A subscription as it was before a change, speaking next when its rhythm says."""
    due = next_due(before.cadence, zone_of(before.zone), now)
    return replace(before, next_due_at=now if due is None else due)


def _check_names(gone: Several, current: Mapping[int, Subscription]) -> None:
    """Raises BadOption if something else has taken the name of one that would come back."""
    taken = {one.name for one in current.values()}
    for one in gone:
        if one.name in taken:
            raise BadOption(
                f"A subscription called “{one.name}” was made since; rename or stop it first.",
                "name",
            )


def _since(change: Change, gone: Several) -> datetime | None:
    """Since when filters have to be asked again, so that nobody misses a paper over it."""
    listened = [
        last_spoke(now, change.at)
        for old, now in pairs(change.before, change.after)
        if old.filter.key != now.filter.key
    ]
    return min([*listened, *(change.at for _ in gone)], default=None)
