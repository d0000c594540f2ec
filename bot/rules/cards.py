"""A stored paper as a card people read."""

import re
from functools import lru_cache

from bot.model.message import Action, Face, Link
from bot.model.paper import BlurbOrigin, Paper, PaperKey, Status
from bot.model.subscription import Mode
from bot.rules.text import cut, readable

FIRST_AUTHORS = 3
SUMMARY_LENGTH = {Mode.COMPACT: 200, Mode.STANDARD: 420, Mode.FULL: 2_400}
SHOWN_CATEGORIES = 3
NO_TITLE = "(no title)"
_TALLY = re.compile(r"\d+ relevant, \d+ not for us", re.ASCII)


@lru_cache(maxsize=2048)
def face(paper: Paper, mode: Mode = Mode.COMPACT, *, inert: bool = False) -> Face:
    """What a card says of a paper; kept, for a day's papers stand in digest after digest.

    inert: without anything that can be done with it.
    """
    summary, machine_written = _summary(paper, mode)
    actions, more = usual_actions(paper.key)
    return Face(
        paper=paper.key,
        title=readable(paper.title) or NO_TITLE,
        url=paper.url,
        byline=byline(paper),
        summary=summary,
        machine_written=machine_written,
        facts=facts(paper),
        links=links(paper),
        actions=() if inert else actions,
        more=() if inert else more,
    )


@lru_cache(maxsize=2048)
def usual_actions(key: PaperKey) -> tuple[tuple[Action, ...], tuple[Action, ...]]:
    """What can be done with a paper: two things at once, the rest behind “More”."""
    return (
        (Action("Relevant", f"like {key}"), Action("Not for us", f"dislike {key}")),
        (
            Action("Why?", f"why {key}"),
            Action("Similar papers", f"similar {key}"),
            Action("BibTeX", f"bib {key}"),
            Action("Save", f"save {key}"),
            Action("Mute a word…", "mute"),
        ),
    )


def byline(paper: Paper) -> str:
    """First authors, how many more, and the organisation."""
    authors = ", ".join(readable(name) for name in paper.authors[:FIRST_AUTHORS])
    more = len(paper.authors) - FIRST_AUTHORS
    if more > 0:
        authors += f" and {more} more"
    if not paper.organization:
        return authors
    organization = readable(paper.organization)
    return f"{authors} · {organization}" if authors else organization


def facts(paper: Paper) -> tuple[str, ...]:
    """Short facts in words: categories, counters, code, version, standing."""
    found = []
    if paper.status is not Status.ACTIVE:
        found.append(str(paper.status))
    if paper.categories:
        found.append(" ".join(paper.categories[:SHOWN_CATEGORIES]))
    if paper.metrics.upvotes is not None:
        found.append(how_many(paper.metrics.upvotes, "upvote"))
    if paper.metrics.comments:
        found.append(how_many(paper.metrics.comments, "comment"))
    if paper.metrics.stars:
        found.append(how_many(paper.metrics.stars, "star"))
    if paper.version is not None and paper.version > 1:
        found.append(f"version {paper.version}")
    if paper.published_on is not None:
        found.append(paper.published_on.isoformat())
    return tuple(found)


def with_tally(facts: tuple[str, ...], counted: tuple[int, int] | None) -> tuple[str, ...]:
    """The facts of a card with how many of a channel found it relevant and how many not."""
    others = tuple(fact for fact in facts if not _TALLY.fullmatch(fact))
    if counted is None:
        return others
    return (*others, "{} relevant, {} not for us".format(*counted))


def links(paper: Paper) -> tuple[Link, ...]:
    """Where else to go: code and project page."""
    found = []
    if paper.code_url:
        found.append(Link("code", paper.code_url))
    if paper.project_url:
        found.append(Link("project", paper.project_url))
    return tuple(found)


def how_many(number: int, noun: str) -> str:
    """`1 upvote`, `2 upvotes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _summary(paper: Paper, mode: Mode) -> tuple[str, bool]:
    limit = SUMMARY_LENGTH[mode]
    if mode is not Mode.FULL and paper.blurb:
        return cut(readable(paper.blurb), limit), paper.blurb_origin is BlurbOrigin.MACHINE
    return cut(readable(paper.abstract), limit), False
