"""Small helpers over numpy arrays that the parts of the large index share."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Index = NDArray[np.intp]


def ranges(first: NDArray[np.integer], count: NDArray[np.integer]) -> Index:
    """The numbers first, first + 1, … (`count` of them) of every range, one after the other."""
    ends = np.cumsum(count, dtype=np.intp)
    total = int(ends[-1]) if len(ends) else 0
    shift = first - (ends - count)
    return np.arange(total, dtype=np.intp) + np.repeat(shift, count)


def grouped(keys: Ints, values: Ints, number: int) -> tuple[Ints, Ints]:
    """`values` in the order of `keys`, and where those of each key below `number` begin."""
    order = np.argsort(keys, kind="stable")
    counts = np.bincount(keys, minlength=number)
    first = np.zeros(number + 1, np.int32)
    np.cumsum(counts, out=first[1:])
    return first, values[order]
