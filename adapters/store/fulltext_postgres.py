"""The search index on PostgreSQL: a tsvector we write ourselves, token by token.

Words of title and abstract stand as they are, with weights A and B; those of the other columns
begin with a sign, so that an author called Model is no model.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    TableClause,
    cast,
    column,
    func,
    insert,
    literal_column,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from adapters.store.fulltext import Indexed
from bot.model.topic import Scope, Tokens
from bot.rules.search_tokens import CUT, Indexable, shortened

_WEIGHTS = {Scope.ANY: "", Scope.TITLE: "A", Scope.ABSTRACT: "B"}
_SIGNS = {"authors": "@", "org": "#", "keys": "="}
# Limits of the type: PostgreSQL manual, "Text search types".
LAST_POSITION = 16_383
MOST_PLACES = 256
_RANKED_BY: ColumnElement[Any] = literal_column(
    "'{0, 0.2, 0.3, 1}'::real[]"
)  # D, C, B and A, as on SQLite
_BY_LENGTH = 1  # ts_rank_cd divides by 1 + log(length)


class PostgresIndex:
    """See `fulltext.Index`."""

    is_sqlite = False
    window = 2_000  # newest answers that are ranked; the others follow by date
    table: TableClause = table("paper_index", column("paper_id"), column("words", TSVECTOR))
    id: ColumnElement[int] = table.c.paper_id

    def add(self, connection: Connection, papers: Sequence[Indexed]) -> None:
        """Index papers."""
        if papers:
            connection.execute(insert(self.table), [_row(*indexed) for indexed in papers])

    def remove(self, connection: Connection, papers: Sequence[Indexed]) -> None:
        """Forget papers."""
        ids = [paper_id for paper_id, _ in papers]
        if ids:
            connection.execute(self.table.delete().where(self.table.c.paper_id.in_(ids)))

    def clear(self, connection: Connection) -> None:
        """Forget all papers."""
        connection.execute(self.table.delete())

    def phrase(self, tokens: Tokens, scope: Scope, *, prefix: bool) -> str:
        """`('reward' <-> 'model')`."""
        return f"({' <-> '.join(_lexemes(tokens, _WEIGHTS[scope], prefix=prefix))})"

    def close(self, tokens: Tokens, scope: Scope, *, within: int, prefix: bool) -> str:  # noqa: ARG002 - FTS5 needs it
        """All tokens; how near they are is looked at afterwards."""
        return f"({' & '.join(_lexemes(tokens, _WEIGHTS[scope], prefix=prefix))})"

    def word(self, column: str, token: str, *, prefix: bool = False) -> str:
        """`'@leike'`."""
        return _lexemes([f"{_SIGNS[column]}{token}"], "", prefix=prefix)[0]

    def every(self, queries: Sequence[str]) -> str:
        """`(a & b)`."""
        return f"({' & '.join(queries)})"

    def either(self, queries: Sequence[str]) -> str:
        """`(a | b)`."""
        return f"({' | '.join(queries)})"

    def without(self, query: str, excluded: str) -> str:
        """`(a & !b)`."""
        return f"({query} & !{excluded})"

    def hit(self, query: str) -> ColumnElement[bool]:
        """`words @@ …`."""
        return self.table.c.words.op("@@", is_comparison=True)(cast(query, TSQUERY))

    def score(self, query: str) -> ColumnElement[Any]:
        """Cover density, weighted by place and damped by length."""
        return func.ts_rank_cd(_RANKED_BY, self.table.c.words, cast(query, TSQUERY), _BY_LENGTH)


def _lexemes(tokens: Sequence[str], weight: str, *, prefix: bool) -> list[str]:
    marks = [weight] * len(tokens)
    if prefix:
        marks[-1] = f"*{weight}"
    words = shortened(tokens)
    return [
        f"'{word}':{mark}" if mark else f"'{word}'" for word, mark in zip(words, marks, strict=True)
    ]


def _row(paper_id: int, words: Indexable) -> dict[str, Any]:
    places = _placed(words)
    vector = (f"'{word}':{','.join(at)}" if at else f"'{word}'" for word, at in places.items())
    return {"paper_id": paper_id, "words": " ".join(vector)}


def _placed(words: Indexable) -> dict[str, list[str]]:
    """Each lexeme with its places."""
    places: dict[str, list[str]] = {}
    position = 0
    for tokens, weight in ((words.title, "A"), (words.abstract, "B")):
        position += 1  # a gap, so that no phrase begins in the title and ends in the abstract
        for token in tokens.split():
            position += 1
            at = places.setdefault(token, [])
            if position > LAST_POSITION or len(at) >= MOST_PLACES - 1:
                places[f"{_SIGNS['keys']}{CUT}"] = []
            else:
                at.append(f"{position}{weight}")
    for column_name, tokens in (
        ("authors", words.authors),
        ("org", words.org),
        ("keys", words.keys),
    ):
        weight = "1C" if column_name == "authors" else ""
        for token in tokens.split():
            places.setdefault(f"{_SIGNS[column_name]}{token}", [weight] if weight else [])
    return places
