"""Words that look Latin and are not: letters copied from another alphabet match nothing."""

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+")
_LOOK_LATIN = frozenset("аеоорсухѕіјԁһԛԝѵАВЕКМНОРСТХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧο")
"""Cyrillic and Greek letters that are drawn like Latin ones (Unicode TR39, confusables)."""


def lookalikes(text: str) -> list[str]:
    """Words of `text` with letters that only look Latin: mixed with Latin, or all of that kind."""
    return list(dict.fromkeys(word for word in _WORD.findall(text) if _is_lookalike(word)))


def hint(text: str) -> str:
    """What to say about such words in a filter that finds nothing; empty when there are none."""
    found = lookalikes(text)
    if not found:
        return ""
    letter = next(one for one in found[0] if one in _LOOK_LATIN)
    name = unicodedata.name(letter).capitalize()
    return (
        f"“{found[0]}” holds a letter that only looks Latin ({name}); type the word anew to find "
        "the Latin one."
    )


def _is_lookalike(word: str) -> bool:
    if word.isascii():
        return False
    alike = sum(one in _LOOK_LATIN for one in word)
    latin = sum(one.isascii() for one in word)
    return alike > 0 and (latin > 0 or alike == len(word))
