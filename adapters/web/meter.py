"""The Meter port on Prometheus: figures of this process, in the format Prometheus reads."""

from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from bot.model.metrics import ALL, Metric

Made = TypeVar("Made", Counter, Gauge, Histogram)

PREFIX = "paperwire_"

BUCKETS = (0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 21600)
"""Seconds: from one transaction to a digest that waited for a platform's outage."""

MOST_SERIES = 200
"""Label sets one metric may have; beyond it they are counted together, so memory stays bounded."""

OTHERS = "other"


class PrometheusMeter:
    """See `bot.ports.Meter`. Usable from any thread.

    Every metric without labels shows from the start, so that an alert on it can be tested.
    """

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(namespace=PREFIX.rstrip("_"), registry=registry)
        GCCollector(registry=registry)
        self._counts: dict[Metric, Counter] = {}
        self._gauges: dict[Metric, Gauge] = {}
        self._spans: dict[Metric, Histogram] = {}
        self._seen: dict[Metric, set[tuple[str, ...]]] = {one: set() for one in ALL}
        for one in ALL:
            name, labels = PREFIX + one.name, one.labels
            match one.kind:
                case "count":
                    self._counts[one] = Counter(name, one.help, labels, registry=registry)
                case "gauge":
                    self._gauges[one] = Gauge(name, one.help, labels, registry=registry)
                case "observe":
                    self._spans[one] = Histogram(
                        name, one.help, labels, registry=registry, buckets=BUCKETS
                    )

    def count(self, metric: Metric, by: float = 1, **labels: str) -> None:
        """Add to a `count` metric."""
        values = metric.values("count", labels)
        self._child(metric, self._counts[metric], values).inc(by)

    def gauge(self, metric: Metric, value: float, **labels: str) -> None:
        """Set a `gauge` metric."""
        values = metric.values("gauge", labels)
        self._child(metric, self._gauges[metric], values).set(value)

    def observe(self, metric: Metric, seconds: float, **labels: str) -> None:
        """Put one measurement into an `observe` metric."""
        values = metric.values("observe", labels)
        self._child(metric, self._spans[metric], values).observe(seconds)

    def _child(self, metric: Metric, made: Made, values: tuple[str, ...]) -> Made:
        if not values:
            return made
        seen = self._seen[metric]
        if values not in seen:
            if len(seen) >= MOST_SERIES:
                values = (OTHERS,) * len(values)
            seen.add(values)
        return made.labels(*values)

    def forget(self, metric: Metric) -> None:
        """Drop all label sets of a gauge before it is set anew, so that what is over vanishes."""
        self._gauges[metric].clear()
        self._seen[metric].clear()

    def page(self) -> tuple[str, bytes]:
        """All figures: content type and text."""
        return CONTENT_TYPE_LATEST, generate_latest(self._registry)
