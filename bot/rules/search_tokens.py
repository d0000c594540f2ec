"""A paper as the search index holds it, one list of tokens per column.

The tokens are those of `bot.rules.document`, so that the index and the reference evaluator see
the same words. What is no text becomes a token too: joins would cost more than the search.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from bot.model.paper import Event, Paper
from bot.rules.concepts import concepts
from bot.rules.document import Document, document
from bot.rules.fold import LONGEST_TOKEN

LONGEST_NAME = 8  # words of one name whose order is indexed
JOINT = "·"  # stands in no folded token
FORM = f"{JOINT}{JOINT}"  # no concept begins so
ABSENT = f"{JOINT}{JOINT}{JOINT}"
CUT = f"{JOINT}cut"
CODE = f"{JOINT}code"

_FOREIGN = re.compile(r"[^a-z0-9]")
_SOURCE_PARTS = re.compile(r"[_:]")


class Indexable(NamedTuple):
    """The tokens of one paper, column by column, with a blank between two.

    title, abstract: the words in their order, then what they are forms of (`concepts`), and as
    what they are written (`forms`).
    authors, org: every word of the names, and every two words of one name in their order, joined.
    keys: categories, sources, events, language, code; CUT where something did not fit, so that
    the index alone must not answer for this paper.
    """

    title: str
    abstract: str
    authors: str
    org: str
    keys: str


def indexable(paper: Paper) -> Indexable:
    """Fold a paper for the index."""
    return tokens_of(document(paper))


def tokens_of(folded: Document) -> Indexable:
    """The same of a folded paper."""
    names = [*folded.authors, folded.organization]
    keys = [
        *_category_keys(folded.categories),
        *_source_keys(folded.sources),
        *(event_key(event) for event in folded.events),
        language_key(folded.language),
    ]
    if folded.has_code:
        keys.append(CODE)
    if max(map(len, names)) > LONGEST_NAME:
        keys.append(CUT)
    *authors, org = map(name_tokens, names)
    return Indexable(
        title=_text(folded.title, folded.title_words),
        abstract=_text(folded.abstract, folded.abstract_words),
        authors=" ".join(authors),
        org=org,
        keys=" ".join(sorted(keys)),  # FTS5 forgets only what it is told exactly as it was
    )


def _text(tokens: list[str], written: list[str]) -> str:
    return " ".join([*tokens, *concepts(tokens), *forms(tokens, written)])


def forms(tokens: list[str], written: list[str]) -> list[str]:
    """What tells the exact words of a text from their other forms, for those that have any here.

    A token for each word written otherwise than folded, and one for each folded word that is never
    written so: of `agent`, where only `agents` stands. written: the words, one for each token.
    """
    other = {word: token for token, word in zip(tokens, written, strict=True) if token != word}
    if not other:
        return []
    plain = frozenset(written)
    return [
        *(form_token(word) for word in other if len(word) < LONGEST_TOKEN),
        *(
            absent_token(token)
            for token in dict.fromkeys(other.values())
            if token not in plain and len(token) < LONGEST_TOKEN
        ),
    ]


def form_token(word: str) -> str:
    """The token of a word that is written so, which is not its folded form."""
    return f"{FORM}{word}"


def absent_token(folded: str) -> str:
    """The token of a folded word that is written in other forms only."""
    return f"{ABSENT}{folded}"


def shortened(tokens: Sequence[str]) -> Sequence[str]:
    """`tokens` of a name, none longer than those of other texts."""
    if all(len(token) <= LONGEST_TOKEN for token in tokens):
        return tokens
    return [token[:LONGEST_TOKEN] for token in tokens]


def name_tokens(name: Sequence[str]) -> str:
    """The words of a name, and its pairs of words in order."""
    words = shortened(name)
    if len(words) == 2:  # most names by far
        first, second = words
        return f"{first} {second} {first}{JOINT}{second}"
    return " ".join([*words, *(pair(*two) for two in combinations(words[:LONGEST_NAME], 2))])


def pair(first: str, second: str) -> str:
    """Two words of one name, the second one somewhere after the first."""
    return f"{first}{JOINT}{second}"


def _category_keys(categories: Iterable[str]) -> list[str]:
    keys: set[str] = set()
    for code in categories:
        keys |= _keys_of_category(code)
    return list(keys)


@lru_cache(maxsize=4096)
def _keys_of_category(code: str) -> frozenset[str]:
    parts = code.split(".")
    above = (".".join(parts[:count]) for count in range(1, len(parts)))
    return frozenset({category_key(code), *map(archive_key, above)})


def category_key(code: str) -> str:
    """The token of a category itself."""
    return f"k{_escaped(code)}"


def archive_key(code: str) -> str:
    """The token of everything below an archive: cs for cs.CL."""
    return f"a{_escaped(code)}"


def _source_keys(sources: Iterable[str]) -> list[str]:
    keys: set[str] = set()
    for name in sources:
        keys |= _keys_of_source(name)
    return list(keys)


@lru_cache(maxsize=4096)
def _keys_of_source(name: str) -> frozenset[str]:
    """A source is found by its whole name and by each part of it that ends at `_` or `:`."""
    starts = [found.start() for found in _SOURCE_PARTS.finditer(name)]
    return frozenset(source_key(name[:end]) for end in (*starts, len(name)))


def source_key(name: str) -> str:
    """The token of a source, or of all whose name starts so."""
    return f"s{_escaped(name)}"


def event_key(event: Event) -> str:
    """The token of an event."""
    return f"e{_escaped(event.value)}"


def language_key(code: str) -> str:
    """The token of a language."""
    return f"l{_escaped(code)}"


@lru_cache(maxsize=4096)
def _escaped(text: str) -> str:
    return _FOREIGN.sub(lambda found: f"{JOINT}{ord(found[0]):x}{JOINT}", text)[:LONGEST_TOKEN]
