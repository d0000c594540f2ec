"""The auditor of chaos runs finds what is wrong: each invariant broken once, on purpose."""

import json
import random
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import create_engine

from adapters.clock import SharedClock
from adapters.store import migrate, open_store
from bot.engine.deliver import LEASE
from bot.model.delivery import Posted, Receipt
from bot.rules.addresses import parse_channel
from tests.adapters.store.given import EVERYWHERE, NOON, a_message
from tests.chaos.audit import audit
from tests.chaos.audit_told import untold
from tests.chaos.load import Load

ROOM = "slack:T0LAB00001/C0CHAOS000"
PAPER, OTHER = "2000.00001", "2000.00002"


def message(number, *papers, more="", after=1):
    """A message, visible so many seconds after it was owed."""
    raw = " ".join(f"https://arxiv.org/abs/{paper}" for paper in papers)
    return {"id": f"{number}.0", "at": NOON.timestamp() + after, "raw": raw + more}


@asynccontextmanager
async def a_run(folder, *, posted=()):
    """A channel that ordered the word of the first paper, and messages with receipts."""
    url = f"sqlite:///{folder}/run.db"
    migrate(url)
    async with open_store(url) as store:
        load = Load(store, random.Random(1))
        await load.subscribe([ROOM])
        await load.announce_to_all()
        channel = parse_channel(ROOM)
        for number in range(len(posted)):
            await store.outbox.enqueue(a_message(f"m{number}", channel=channel), now=NOON)
        for name in posted:
            (one,) = await store.outbox.claim("w", EVERYWHERE, now=NOON, lease=LEASE, limit=9)
            receipt = Receipt(one, Posted(f"{name}.0"), NOON)
            assert await store.outbox.record([receipt], now=NOON) == [True]
        yield url, store


@pytest.mark.parametrize(
    ("posted", "messages", "broken"),
    [
        ([1], [message(1, PAPER)], {}),
        ([1], [message(1, more=" 1 more paper matched")], {}),
        ([], [], {"I1 lost": 2}),
        ([1], [message(1, more=" 2 more papers matched")], {"I1 lost": 2}),
        ([1, 2], [message(1, PAPER), message(2, PAPER)], {"I2 repeated": 1}),
        ([2, 1], [message(1, PAPER), message(2)], {"I3 out of order": 1}),
        ([2, 1], [message(1, PAPER), message(2, after=599)], {"I3 out of order": 1}),
        ([2, 1], [message(1, PAPER), message(2, after=601)], {}),
        ([], [message(1, PAPER)], {"I3 out of order": 1}),
        ([1], [message(1, PAPER, OTHER)], {"I5 wrong channel": 1}),
    ],
)
async def test_what_became_visible_is_judged(tmp_path, posted, messages, broken):
    async with a_run(tmp_path, posted=posted) as (url, _):
        found = _judged(url, tmp_path, rooms={ROOM: messages})
    assert found == broken


async def test_limits_ends_secrets_and_untold_failures_are_judged(tmp_path):
    async with a_run(tmp_path) as (url, store):
        channel = parse_channel(ROOM)
        await store.outbox.enqueue(a_message("waits", channel=channel), now=NOON)
        await store.outbox.set_lane(channel, paused="why", now=NOON)
        (tmp_path / "0000-worker.log").write_text("token=xoxb-secret", encoding="utf-8")
        record = {"earned_429": ["slack C1"], "bad_requests": ["odd"], "untold": ["a failure"]}
        found = _judged(url, tmp_path, rooms={ROOM: [message(1, PAPER)]}, **record)
    del found["I3 out of order"]  # nobody wrote a receipt here
    assert found == {
        "I4 limits": 1, "I6 unfinished": 2, "I7 secrets": 1, "I8 untold": 1, "bad requests": 1,
    }  # fmt: skip


def _judged(url, logs, *, rooms, earned_429=(), bad_requests=(), untold=()):
    record = {"rooms": rooms, "earned_429": list(earned_429), "bad_requests": list(bad_requests)}
    record["untold"] = list(untold)
    return audit(url, json.loads(json.dumps(record)), logs, ("xoxb-secret",))["broken_count"]


METRICS = """
paperwire_deliveries_total{platform="slack",kind="post",outcome="Unclear"} 3.0
paperwire_outbox_depth{state="queued"} 1.0
paperwire_outbox_depth{state="sending"} 0.0
paperwire_outbox_depth{state="unknown"} 0.0
paperwire_lanes{state="running"} 0.0
paperwire_lanes{state="paused"} 1.0
"""


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        ({}, ""),
        ({"attempts": METRICS.replace("3.0", "2.0")}, "3 failed as slack Unclear, 2 are counted"),
        ({"metrics": METRICS.replace('"queued"} 1', '"queued"} 0')}, "outbox_depth says"),
        ({"metrics": METRICS.replace('"paused"} 1', '"paused"} 0')}, "the metric lanes says"),
        ({"metrics": METRICS + 'paperwire_breaker_open{scope="workspace"} 1.0\n'}, "breaker_open"),
        ({"deliveries": {"queued": 2}}, "the status says"),
        ({"channels": []}, "the status says"),
    ],
)
async def test_a_failure_that_does_not_show_is_found(tmp_path, instead, words):
    async with a_run(tmp_path) as (url, store):
        channel = parse_channel(ROOM)
        await store.outbox.enqueue(a_message("waits", channel=channel), now=NOON)
        await store.outbox.set_lane(channel, paused="is_archived", now=SharedClock().now())
    status = {
        "deliveries": {"queued": 1},
        "channels": [{"channel": ROOM, "state": "paused", "reason": "is_archived"}],
    }
    status |= {name: value for name, value in instead.items() if name in status}
    told = {"expected": {"slack Unclear": 3}, "attempts": METRICS, "metrics": METRICS}
    told |= {name: value for name, value in instead.items() if name in told}
    engine = create_engine(url)
    with engine.connect() as connection:
        found = untold(connection, told | {"status": status})
    engine.dispose()
    assert [words in one for one in found] == ([True] if words else [])
