"""Every metric by name: what it counts, and the few labels it may have.

Labels take a handful of values each: never a channel, a member, a query or a paper, which would
cost memory without bound and tell strangers who reads what. Names: delivery.md §6.
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["count", "gauge", "observe"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. Names end as Prometheus expects: `_total` for counts, then the unit."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()

    def values(self, kind: Kind, labels: dict[str, str]) -> tuple[str, ...]:
        """The label values in order. Raises TypeError for a call that does not fit the metric."""
        if kind != self.kind or labels.keys() != set(self.labels):
            raise TypeError(f"{self.name} is a {self.kind} with labels {self.labels}")
        return tuple(labels[name] for name in self.labels)


def _count(name: str, text: str, *labels: str) -> Metric:
    return Metric(name, "count", text, labels)


def _gauge(name: str, text: str, *labels: str) -> Metric:
    return Metric(name, "gauge", text, labels)


def _observe(name: str, text: str, *labels: str) -> Metric:
    return Metric(name, "observe", text, labels)


DELIVERIES = _count(
    "deliveries_total", "Attempts to deliver a message.", "platform", "kind", "outcome"
)
DELIVERY_LATENCY = _observe(
    "delivery_latency_seconds", "From when a message was due until it was posted.", "platform"
)
DELIVERY_UNKNOWN = _count(
    "delivery_unknown_total", "Messages of unknown fate, by what became of them.", "resolution"
)
SUSPECTED_DUPLICATES = _count(
    "delivery_suspected_duplicates_total",
    "Messages sent again without being able to look whether the first one had arrived.",
    "platform",
)
OUTBOX_DEPTH = _gauge("outbox_depth", "Messages that are not finished, by state.", "state")
OUTBOX_OLDEST_AGE = _gauge(
    "outbox_oldest_age_seconds", "Age of the oldest message that is due and not finished."
)
LANES = _gauge("lanes", "Channels by the state of their queue.", "state")
PAUSES_TOLD = _count(
    "pauses_told_total",
    "Channels a platform paused, by who was written to: their owner, or nobody known.",
    "platform",
    "to",
)
LEASES_LOST = _count("leases_lost_total", "Receipts refused because the lease was lost.", "kind")
CLOCK_STEPS = _count("clock_steps_total", "How often the shared clock was set.")
CLOCK_OFFSET = _gauge(
    "clock_offset_seconds", "The clock of this host minus the database's, which counts."
)
BREAKER_OPEN = _gauge(
    "breaker_open", "Workspaces and platforms to which nothing is sent now.", "scope"
)
RATELIMIT_WAIT = _observe(
    "ratelimit_wait_seconds", "Time spent waiting for a rate limit.", "platform"
)
DISCORD_INVALID = _gauge(
    "discord_invalid_requests_10m", "Answers of 401, 403 and 429 in the last ten minutes."
)
GATEWAY_CONNECTED = _gauge("gateway_connected", "1 while Discord's gateway is open to us.")
GATEWAY_IDENTIFIES = _count("gateway_identifies_total", "Logins at Discord's gateway.")
SOURCE_POLLS = _count("source_polls_total", "Readings of a source.", "source", "result")
SOURCE_LAST_SUCCESS = _gauge(
    "source_last_success_timestamp_seconds", "When a source was last read.", "source"
)
SOURCE_ITEMS = _count("source_items_total", "What sources brought.", "source", "result")
SCHEDULE_LAG = _observe(
    "schedule_lag_seconds", "From when a subscription was due until its digest was composed."
)
SCHEDULE_MISSED = _count(
    "schedule_missed_total", "Runs of a job that failed or were left out.", "job", "reason"
)
JOB_SECONDS = _observe("job_seconds", "How long the runs of a job take.", "job")
DB_BUSY = _count("db_busy_total", "Transactions refused because the database was held.")
DB_TRANSACTION = _observe("db_transaction_seconds", "Database transactions.", "kind")
INBOUND_REJECTED = _count(
    "inbound_rejected_total", "Requests that were refused at the door.", "reason"
)
BACKUP_LAST_SUCCESS = _gauge(
    "backup_last_success_timestamp_seconds", "When a backup was last made."
)
BUILD_INFO = _gauge("build_info", "Always 1; the labels say what runs.", "version", "schema")


def source_label(name: str) -> str:
    """A source's name without what a person may keep to themselves: a feed is told by its host."""
    kind, _, address = name.partition(":")
    if kind != "feed":
        return name
    return f"feed:{urlsplit(address).hostname or ''}"


ALL: tuple[Metric, ...] = tuple(
    value for value in dict(globals()).values() if isinstance(value, Metric)
)
