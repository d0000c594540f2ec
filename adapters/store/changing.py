"""A change of a channel and its row in the log: one transaction, so neither is there alone."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert, update

from adapters.store import tables
from adapters.store.convert import clean
from adapters.store.hits import newest_hit
from adapters.store.pages import note_tally_wish
from adapters.store.places import ensure_channel, find_channel, insert_once
from adapters.store.snapshots import settings_row, touched
from adapters.store.subscriptions import add_one, change_one, remove_one, remove_unreadable
from bot.model.errors import Conflict, NotFound
from bot.model.memory import Change
from bot.model.settings import ChannelSettings
from bot.model.subscription import Channel, Subscription

UNSETTLED = settings_row(ChannelSettings()) | {"is_public": None}
"""The columns of a channel that has settled nothing."""


def make(connection: Connection, change: Change, undoes: int) -> Change:
    """Carry it out and log it; it with its number and the ids of what is new. See the port."""
    if undoes and not _take_undo(connection, change, undoes):
        msg = f"Change {undoes} was undone already."
        raise Conflict(msg)
    kept = {one.id for one in change.after}
    known = {one.id for one in change.before}
    for gone in change.before:
        # Removed first: what comes after may take its name.
        if gone.id not in kept and not remove_one(connection, gone.channel, gone.name):
            raise _stopped(gone)
    for name in change.damaged:
        remove_unreadable(connection, change.channel, name)
    after = tuple(_stored(connection, one, known, undoes) for one in change.after)
    if change.settings is not None:
        old, new = change.settings
        write_settings(connection, change.channel, settings_row(new))
        if old.tally is not new.tally:
            channel_id = ensure_channel(connection, change.channel)
            note_tally_wish(connection, channel_id, now=change.at)
    made = replace(change, after=after)
    return replace(made, number=_logged(connection, made))


def _stored(
    connection: Connection, one: Subscription, known: set[int], undoes: int
) -> Subscription:
    if one.id in known:
        # What is undone goes on where it was: what came meanwhile is owed to it.
        if not change_one(connection, one, from_now=not undoes):
            raise _stopped(one)
        return one
    # A new one listens from here on; one that comes back goes on where it was.
    return add_one(connection, one, 0 if one.id else newest_hit(connection))


def _stopped(one: Subscription) -> NotFound:
    return NotFound(f"“{one.name}” was stopped by somebody else meanwhile.")


def _take_undo(connection: Connection, change: Change, number: int) -> bool:
    changes = tables.changes
    mine = (
        (changes.c.id == number)
        & (changes.c.channel_id == find_channel(connection, change.channel))
        & changes.c.undone_at.is_(None)
    )
    return connection.execute(update(changes).where(mine).values(undone_at=change.at)).rowcount > 0


def _logged(connection: Connection, change: Change) -> int:
    row = {
        "channel_id": ensure_channel(connection, change.channel),
        "who": change.who,
        "what": clean(change.what),
        "at": change.at,
        "touched": touched(change),
    }
    made = insert(tables.changes).returning(tables.changes.c.id)
    return int(connection.execute(made, row).scalar_one())


def write_settings(connection: Connection, channel: Channel, values: dict[str, Any]) -> None:
    """Set columns of a channel's settings; the others start as nothing settled."""
    settings, channel_id = tables.channel_settings, ensure_channel(connection, channel)
    row = UNSETTLED | values | {"channel_id": channel_id}
    if not insert_once(connection, settings, row):
        connection.execute(
            update(settings).where(settings.c.channel_id == channel_id).values(**values)
        )
