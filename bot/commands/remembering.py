"""Team memory: a paper somebody asks for says where else in the workspace it was seen."""

from dataclasses import replace

from bot.commands.context import Context
from bot.commands.seeing import readable
from bot.model.memory import Elsewhere
from bot.model.message import Card, Listing, Message, SeenIn
from bot.rules.permalinks import permalink


async def with_memory(context: Context, message: Message) -> Message:
    """The same answer; its cards say in which channels the asker can read they stood before."""
    if not isinstance(message, Listing) or not message.cards:
        return message
    keys = [card.face.paper for card in message.cards]
    found = await context.store.memory.elsewhere(context.asker.channel, keys)
    if not found:
        return message
    seen = await readable(context, {one.channel for places in found.values() for one in places})
    visible = {key: [one for one in places if one.channel in seen] for key, places in found.items()}
    cards = tuple(_remembering(card, visible.get(card.face.paper, [])) for card in message.cards)
    return replace(message, cards=cards)


def _remembering(card: Card, places: list[Elsewhere]) -> Card:
    seen = tuple(
        SeenIn(one.channel, f"{one.at.day} {one.at:%b}", permalink(one.channel, one.message_id))
        for one in places
    )
    return replace(card, seen=seen)
