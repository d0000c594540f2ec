"""Which of some papers a term holds of, exactly: told by the index, the rest by the rules."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from adapters.store.places import chunks
from adapters.store.query import Composer
from adapters.store.search import load_papers
from bot.model.topic import Author, Organization, Term
from bot.rules.document import Document, document
from bot.rules.matching import holds
from bot.rules.search_tokens import CUT

Ids = frozenset[int]


class Holding:
    """Asked within one transaction about the terms of expanded trees."""

    def __init__(self, connection: Connection, composer: Composer, among: Ids) -> None:
        """among: the ids of the papers asked about."""
        self._connection = connection
        self._composer = composer
        self._among = among
        self._first = min(among, default=0)
        self._cut: Ids | None = None
        self._documents: dict[int, Document] = {}

    def of(self, terms: Iterable[Term]) -> dict[Term, Ids]:
        """The papers each term holds of."""
        if not self._among:
            return dict.fromkeys(terms, self._among)
        return {term: self._of(term) for term in dict.fromkeys(terms)}

    def _of(self, term: Term) -> Ids:
        wide, sure = self._composer.alone(term)
        found = self._hits(wide)
        doubtful = self._doubtful(term)
        if sure != wide:
            doubtful |= found - self._hits(sure) if sure else found
        if not doubtful:
            return found
        return (found - doubtful) | self._confirmed(term, doubtful)

    def _hits(self, query: str) -> Ids:
        # No paper asked about is older than the oldest of them, and ids follow the date.
        index = self._composer.index
        asked = self._composer.ids(query).where(index.id >= self._first)
        return self._among.intersection(self._connection.scalars(asked).all())

    def _doubtful(self, term: Term) -> Ids:
        """The papers that did not fit into the index whole, if that matters for this term."""
        index = self._composer.index
        if index.is_sqlite and not isinstance(term, Author | Organization):
            return Ids()  # FTS5 holds texts of any length; only names are ever cut
        if self._cut is None:
            self._cut = self._hits(index.word("keys", CUT))
        return self._cut

    def _confirmed(self, term: Term, doubtful: Collection[int]) -> Ids:
        for some in chunks(sorted(doubtful - self._documents.keys())):
            read = load_papers(self._connection, some)
            self._documents |= {number: document(paper) for number, paper in read.items()}
        today, known = self._composer.today, self._documents
        return frozenset(
            one for one in doubtful if holds(term, known[one], event=None, today=today)
        )
