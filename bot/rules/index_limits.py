"""Which limits of the match index a number keeps: `upvotes:>=20`, `since:7d`."""

from bisect import bisect_left, bisect_right, insort


class Limits:
    """Lower or upper limits on one number, in order, so that those kept are one slice."""

    __slots__ = ("_limits", "_upper")

    def __init__(self, *, upper: bool) -> None:
        self._limits: list[tuple[int, int]] = []
        self._upper = upper

    def __bool__(self) -> bool:
        return bool(self._limits)

    def add(self, limit: int, atom: int) -> None:
        """Watch a limit."""
        insort(self._limits, (limit, atom))

    def remove(self, limit: int, atom: int) -> None:
        """Take `add` back."""
        del self._limits[bisect_left(self._limits, (limit, atom))]

    def kept(self, value: int) -> list[int]:
        """Atoms of the lower limits up to `value`, or of the upper ones from it."""
        if self._upper:
            kept = self._limits[bisect_left(self._limits, (value, -1)) :]
        else:
            kept = self._limits[: bisect_right(self._limits, (value + 1, -1))]
        return [atom for _, atom in kept]
