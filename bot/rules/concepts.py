"""One token in the search index for a word or phrase of the table of synonyms and all its forms.

`"large language model"` stands for three forms, and to look for each of them in a large index, to
weigh each, and to put the answers together takes three times as long as to look for one word. So
a text is indexed with a token for every such phrase it holds in any form, as often as it does.
"""

from collections.abc import Iterator
from itertools import chain

from bot.model.topic import Text, Tokens
from bot.rules.synonyms import SYNONYMS, other_forms

_MARK = "·"  # stands in no folded token


def _asked_for() -> Iterator[Tokens]:
    """What people may ask for: all that the table holds, on either side."""
    yield from dict.fromkeys(chain(SYNONYMS, chain.from_iterable(SYNONYMS.values())))


_CONCEPTS = {tokens: _MARK + _MARK.join(tokens) for tokens in _asked_for()}

_Forms = dict[str, list[tuple[list[str], list[str]]]]


def _forms_by_first_word() -> _Forms:
    """By first word: the other words of each form, and the concepts it is a form of."""
    concepts: dict[Tokens, list[str]] = {}
    for tokens, concept in _CONCEPTS.items():
        for form in (Text(tokens), *other_forms(Text(tokens))):
            concepts.setdefault(form.tokens, []).append(concept)
    found: _Forms = {}
    for (first, *others), names in concepts.items():
        found.setdefault(first, []).append((others, names))
    return found


_FORMS = _forms_by_first_word()


def concept_of(term: Text) -> str:
    """The token that exactly the texts with a form of this word or phrase have; else empty."""
    if term.exact or term.near or term.prefix:
        return ""
    return _CONCEPTS.get(term.tokens, "")


def concepts(tokens: list[str]) -> list[str]:
    """The concepts of a folded text, each as often and in the order in which it occurs."""
    found: list[str] = []
    for place in [place for place, token in enumerate(tokens) if token in _FORMS]:
        for others, names in _FORMS[tokens[place]]:
            if not others or tokens[place + 1 : place + 1 + len(others)] == others:
                found += names
    return found
