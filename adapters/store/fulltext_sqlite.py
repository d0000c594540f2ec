"""The search index on SQLite: an FTS5 table without content of its own.

Figures behind the choices (window, no prefix index, weights): design page on performance, §4.
The tokenizer `ascii` takes every non-ASCII character as part of a word; our tokens come folded.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, TableClause, column, table

from adapters.store.fulltext import Indexed
from bot.model.topic import Scope, Tokens
from bot.rules.search_tokens import shortened

# Words of names and keys are marked, so that text need not be told apart by column: a column
# filter doubles the time of a broad word.
_MARK = "\u00a6"
_IN = {Scope.ANY: "", Scope.TITLE: "title : ", Scope.ABSTRACT: "abstract : "}
_VALUES = "(?, ?, ?, ?, ?, ?)"
_ADD = f"INSERT INTO paper_index(rowid, title, abstract, authors, org, keys) VALUES {_VALUES}"
_REMOVE = (
    "INSERT INTO paper_index(paper_index, rowid, title, abstract, authors, org, keys)"
    " VALUES ('delete', ?, ?, ?, ?, ?, ?)"
)

_CLEAR = "INSERT INTO paper_index(paper_index) VALUES ('delete-all')"


class SqliteIndex:
    """See `fulltext.Index`."""

    is_sqlite = True
    window = 5_000  # newest answers that are ranked; the others follow by date
    table: TableClause = table(
        "paper_index", column("rowid"), column("paper_index"), column("rank")
    )
    id: ColumnElement[int] = table.c.rowid

    def add(self, connection: Connection, papers: Sequence[Indexed]) -> None:
        """Index papers; in the order of their ids, else FTS5 writes a segment for each."""
        if papers:
            connection.exec_driver_sql(_ADD, _rows(papers))

    def remove(self, connection: Connection, papers: Sequence[Indexed]) -> None:
        """Forget papers. FTS5 keeps no copy of the text, so it must be told what to forget."""
        if papers:
            connection.exec_driver_sql(_REMOVE, _rows(papers))

    def clear(self, connection: Connection) -> None:
        """Forget all papers."""
        connection.exec_driver_sql(_CLEAR)

    def phrase(self, tokens: Tokens, scope: Scope, *, prefix: bool) -> str:
        """`title : "reward model"`."""
        return f"{_IN[scope]}{_quoted(tokens, prefix=prefix)}"

    def close(self, tokens: Tokens, scope: Scope, *, within: int, prefix: bool) -> str:
        """`NEAR` counts the tokens in between too, and takes them in any order."""
        words = [_quoted((token,), prefix=False) for token in tokens]
        if prefix:
            words[-1] += " *"
        return f"{_IN[scope]}NEAR({' '.join(words)}, {within + len(tokens)})"

    def word(self, column: str, token: str, *, prefix: bool = False) -> str:
        """`authors : "jan·leike"`."""
        return f"{column} : {_quoted((_MARK + token,), prefix=prefix)}"

    def every(self, queries: Sequence[str]) -> str:
        """`(a) AND (b)`."""
        return queries[0] if len(queries) == 1 else f"({') AND ('.join(queries)})"

    def either(self, queries: Sequence[str]) -> str:
        """`(a) OR (b)`."""
        return queries[0] if len(queries) == 1 else f"({') OR ('.join(queries)})"

    def without(self, query: str, excluded: str) -> str:
        """`(a) NOT (b)`."""
        return f"({query}) NOT ({excluded})"

    def hit(self, query: str) -> ColumnElement[bool]:
        """`paper_index MATCH …`."""
        return self.table.c.paper_index.op("MATCH", is_comparison=True)(query)

    def score(self, query: str) -> ColumnElement[Any]:  # noqa: ARG002 - PostgreSQL needs it
        """BM25 with the weights the index was made with."""
        return -self.table.c.rank


def _quoted(tokens: Sequence[str], *, prefix: bool) -> str:
    phrase = f'"{" ".join(shortened(tokens))}"'
    return f"{phrase} *" if prefix else phrase


def _rows(papers: Sequence[Indexed]) -> list[tuple[int | str, ...]]:
    return [
        (number, words.title, words.abstract, *map(_marked, (words.authors, words.org, words.keys)))
        for number, words in sorted(papers, key=_id_of)
    ]


def _id_of(indexed: Indexed) -> int:
    return indexed[0]


def _marked(tokens: str) -> str:
    return _MARK + tokens.replace(" ", f" {_MARK}") if tokens else ""
