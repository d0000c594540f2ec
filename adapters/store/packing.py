"""Many numbers as bytes: four or eight of them each, the low ones first.

A day's papers may meet millions of filters. As a row each they would cost ten times the room and
a hundred times the work; packed, they are written and looked through as a whole.
"""

import sys
from array import array
from collections.abc import Iterable, Sequence

FILTER_BITS = 32  # of a key: the hit below, the filter above
_LOW = (1 << FILTER_BITS) - 1


def packed(ids: Iterable[int]) -> bytes:
    """Ids below 2³² as bytes, four each."""
    return _swapped(array("I", ids)).tobytes()


def unpacked(data: bytes) -> Sequence[int]:
    """The ids in such bytes, without a copy where it can be."""
    if sys.byteorder == "little":
        return memoryview(data).cast("I")
    return _swapped(array("I", data))


def packed_keys(keys: Iterable[int]) -> bytes:
    """Keys as bytes, eight each."""
    return _swapped(array("Q", keys)).tobytes()


def unpacked_keys(data: bytes) -> "array[int]":
    """The keys in such bytes."""
    return _swapped(array("Q", data))


def key(filter_id: int, hit_id: int) -> int:
    """A filter and one of its hits as one number; all of a filter are neighbours, in order."""
    return filter_id << FILTER_BITS | hit_id


def hit_of(packed_key: int) -> int:
    """The hit in a key."""
    return packed_key & _LOW


def _swapped(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
