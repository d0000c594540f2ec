"""What the bot needs of those who watch over it: counting, without knowing who reads it."""

from typing import Protocol

from bot.model.metrics import Metric


class Meter(Protocol):
    """Takes figures without waiting. Labels are those the metric names (`bot/model/metrics.py`).

    A call that does not fit its metric is a mistake in the code: it raises TypeError, in tests
    without Prometheus too.
    """

    def count(self, metric: Metric, by: float = 1, **labels: str) -> None:
        """Add to a `count` metric."""
        ...

    def gauge(self, metric: Metric, value: float, **labels: str) -> None:
        """Set a `gauge` metric."""
        ...

    def observe(self, metric: Metric, seconds: float, **labels: str) -> None:
        """Put one measurement into an `observe` metric."""
        ...


class Unmetered:
    """A Meter for where nobody reads the figures."""

    def count(self, metric: Metric, by: float = 1, **labels: str) -> None:
        """Only see that the call fits."""
        del by
        metric.values("count", labels)

    def gauge(self, metric: Metric, value: float, **labels: str) -> None:
        """Only see that the call fits."""
        del value
        metric.values("gauge", labels)

    def observe(self, metric: Metric, seconds: float, **labels: str) -> None:
        """Only see that the call fits."""
        del seconds
        metric.values("observe", labels)
