"""Answers about trends, similar papers and BibTeX."""

from collections.abc import Sequence

from bot.commands.answers.words import papers_counted
from bot.commands.similar import Like
from bot.commands.trending import Trending
from bot.model.message import Action, Card, Listing, Message, Notice
from bot.model.paper import Paper
from bot.model.personal import Bib
from bot.rules.cards import face
from bot.rules.text import readable


def trending(report: Trending) -> Notice:
    """Counts by week and rising words, all in words and figures."""
    about = report.topic.canonical if report.topic else "all papers"
    lines = [
        f"In the last {report.days} days: {papers_counted(report.now)}{_compared(report)}.",
        "By week: " + " · ".join(f"{start:%d %b} {count}" for start, count in report.weeks),
    ]
    if report.rising:
        told = [f"{one.words} ({one.before} → {one.now})" for one in report.rising]
        lines.append(f"Rising words, in how many papers before and now: {', '.join(told)}.")
    else:
        lines.append("No word rises more than chance would make it.")
    if not report.before:
        lines.append("The index holds nothing from the time before, so there is no comparison.")
    return Notice(
        heading=f"Trend: {about}",
        lines=tuple(lines),
        actions=tuple(Action(one.words, f'search "{one.words}"') for one in report.rising[:3]),
    )


def _compared(report: Trending) -> str:
    if not report.before:
        return ""
    change = round(100 * (report.now - report.before) / report.before)
    return f", {change:+d} % on the {report.days} days before ({report.before})"


def similar(paper: Paper, likes: Sequence[Like]) -> Message:
    """Papers like one, each with what both have in common."""
    title = readable(paper.title) or paper.key
    if not likes:
        return Notice(
            heading=f"Nothing in the index is like “{title}”",
            lines=("A paper counts as similar when it shares telling words, authors or category.",),
        )
    return Listing(
        heading=f"Similar to “{title}”",
        cards=tuple(Card(face(one.paper), one.why) for one in likes),
        total=len(likes),
    )


def bibliography(order: Bib, text: str, pages: int, papers: int) -> Notice:
    """BibTeX to copy."""
    if not papers:
        return Notice(
            heading="No papers to cite",
            lines=("`bib today` and `bib week` cite what this channel was shown, "
                   "`bib saved` what you saved, `bib 2403.09472` one paper.",),
        )  # fmt: skip
    page = min(order.page, pages)
    part = f", page {page} of {pages}" if pages > 1 else ""
    more = f"bib {order.what} page:{page + 1}"
    return Notice(
        heading=f"BibTeX of {papers_counted(papers)}{part}",
        code=text,
        actions=(Action("More", more),) if page < pages else (),
    )
