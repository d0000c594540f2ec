"""From folded tokens back to the words as they stand in a paper's text."""

import re
from array import array
from functools import lru_cache

from bot.rules.fold import TOKEN, fold_exact, folded_in_place

AROUND = 3  # words on each side of an excerpt
_WORD = re.compile(rf"{TOKEN.pattern}(?:['’ʼ][^\W_]+)*(?:\+\+|#)?")
_CHUNK = re.compile(r"\S+")
_EDGES = "\"'“”‘’«»()[]{}<>,.;:!?$*~"


Places = tuple["array[int]", "array[int]"]
"""Where words begin and end, a thousand texts in two megabytes."""


def stretch(text: str, start: int, end: int, *, around: int = 0) -> str:
    """The words of `text` that tokens `start` to `end` (exclusive) were folded from.

    around: words to add on each side, with “…” where the text goes on. Empty where LaTeX has
    mixed the words so that they cannot be told apart.
    """
    words = None if around else _in_place(text, start, end)
    if words is not None:
        return words
    for pattern in (_WORD, _CHUNK):
        owners = _owners(text, pattern)
        if owners is not None:
            return _cut(text, owners, (start, end), around)
    return ""


def _in_place(text: str, start: int, end: int) -> str | None:
    """The same by the folded text as far as that lies upon it sign for sign; None further on."""
    folded, whole = folded_in_place(text)
    words = folded.split(None, start)
    if len(words) <= start or start >= end:
        return None
    begin = len(folded) - len(words[start])
    last = words[start].split(None, end - start - 1)[-1]
    token, *more = last.split(None, 1)
    if not (more or whole):
        return None  # the word may go on
    return _tidy(text[begin : len(folded) - len(last) + len(token)])


@lru_cache(maxsize=4096)
def _owners(text: str, pattern: re.Pattern[str]) -> "Places | None":
    """For each token the place of its word in `text`; None if the words fold differently alone."""
    starts, ends = array("I"), array("I")
    tokens: list[str] = []
    for found in pattern.finditer(text):
        word = found[0]
        start, end = found.span()
        if word.isascii() and word.isalnum():  # nearly all are; there is nothing to fold but case
            tokens.append(word.lower())
            starts.append(start)
            ends.append(end)
            continue
        for token in fold_exact(word):
            tokens.append(token)
            starts.append(start)
            ends.append(end)
    return (starts, ends) if tokens == fold_exact(text) else None


def _cut(text: str, owners: "Places", tokens: tuple[int, int], around: int) -> str:
    starts, ends = owners
    first, last = max(tokens[0] - around, 0), min(tokens[1] + around, len(starts)) - 1
    if last < first:
        return ""
    if not around:
        return _tidy(text[starts[first] : ends[last]])
    start, before = (starts[first], "…") if first else (0, "")
    end, after = (ends[last], "…") if last < len(starts) - 1 else (len(text), "")
    return f"{before}{' '.join(text[start:end].split())}{after}"


def _tidy(words: str) -> str:
    return " ".join(words.strip(_EDGES).split())
