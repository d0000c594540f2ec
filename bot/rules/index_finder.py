"""Which of very many terms a document has, found in one pass over it, each term by its number."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from itertools import pairwise

from bot.model.paper import Event
from bot.model.topic import Author, Count, Organization, Scope, Since, Term, Text, Tokens
from bot.rules.document import Document
from bot.rules.fold import stem
from bot.rules.index_facts import Facts
from bot.rules.index_limits import Limits
from bot.rules.index_names import Names
from bot.rules.index_words import Words
from bot.rules.matching import places

_BETWEEN = "\n"  # no token, so that no phrase runs from the title into the abstract
Watch = tuple[Callable[[int], None], Callable[[int], None]]
"""How a number is put where a term is looked for, and taken away again."""


class Finder:
    """The terms looked for, each filed where it is found fastest."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        """Take the share of papers that each folded word stands in; absent means rare."""
        self._shares = shares
        self._words = {scope: Words(self._rarest_pair) for scope in Scope}
        self._special: dict[str, list[tuple[Text, int]]] = {}
        self._authors, self._organizations = Names(), Names()
        self._facts = Facts()
        self._limits = Limits()

    def __bool__(self) -> bool:
        return any((*self._words.values(), self._special, self._authors, self._organizations,
                    self._facts, self._limits))  # fmt: skip

    def watch(self, term: Term, number: int) -> None:
        """Look for a term from now on."""
        self._place(term)[0](number)

    def unwatch(self, term: Term, number: int) -> None:
        """Take `watch` back."""
        self._place(term)[1](number)

    def share(self, term: Term) -> float:
        """The share of papers that have it, roughly: good enough to choose the rarest."""
        match term:
            case Text(tokens, prefix=True):
                return self._shares.get(tokens[-1], 0.0) + 0.3 ** len(tokens[-1])
            case Text(tokens):
                return self.share_of_words(tuple(map(stem, tokens)) if term.exact else tokens)
            case Author() | Organization():
                return 1e-4
            case _:
                return 0.3

    def share_of_words(self, tokens: Tokens) -> float:
        """The same of a plain word or phrase."""
        if len(tokens) == 1:
            return self._shares.get(tokens[0], 0.0) + 1e-6 / len(tokens[0])
        rarest = min([self._shares.get(token, 0.0) for token in tokens])
        # Two words that both stand in a tenth of the papers stand together in fewer.
        return rarest * 0.3 ** (len(tokens) - 1) + 1e-6 / len(tokens[0])

    def _place(self, term: Term) -> Watch:
        match term:
            case Text():
                return self._place_of_text(term)
            case Author(tokens, prefix):
                names = self._authors
                add, remove = names.add, names.remove
                return partial(add, tokens, prefix=prefix), partial(remove, tokens, prefix=prefix)
            case Organization(tokens, prefix):
                names = self._organizations
                add, remove = names.add, names.remove
                return partial(add, tokens, prefix=prefix), partial(remove, tokens, prefix=prefix)
            case Count() | Since():
                return partial(self._limits.add, term), partial(self._limits.remove, term)
            case _:
                return partial(self._facts.add, term), partial(self._facts.remove, term)

    def _place_of_text(self, term: Text) -> Watch:
        words, tokens = self._words[term.scope], term.tokens
        if term.exact or term.near or (term.prefix and len(tokens) > 1):
            return partial(self._add_special, term), partial(self._remove_special, term)
        if term.prefix:
            beginning = tokens[0]
            return partial(words.add_beginning, beginning), partial(
                words.remove_beginning, beginning
            )
        return partial(words.add, tokens), partial(words.remove, tokens)

    def _add_special(self, term: Text, number: int) -> None:
        self._special.setdefault(self._trigger(term), []).append((term, number))

    def _remove_special(self, term: Text, number: int) -> None:
        trigger = self._trigger(term)
        self._special[trigger].remove((term, number))
        if not self._special[trigger]:
            del self._special[trigger]

    def _rarest_pair(self, tokens: Tokens) -> Tokens:
        """The two neighbours in a phrase that stand together most seldom, roughly."""
        share = self._shares.get
        return min(pairwise(tokens), key=lambda pair: min(share(pair[0], 0.0), share(pair[1], 0.0)))

    def _trigger(self, term: Text) -> str:
        """The rarest folded word that must stand in every text with this phrase."""
        whole = term.tokens[: len(term.tokens) - term.prefix]
        return min(map(stem, whole), key=lambda token: (self._shares.get(token, 0.0), token))

    def found(self, document: Document, event: Event | None, today: date) -> set[int]:
        """The numbers of all terms the document has."""
        found = self._found_words(document)
        if self._authors:
            found.update(self._authors.find(document.authors))
        if self._organizations and document.organization:
            found.update(self._organizations.find([document.organization]))
        if self._facts:
            found.update(self._facts.find(document, event))
        if self._limits:
            found.update(self._limits.find(document, today))
        return found

    def _found_words(self, document: Document) -> set[int]:
        found: set[int] = set()
        any_words, title, abstract = (self._words[scope] for scope in Scope)
        if any_words:
            found = any_words.find([*document.title, _BETWEEN, *document.abstract])
        if title:
            found |= title.find(document.title)
        if abstract:
            found |= abstract.find(document.abstract)
        if self._special:
            for trigger in self._special.keys() & {*document.title, *document.abstract}:
                special = self._special[trigger]
                found.update(number for term, number in special if places(term, document))
        return found
