"""What `/metrics` and `/healthz?verbose` show: this process's figures, and the store's."""

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version

from adapters.clock import Metronome
from adapters.web import PrometheusMeter
from bot.model import metrics
from bot.model.errors import BotError
from bot.model.figures import BACKUP_AT
from bot.ports import Clock, Store

NEVER = datetime.max.replace(tzinfo=UTC)


async def page(
    meter: PrometheusMeter, store: Store, clock: Clock, *, gateway_open: bool = False
) -> tuple[str, bytes]:
    """The page of metrics, with the store's figures asked for now.

    Without a database the page still comes, with the figures of this process.
    """
    meter.gauge(metrics.GATEWAY_CONNECTED, gateway_open)
    try:
        await _ask_store(meter, store, clock)
    except BotError:
        meter.forget(metrics.OUTBOX_DEPTH)  # nobody knows; old figures would mislead
    return meter.page()


async def _ask_store(meter: PrometheusMeter, store: Store, clock: Clock) -> None:
    found = await store.upkeep.figures()
    for state, count in found.depth.items():
        meter.gauge(metrics.OUTBOX_DEPTH, count, state=state)
    for state, count in found.lanes.items():
        meter.gauge(metrics.LANES, count, state=state)
    for scope, count in found.breakers.items():
        meter.gauge(metrics.BREAKER_OPEN, count, scope=scope)
    age = 0.0
    if found.oldest_due_at is not None:
        age = max(0.0, (clock.now() - found.oldest_due_at).total_seconds())
    meter.gauge(metrics.OUTBOX_OLDEST_AGE, age)
    await _ask_sources(meter, store)
    backup_at = await store.upkeep.remembered(BACKUP_AT)
    if backup_at:
        at = datetime.fromisoformat(backup_at)
        meter.gauge(metrics.BACKUP_LAST_SUCCESS, at.timestamp())
    meter.gauge(metrics.BUILD_INFO, 1, version=version("paperwire"), schema=found.schema)


async def _ask_sources(meter: PrometheusMeter, store: Store) -> None:
    meter.forget(metrics.SOURCE_LAST_SUCCESS)
    read_at: dict[str, datetime] = {}
    for source in await store.sources.all():
        if source.last_success_at is not None:
            label = metrics.source_label(source.name)
            # Of several feeds on one host the one that is silent counts.
            read_at[label] = min(source.last_success_at, read_at.get(label, NEVER))
    for label, at in read_at.items():
        meter.gauge(metrics.SOURCE_LAST_SUCCESS, at.timestamp(), source=label)


async def details(store: Store, metronome: Metronome) -> Mapping[str, object]:
    """Everything there is to know about this process at a glance."""
    found = await store.upkeep.figures()
    return {
        "version": version("paperwire"),
        "schema": found.schema,
        "outbox": found.depth,
        "lanes": found.lanes,
        "jobs": metronome.counts(),
    }
