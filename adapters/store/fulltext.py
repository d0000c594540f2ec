"""The search index behind one face: SQLite's FTS5 or PostgreSQL's tsvector.

Queries are composed from folded tokens only, never from what a person typed: both engines have
query languages of their own that raw text would break or abuse.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, TableClause

from bot.model.topic import Scope, Tokens
from bot.rules.search_tokens import Indexable

Indexed = tuple[int, Indexable]
"""The id of a paper, and its tokens."""


class Index(Protocol):
    """What the store needs of a full-text index. Every `str` it makes is one of its queries."""

    is_sqlite: bool
    window: int
    table: TableClause
    id: ColumnElement[int]

    def add(self, connection: Connection, papers: Sequence[Indexed]) -> None:
        """Index papers that are not in it."""
        ...

    def remove(self, connection: Connection, papers: Sequence[Indexed]) -> None:
        """Forget papers, given exactly as they were added."""
        ...

    def clear(self, connection: Connection) -> None:
        """Forget all papers."""
        ...

    def phrase(self, tokens: Tokens, scope: Scope, *, prefix: bool) -> str:
        """The tokens one after another in the title or the abstract."""
        ...

    def close(self, tokens: Tokens, scope: Scope, *, within: int, prefix: bool) -> str:
        """At least the papers that have the tokens near to each other."""
        ...

    def word(self, column: str, token: str, *, prefix: bool = False) -> str:
        """A token in the column authors, org or keys."""
        ...

    def every(self, queries: Sequence[str]) -> str:
        """All of these."""
        ...

    def either(self, queries: Sequence[str]) -> str:
        """Any of these."""
        ...

    def without(self, query: str, excluded: str) -> str:
        """The first but not the second."""
        ...

    def hit(self, query: str) -> ColumnElement[bool]:
        """The condition that a row of the index answers the query."""
        ...

    def score(self, query: str) -> ColumnElement[Any]:
        """How well a row answers the query, higher is better; beside `hit` of the same query."""
        ...
