"""What people keep for themselves; every answer is for the asker alone."""

from datetime import timedelta

from bot.commands import answers
from bot.commands.context import Context
from bot.commands.following import follow, followed, my_follows, unfollow
from bot.commands.naming import read_in
from bot.commands.voting import check_is_somebody, stored_paper, take_back, vote
from bot.model.answer import Answer
from bot.model.command import Personal
from bot.model.errors import BadFilter, NotFound
from bot.model.message import Message
from bot.model.personal import (
    Follow,
    ForgetMe,
    ListFollows,
    ListSaved,
    Mute,
    Save,
    UndoVote,
    Unfollow,
    Unmute,
    Unsave,
    Vote,
)
from bot.rules.parse import parse_filter

SAVED_ON_A_PAGE = 10


async def personal(context: Context, order: Personal) -> Answer:
    """Carry it out. Raises BadOption where nobody in particular asks."""
    check_is_somebody(context)
    match order:
        case Vote():
            return await vote(context, order)
        case UndoVote(text):
            return await take_back(context, text)
        case Save() | Unsave() | ListSaved():
            return Answer(private=await _saving(context, order))
        case Follow() | Unfollow() | ListFollows():
            return Answer(private=await _following(context, order))
        case Mute() | Unmute():
            return Answer(private=await _muting(context, order))
        case ForgetMe():
            return Answer(private=await _forget(context))


async def _saving(context: Context, order: Save | Unsave | ListSaved) -> Message:
    people, me = context.store.people, context.asker.person
    match order:
        case Save(text):
            paper = await stored_paper(context, text)
            return answers.kept(paper, new=await people.save(me, paper.key, now=context.now))
        case Unsave(text):
            paper = await stored_paper(context, text)
            if not await people.unsave(me, paper.key):
                raise NotFound(f"“{paper.title[:80]}” is not among your saved papers.")
            return answers.kept_no_longer(paper)
        case ListSaved(page):
            offset = (page - 1) * SAVED_ON_A_PAGE
            kept = await people.saved(me, limit=SAVED_ON_A_PAGE, offset=offset)
            return answers.saved(kept, page, SAVED_ON_A_PAGE)


async def _following(context: Context, order: Follow | Unfollow | ListFollows) -> Message:
    match order:
        case Follow():
            mine = await follow(context, order)
            return answers.following(mine, followed(mine))
        case Unfollow(what):
            gone, left = await unfollow(context, what)
            return answers.unfollowed(gone, followed(left))
        case ListFollows():
            mine_now = await my_follows(context)
            return answers.follows(mine_now, followed(mine_now))


async def _muting(context: Context, order: Mute | Unmute) -> Message:
    people, me = context.store.people, context.asker.person
    if isinstance(order, Mute):
        topic = await read_in(context.store, context.asker.channel, order.term)
        until = context.now + timedelta(days=order.days) if order.days else None
        await people.mute(me, topic.canonical, until=until, now=context.now)
        return answers.muted(topic, until, await people.mutes(me, now=context.now))
    try:
        term = parse_filter(order.term).canonical
    except BadFilter:
        term = order.term
    if not await people.unmute(me, term):
        muted = await people.mutes(me, now=context.now)
        there_is = "; ".join(one.term for one in muted)
        said = f"You mute: {there_is}." if there_is else "You mute nothing."
        raise NotFound(f"“{order.term[:60]}” is not muted. {said}")
    return answers.unmuted(term, await people.mutes(me, now=context.now))


async def _forget(context: Context) -> Message:
    store, me = context.store, context.asker.person
    stopped = await store.subscriptions.of(me.channel)
    for one in stopped:
        await store.subscriptions.remove(me.channel, one.name)
    return answers.forgotten(await store.people.forget(me), len(stopped))
