"""Every metric that is declared is a figure somebody sends, and shows what happened."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.web import PrometheusMeter
from bot.engine.beat import Engine
from bot.engine.deliver import LEASE
from bot.engine.telling import tell
from bot.model import metrics
from bot.model.delivery import NotSent, Posted, Receipt, Unclear
from bot.model.figures import BACKUP_AT
from config.figures import page
from tests.builders import LAB, a_paper
from tests.chaos.audit_told import samples
from tests.world import a_world

ROOT = Path(__file__).parents[1]
NAMES = {name for name, value in vars(metrics).items() if isinstance(value, metrics.Metric)}


def test_every_declared_metric_is_sent_from_somewhere():
    used = {
        name
        for folder in ("bot", "adapters", "config")
        for path in (ROOT / folder).rglob("*.py")
        for name in re.findall(r"\bmetrics\.([A-Z_]+)\b", path.read_text("utf-8"))
    }
    assert NAMES - used == set()


@pytest.fixture
async def measured(tmp_path):
    """A world whose figures are kept, and what its page of metrics says."""
    async with a_world(tmp_path) as world:
        meter = PrometheusMeter()
        world.engine = Engine(replace(world.engine.world, meter=meter))

        async def shows(name, **labels):
            _, raw = await page(meter, world.store, world.clock)
            found = [value for having, value in samples(raw.decode(), name) if having == labels]
            return found[0] if found else None

        yield world, shows


async def test_a_paper_on_its_way_shows_at_every_stage(measured):
    world, shows = measured
    await world.say("subscribe rings every:instant")
    await world.announce(a_paper("On Rings"))
    assert await shows("source_polls_total", source="hf_daily", result="read") == 1
    assert await shows("source_items_total", source="hf_daily", result="new") == 1
    assert await shows("schedule_lag_seconds_count") == 1
    assert await shows("deliveries_total", platform="terminal", kind="post", outcome="Posted") == 1
    assert await shows("delivery_latency_seconds_count", platform="terminal") == 1


async def test_a_source_that_fails_shows(measured):
    world, shows = measured
    world.source.down = True
    await world.wait(minutes=2)
    assert await shows("source_polls_total", source="hf_daily", result="failed") == 1


async def test_being_told_to_wait_shows_and_so_does_an_unclear_message(measured):
    world, shows = measured
    await world.say("subscribe rings every:instant")
    world.platform.fail = [
        NotSent("ratelimited", wait=timedelta(seconds=30), limited=True),
        Unclear("no answer"),
    ]
    await world.announce(a_paper("On Rings"))
    assert await shows("ratelimit_wait_seconds_sum", platform="terminal") == 30
    await world.wait(minutes=1)
    assert await shows("outbox_depth", state="unknown") == 1
    for _ in range(4):
        await world.wait(seconds=31)
        await world.engine.reconciler.reconcile()
    assert await shows("delivery_unknown_total", resolution="queued") == 1
    assert await shows("outbox_depth", state="unknown") == 0


async def test_a_lost_lease_shows(measured):
    world, shows = measured
    await world.say("subscribe rings every:instant")
    world.source.announce(a_paper("On Rings"))
    world.clock.advance(timedelta(minutes=2))
    await world.engine.ingest()
    await world.engine.advance()
    (claimed,) = await world.store.outbox.claim(
        "sleeper", frozenset({LAB.platform}), now=world.clock.now(), lease=LEASE, limit=1
    )
    world.clock.advance(LEASE)
    await world.engine.reconciler.reconcile()
    late = Receipt(claimed, Posted("m1"))
    assert await world.store.outbox.record([late], now=world.clock.now()) == [False]
    tell(late, world.engine.world.meter, kept=False)
    assert await shows("leases_lost_total", kind="lane") == 1


async def test_a_paused_channel_and_an_open_breaker_show(measured):
    world, shows = measured
    await world.say("subscribe rings every:instant")
    assert await shows("lanes", state="paused") == 0
    await world.store.outbox.set_lane(LAB, paused="moving house", now=world.clock.now())
    assert await shows("lanes", state="paused") == 1
    assert await shows("breaker_open", scope="workspace") == 0


async def test_a_backup_shows_how_old_it_is(measured):
    world, shows = measured
    assert await shows("backup_last_success_timestamp_seconds") == 0
    await world.store.upkeep.remember(BACKUP_AT, world.clock.now().isoformat())
    assert await shows("backup_last_success_timestamp_seconds") == world.clock.now().timestamp()
