"""Answers about papers: searches and single papers."""

from collections.abc import Iterator

from bot.commands.answers.words import papers_counted, unknown
from bot.commands.searching import Answer
from bot.model.command import Search
from bot.model.message import Action, Card, Listing, Notice
from bot.model.paper import Paper
from bot.model.subscription import Mode
from bot.rules.cards import face
from bot.rules.lookalikes import hint
from bot.rules.reading import reading
from bot.rules.slips import slips


def results(query: Search, answer: Answer) -> Listing | Notice:
    """The page of a search, or what to try when nothing was found."""
    if not answer.total:
        return _nothing(query, answer)
    if not answer.ranked:
        return Notice(
            heading=f"There is no page {query.page} for {answer.topic.canonical}",
            lines=(f"It finds {papers_counted(answer.total)}, {query.limit} on a page.",),
            actions=(Action("First page", f"search {query.query}"),),
        )
    first = (query.page - 1) * query.limit + 1
    last = first + len(answer.ranked) - 1
    more = answer.total > last
    return Listing(
        heading=f"{papers_counted(answer.total)} on {answer.topic.canonical}",
        cards=tuple(Card(face(one.paper), one.why) for one in answer.ranked),
        total=answer.total,
        note=f"Showing {first} to {last}." if more or query.page > 1 else "",
        footer=_footer(query, answer),
        actions=_paging(query, more=more),
    )


def _nothing(query: Search, answer: Answer) -> Notice:
    """What was searched, and the nearest filter that finds something."""
    near = answer.looser
    return Notice(
        heading=f"No papers found for {answer.topic.canonical}",
        lines=tuple(_nothing_lines(query, answer)),
        actions=(Action("Search that", f"search {near.variant.topic.canonical}"),) if near else (),
    )


def _nothing_lines(query: Search, answer: Answer) -> Iterator[str]:
    yield f"Searched for {reading(answer.topic)}."
    yield from slips(query.query)
    if answer.newest_on is None:
        yield "No paper is in the index yet; it fills when a source is read or a file is imported."
        return
    lookalike = hint(answer.topic.canonical)
    if lookalike:
        yield lookalike
    elif answer.unknown:
        yield unknown(answer.unknown)
    if answer.looser is not None:
        near = answer.looser
        yield (
            f"Nearest: {near.variant.change} it finds {papers_counted(near.matches)}, "
            f"that is {near.variant.topic.canonical}"
        )
    elif not lookalike:
        yield "Try fewer words, OR between them, or a beginning such as align*."
    yield f"The newest paper in the index is of {answer.newest_on.isoformat()}."
    if query.verb:
        yield f"“{query.verb}” is also a command: `help {query.verb}`"


def _footer(query: Search, answer: Answer) -> str:
    words = f"To get these every day, subscribe to: {answer.topic.canonical}"
    if query.verb:
        words += f" · “{query.verb}” is also a command: `help {query.verb}`"
    return words


def _paging(query: Search, *, more: bool) -> tuple[Action, ...]:
    line = f"search {query.query}" + (" sort:new" if query.newest else "")
    share = line + (f" page:{query.page}" if query.page > 1 else "")
    actions = [Action("More results", f"{line} page:{query.page + 1}")] if more else []
    return (*actions, Action("Share to channel", f"share {share}"))


def one_paper(paper: Paper) -> Listing:
    """A paper somebody asked for by name."""
    return Listing(
        heading=paper.key,
        cards=(Card(face(paper, Mode.FULL)),),
        total=1,
        actions=(Action("Share to channel", f"share {paper.key}"),),
    )
