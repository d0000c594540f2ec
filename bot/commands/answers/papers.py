"""Answers about papers: searches and single papers."""

from bot.commands.answers.words import papers_counted
from bot.commands.searching import Answer
from bot.model.command import Search
from bot.model.message import Action, Listing, Notice
from bot.model.paper import Paper
from bot.model.subscription import Mode
from bot.rules.cards import card
from bot.rules.reading import reading


def results(query: Search, answer: Answer) -> Listing | Notice:
    """The page of a search, or what to try when nothing was found."""
    if not answer.ranked:
        return Notice(
            heading=f"No papers found for {answer.topic.canonical}",
            lines=(
                f"Searched for {reading(answer.topic)}.",
                "Try fewer words, OR between them, or a beginning such as align*.",
            ),
        )
    first = (query.page - 1) * query.limit + 1
    last = first + len(answer.ranked) - 1
    more = answer.total > last
    return Listing(
        heading=f"{papers_counted(answer.total)} on {answer.topic.canonical}",
        cards=tuple(
            card(one.paper, why=one.why, actions=(Action("Why?", f"why {one.paper.key}"),))
            for one in answer.ranked
        ),
        total=answer.total,
        note=f"Showing {first} to {last}." if more or query.page > 1 else "",
        footer=f"To get these every day, subscribe to: {answer.topic.canonical}",
        actions=(Action("More", f"search {query.query} page:{query.page + 1}"),) if more else (),
    )


def one_paper(paper: Paper) -> Listing:
    """A paper somebody asked for by name."""
    return Listing(heading=paper.key, cards=(card(paper, mode=Mode.FULL),), total=1)
