"""A paper as matching sees it: folded once, looked at by every filter."""

from bisect import bisect_left
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain

from bot.model.paper import Event, Metrics, Paper
from bot.model.topic import Scope
from bot.rules.fold import fold_exact, fold_names, stem
from bot.rules.language import language


@dataclass(slots=True)
class Document:
    """What filters can ask about one paper.

    title_text, abstract_text, names: as they are written; folded when first asked about, like
    all that follows from them. organization: `fold_exact`, for in a name a final s counts.
    categories, sources: in lower case.
    """

    title_text: str
    abstract_text: str
    names: tuple[str, ...]
    organization: list[str]
    categories: tuple[str, ...]
    sources: frozenset[str]
    metrics: Metrics
    has_code: bool
    announced_on: date | None
    events: frozenset[Event]
    _words: list[frozenset[str] | None] = field(default_factory=lambda: [None] * 4)
    _sorted: list[list[str] | None] = field(default_factory=lambda: [None] * 4)
    _texts: list[str | None] = field(default_factory=lambda: [None] * 4)
    _language: str | None = None
    _title_words: list[str] | None = None
    _abstract_words: list[str] | None = None
    _title: list[str] | None = None
    _abstract: list[str] | None = None
    _authors: list[list[str]] | None = None
    _author_words: frozenset[str] | None = None

    @property
    def title_words(self) -> list[str]:
        """The tokens of the title as written (`fold_exact`)."""
        if self._title_words is None:
            self._title_words = fold_exact(self.title_text)
        return self._title_words

    @property
    def abstract_words(self) -> list[str]:
        """The tokens of the abstract as written."""
        if self._abstract_words is None:
            self._abstract_words = fold_exact(self.abstract_text)
        return self._abstract_words

    @property
    def title(self) -> list[str]:
        """The tokens of the title folded, one for one."""
        if self._title is None:
            self._title = list(map(stem, self.title_words))
        return self._title

    @property
    def abstract(self) -> list[str]:
        """The tokens of the abstract folded, one for one."""
        if self._abstract is None:
            self._abstract = list(map(stem, self.abstract_words))
        return self._abstract

    @property
    def authors(self) -> list[list[str]]:
        """The tokens of each author's name, as written."""
        if self._authors is None:
            self._authors = fold_names(self.names)
        return self._authors

    @property
    def author_words(self) -> frozenset[str]:
        """All tokens of all names: most names are in none of them."""
        if self._author_words is None:
            self._author_words = frozenset(chain.from_iterable(self.authors))
        return self._author_words

    def tokens(self, scope: Scope, *, exact: bool = False) -> list[str]:
        """The tokens of the title or of the abstract."""
        if scope is Scope.TITLE:
            return self.title_words if exact else self.title
        return self.abstract_words if exact else self.abstract

    def words(self, scope: Scope, *, exact: bool = False) -> frozenset[str]:
        """The same without order: most words asked for are not among them."""
        place = 2 * (scope is Scope.TITLE) + exact
        known = self._words[place]
        if known is None:
            known = self._words[place] = frozenset(self.tokens(scope, exact=exact))
        return known

    def text(self, scope: Scope, *, exact: bool = False) -> str:
        """The same as one text, a blank before and after each: whole phrases are found in it."""
        place = 2 * (scope is Scope.TITLE) + exact
        known = self._texts[place]
        if known is None:
            known = self._texts[place] = f" {' '.join(self.tokens(scope, exact=exact))} "
        return known

    def begins(self, scope: Scope, beginning: str, *, exact: bool = False) -> bool:
        """Whether a word of the title or of the abstract begins so."""
        place = 2 * (scope is Scope.TITLE) + exact
        known = self._sorted[place]
        if known is None:
            known = self._sorted[place] = sorted(self.words(scope, exact=exact))
        first = bisect_left(known, beginning)
        return first < len(known) and known[first].startswith(beginning)

    @property
    def language(self) -> str:
        """ISO 639-1 code of the abstract's language (of the title's without one), or empty."""
        if self._language is None:
            self._language = language(self.abstract_words or self.title_words)
        return self._language


def uncounted(document: Document) -> Document:
    """The same paper as if no counter had ever been observed."""
    without = copy(document)
    without.metrics = Metrics()
    return without


KEPT = 2048
"""Folded papers kept, about 20 kB each: a day's papers stand in digest after digest."""


@lru_cache(maxsize=KEPT)
def folded(paper: Paper) -> Document:
    """The same as `document`, kept for the next who asks about this very state of the paper."""
    return document(paper)


def document(paper: Paper) -> Document:
    """A paper to be folded. About 30 µs for an abstract of 200 words, when it is asked about."""
    return Document(
        title_text=paper.title,
        abstract_text=paper.abstract,
        names=paper.authors,
        organization=fold_exact(paper.organization),
        categories=tuple(code.lower() for code in paper.categories),
        sources=frozenset(name.lower() for name in paper.sources),
        metrics=paper.metrics,
        has_code=bool(paper.code_url),
        announced_on=paper.announced_on or paper.published_on,
        events=_events(paper),
    )


def _events(paper: Paper) -> frozenset[Event]:
    """What happened to it so far; a first version, or an unknown one, counts as new."""
    if paper.version in {None, 1} and Event.NEW not in paper.events:
        return paper.events | {Event.NEW}
    return paper.events
