"""Answers to people about what they keep, follow, mute and judge."""

from collections.abc import Sequence
from datetime import datetime

from bot.commands.answers.subscriptions import next_words
from bot.commands.answers.words import papers_counted
from bot.model.memory import Kept, Muted
from bot.model.message import Action, Card, Listing, Message, Notice, Tone
from bot.model.paper import Paper
from bot.model.personal import Verdict
from bot.model.subscription import Subscription
from bot.model.topic import TopicFilter
from bot.rules.cards import face
from bot.rules.reading import reading
from bot.rules.schedule import describe
from bot.rules.text import cut, readable

_WORDS = {Verdict.RELEVANT: "relevant", Verdict.NOT_FOR_US: "not for us"}
_EFFECT = {
    Verdict.RELEVANT: "Papers with its words, author and category will come higher in the digests "
    "of this channel.",
    Verdict.NOT_FOR_US: "Papers with its words, author and category will come lower in the "
    "digests of this channel.",
}


def voted(
    paper: Paper, verdict: Verdict, before: Verdict | None, tally: tuple[int, int] | None
) -> Notice:
    """A vote, for the voter alone: what it does, how to take it back."""
    again = " as before" if before is verdict else ""
    lines = [_title(paper), _EFFECT[verdict], "`why` shows by how much."]
    if tally is not None:
        lines.append(f"So far here: {tally[0]} relevant, {tally[1]} not for us.")
    return Notice(
        heading=f"Noted{again}: {_WORDS[verdict]}",
        lines=tuple(lines),
        tone=Tone.DONE,
        actions=(Action("Undo", f"undo {paper.key}"),),
    )


def vote_undone(paper: Paper, before: Verdict) -> Notice:
    """A vote taken back."""
    return Notice(heading=f"Taken back: {_WORDS[before]}", lines=(_title(paper),), tone=Tone.DONE)


def kept(paper: Paper, *, new: bool) -> Notice:
    """A saved paper."""
    return Notice(
        heading="Saved" if new else "You have this saved already",
        lines=(_title(paper), "See all with `saved`; `bib` gives them as BibTeX."),
        tone=Tone.DONE,
        actions=(Action("Undo", f"unsave {paper.key}"), Action("All saved", "saved")),
    )


def kept_no_longer(paper: Paper) -> Notice:
    """A paper taken off the list."""
    return Notice(
        heading="No longer saved",
        lines=(_title(paper),),
        tone=Tone.DONE,
        actions=(Action("Undo", f"save {paper.key}"),),
    )


def saved(found: Kept, page: int, on_a_page: int) -> Message:
    """A page of a member's saved papers."""
    if not found.total:
        return Notice(
            heading="You have saved no papers yet",
            lines=("Save one from the More menu of its card, or with: save 2403.09472",),
        )
    more = found.total > page * on_a_page
    return Listing(
        heading=f"{papers_counted(found.total)} saved by you",
        cards=tuple(Card(face(paper)) for paper in found.papers),
        total=found.total,
        note=f"Page {page}, the latest first." if more or page > 1 else "",
        actions=(
            *((Action("More", f"saved page:{page + 1}"),) if more else ()),
            Action("BibTeX of all", "bib saved"),
        ),
    )


def following(mine: Subscription, all_of_them: Sequence[TopicFilter]) -> Notice:
    """What is followed now, and when the personal digest comes."""
    return Notice(
        heading="Following",
        lines=(
            *_numbered(all_of_them),
            f"New papers come to you by direct message {describe(mine.cadence, mine.zone)}; "
            f"{next_words(mine)}.",
        ),
        tone=Tone.DONE,
    )


def unfollowed(gone: TopicFilter, rest: Sequence[TopicFilter]) -> Notice:
    """What is followed no longer."""
    return Notice(
        heading=f"No longer following {gone.canonical}",
        lines=tuple(_numbered(rest)) or ("You follow nobody now.",),
        tone=Tone.DONE,
        actions=(Action("Undo", f"follow {gone.canonical}"),),
    )


def follows(mine: Subscription | None, all_of_them: Sequence[TopicFilter]) -> Notice:
    """What is followed, each with a button that ends it."""
    if mine is None:
        return Notice(
            heading="You follow nobody yet",
            lines=('Follow somebody: follow author:"Jan Leike", or follow org:DeepMind',),
        )
    return Notice(
        heading="You follow",
        lines=(
            *_numbered(all_of_them),
            f"By direct message {describe(mine.cadence, mine.zone)}; {next_words(mine)}.",
        ),
        actions=tuple(
            Action(cut(f"Unfollow {one.canonical}", 60), f"unfollow {one.canonical}")
            for one in all_of_them[:5]
        ),
    )


def muted(topic: TopicFilter, until: datetime | None, now: Sequence[Muted]) -> Notice:
    """What is hidden from the asker's digests now."""
    how_long = f"until {until:%Y-%m-%d %H:%M} UTC" if until else "until you unmute it"
    return Notice(
        heading=f"Muted {how_long}: {topic.canonical}",
        lines=(
            f"Your own digests leave out {reading(topic)}. What the channel gets does not change.",
            *_all_muted(now),
        ),
        tone=Tone.DONE,
        actions=(Action("Undo", f"unmute {topic.canonical}"),),
    )


def unmuted(term: str, now: Sequence[Muted]) -> Notice:
    """What is no longer hidden."""
    return Notice(
        heading=f"No longer muted: {term}",
        lines=tuple(_all_muted(now)),
        tone=Tone.DONE,
        actions=(Action("Undo", f"mute {term}"),),
    )


def forgotten(rows: int, follows_stopped: int) -> Notice:
    """What was deleted."""
    ended = "Your personal digest has ended. " if follows_stopped else ""
    return Notice(
        heading="Everything stored about you in this workspace is deleted",
        lines=(
            f"{ended}{rows} entries: votes, saved papers, muted words, recent queries, your name in "
            "logs. Subscriptions of channels belong to the channels and go on.",
        ),
        tone=Tone.DONE,
    )


def _all_muted(now: Sequence[Muted]) -> list[str]:
    terms = ", ".join(one.term for one in now)
    return [f"Muted altogether: {terms}."] if len(now) > 1 else []


def _numbered(follows_: Sequence[TopicFilter]) -> list[str]:
    return [f"{number}. {one.canonical}" for number, one in enumerate(follows_, start=1)]


def _title(paper: Paper) -> str:
    return readable(paper.title) or paper.key
