"""A sparse matrix product: papers by atoms times atoms by clauses, counted against what is wanted."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from scipy.sparse import csr_matrix

from bot.model.paper import Event
from bot.model.topic import Node
from bot.rules.document import Document
from bot.rules.index_small import SmallIndex

BATCH = 200
AGAINST = -1000  # outweighs everything a clause can want


class Sparse:
    name = "scipy sparse"

    def __init__(self, roots: Mapping[int, Node], shares: Mapping[str, float]) -> None:
        self.index = SmallIndex(shares)
        for number, root in roots.items():
            self.index.add(number, root)
        atoms, columns, weights, wanted, owners = [], [], [], [], []
        for number, clauses in self.index._clauses.items():
            for clause in clauses:
                column = len(owners)
                for side, weight in ((clause.wanted, 1), (clause.excluded, AGAINST)):
                    atoms += side
                    columns += [column] * len(side)
                    weights += [weight] * len(side)
                wanted.append(len(clause.wanted))
                owners.append(number)
        shape = (len(self.index._atoms), len(owners))
        self.matrix = csr_matrix((np.array(weights, np.int32), (atoms, columns)), shape=shape)
        self.wanted, self.owners = np.array(wanted), np.array(owners)

    def match_all(self, documents: Sequence[Document], today: date) -> list[list[int]]:
        found = []
        for start in range(0, len(documents), BATCH):
            found += self._batch(documents[start : start + BATCH], today)
        return found

    def _batch(self, documents: Sequence[Document], today: date) -> list[list[int]]:
        atoms = self.index._atoms
        has = [list(atoms.found(one, Event.NEW, today)) for one in documents]
        ends = np.cumsum([0, *map(len, has)])
        flat = np.fromiter((atom for one in has for atom in one), np.int32, ends[-1])
        papers = csr_matrix(
            (np.ones(len(flat), np.int32), flat, ends), shape=(len(has), self.matrix.shape[0])
        )
        counted = papers @ self.matrix
        answers = []
        for place, one in enumerate(documents):
            part = slice(counted.indptr[place], counted.indptr[place + 1])
            columns = counted.indices[part]
            fulfilled = columns[counted.data[part] == self.wanted[columns]]
            matching = set(self.owners[fulfilled].tolist())
            if self.index._hard:
                matching.update(self.index._verified({*has[place]}, one, Event.NEW, today))
            answers.append(list(matching))
        return answers
