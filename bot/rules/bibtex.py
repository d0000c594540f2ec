"""Papers as BibTeX entries, from our own data only."""

import re

from bot.model.paper import Paper
from bot.rules.fold import fold_exact
from bot.rules.taste import SMALL_WORDS
from bot.rules.text import readable

_SPECIAL = re.compile(r"[&%#_]")
_PLAIN = re.compile(r"[\\{}]")
MOST_AUTHORS = 100


def bibtex(paper: Paper) -> str:
    """One entry: `@misc` for a preprint, `@article` where a journal is known."""
    fields = {
        "title": f"{{{_safe(readable(paper.title))}}}",
        "author": _authors(paper),
        "year": _year(paper),
        "journal": _safe(paper.journal_ref),
        "doi": _doi(paper),
        **_preprint(paper),
        "url": _PLAIN.sub("", paper.url),
    }
    kind = "article" if paper.journal_ref else "misc"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{citation_key(paper)},", *lines, "}"])


def citation_key(paper: Paper) -> str:
    """`noether2026rings`: first author's last name, year, first telling word of the title."""
    author = fold_exact(paper.authors[0])[-1:] if paper.authors else []
    words = [word for word in fold_exact(paper.title) if word not in SMALL_WORDS]
    key = "".join([*(author or ["anon"]), _year(paper), *words[:1]])
    return re.sub(r"[^a-z0-9]", "", key) or "paper"


def _authors(paper: Paper) -> str:
    named = [_safe(readable(name)) for name in paper.authors[:MOST_AUTHORS]]
    if len(paper.authors) > MOST_AUTHORS:
        named.append("others")
    return " and ".join(named)


def _year(paper: Paper) -> str:
    day = paper.published_on or paper.announced_on
    return str(day.year) if day else ""


def _doi(paper: Paper) -> str:
    found = (one for one in paper.ids if one.startswith("doi:"))
    return _PLAIN.sub("", next(found, "").removeprefix("doi:"))


def _preprint(paper: Paper) -> dict[str, str]:
    found = next((one for one in paper.ids if one.startswith("arxiv:")), "")
    if not found:
        return {}
    return {
        "eprint": found.removeprefix("arxiv:"),
        "archiveprefix": "arXiv",
        "primaryclass": paper.categories[0] if paper.categories else "",
    }


def _safe(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", _PLAIN.sub("", text))
