"""Which facts of the match index a paper has: category, source, code, language, event."""

from collections.abc import Iterator
from functools import lru_cache

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
        numbers = self._numbers
        return [numbers[text] for text in self._true(document, event) if text in numbers]

    def _true(self, document: Document, event: Event | None) -> Iterator[str]:
        yield _CODE[document.has_code]
        if self._languages:  # guessed only if somebody asks
            yield f"lang:{document.language}"
        for code in document.categories:
            yield from _texts("cat:", code, ".", ".*")
        for name in document.sources:
            yield from _texts("source:", name, "_:", "")
        for happened in document.events if event is None else (event,):
            yield from _EVENTS[happened]


_CODE = {wanted: f"code:{wanted}" for wanted in (False, True)}
_EVENTS = {event: [f"version:{event}"] for event in Event}
_EVENTS[Event.REPLACE_CROSS].append(f"version:{Event.REPLACE}")


@lru_cache(maxsize=4096)
def _texts(field: str, name: str, signs: str, rest: str) -> tuple[str, ...]:
    """`name` and its beginnings before one of `signs`: cs.cl and cs.*, hf_daily and hf."""
    ends = [end for end, sign in enumerate(name) if sign in signs]
    beginnings = {f"{field}{name[:end]}{rest}" for end in (*ends, len(name))}
    return (*(beginnings - {f"{field}{name}"}), f"{field}{name}")


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
