"""Following authors and organisations: a personal digest by direct message.

What a member follows is the filter of one subscription, `follows`, of their own direct messages;
so it is matched, ranked, capped and delivered like any other.
"""

from dataclasses import replace

from bot.commands.context import Context
from bot.commands.options import read_options
from bot.commands.subscribing import name_taken, new_subscription
from bot.model.command import Options, Subscribe
from bot.model.errors import BadFilter, BadOption, Conflict, NotFound
from bot.model.personal import Follow
from bot.model.subscription import Subscription
from bot.model.topic import Author, Node, Or, Organization, TopicFilter
from bot.rules.canonical import canonical_filter
from bot.rules.parse import parse_filter
from bot.rules.schedule import next_due, zone_of

FOLLOWS = "follows"
MOST_FOLLOWS = 50


async def my_follows(context: Context) -> Subscription | None:
    """The subscription of the asker's direct messages that holds what they follow."""
    found = await context.store.subscriptions.of(context.asker.person.channel)
    return next((one for one in found if one.name == FOLLOWS), None)


def followed(subscription: Subscription | None) -> tuple[TopicFilter, ...]:
    """What is followed, one filter each."""
    if subscription is None:
        return ()
    return tuple(canonical_filter(part) for part in _parts(subscription.filter.root))


def _parts(root: Node) -> tuple[Node, ...]:
    return root.parts if isinstance(root, Or) else (root,)


async def follow(context: Context, order: Follow) -> Subscription:
    """Follow one more, or change when the personal digest comes. Raises BadFilter, BadOption."""
    mine, given = await my_follows(context), dict(order.given)
    asker = replace(context.asker, channel=context.asker.person.channel)
    if mine is None:
        options: Options = replace(read_options(given), name=FOLLOWS)
        if not order.filter:
            raise BadOption('Say whom to follow, such as author:"Jan Leike" or org:DeepMind.')
        _check_names(parse_filter(order.filter).root)
        made = Subscribe(filter=order.filter, options=options)
        new = await new_subscription(context.store, asker, made, context.now)
        try:
            return await context.store.subscriptions.add(new)
        except Conflict:
            raise name_taken(new.name) from None
    options = read_options(given, mine.cadence)
    parts: list[Node] = list(_parts(mine.filter.root))
    if order.filter:
        wanted = parse_filter(order.filter).root
        _check_names(wanted)
        parts += _parts(wanted)
    changed = replace(
        _with(mine, parts),
        cadence=options.cadence or mine.cadence,
        zone=options.zone or mine.zone,
        top=options.top or mine.top,
        mode=options.mode or mine.mode,
    )
    if (changed.cadence, changed.zone) != (mine.cadence, mine.zone):
        due = next_due(changed.cadence, zone_of(changed.zone), context.now)
        changed = replace(changed, next_due_at=context.now if due is None else due)
    await context.store.subscriptions.change(changed)
    return changed


async def unfollow(context: Context, what: str) -> tuple[TopicFilter, Subscription | None]:
    """Follow this no longer; what it was, and the rest. Raises NotFound that says what there is."""
    mine = await my_follows(context)
    follows = followed(mine)
    gone = _picked(follows, what)
    if mine is None or gone is None:
        said = "; ".join(one.canonical for one in follows)
        there_is = f"You follow: {said}." if said else "You follow nobody yet; see `help follow`."
        raise NotFound(f"You do not follow “{what[:60]}”. {there_is}")
    rest: list[Node] = [one.root for one in follows if one is not gone]
    if not rest:
        await context.store.subscriptions.remove(mine.channel, FOLLOWS)
        return gone, None
    left = _with(mine, rest)
    await context.store.subscriptions.change(left)
    return gone, left


def _picked(follows: tuple[TopicFilter, ...], what: str) -> TopicFilter | None:
    if what.isascii() and what.isdigit() and 1 <= int(what[:4]) <= len(follows):
        return follows[int(what) - 1]
    text = what.strip('"').casefold()
    for one in follows:
        name = one.canonical.partition(":")[2].strip('"')
        if text in {one.canonical.casefold(), name.casefold()}:
            return one
    try:
        key = parse_filter(what).key
    except BadFilter:
        return None
    return next((one for one in follows if one.key == key), None)


def _with(mine: Subscription, parts: list[Node]) -> Subscription:
    if len(parts) > MOST_FOLLOWS:
        raise BadOption(f"You can follow at most {MOST_FOLLOWS}; unfollow some first.", "filter")
    topic = canonical_filter(parts[0] if len(parts) == 1 else Or(tuple(parts)))
    return replace(mine, filter=topic, typed=topic.canonical)


def _check_names(root: Node) -> None:
    """Raises BadOption unless the filter is names only."""
    for part in _parts(root):
        if not isinstance(part, Author | Organization):
            raise BadOption(
                'You can follow author:"…" and org:…; for words, `subscribe` in a channel.',
                "filter",
            )
