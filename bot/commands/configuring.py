"""Channels as a file says: what would change, told as one diff, then changed at once.

A file owns the channels it names: subscriptions it does not list are stopped. Nothing is changed
before all of it was read and found right; channels it does not name are not touched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from bot.commands.described import (
    described,
    described_settings,
    read_settings,
    read_subscription,
)
from bot.commands.editing import last_spoke
from bot.commands.subscribing import MOST_PER_CHANNEL, MOST_PER_WORKSPACE
from bot.model.errors import BadFilter, BadOption, CommandError, Conflict, NotFound, NotPossible
from bot.model.memory import Change
from bot.model.settings import ChannelSettings
from bot.model.subscription import Channel, Subscription
from bot.model.topic import TopicFilter
from bot.ports import Store
from bot.ports.documents import line_of
from bot.rules.addresses import parse_channel
from bot.rules.saved import names_in, resolve
from bot.rules.schedule import next_due, zone_of

MOST_CHANNELS = 2_000
MOST_MISTAKES = 20
BY_FILE = "config file"


@dataclass(slots=True)
class ChannelPlan:
    """What a file asks of one channel."""

    channel: Channel
    added: list[Subscription] = field(default_factory=list)
    changed: list[tuple[Subscription, Subscription]] = field(default_factory=list)
    removed: list[Subscription] = field(default_factory=list)
    settings: tuple[ChannelSettings, ChannelSettings] | None = None

    @property
    def is_idle(self) -> bool:
        """Whether everything is as the file says."""
        return not (self.added or self.changed or self.removed or self.settings)

    def lines(self) -> Iterator[str]:
        """The change as a diff: one line for each subscription and each changed key."""
        if self.is_idle:
            return
        yield f"{self.channel}"
        for one in self.removed:
            yield f"- {one.name}: {_short(one)}"
        for one in self.added:
            yield f"+ {one.name}: {_short(one)}"
        for before, after in self.changed:
            yield f"~ {after.name}"
            yield from _differences(described(before), described(after))
        if self.settings is not None:
            yield "~ settings"
            yield from _differences(*map(described_settings, self.settings))


def _short(one: Subscription) -> str:
    values = described(one)
    rest = " ".join(
        f"{key}:{value}" for key, value in values.items() if key not in {"name", "filter"}
    )
    return f"{values['filter']} · {rest}"


def _differences(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield f"    {key}: {before.get(key, 'default')} → {after.get(key, 'default')}"


async def plan(store: Store, document: object, now: datetime) -> list[ChannelPlan]:
    """What the document asks for, channel by channel. Raises BadOption that lists every mistake."""
    channels, settings = _parts(document)
    mistakes: list[str] = []
    plans = []
    for name in dict.fromkeys((*channels, *settings)):
        try:
            channel = parse_channel(str(name))
            before = await store.policy.settings(channel)
            after, wrong = await _settings(store, channel, settings, before)
            mistakes += wrong
            made = await _plan_channel(store, channel, channels.get(name), after, now)
            made.settings = (before, after) if before != after else None
            plans.append(made)
        except _Mistakes as error:
            mistakes += str(error).splitlines()
        except CommandError as error:
            line = line_of(channels if name in channels else settings, str(name))
            mistakes.append(f"{_line(line)}{str(name)[:80]}: {error}")
        if len(mistakes) >= MOST_MISTAKES:
            break
    if not mistakes:
        mistakes += await _over_limits(store, plans)
    if mistakes:
        raise BadOption("\n".join(mistakes[:MOST_MISTAKES]))
    return plans


async def _settings(
    store: Store, channel: Channel, named: Mapping[str, object], before: ChannelSettings
) -> tuple[ChannelSettings, list[str]]:
    """The settings the document wants, or those before and what is wrong with what it wants."""
    name = str(channel)
    if name not in named:
        return before, []
    try:
        return await read_settings(store, channel, named[name]), []
    except BadOption as error:
        line = line_of(named[name], error.option) or line_of(named, name)
        return before, [f"{_line(line)}{name}, settings: {error}"]


class _Mistakes(CommandError):
    """Mistakes of one channel that say where they are, one a line."""


def _line(number: int) -> str:
    return f"line {number}: " if number else ""


def _parts(document: object) -> tuple[Mapping[str, object], Mapping[str, object]]:
    if not isinstance(document, Mapping):
        raise BadOption("Expected `channels:` with a list of subscriptions for each channel.")
    unknown = [str(key) for key in document if key not in {"channels", "settings"}]
    if unknown:
        line = _line(line_of(document, unknown[0]))
        raise BadOption(
            f"{line}There is no key “{unknown[0][:30]}”; a file has channels and settings."
        )
    found = [document.get(key) or {} for key in ("channels", "settings")]
    for one in found:
        if not isinstance(one, Mapping):
            raise BadOption("“channels” and “settings” take channels as keys.")
        if len(one) > MOST_CHANNELS:
            raise BadOption(f"A file may name at most {MOST_CHANNELS} channels; split it.")
    return found[0], found[1]


async def _plan_channel(
    store: Store, channel: Channel, listed: object, start: ChannelSettings, now: datetime
) -> ChannelPlan:
    made = ChannelPlan(channel)
    if listed is None:
        return made
    if not isinstance(listed, list):
        raise BadOption("expected a list of subscriptions")
    if len(listed) > MOST_PER_CHANNEL:
        raise BadOption(
            f"has {len(listed)} subscriptions; a channel can have at most {MOST_PER_CHANNEL}, "
            "so spread them over several"
        )
    existing = {one.name.lower(): one for one in await store.subscriptions.of(channel)}
    wanted = _read_all(channel, listed, start, now)
    for one in wanted:
        before = existing.pop(one.name.lower(), None)
        if before is None:
            due = next_due(one.cadence, zone_of(one.zone), now)
            made.added.append(replace(one, created_by=BY_FILE, next_due_at=due))
        else:
            after = _taken_over(before, one, now)
            if described(before) != described(after) or before.filter.key != after.filter.key:
                made.changed.append((before, after))
    made.removed = list(existing.values())
    return made


def _read_all(
    channel: Channel, listed: Sequence[object], start: ChannelSettings, now: datetime
) -> list[Subscription]:
    """Each entry, with what its `filter:name` stands for. Raises _Mistakes."""
    read: dict[str, Subscription] = {}
    places: dict[str, str] = {}
    mistakes = []
    for number, values in enumerate(listed, start=1):
        where = f"{channel}, entry {number}"
        try:
            one = read_subscription(values, channel, start, now)
        except BadFilter as error:
            problem = error.problem
            said = f"filter, column {problem.column}: {problem.message} {problem.hint}".rstrip()
            mistakes.append(f"{_line(line_of(values, 'filter'))}{where}: {said}")
            continue
        except BadOption as error:
            mistakes.append(f"{_line(line_of(values, error.option))}{where}: {error}")
            continue
        name = one.name.lower()
        if name in read:
            said = f"the name “{one.name}” is given twice"
            mistakes.append(f"{_line(line_of(values, 'name'))}{where}: {said}")
        read[name] = one
        places[name] = f"{_line(line_of(values, 'filter'))}{where}: filter"
    done: dict[str, TopicFilter] = {}
    for name in read if not mistakes else ():
        try:
            _resolve(name, read, done)
        except CommandError as error:
            mistakes.append(f"{places[name]}: {error}")
    if mistakes:
        raise _Mistakes("\n".join(mistakes))
    return [replace(one, filter=done[name]) for name, one in read.items()]


def _resolve(
    name: str,
    read: Mapping[str, Subscription],
    done: dict[str, TopicFilter],
    above: tuple[str, ...] = (),
) -> TopicFilter:
    """What a filter is with others put in. Raises BadOption for a circle, NotFound."""
    if name in above:
        raise BadOption(f"filter:{name} goes round in a circle ({' → '.join((*above, name))})")
    if name not in read:
        raise NotFound(f"there is no subscription “{name}” to take a filter from")
    if name not in done:
        own = read[name].filter
        needed = {one: _resolve(one, read, done, (*above, name)) for one in names_in(own.root)}
        done[name] = resolve(own, needed)
    return done[name]


def _taken_over(before: Subscription, wanted: Subscription, now: datetime) -> Subscription:
    """The existing subscription as the file wants it; what it has seen and when stays."""
    after = replace(
        before,
        name=wanted.name,
        filter=wanted.filter,
        typed=wanted.typed,
        cadence=wanted.cadence,
        zone=wanted.zone,
        top=wanted.top,
        mode=wanted.mode,
        layout=wanted.layout,
        empty=wanted.empty,
        paused_until=wanted.paused_until,
    )
    if (after.cadence, after.zone) != (before.cadence, before.zone):
        due = next_due(after.cadence, zone_of(after.zone), now)
        after = replace(after, next_due_at=now if due is None else due)
    return after


async def _over_limits(store: Store, plans: Sequence[ChannelPlan]) -> list[str]:
    more: dict[tuple[str, str], int] = {}
    for one in plans:
        place = (one.channel.platform.value, one.channel.workspace)
        more[place] = more.get(place, 0) + len(one.added) - len(one.removed)
    over = []
    for one in plans:
        added = more.pop((one.channel.platform.value, one.channel.workspace), 0)
        if added > 0 and one.channel.workspace:
            count = await store.subscriptions.count(one.channel.platform, one.channel.workspace)
            if count + added > MOST_PER_WORKSPACE:
                over.append(
                    f"{one.channel}: its workspace would have {count + added} subscriptions; "
                    f"at most {MOST_PER_WORKSPACE} are possible"
                )
    return list(islice(over, MOST_MISTAKES))


async def apply(store: Store, plans: Sequence[ChannelPlan], now: datetime) -> list[Change]:
    """Carry the plans out, channel by channel: each whole, and noted in its log, or not at all."""
    return [await _apply(store, one, now) for one in plans if not one.is_idle]


async def _apply(store: Store, one: ChannelPlan, now: datetime) -> Change:
    asked = [last_spoke(old, now) for old, new in one.changed if old.filter.key != new.filter.key]
    change = Change(
        channel=one.channel,
        what="; ".join(one.lines())[:1_000] + f" ({BY_FILE})",
        at=now,
        before=(*one.removed, *(before for before, _ in one.changed)),
        after=(*(after for _, after in one.changed), *one.added),
        settings=one.settings,
    )
    try:
        return await store.policy.make(change, replan=min(asked, default=None))
    except Conflict as error:
        raise NotPossible(f"{one.channel}: {error} Nothing was changed there.") from None
