"""Answers about papers: searches and single papers."""

from bot.commands.answers.words import papers_counted
from bot.commands.searching import Answer
from bot.model.command import Search
from bot.model.message import Action, Listing, Notice
from bot.model.paper import Paper
from bot.model.subscription import Mode
from bot.rules.cards import card, card_actions
from bot.rules.lookalikes import hint
from bot.rules.reading import reading


def results(query: Search, answer: Answer) -> Listing | Notice:
    """The page of a search, or what to try when nothing was found."""
    if not answer.ranked:
        return Notice(
            heading=f"No papers found for {answer.topic.canonical}",
            lines=(
                f"Searched for {reading(answer.topic)}.",
                hint(answer.topic.canonical)
                or "Try fewer words, OR between them, or a beginning such as align*.",
                *(
                    (f"“{query.verb}” is also a command: `help {query.verb}`",)
                    if query.verb
                    else ()
                ),
            ),
        )
    first = (query.page - 1) * query.limit + 1
    last = first + len(answer.ranked) - 1
    more = answer.total > last
    return Listing(
        heading=f"{papers_counted(answer.total)} on {answer.topic.canonical}",
        cards=tuple(
            card(one.paper, why=one.why, **card_actions(one.paper.key)) for one in answer.ranked
        ),
        total=answer.total,
        note=f"Showing {first} to {last}." if more or query.page > 1 else "",
        footer=_footer(query, answer),
        actions=_paging(query, more=more),
    )


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
        cards=(card(paper, mode=Mode.FULL, **card_actions(paper.key)),),
        total=1,
        actions=(Action("Share to channel", f"share {paper.key}"),),
    )
