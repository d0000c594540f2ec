"""Rows of files, and lists of terms as filters."""

import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.model.errors import BadFilter
from bot.model.topic import TopicFilter
from bot.rules.parse import parse_filter

MOST_TERMS = 64


def lines(file: Path) -> Iterator[dict]:
    """A row a line. Ends the program with the file and line of what is none."""
    opened = gzip.open if file.suffix == ".gz" else open
    number = 0
    try:
        with opened(file, "rt", encoding="utf-8") as rows:
            for number, row in enumerate(rows, start=1):  # noqa: B007 - told of below
                yield json.loads(row)
    except (OSError, ValueError, EOFError) as error:
        sys.exit(f"{file}, line {number}: no row of JSON can be read ({error}).")


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
