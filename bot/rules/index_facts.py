"""Which facts of the match index a paper has: category, source, code, language, event."""

from collections.abc import Iterator

from bot.model.paper import Event
from bot.model.topic import Category, FromSource, HasCode, Language, Term, Version
from bot.rules.document import Document


class Facts:
    """Facts looked for, each by its own text."""

    __slots__ = ("_languages", "_numbers")

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._languages = 0

    def __bool__(self) -> bool:
        return bool(self._numbers)

    def add(self, term: Term, number: int) -> None:
        """Look for a fact."""
        self._numbers[_text(term)] = number
        self._languages += isinstance(term, Language)

    def remove(self, term: Term, _: int) -> None:
        """Take `add` back."""
        del self._numbers[_text(term)]
        self._languages -= isinstance(term, Language)

    def find(self, document: Document, event: Event | None) -> list[int]:
        """Atoms of the facts that are true of the paper."""
        texts = set(self._true(document, event))
        return [self._numbers[text] for text in self._numbers.keys() & texts]

    def _true(self, document: Document, event: Event | None) -> Iterator[str]:
        yield f"code:{document.has_code}"
        if self._languages:  # guessed only if somebody asks
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


def _ends(text: str, signs: str) -> Iterator[int]:
    """Where the beginnings of `text` end that are followed by one of `signs`, and its own end."""
    yield from (position for position, sign in enumerate(text) if sign in signs)
    yield len(text)


def _text(term: Term) -> str:
    """A fact as `_true` says it."""
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
