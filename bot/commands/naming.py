"""Filters as people type them in a channel, where `filter:name` names what the channel listens with."""

from bot.model.subscription import Channel
from bot.model.topic import TopicFilter
from bot.ports import Store
from bot.rules.parse import parse_filter
from bot.rules.saved import names_in, read_filter


async def read_in(store: Store, channel: Channel, text: str) -> TopicFilter:
    """The filter that `text` says in a channel. Raises BadFilter."""
    topic = parse_filter(text)
    if not names_in(topic.root):
        return topic
    existing = await store.subscriptions.of(channel)
    return read_filter(text, {one.name: one.filter for one in existing})
