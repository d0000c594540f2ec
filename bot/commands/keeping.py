"""A channel as text: exported into the chat, and taken from a text again with one diff."""

from collections.abc import Mapping
from dataclasses import replace

from bot.commands import answers
from bot.commands.configuring import ChannelPlan, apply, plan
from bot.commands.context import Context
from bot.commands.described import described, described_settings
from bot.commands.managing import told
from bot.commands.settling import check_may_manage
from bot.model.answer import Answer
from bot.model.command import Export, Import
from bot.model.errors import BadOption, UnreadableFile
from bot.model.message import Notice
from bot.model.subscription import Channel
from bot.ports.documents import Documents

LONGEST_PAGE = 2_300
"""Characters of text on a page: what every platform shows in one piece."""


async def export(context: Context, documents: Documents, order: Export) -> Notice:
    """The channel's subscriptions and settings, as `import` takes them."""
    store, channel = context.store, context.asker.channel
    found = await store.subscriptions.of(channel)
    settled = described_settings(await store.policy.settings(channel))
    values: dict[str, object] = {"subscriptions": [described(one) for one in found]}
    if settled:
        values["settings"] = settled
    return answers.exported(_pages(documents.write(values)), order.page)


def _pages(text: str) -> list[str]:
    """The text in pieces of whole lines."""
    pages = [""]
    for line in text.splitlines():
        if len(pages[-1]) + len(line) > LONGEST_PAGE:
            pages.append("")
        pages[-1] += f"{line}\n"
    return pages


async def planned(context: Context, documents: Documents, text: str) -> ChannelPlan:
    """What a text asks of the asker's own channel. Raises BadOption that lists every mistake."""
    channel = context.asker.channel
    try:
        document = documents.read(text)
    except UnreadableFile as error:
        raise BadOption(str(error), "text") from None
    try:
        plans = await plan(context.store, _of_this_channel(document, channel), context.now)
    except BadOption as error:
        raise BadOption(str(error), "text") from None
    return plans[0] if plans else ChannelPlan(channel)


def _of_this_channel(document: object, channel: Channel) -> object:
    """A text of `export` or of `papers export`, as far as it is about this channel alone."""
    if not isinstance(document, Mapping):
        raise BadOption("Expected `subscriptions:` with a list, as `export` writes it.")
    if "subscriptions" in document:
        document = {
            "channels": {str(channel): document["subscriptions"]},
            **(
                {"settings": {str(channel): document["settings"]}} if "settings" in document else {}
            ),
        }
    for part in ("channels", "settings"):
        named = document.get(part)
        for other in named if isinstance(named, Mapping) else ():
            if str(other) != str(channel):
                raise BadOption(
                    f"This names {str(other)[:60]}; in a chat only the channel itself is changed."
                )
    return document


async def take_in(context: Context, documents: Documents, order: Import) -> Answer:
    """Make the channel what the text says, or only tell what that would change."""
    await check_may_manage(context.store, context.asker)
    made = await planned(context, documents, order.text)
    lines = tuple(made.lines())[1:]
    if order.dry_run or not lines:
        return Answer(private=answers.import_planned(lines))
    (change,) = await apply(context.store, [made], context.now)
    brief = replace(change, what=f"taken from a text: {len(lines)} lines of changes", after=())
    return told(context, brief, answers.imported(lines, change.number))
