"""Relevant, or not for us: votes, what they do, and taking them back."""

from dataclasses import replace

from bot.commands import answers
from bot.commands.context import Context
from bot.model.answer import Answer
from bot.model.errors import BadOption, NotFound
from bot.model.message import Listing, Message
from bot.model.paper import Paper
from bot.model.personal import Vote
from bot.rules import cards
from bot.rules.identity import paper_key


async def vote(context: Context, order: Vote) -> Answer:
    """Note the asker's verdict; told to them alone. Raises NotFound."""
    check_is_somebody(context)
    paper = await stored_paper(context, order.paper)
    store, asker = context.store, context.asker
    before = await store.feedback.vote(
        asker.channel, asker.person, paper.key, order.verdict, now=context.now
    )
    tally = await _tally(context, paper)
    return Answer(private=answers.voted(paper, order.verdict, before, tally))


async def take_back(context: Context, text: str | None) -> Answer:
    """Take the asker's verdict on a paper back; None: the last one here. Raises NotFound."""
    check_is_somebody(context)
    store, asker = context.store, context.asker
    if text is None:
        text = await store.feedback.last(asker.channel, asker.person)
        if text is None:
            raise NotFound("You have judged no paper in this channel, so there is nothing to undo.")
    paper = await stored_paper(context, text)
    before = await store.feedback.vote(
        asker.channel, asker.person, paper.key, None, now=context.now
    )
    if before is None:
        raise NotFound(f"You have not judged “{paper.title[:80]}” in this channel.")
    return Answer(private=answers.vote_undone(paper, before))


async def with_tally(context: Context, message: Message) -> Message:
    """The same answer; its cards say how many found them relevant, if the channel wants that."""
    channel = context.asker.channel
    if not isinstance(message, Listing) or not message.cards:
        return message
    if not (await context.store.policy.settings(channel)).tally:
        return message
    counted = await context.store.feedback.tally(
        channel, [card.face.paper for card in message.cards]
    )
    shown = tuple(
        card.saying(facts=cards.with_tally(card.face.facts, counted.get(card.face.paper)))
        for card in message.cards
    )
    return replace(message, cards=shown)


async def stored_paper(context: Context, text: str) -> Paper:
    """A paper of the index, by id or address. Raises NotFound."""
    key = paper_key(text)
    paper = await context.store.papers.get(key) if key else None
    if paper is None:
        raise NotFound(f"“{text[:60]}” is not in the index. Check the id, such as 2403.09472.")
    return paper


def check_is_somebody(context: Context) -> None:
    """Raises BadOption where nobody in particular asks, as on the command line."""
    if not context.asker.member:
        raise BadOption("This is for people in a chat: here nobody in particular asks.")


async def _tally(context: Context, paper: Paper) -> tuple[int, int] | None:
    channel = context.asker.channel
    if not (await context.store.policy.settings(channel)).tally:
        return None
    return (await context.store.feedback.tally(channel, [paper.key])).get(paper.key, (0, 0))
