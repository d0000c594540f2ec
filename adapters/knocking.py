"""What the doors of all chat platforms share: when a request goes no further, whoever signed it."""

import re
from dataclasses import dataclass

LARGEST_BODY = 1024 * 1024
DEEPEST_JSON = 60


@dataclass(frozen=True, slots=True)
class Turned:
    """A request that goes no further: the status it gets, and why, for the metric."""

    status: int
    why: str


TOO_LARGE = Turned(413, "body too large")
UNSIGNED = Turned(401, "no signature of the right form")
WRONG_TIME = Turned(401, "timestamp too far from now")
FORGED = Turned(401, "wrong signature")


def is_too_deep(text: str) -> bool:
    """Whether JSON may be nested more deeply than we read: the parser itself would recurse.

    Brackets inside strings are counted too, so it is an upper bound.
    """
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        if depth > DEEPEST_JSON:
            return True
    return False
