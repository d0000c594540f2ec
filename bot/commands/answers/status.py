"""The answer to `status`."""

from collections.abc import Sequence
from datetime import UTC

from bot.commands.answers.subscriptions import damaged_words
from bot.commands.answers.words import papers_counted
from bot.model.message import Notice, Tone
from bot.model.record import LaneStatus, Source, StoreStatus
from bot.model.subscription import Damaged


def status(
    store: StoreStatus,
    sources: list[Source],
    lanes: list[LaneStatus],
    more: Sequence[str] = (),
    *,
    own: int | None = None,
    damaged: Sequence[Damaged] = (),
) -> Notice:
    """How everything is doing, in a few lines. more: what the last digests came to, and why.

    own: how many subscriptions the asker's workspace has, which is all it is told; None: for who
    runs the bot, and sees everything. damaged: subscriptions that send nothing.
    """
    newest = f", the newest of {store.newest_on.isoformat()}" if store.newest_on else ""
    lines = [
        f"Index: {papers_counted(store.papers)}{newest}; {store.unplanned} not matched yet.",
        f"Subscriptions: {store.subscriptions} with {store.filters} distinct filters."
        if own is None
        else f"Subscriptions in this workspace: {own}.",
        *(_damaged_line(one, named=own is None) for one in damaged),
        *(_source_line(one) for one in sources),
        *more,
        *(
            _lane_line(one, "This channel" if own is not None else f"Channel {one.channel}")
            for one in lanes
        ),
    ]
    if own is None:
        lines += [f"Clock: {one}." for one in store.clock]
    if not sources:
        lines.append("Sources: none has been read yet.")
    tone = Tone.WARNING if damaged else Tone.INFO
    return Notice(heading="Status", lines=tuple(lines), tone=tone)


def _damaged_line(one: Damaged, *, named: bool) -> str:
    return f"In {one.channel}: {damaged_words(one)}" if named else damaged_words(one)


def _source_line(source: Source) -> str:
    if source.problem:
        return f"Source {source.name}: failing ({source.problem}), {source.failures} times in a row"
    if source.last_success_at is None:
        return f"Source {source.name}: not read yet"
    at = source.last_success_at.astimezone(UTC)
    return f"Source {source.name}: last read {at:%Y-%m-%d %H:%M} UTC"


def _lane_line(lane: LaneStatus, name: str) -> str:
    words = f"{name}: {lane.state}"
    if lane.reason:
        words += f" ({lane.reason})"
    if lane.waiting:
        words += f", {lane.waiting} waiting"
    if lane.unknown:
        words += f", {lane.unknown} of unknown fate"
    if lane.dead:
        words += f", {lane.dead} given up this week"
    if lane.resent:
        words += f", {lane.resent} sent again unseen this week (may stand there twice)"
    if lane.until:
        words += f", tried again {lane.until:%Y-%m-%d %H:%M} UTC"
    if lane.last_ok_at:
        words += f", last post {lane.last_ok_at:%Y-%m-%d %H:%M} UTC"
    return words
