"""The match index's atoms: small numbers for the things filters ask about.

Each atom is known once, whoever uses it, and given up with its last use. What a document has is
found in one pass over it, whatever the number of atoms.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import chain, pairwise

from bot.model.paper import Event
from bot.model.topic import (
    Author,
    Category,
    Count,
    FromSource,
    HasCode,
    Language,
    Metric,
    Organization,
    Scope,
    Since,
    Term,
    Text,
    Tokens,
    Version,
)
from bot.rules.document import Document
from bot.rules.fold import stem
from bot.rules.index_clauses import Atom
from bot.rules.index_limits import Limits
from bot.rules.index_names import Names
from bot.rules.index_words import Words
from bot.rules.matching import places

_BETWEEN = "\n"  # no token, so that no phrase runs from the title into the abstract
Watch = tuple[Callable[[int], None], Callable[[int], None]]
"""How an atom's number is put where a term is looked for, and taken away again."""


class Atoms:
    """Terms by number, and which of them a document has."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        """Take the share of papers that each folded word stands in; absent means rare."""
        self._shares = shares
        self._numbers: dict[Atom, int] = {}
        self._terms: list[Atom | None] = []
        self._uses: list[int] = []
        self._free: list[int] = []
        self._words = {scope: Words(self._rarest_pair) for scope in Scope}
        self._special: dict[str, list[tuple[Text, int]]] = {}
        self._authors, self._organizations = Names(), Names()
        self._facts: dict[str, int] = {}
        self._languages = 0
        self._limited = 0
        self._low = {metric: Limits(upper=False) for metric in Metric}
        self._high = {metric: Limits(upper=True) for metric in Metric}
        self._since_days, self._since_on = Limits(upper=True), Limits(upper=False)

    def __len__(self) -> int:
        """One more than the highest number ever given out."""
        return len(self._terms)

    def take(self, atom: Atom) -> int:
        """Its number; one more use of it."""
        number = self._numbers.get(atom)
        if number is None:
            number = self._new(atom)
        self._uses[number] += 1
        return number

    def _new(self, atom: Atom) -> int:
        if self._free:
            number = self._free.pop()
            self._terms[number] = atom
        else:
            number = len(self._terms)
            self._terms.append(atom)
            self._uses.append(0)
        self._numbers[atom] = number
        for term in _terms(atom):
            self._watch(term)[0](number)
        return number

    def release(self, number: int) -> None:
        """One use less; unused atoms are forgotten."""
        self._uses[number] -= 1
        atom = self._terms[number]
        if self._uses[number] or atom is None:
            return
        for term in _terms(atom):
            self._watch(term)[1](number)
        del self._numbers[atom]
        self._terms[number] = None
        self._free.append(number)

    def share(self, number: int) -> float:
        """The share of papers that have it, roughly: good enough to choose the rarest."""
        atom = self._terms[number]
        return 1.0 if atom is None else sum(map(self._share_of, _terms(atom)))

    def _share_of(self, term: Term) -> float:
        match term:
            case Text(tokens, prefix=True):
                return self._shares.get(tokens[-1], 0.0) + 0.3 ** len(tokens[-1])
            case Text(tokens):
                shares = [self._shares.get(stem(token), 0.0) for token in tokens]
                # Two words that both stand in a tenth of the papers stand together in fewer.
                return min(shares) * 0.3 ** (len(tokens) - 1) + 1e-6 / len("".join(tokens))
            case Author() | Organization():
                return 1e-4
            case _:
                return 0.3

    def _watch(self, term: Term) -> Watch:
        match term:
            case Text():
                return self._watch_text(term)
            case Author(tokens, prefix):
                names = self._authors
                add, remove = names.add, names.remove
                return partial(add, tokens, prefix=prefix), partial(remove, tokens, prefix=prefix)
            case Organization(tokens, prefix):
                names = self._organizations
                add, remove = names.add, names.remove
                return partial(add, tokens, prefix=prefix), partial(remove, tokens, prefix=prefix)
            case Count() | Since():
                return partial(self._add_limit, term), partial(self._remove_limit, term)
            case _:
                key = _fact(term)
                return partial(self._add_fact, key), partial(self._remove_fact, key)

    def _watch_text(self, term: Text) -> Watch:
        words, tokens = self._words[term.scope], term.tokens
        if term.exact or term.near or (term.prefix and len(tokens) > 1):
            return partial(self._add_special, term), partial(self._remove_special, term)
        if term.prefix:
            beginning = tokens[0]
            return partial(words.add_beginning, beginning), partial(
                words.remove_beginning, beginning
            )
        return partial(words.add, tokens), partial(words.remove, tokens)

    def _limits(self, term: Count | Since) -> tuple[Limits, int]:
        """The limits a one-sided term belongs to, and its number."""
        match term:
            case Count(metric, low, None):
                return self._low[metric], low or 0
            case Count(metric, None, int(high)):
                return self._high[metric], high
            case Since(_, date() as on):
                return self._since_on, on.toordinal()
            case Since(days):
                return self._since_days, days or 0
            case _:
                raise ValueError(term)  # limits of two sides are taken apart before

    def _add_limit(self, term: Count | Since, number: int) -> None:
        limits, limit = self._limits(term)
        limits.add(limit, number)
        self._limited += 1

    def _remove_limit(self, term: Count | Since, number: int) -> None:
        limits, limit = self._limits(term)
        limits.remove(limit, number)
        self._limited -= 1

    def _add_fact(self, key: str, number: int) -> None:
        self._facts[key] = number
        self._languages += key.startswith("lang:")

    def _remove_fact(self, key: str, _: int) -> None:
        del self._facts[key]
        self._languages -= key.startswith("lang:")

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
        """The numbers of all atoms the document has."""
        found = self._found_words(document)
        if self._authors:
            found.update(self._authors.find(document.authors))
        if self._organizations:
            found.update(self._organizations.find([document.organization]))
        if self._facts:
            keys = self._facts.keys() & set(self._true_facts(document, event))
            found.update(map(self._facts.__getitem__, keys))
        if self._limited:
            found.update(chain.from_iterable(self._limits_kept(document, today)))
        return found

    def _found_words(self, document: Document) -> set[int]:
        title, abstract = document.title, document.abstract
        text = [*title, _BETWEEN, *abstract]
        found = self._words[Scope.ANY].find(text)
        if self._words[Scope.TITLE]:
            found |= self._words[Scope.TITLE].find(title)
        if self._words[Scope.ABSTRACT]:
            found |= self._words[Scope.ABSTRACT].find(abstract)
        if self._special:
            for trigger in self._special.keys() & text:
                special = self._special[trigger]
                found.update(number for term, number in special if places(term, document))
        return found

    def _true_facts(self, document: Document, event: Event | None) -> Iterator[str]:
        yield f"code:{document.has_code}"
        if self._languages:
            yield f"lang:{document.language}"
        for code in document.categories:
            yield f"cat:{code}"
            yield from (f"cat:{code[:end]}.*" for end in _ends(code, "."))
        for name in document.sources:
            yield from (f"source:{name[:end]}" for end in _ends(name, "_:"))
        for happened in document.events if event is None else (event,):
            yield f"version:{happened}"
            if happened is Event.REPLACE_CROSS:
                yield f"version:{Event.REPLACE}"

    def _limits_kept(self, document: Document, today: date) -> Iterator[list[int]]:
        for metric in Metric:
            if self._low[metric] or self._high[metric]:
                value = getattr(document.metrics, metric) or 0
                yield self._low[metric].kept(value)
                yield self._high[metric].kept(value)
        day = document.announced_on
        if day is not None:
            yield self._since_on.kept(day.toordinal())
            yield self._since_days.kept((today - day).days)


def _terms(atom: Atom) -> tuple[Term, ...]:
    return atom if isinstance(atom, tuple) else (atom,)


def _ends(text: str, signs: str) -> Iterator[int]:
    """Where the beginnings of `text` end that are followed by one of `signs`, and its own end."""
    yield from (position for position, sign in enumerate(text) if sign in signs)
    yield len(text)


def _fact(term: Category | FromSource | HasCode | Language | Version | Term) -> str:
    """A fact's key, as `_true_facts` says it."""
    match term:
        case Category(code, archive):
            return f"cat:{code}.*" if archive else f"cat:{code}"
        case FromSource(name):
            return f"source:{name}"
        case HasCode(wanted):
            return f"code:{wanted}"
        case Language(code):
            return f"lang:{code}"
        case Version(event):
            return f"version:{event}"
        case _:
            raise ValueError(term)
