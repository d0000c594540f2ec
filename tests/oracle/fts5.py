"""SQLite FTS5 turned round: index a batch of papers, then run each filter as a query.

Words, phrases and beginnings of words are FTS5's alone to find; categories, counters and the rest
are asked of tables; sets of rows are joined as the tree says. Shares no matching code with the bot:
folded tokens and trees go in, row numbers come out. Names are found by FTS5 and then put in order.
"""

import sqlite3
from collections.abc import Sequence
from datetime import date

from bot.model.topic import (
    And,
    Author,
    Category,
    Count,
    HasCode,
    Node,
    Not,
    Or,
    Organization,
    Scope,
    Since,
    Text,
)
from bot.rules.document import Document

_COLUMNS = {Scope.ANY: "{title abstract}", Scope.TITLE: "title", Scope.ABSTRACT: "abstract"}
_PLAIN = {False: "", True: "_words"}
_NAMES_END = "\n"


class Reversed:
    """A batch of papers that filters are run over; trees are expanded ones."""

    name = "SQLite FTS5"

    def __init__(self, documents: Sequence[Document], today: date) -> None:
        self.today = today
        self.all = set(range(len(documents)))
        self.documents = documents
        self.db = sqlite3.connect(":memory:")
        self.db.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(title, abstract, title_words, abstract_words,"
            " authors, organization, tokenize = 'unicode61 remove_diacritics 0')"
        )
        self.db.executemany(
            "INSERT INTO texts (rowid, title, abstract, title_words, abstract_words, authors,"
            " organization) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    number,
                    *map(" ".join, (one.title, one.abstract)),
                    *map(" ".join, (one.title_words, one.abstract_words)),
                    _NAMES_END.join(" ".join(name) for name in one.authors),
                    " ".join(one.organization),
                )
                for number, one in enumerate(documents)
            ],
        )
        self.db.execute("CREATE TABLE papers (id, upvotes, comments, stars, code, announced)")
        self.db.executemany(
            "INSERT INTO papers VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    number,
                    one.metrics.upvotes or 0,
                    one.metrics.comments or 0,
                    one.metrics.stars or 0,
                    one.has_code,
                    one.announced_on.toordinal() if one.announced_on else None,
                )
                for number, one in enumerate(documents)
            ],
        )
        self.db.execute("CREATE TABLE categories (id, code)")
        self.db.executemany(
            "INSERT INTO categories VALUES (?, ?)",
            [(number, code) for number, one in enumerate(documents) for code in one.categories],
        )
        self.db.execute("CREATE INDEX by_code ON categories (code)")

    def rows(self, node: Node) -> set[int]:
        """Which of the papers match, as places in the batch. Raises ValueError for other terms."""
        query = self.text_query(node)
        if query is not None:
            return self._ask("SELECT rowid FROM texts WHERE texts MATCH ?", query)
        match node:
            case And(parts):
                return set.intersection(*map(self.rows, parts))
            case Or(parts):
                return set.union(*map(self.rows, parts))
            case Not(part):
                return self.all - self.rows(part)
            case Author(tokens, prefix):
                query = _both("authors", tokens, prefix=prefix)
                near = self._ask("SELECT rowid FROM texts WHERE texts MATCH ?", query)
                return {
                    row
                    for row in near
                    if any(_ordered(tokens, name, prefix) for name in self.documents[row].authors)
                }
            case Organization(tokens, prefix):
                query = _both("organization", tokens, prefix=prefix)
                near = self._ask("SELECT rowid FROM texts WHERE texts MATCH ?", query)
                return {
                    row
                    for row in near
                    if _ordered(tokens, self.documents[row].organization, prefix)
                }
            case _:
                return self._facts(node)

    def _facts(self, node: Node) -> set[int]:
        match node:
            case Category(code, False):
                return self._ask("SELECT id FROM categories WHERE code = ?", code)
            case Category(code, True):
                return self._ask(
                    "SELECT id FROM categories WHERE code = ? OR code GLOB ?", code, f"{code}.*"
                )
            case Count(metric, low, high):
                return self._ask(
                    f"SELECT id FROM papers WHERE {metric.value} BETWEEN ? AND ?",
                    low or 0,
                    1 << 60 if high is None else high,
                )
            case HasCode(wanted):
                return self._ask("SELECT id FROM papers WHERE code = ?", wanted)
            case Since(days, on):
                first = on.toordinal() if on else max(self.today.toordinal() - (days or 0), 1)
                return self._ask("SELECT id FROM papers WHERE announced >= ?", first)
            case _:
                raise ValueError(node)

    def _ask(self, query: str, *values: object) -> set[int]:
        return {row for (row,) in self.db.execute(query, values)}

    def text_query(self, node: Node) -> str | None:
        """The tree as one FTS5 expression, if it is of words and phrases throughout."""
        match node:
            case Text(tokens, scope, prefix, near, exact):
                if near:
                    return None
                columns = _COLUMNS[scope].replace("title", f"title{_PLAIN[exact]}")
                columns = columns.replace("abstract", f"abstract{_PLAIN[exact]}")
                return f'{columns} : "{" ".join(tokens)}"{" *" if prefix else ""}'
            case Or(parts):
                queries = [self.text_query(part) for part in parts]
                return None if None in queries else " OR ".join(f"({one})" for one in queries)
            case And(parts):
                wanted = [self.text_query(one) for one in parts if not isinstance(one, Not)]
                excluded = [self.text_query(one.part) for one in parts if isinstance(one, Not)]
                if not wanted or None in wanted or None in excluded:
                    return None
                query = " AND ".join(f"({one})" for one in wanted)
                return (
                    f"({query}) NOT ({' OR '.join(f'({one})' for one in excluded)})"
                    if (excluded)
                    else query
                )
            case _:
                return None


def _both(column: str, tokens: Sequence[str], *, prefix: bool) -> str:
    words = [f'"{token}"' for token in tokens]
    return f"{column} : ({' AND '.join(words)}{' *' if prefix else ''})"


def _ordered(wanted: Sequence[str], tokens: Sequence[str], prefix: bool) -> bool:
    """Whether `wanted` can be crossed off one after the other along `tokens`."""
    left = list(wanted)
    for token in tokens:
        if left and (token == left[0] or (prefix and len(left) == 1 and token.startswith(left[0]))):
            left.pop(0)
    return not left
