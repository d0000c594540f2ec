"""JSON as the standard has it, and nothing more: what is not plain data is refused."""

import json
import math
from typing import NoReturn

LONGEST_NUMBER = 18
"""Digits; what fits the database's integers. Python's own limit of 4,300 is far too friendly."""


class BadJson(ValueError):
    """This is not JSON, or JSON that no honest source sends."""


def decode(data: bytes | str) -> object:
    """The value in `data`. A byte order mark is skipped.

    Raises BadJson for syntax errors, NaN and infinities, numbers of more than 18 digits, an
    object with the same key twice, nesting too deep to follow, and text that is not Unicode.
    """
    try:
        if isinstance(data, bytes):
            data = data.decode(json.detect_encoding(data))
        return _DECODER.decode(data.removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        msg = f"is not {error.encoding} text (byte {error.start})"
        raise BadJson(msg) from None
    except json.JSONDecodeError as error:
        msg = f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise BadJson(msg) from None
    except RecursionError:
        msg = "is nested too deeply"
        raise BadJson(msg) from None


def _constant(name: str) -> NoReturn:
    msg = f"has {name}, which is not JSON"
    raise BadJson(msg)


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        msg = f"has a number of {len(digits)} digits"
        raise BadJson(msg)
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        msg = "has a number too large to hold"
        raise BadJson(msg)
    return number


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "has the same key twice in one object"
        raise BadJson(msg)
    return found


_DECODER = json.JSONDecoder(
    parse_constant=_constant,
    parse_int=_whole,
    parse_float=_fraction,
    object_pairs_hook=_unique,
)
