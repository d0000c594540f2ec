"""A topic filter's tree as a question to the database.

Text goes into one query of the search index, the rest into conditions on the papers. What the
index cannot tell exactly is asked too widely or, to know what is sure, too narrowly; the question is
marked as such.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from adapters.store import tables
from adapters.store.fulltext import Index
from bot.model.topic import (
    And,
    Author,
    Category,
    Count,
    FromSource,
    HasCode,
    Language,
    Node,
    Not,
    Or,
    Organization,
    Saved,
    Scope,
    Since,
    Term,
    Text,
    Tokens,
    Version,
)
from bot.rules import search_tokens as tokens
from bot.rules.concepts import concept_of
from bot.rules.fold import LONGEST_TOKEN, stem
from bot.rules.matching import earliest, meant_by
from bot.rules.synonyms import other_forms

_Keyed = Category | FromSource | HasCode | Version | Language

_EXACT_NAME = 2  # so many words of a name, in order, the index knows exactly


@dataclass(frozen=True, slots=True)
class Question:
    """Papers that answer `match`, do not answer `but`, and for which `where` holds.

    Each may be missing. exact: False when it is wider, or narrower, than the tree it came from.
    """

    match: str = ""
    but: str = ""
    where: ColumnElement[bool] | None = None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes questions for one index on one day.

    narrow: what the index cannot tell exactly is asked too narrowly, not too widely: the papers that
    answer for sure.
    """

    index: Index
    today: date
    narrow: bool = False

    def question(self, node: Node) -> Question:
        """The question a tree stands for, with all that its words also stand for."""
        match node:
            case And(parts):
                return self.every([self.question(part) for part in parts])
            case Or(parts):
                return self.either([self.question(part) for part in parts])
            case Not(part):
                return self.opposite(replace(self, narrow=not self.narrow).question(part))
            case term:
                return self._term(term)

    def alone(self, term: Term) -> tuple[str, str]:
        """The queries of papers a term of an expanded tree may hold of, and surely holds of.

        The same where the index knows exactly; the second one may be empty: of none for sure.
        """
        if isinstance(term, Text) and not term.exact and not term.near:
            phrase = self.index.phrase(term.tokens, term.scope, prefix=term.prefix)
            return phrase, phrase
        wide = self.question(term)
        sure = wide if wide.exact else replace(self, narrow=True).question(term)
        return wide.match, sure.match

    def _term(self, term: Term) -> Question:
        match term:
            case Text():
                return self._text(term)
            case Author(words, prefix):
                return self._name("authors", words, prefix=prefix)
            case Organization(words, prefix):
                return self._name("org", words, prefix=prefix)
            case Count() | Since() | Saved():
                return Question(where=self._condition(term))
            case _:
                return self._key(term)

    def _text(self, term: Text) -> Question:
        if term.exact:
            return self._exactly(term)
        if term.near:
            if self.narrow:  # side by side they are not too far from each other
                query = self.index.phrase(term.tokens, term.scope, prefix=term.prefix)
            else:
                query = self.index.close(
                    term.tokens, term.scope, within=term.near, prefix=term.prefix
                )
            return Question(query, exact=False)
        if concept := concept_of(term):
            return Question(self.index.phrase((concept,), term.scope, prefix=False))
        forms = (term, *other_forms(term))
        phrases = [self.index.phrase(one.tokens, one.scope, prefix=one.prefix) for one in forms]
        return Question(self.index.either(phrases))

    def _exactly(self, term: Text) -> Question:
        """A word as it is written; of a phrase, at least the papers that have its words so."""
        if len(term.tokens) == 1 and len(term.tokens[0]) < LONGEST_TOKEN:
            return Question(self._as_written(*term.tokens, term.scope))
        if self.narrow:
            return Question(where=false(), exact=False)
        phrase = self.index.phrase(tuple(map(stem, term.tokens)), term.scope, prefix=False)
        words = [
            self._as_written(token, term.scope)
            for token in dict.fromkeys(term.tokens)
            if len(token) < LONGEST_TOKEN
        ]
        return Question(self.index.every([phrase, *words]), exact=False)

    def _as_written(self, word: str, scope: Scope) -> str:
        folded = stem(word)
        if word != folded:
            return self.index.phrase((tokens.form_token(word),), scope, prefix=False)
        absent = tokens.absent_token(word)
        scopes = [Scope.TITLE, Scope.ABSTRACT] if scope is Scope.ANY else [scope]
        return self.index.either(
            [
                self.index.without(
                    self.index.phrase((word,), one, prefix=False),
                    self.index.phrase((absent,), one, prefix=False),
                )
                for one in scopes
            ]
        )

    def _name(self, column: str, words: Tokens, *, prefix: bool) -> Question:
        if len(words) == 1:
            return Question(self.index.word(column, words[0], prefix=prefix))
        pairs = [
            self.index.word(
                column, tokens.pair(first, second), prefix=prefix and number == len(words) - 2
            )
            for number, (first, second) in enumerate(pairwise(words))
        ]
        if len(words) <= _EXACT_NAME:
            return Question(self.index.every(pairs))
        if self.narrow:
            return Question(where=false(), exact=False)
        return Question(self.index.every(pairs), exact=False)

    def _key(self, term: _Keyed) -> Question:
        query = self.index.either([self.index.word("keys", key) for key in _keys(term)])
        if isinstance(term, HasCode) and not term.wanted:
            return Question(but=query)
        return Question(query)

    def _condition(self, term: Count | Since | Saved) -> ColumnElement[bool]:
        papers = tables.papers.c
        match term:
            case Count(metric, low, high):
                value = func.coalesce(papers[metric.value], 0)
                above = value >= (low or 0)
                return above if high is None else and_(above, value <= high)
            case Since():
                return papers.announced_on >= earliest(term, self.today)
            case Saved():
                return false()

    def every(self, parts: Sequence[Question]) -> Question:
        """All of these."""
        matches = [part.match for part in parts if part.match]
        excluded = [part.but for part in parts if part.but]
        conditions = [part.where for part in parts if part.where is not None]
        return Question(
            match=self.index.every(matches) if matches else "",
            but=self.index.either(excluded) if excluded else "",
            where=and_(*conditions) if conditions else None,
            exact=all(part.exact for part in parts),
        )

    def either(self, parts: Sequence[Question]) -> Question:
        """Any of these."""
        exact = all(part.exact for part in parts)
        if any(part.where is not None for part in parts):
            return Question(where=or_(*map(self.condition, parts)), exact=exact)
        if all(part.match for part in parts):
            return Question(self.index.either(list(map(self.text, parts))), exact=exact)
        # Some part only excludes: not (neither this nor that).
        none = self.every([self.opposite(replace(part, exact=True)) for part in parts])
        return replace(self.opposite(none), exact=exact)

    def opposite(self, part: Question) -> Question:
        """Everything else: too much, if `part` is asked too narrowly."""
        if part.where is not None:
            return Question(where=not_(self.condition(part)), exact=part.exact)
        if part.match:
            return Question(but=self.text(part), exact=part.exact)
        if part.but:
            return Question(match=part.but, exact=part.exact)
        return Question(where=false(), exact=part.exact)

    def text(self, part: Question) -> str:
        """The whole text side of a question that has a `match`, as one query."""
        return self.index.without(part.match, part.but) if part.but else part.match

    def condition(self, part: Question) -> ColumnElement[bool]:
        """The question as one condition on `papers`."""
        papers = tables.papers.c
        conditions: list[ColumnElement[bool]] = []
        if part.match:
            conditions.append(papers.id.in_(self.ids(self.text(part))))
        elif part.but:
            conditions.append(papers.id.not_in(self.ids(part.but)))
        if part.where is not None:
            conditions.append(part.where)
        return and_(true(), *conditions)

    def ids(self, query: str) -> Any:
        """The ids of the papers that answer a query of the index."""
        return select(self.index.id).where(self.index.hit(query))


def _keys(term: _Keyed) -> list[str]:
    """The tokens of which a paper has one if the term holds (for code: if there is any)."""
    match term:
        case Category(code, archive):
            below = [tokens.archive_key(code)] if archive else []
            return [tokens.category_key(code), *below]
        case FromSource(name):
            return [tokens.source_key(name)]
        case Version(event):
            return [tokens.event_key(one) for one in sorted(meant_by(event))]
        case Language(code):
            return [tokens.language_key(code)]
        case HasCode():
            return [tokens.CODE]
