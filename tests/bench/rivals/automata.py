"""One automaton that finds all words and phrases; clauses as in our plain Python index."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import cast

import ahocorasick
import hyperscan

from bot.model.paper import Event
from bot.model.topic import Node, Scope
from bot.rules.document import Document
from bot.rules.index_small import SmallIndex
from bot.rules.index_words import Words


class _Automaton:
    """Stands in for `Words`: patterns and their atoms, found in a padded text."""

    def __init__(self, words: Words, compiled: Callable) -> None:
        atoms: dict[str, list[int]] = {}
        for word, numbers in words._found.words.items():
            atoms.setdefault(f" {word} ", []).extend(numbers)
        for beginning, numbers in words._found.beginnings.items():
            atoms.setdefault(f" {beginning}", []).extend(numbers)
        for pair, numbers in words._pairs.items():
            if numbers:
                atoms.setdefault(f" {' '.join(pair)} ", []).extend(numbers)
        for phrases in words._longer.values():
            for phrase, numbers in phrases.items():
                atoms.setdefault(phrase, []).extend(numbers)
        self.atoms = [tuple(numbers) for numbers in atoms.values()]
        self.search = compiled(list(atoms))

    def __bool__(self) -> bool:
        return True

    def find(self, text: list[str]) -> set[int]:
        found = self.search(f" {' '.join(text)} ")
        return set(chain.from_iterable(map(self.atoms.__getitem__, found)))


class _WithAutomaton:
    def __init__(self, roots: Mapping[int, Node], shares: Mapping[str, float]) -> None:
        self.index = SmallIndex(shares)
        for number, root in roots.items():
            self.index.add(number, root)
        words = self.index._atoms._finder._words
        words[Scope.ANY] = cast("Words", _Automaton(words[Scope.ANY], self.compiled))

    @staticmethod
    def compiled(patterns: list[str]) -> Callable[[str], Iterable[int]]:
        raise NotImplementedError

    def match_all(self, documents: Sequence[Document], today: date) -> list[list[int]]:
        return [self.index.match(one, event=Event.NEW, today=today) for one in documents]


class AhoCorasick(_WithAutomaton):
    name = "pyahocorasick"

    @staticmethod
    def compiled(patterns: list[str]) -> Callable[[str], Iterable[int]]:
        automaton = ahocorasick.Automaton()
        for number, pattern in enumerate(patterns):
            automaton.add_word(pattern, number)
        automaton.make_automaton()
        return lambda text: {number for _, number in automaton.iter(text)}


class Hyperscan(_WithAutomaton):
    name = "hyperscan"

    @staticmethod
    def compiled(patterns: list[str]) -> Callable[[str], Iterable[int]]:
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            expressions=[pattern.encode() for pattern in patterns],
            ids=list(range(len(patterns))),
            elements=len(patterns),
            flags=hyperscan.HS_FLAG_SINGLEMATCH,
            literal=True,
        )
        found: list[int] = []

        def note(number, start, end, flags, context):
            found.append(number)

        def search(text: str) -> list[int]:
            found.clear()
            database.scan(text.encode(), match_event_handler=note)
            return found

        return search
