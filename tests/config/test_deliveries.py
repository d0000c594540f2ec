"""The command line's view of messages on their way."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

from adapters.store import migrate, open_store
from bot.model.delivery import NewDelivery, Posted, Receipt
from bot.model.subscription import Platform
from tests.builders import LAB
from tests.config.test_cli import CommandLine

EVERYWHERE = frozenset(Platform)


async def _owed(url, keys, *, sent=0):
    now = datetime.now(UTC)
    async with open_store(url) as store:
        for key in keys:
            message = NewDelivery(
                channel=LAB,
                dedupe_key=key,
                payload={"heading": key},
                not_before=now,
                expires_at=now + timedelta(hours=1),
            )
            await store.outbox.enqueue(message, now=now)
        for _ in range(sent):
            (one,) = await store.outbox.claim(
                "w", EVERYWHERE, now=now, lease=timedelta(minutes=1), limit=1
            )
            await store.outbox.record([Receipt(one, Posted("m1"))], now=now)


def test_a_person_sees_messages_and_steers_the_queue_of_a_channel(tmp_path):
    papers = CommandLine(tmp_path)
    url = papers.environ["DATABASE_URL"]
    migrate(url)
    asyncio.run(_owed(url, ("first", "second"), sent=1))
    found = json.loads(papers("deliveries", "list", "--json"))["deliveries"]
    assert [(one["state"], one["message_id"]) for one in found] == [("queued", ""), ("sent", "m1")]
    only = json.loads(papers("deliveries", "list", "--state", "sent", "--json"))["deliveries"]
    assert only == found[1:]
    assert json.loads(papers("deliveries", "show", str(found[1]["id"]), "--json")) == found[1]
    said = json.loads(papers("deliveries", "redeliver", str(found[1]["id"]), "--json", code=2))
    assert "would repeat it" in said["error"]["message"]

    (lane,) = json.loads(papers("lanes", "pause", str(LAB), "--reason", "moving", "--json"))[
        "lanes"
    ]
    assert (lane["state"], lane["reason"], lane["waiting"]) == ("paused", "moving", 1)
    assert "paused (moving)" in papers("lanes", "list")
    (lane,) = json.loads(papers("lanes", "resume", str(LAB), "--json"))["lanes"]
    assert (lane["state"], lane["reason"]) == ("running", "")
    assert "Nothing was ever owed" in papers("lanes", "pause", "terminal:nowhere", "--json", code=2)
