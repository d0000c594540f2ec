"""Which limits of the match index a paper keeps: `upvotes:>=20`, `since:7d`."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from datetime import date
from itertools import chain

from bot.model.topic import Count, Metric, Since, Term
from bot.rules.document import Document


class _Side:
    """Lower or upper limits on one number, in order, so that those kept are one slice."""

    __slots__ = ("_limits", "_upper")

    def __init__(self, *, upper: bool) -> None:
        self._limits: list[tuple[int, int]] = []
        self._upper = upper

    def __bool__(self) -> bool:
        return bool(self._limits)

    def add(self, limit: int, atom: int) -> None:
        insort(self._limits, (limit, atom))

    def remove(self, limit: int, atom: int) -> None:
        del self._limits[bisect_left(self._limits, (limit, atom))]

    def kept(self, value: int) -> list[int]:
        """Atoms of the lower limits up to `value`, or of the upper ones from it."""
        if self._upper:
            kept = self._limits[bisect_left(self._limits, (value, -1)) :]
        else:
            kept = self._limits[: bisect_right(self._limits, (value + 1, -1))]
        return [atom for _, atom in kept]


class Limits:
    """Limits looked for, each of one side only."""

    __slots__ = ("_high", "_low", "_metrics", "_number", "_since_days", "_since_on")

    def __init__(self) -> None:
        self._number = 0
        self._low = {metric: _Side(upper=False) for metric in Metric}
        self._high = {metric: _Side(upper=True) for metric in Metric}
        self._metrics = [(metric, self._low[metric], self._high[metric]) for metric in Metric]
        self._since_days, self._since_on = _Side(upper=True), _Side(upper=False)

    def __bool__(self) -> bool:
        return self._number > 0

    def add(self, term: Term, number: int) -> None:
        """Look for a limit."""
        side, limit = self._place(term)
        side.add(limit, number)
        self._number += 1

    def remove(self, term: Term, number: int) -> None:
        """Take `add` back."""
        side, limit = self._place(term)
        side.remove(limit, number)
        self._number -= 1

    def _place(self, term: Term) -> tuple[_Side, int]:
        match term:
            case Count(metric, int(low), None):
                return self._low[metric], low
            case Count(metric, None, int(high)):
                return self._high[metric], high
            case Since(_, date() as on):
                return self._since_on, on.toordinal()
            case Since(int(days)):
                return self._since_days, days
            case _:
                raise ValueError(term)

    def find(self, document: Document, today: date) -> Iterator[int]:
        """Atoms of the limits the paper keeps."""
        return chain.from_iterable(self._kept(document, today))

    def _kept(self, document: Document, today: date) -> Iterator[list[int]]:
        for metric, low, high in self._metrics:
            if low or high:
                value = getattr(document.metrics, metric) or 0
                yield low.kept(value)
                yield high.kept(value)
        day = document.announced_on
        if day is not None:
            yield self._since_on.kept(day.toordinal())
            yield self._since_days.kept((today - day).days)
