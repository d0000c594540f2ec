"""Search the stored papers: which answer, how many, and the best or newest of them.

Relevance is ranked among the newest few thousand answers only (`Index.window`); what is older
follows by date. That bounds the time of broad words, and news is what people come for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, SelectBase, func, select

from adapters.store import tables
from adapters.store.convert import paper_of
from adapters.store.fulltext import Index
from adapters.store.query import Composer, Question
from bot.model.paper import Paper
from bot.model.record import Found, Results, SearchRequest
from bot.model.topic import And, Author, Node, Not, Or, Organization
from bot.rules.document import document, folded
from bot.rules.matching import expand, matches
from bot.rules.search_tokens import CUT

CHUNK = 500

Scored = list[tuple[int, float]]


class Searching:
    """One search, inside one transaction."""

    def __init__(self, connection: Connection, index: Index, request: SearchRequest) -> None:
        self.connection = connection
        self.index = index
        self.request = request
        self.composer = Composer(index, request.today)
        self.root = None if request.root is None else expand(request.root)
        asked = Question() if request.root is None else self.composer.question(request.root)
        self.question = self._dated(asked)

    def results(self) -> Results:
        """Total and the papers asked for."""
        doubtful = self._doubtful()
        if doubtful:
            total, page = self._looked_at(doubtful)
        else:
            total = self._count()
            page = self._page(total)
        papers = load_papers(self.connection, [paper_id for paper_id, _ in page])
        found = tuple(Found(paper=papers[paper_id], score=score) for paper_id, score in page)
        return Results(total=total, found=found)

    def _dated(self, asked: Question) -> Question:
        return self.composer.every([asked, *(Question(where=one) for one in self._days())])

    def _days(self) -> list[ColumnElement[bool]]:
        announced_on = tables.papers.c.announced_on
        where: list[ColumnElement[bool]] = []
        if self.request.since is not None:
            where.append(announced_on >= self.request.since)
        if self.request.until is not None:
            where.append(announced_on <= self.request.until)
        return where

    @cached_property
    def _first(self) -> int:
        """The lowest id among the papers of the days asked about."""
        oldest = select(func.min(tables.papers.c.id)).where(*self._days())
        return self.connection.scalar(oldest) or 0

    def _doubtful(self) -> set[int]:
        """Papers the index may be wrong about."""
        root = self.request.root
        if root is None or self.root is None:
            return set()
        cut = self._cut(self.root)
        doubtful = set() if cut is None else set(self.connection.scalars(cut))
        if not self.question.exact:
            sure = self._dated(replace(self.composer, narrow=True).question(root))
            found = self.connection.scalars(self._asked())
            doubtful.update(set(found).difference(self.connection.scalars(self._asked(sure))))
        return doubtful

    def _cut(self, root: Node) -> Select[Any] | None:
        """The ids of papers that did not fit into the index whole, if that matters for `root`."""
        if self.index.is_sqlite and not _asks_for_names(root):
            return None  # FTS5 holds texts of any length; only names are ever cut
        cut: Select[Any] = self.composer.ids(self.index.word("keys", CUT))
        return cut

    def _asked(self, question: Question | None = None) -> Select[Any]:
        """The ids of all answers, in no order. question: another than the widest one."""
        question, papers = question or self.question, tables.papers
        if not question.match:
            return select(papers.c.id).where(self.composer.condition(question))
        asked = select(self.index.id).where(self.index.hit(self.composer.text(question)))
        if self.request.since is not None:
            # No paper of these days is older than the oldest of them: their ids follow their dates.
            asked = asked.where(self.index.id >= self._first)
        if question.where is not None:
            asked = asked.join(papers, papers.c.id == self.index.id).where(question.where)
        return asked

    def wider(self, first: int) -> SelectBase:
        """The ids from `first` on of all answers, and of some more where the index cannot tell."""
        by = self.index.id if self.question.match else tables.papers.c.id
        asked = self._asked().where(by >= first)
        cut = None if self.root is None else self._cut(self.root)
        # What is cut may be missing among the answers too: where it should not hold an excluded word.
        return asked if cut is None else asked.union(cut.where(self.index.id >= first))

    def _newest(self, asked: Select[Any]) -> Select[Any]:
        by = self.index.id if self.question.match else tables.papers.c.id
        return asked.order_by(by.desc())

    def _count(self) -> int:
        return (
            self.connection.scalar(
                self._asked().with_only_columns(func.count(), maintain_column_froms=True)
            )
            or 0
        )

    def _page(self, total: int) -> Scored:
        start, limit = self.request.offset, self.request.limit
        if limit < 1:
            return []
        if self.request.newest or not self.question.match:
            newest = self._newest(self._asked()).offset(start).limit(limit)
            return [(paper_id, 0.0) for paper_id in self.connection.scalars(newest)]
        page = self._ranked(start, limit, total)
        rest = max(start, self.index.window)
        if len(page) < limit and total > rest:
            older = self._newest(self._asked()).offset(rest).limit(limit - len(page))
            page += [(paper_id, 0.0) for paper_id in self.connection.scalars(older)]
        return page

    def _ranked(self, start: int, limit: int, total: int) -> Scored:
        if start >= self.index.window:
            return []
        score = self.index.score(self.composer.text(self.question)).label("score")
        asked = self._asked().add_columns(score)
        order: tuple[ColumnElement[Any], ...] = (score.desc(), self.index.id.desc())
        if total > self.index.window:
            window = self._newest(asked).limit(self.index.window).subquery()
            asked = select(window)
            order = (window.c.score.desc(), window.c[0].desc())
        ranked = asked.order_by(*order).offset(start).limit(min(limit, self.index.window - start))
        return [(paper_id, float(worth)) for paper_id, worth in self.connection.execute(ranked)]

    def _looked_at(self, doubtful: set[int]) -> tuple[int, Scored]:
        """The same by looking at each doubtful paper as the reference evaluator does."""
        sure = set(self.connection.scalars(self._asked())) - doubtful
        ids = sorted(sure | set(self._confirmed(doubtful)), reverse=True)
        scores: dict[int, float] = {}
        if self.question.match and not self.request.newest:
            scores = self._scores(ids[: self.index.window])
        window = sorted(
            ids[: self.index.window], key=lambda one: (scores.get(one, 0.0), one), reverse=True
        )
        page = islice(
            (*window, *ids[self.index.window :]),
            self.request.offset,
            self.request.offset + self.request.limit,
        )
        return len(ids), [(paper_id, scores.get(paper_id, 0.0)) for paper_id in page]

    def _scores(self, window: Sequence[int]) -> dict[int, float]:
        if not window:
            return {}
        score = self.index.score(self.composer.text(self.question))
        scored = self._asked().add_columns(score).where(self.index.id >= window[-1])
        return {paper_id: float(worth) for paper_id, worth in self.connection.execute(scored)}

    def _confirmed(self, doubtful: Iterable[int]) -> Iterable[int]:
        wanted = sorted(doubtful)
        root = self.root
        for start in range(0, len(wanted), CHUNK):
            papers = load_papers(self.connection, wanted[start : start + CHUNK])
            for paper_id, paper in papers.items():
                if root is not None and self._answers(root, paper):
                    yield paper_id

    def _answers(self, root: Node, paper: Paper) -> bool:
        day, request = paper.announced_on, self.request
        if day is None or (request.since and day < request.since):
            return False
        if request.until and day > request.until:
            return False
        # Whoever names days has just looked back at them, or will; without days it may be all papers.
        fold = folded if request.since else document
        return matches(root, fold(paper), event=None, today=request.today)


def _asks_for_names(node: Node) -> bool:
    match node:
        case And(parts) | Or(parts):
            return any(map(_asks_for_names, parts))
        case Not(part):
            return _asks_for_names(part)
        case _:
            return isinstance(node, Author | Organization)


def load_papers(connection: Connection, ids: Sequence[int]) -> dict[int, Paper]:
    """Papers by id."""
    if not ids:
        return {}
    papers = tables.papers
    rows = connection.execute(select(papers).where(papers.c.id.in_(ids))).mappings()
    return {row["id"]: paper_of(row) for row in rows}
