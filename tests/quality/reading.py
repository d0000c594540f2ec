"""Rows of files, and lists of terms as filters."""

import gzip
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.model.errors import BadFilter
from bot.model.topic import TopicFilter
from bot.rules.parse import parse_filter

MOST_TERMS = 64
PROFILE_FIELDS = ("profile", "valid_from", "text")


def lines(file: Path, *needed: str) -> Iterator[dict]:
    """A row a line. Ends the program with the file and line of what is none.

    needed: what a row has to say.
    """
    opened = gzip.open if file.suffix == ".gz" else open
    number = 0
    try:
        with opened(file, "rt", encoding="utf-8") as rows:
            for number, row in enumerate(rows, start=1):  # noqa: B007 - told of below
                yield _told(json.loads(row), needed)
    except _Incomplete as error:
        sys.exit(f"{file}, line {number}: {error}.")
    except (OSError, ValueError, EOFError) as error:
        sys.exit(f"{file}, line {number}: no row of JSON can be read ({error}).")


class _Incomplete(Exception):
    """A row that does not say what it has to."""


def _told(row: object, needed: Sequence[str]) -> dict:
    if not isinstance(row, dict):
        raise _Incomplete('a row is an object, as in {"id": …}')
    missing = [name for name in needed if name not in row]
    if missing:
        raise _Incomplete(f"the row has no “{missing[0]}”; every row needs {', '.join(needed)}")
    return row


def filter_of(terms: list[str]) -> TopicFilter | None:
    """Any of these terms, as phrases; None when no filter can be made of them."""
    cleaned = (" ".join(re.findall(r"[\w-]+", term)) for term in terms)
    kept = [term for term in dict.fromkeys(cleaned) if len(term) > 2][:MOST_TERMS]
    while kept:
        try:
            return parse_filter(" | ".join(f'"{term}"' for term in kept))
        except BadFilter:
            kept.pop()  # too long: the first terms are the topic's main ones
    return None
