"""Fixtures of the tests of rules."""

import gzip
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

Reader = Callable[[Path, int], Iterator[dict[str, Any]]]


@pytest.fixture(scope="session")
def read_lines() -> Reader:
    """Reads the first records of a (gzipped) JSON Lines file."""

    def read(path: Path, most: int) -> Iterator[dict[str, Any]]:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, islice(lines, most))

    return read
