"""Search engines turned round: index a batch of papers, then run every distinct filter over it.

Both are asked a sample of the filters; their time for all is in proportion.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import date

import tantivy

from bot.model.paper import Event
from bot.model.topic import And, Author, Category, Node, Not, Or, Scope, Text
from bot.rules.document import Document
from bot.rules.matching import expand, holds
from tests.oracle.fts5 import Reversed

BATCH = 1_000
SAMPLE = 4_000


class _Sampled:
    def __init__(self, roots: Mapping[int, Node], shares: Mapping[str, float]) -> None:
        asked = sorted(roots)
        if len(asked) > SAMPLE:
            asked = random.Random(1).sample(asked, SAMPLE)
        self.trees = {number: expand(roots[number]) for number in asked}
        self.part = len(asked) / len(roots)

    def match_all(self, documents: Sequence[Document], today: date) -> list[list[int]]:
        found: list[list[int]] = []
        for start in range(0, len(documents), BATCH):
            found += self._batch(documents[start : start + BATCH], today)
        return found

    def _batch(self, documents: Sequence[Document], today: date) -> list[list[int]]:
        raise NotImplementedError


class Fts5(_Sampled):
    name = "SQLite FTS5"

    def _batch(self, documents: Sequence[Document], today: date) -> list[list[int]]:
        batch = Reversed(documents, today)
        found: list[list[int]] = [[] for _ in documents]
        for number, tree in self.trees.items():
            for row in batch.rows(tree):
                found[row].append(number)
        return found


class Tantivy(_Sampled):
    name = "tantivy"

    def _batch(self, documents: Sequence[Document], today: date) -> list[list[int]]:
        builder = tantivy.SchemaBuilder()
        for field in ("title", "abstract", "authors"):
            builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field("category", tokenizer_name="raw", index_option="basic")
        self.schema = builder.build()
        index = tantivy.Index(self.schema)
        writer = index.writer(heap_size=100_000_000, num_threads=1)
        for one in documents:
            paper = tantivy.Document(
                title=" ".join(one.title),
                abstract=" ".join(one.abstract),
                authors=[" ".join(name) for name in one.authors],
            )
            for code in one.categories:
                paper.add_text("category", code)
            writer.add_document(paper)
        writer.commit()
        index.reload()
        searcher = index.searcher()
        found: list[list[int]] = [[] for _ in documents]
        for number, tree in self.trees.items():
            query, rest = self._query(tree)
            for _, address in searcher.search(query, len(documents), count=False).hits:
                if rest is None or _holds(rest, documents[address.doc], today):
                    found[address.doc].append(number)
        return found

    def _query(self, node: Node) -> tuple[tantivy.Query, Node | None]:
        """The query, and what has to be checked of its answers."""
        query = self._exact(node)
        if query is not None:
            return query, None
        if isinstance(node, And):
            exact = [one for part in node.parts if (one := self._exact(part)) is not None]
            if exact:
                return self._all(exact), node
        return tantivy.Query.all_query(), node

    def _exact(self, node: Node) -> tantivy.Query | None:
        either, no = tantivy.Occur.Should, tantivy.Occur.MustNot
        match node:
            case Text(tokens, Scope.ANY, prefix, 0, False):
                fields = [(either, self._text(field, tokens, prefix)) for field in _TEXTS]
                return tantivy.Query.boolean_query(fields)
            case Author((name,), False):
                return tantivy.Query.term_query(self.schema, "authors", name)
            case Category(code, False):
                return tantivy.Query.term_query(self.schema, "category", code)
            case Or(parts):
                queries = [one for part in parts if (one := self._exact(part)) is not None]
                if len(queries) < len(parts):
                    return None
                return tantivy.Query.boolean_query([(either, one) for one in queries])
            case And(parts):
                wanted = [self._exact(one) for one in parts if not isinstance(one, Not)]
                excluded = [self._exact(one.part) for one in parts if isinstance(one, Not)]
                if not wanted or None in wanted or None in excluded:
                    return None
                return self._all(wanted, [(no, one) for one in excluded])
            case _:
                return None

    def _all(self, wanted: list, more: Sequence[tuple] = ()) -> tantivy.Query:
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in wanted] + [*more])

    def _text(self, field: str, tokens: tuple[str, ...], prefix: bool) -> tantivy.Query:
        if prefix:
            return tantivy.Query.regex_query(self.schema, field, f"{tokens[0]}.*")
        if len(tokens) == 1:
            return tantivy.Query.term_query(self.schema, field, tokens[0])
        return tantivy.Query.phrase_query(self.schema, field, list(tokens))


_TEXTS = ("title", "abstract")


def _holds(node: Node, document: Document, today: date) -> bool:
    match node:
        case And(parts):
            return all(_holds(part, document, today) for part in parts)
        case Or(parts):
            return any(_holds(part, document, today) for part in parts)
        case Not(part):
            return not _holds(part, document, today)
        case term:
            return holds(term, document, event=Event.NEW, today=today)
