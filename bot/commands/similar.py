"""Papers like one paper: those that share its telling words, authors and categories."""

from dataclasses import dataclass

from bot.commands.context import Context
from bot.commands.searching import find_paper
from bot.model.paper import Paper
from bot.model.record import SearchRequest
from bot.model.topic import Node, Or, Text
from bot.rules.document import Document, document
from bot.rules.fold import fold
from bot.rules.taste import SMALL_WORDS

LOOKED_AT = 200
SHOWN = 10
MOST_WORDS = 12
_COMMON = frozenset(["model", "models", "learning", "large", "based"])
TITLE_POINTS, ABSTRACT_POINTS, AUTHOR_POINTS, CATEGORY_POINTS = 3.0, 1.0, 2.0, 0.5


@dataclass(frozen=True, slots=True)
class Like:
    """A similar paper and what both have in common, in words."""

    paper: Paper
    points: float
    why: tuple[str, ...]


async def similar(context: Context, text: str) -> tuple[Paper, list[Like]]:
    """The papers most like this one, best first. Raises NotFound.

    The index finds those that share a word of the title; they are then compared: 3 points for a
    telling word of the title in the other title, 1 in the other abstract, 2 for an author, half a
    point for the primary category. A shared word counts less if many of them have it.
    """
    paper = await find_paper(context.store, context.lookup, text)
    words = telling_words(paper.title)
    if not words:
        return paper, []
    parts: tuple[Node, ...] = tuple(Text((word,), shown=word) for word in words)
    root: Node = parts[0] if len(parts) == 1 else Or(parts)
    request = SearchRequest(root=root, today=context.today, limit=LOOKED_AT)
    found = await context.store.papers.search(request)
    others = [one.paper for one in found.found if one.paper.key != paper.key]
    return paper, _compared(paper, words, others)[:SHOWN]


def telling_words(title: str) -> list[str]:
    """Folded words of a title without those that tell little."""
    words = dict.fromkeys(word for word in fold(title) if len(word) > 1)
    return [word for word in words if word not in SMALL_WORDS | _COMMON][:MOST_WORDS]


def _compared(paper: Paper, words: list[str], others: list[Paper]) -> list[Like]:
    folded = [(other, document(other)) for other in others]
    rarity = {
        word: 1 / (1 + sum(word in one.title for _, one in folded) / len(folded)) for word in words
    } if folded else {}  # fmt: skip
    likes = [_like(paper, other, one, rarity) for other, one in folded]
    likes = [one for one in likes if one.points >= TITLE_POINTS / 2]
    return sorted(likes, key=lambda one: (-one.points, one.paper.key))


def _like(paper: Paper, other: Paper, folded: Document, rarity: dict[str, float]) -> Like:
    title, abstract = set(folded.title), set(folded.abstract)
    in_title = [word for word in rarity if word in title]
    in_abstract = [word for word in rarity if word in abstract and word not in title]
    authors = [name for name in other.authors if name in set(paper.authors)]
    same = bool(paper.categories and other.categories[:1] == paper.categories[:1])
    points = (
        sum(TITLE_POINTS * rarity[word] for word in in_title)
        + sum(ABSTRACT_POINTS * rarity[word] for word in in_abstract)
        + AUTHOR_POINTS * min(len(authors), 3)
        + CATEGORY_POINTS * same
    )
    why = []
    if in_title:
        why.append(f"both titles have {_listed(in_title)}")
    if in_abstract:
        why.append(f"its abstract has {_listed(in_abstract)}")
    if authors:
        why.append(f"also by {', '.join(authors[:3])}")
    if same:
        why.append(f"category {paper.categories[0]}")
    return Like(other, points, tuple(why))


def _listed(words: list[str]) -> str:
    return ", ".join(f"“{word}”" for word in words[:4])
