"""Team memory: a paper somebody asks for says where else in the workspace it was seen."""

from dataclasses import replace

from bot.commands.context import Context
from bot.commands.seeing import readable
from bot.model.memory import Elsewhere
from bot.model.message import Card, Link, Listing, Message
from bot.model.subscription import Platform
from bot.rules.permalinks import permalink


async def with_memory(context: Context, message: Message) -> Message:
    """The same answer; its cards say in which channels the asker can read they stood before."""
    if not isinstance(message, Listing) or not message.cards:
        return message
    keys = [card.paper for card in message.cards]
    found = await context.store.memory.elsewhere(context.asker.channel, keys)
    if not found:
        return message
    seen = await readable(context, {one.channel for places in found.values() for one in places})
    visible = {key: [one for one in places if one.channel in seen] for key, places in found.items()}
    cards = tuple(_remembering(card, visible.get(card.paper, [])) for card in message.cards)
    return replace(message, cards=cards)


def _remembering(card: Card, places: list[Elsewhere]) -> Card:
    if not places:
        return card
    facts = tuple(f"seen in {_named(one)} on {one.at.day} {one.at:%b}" for one in places)
    addresses = ((one, permalink(one.channel, one.message_id)) for one in places)
    links = tuple(
        Link(f"see it there ({one.at.day} {one.at:%b})", url) for one, url in addresses if url
    )
    return replace(card, facts=(*card.facts, *facts), links=(*card.links, *links))


def _named(place: Elsewhere) -> str:
    """A channel in words; on chat platforms only the link knows its present name."""
    if place.channel.platform is Platform.TERMINAL:
        return str(place.channel)
    return "another channel"
