"""`rest`: what a digest counted but had no room for, in the order it would have come."""

from dataclasses import dataclass

from bot.commands.subscribing import pick
from bot.model.command import Rest
from bot.model.errors import NotFound
from bot.model.subscription import Channel, Subscription
from bot.ports import Store
from bot.rules.digests import Ranked, rank_candidates
from bot.rules.studying import Papers, Study


@dataclass(frozen=True, slots=True)
class Remainder:
    """The papers one digest left out, best first."""

    subscription: Subscription
    period: str
    papers: tuple[Ranked, ...]


async def left_out(store: Store, channel: Channel, order: Rest) -> Remainder:
    """Exactly the papers that digest counted. Raises NotFound."""
    subscription = await _subscription(store, channel, order.name)
    chosen = await store.ledger.chosen(subscription, order.period or None)
    if chosen is None:
        which = f"of {order.period}" if order.period else "yet"
        raise NotFound(f"“{subscription.name}” has had no digest {which}.")
    taste = await store.feedback.taste(channel)
    ranked = rank_candidates(
        subscription,
        chosen.left_out,
        Study(subscription.filter),
        Papers(chosen.day),
        taste,
        everything=True,
    )
    return Remainder(subscription, chosen.period, tuple(ranked))


async def _subscription(store: Store, channel: Channel, name: str) -> Subscription:
    """By name or number, or by the id a button carries: only one of this channel."""
    if not name.startswith("#"):
        return await pick(store, channel, name)
    for one in await store.subscriptions.of(channel):
        if name == f"#{one.id}":
            return one
    raise NotFound("The subscription of this digest has been stopped, so its rest is not kept.")
