"""Standing orders for a replay: filters people really keep, with every cadence and small caps."""

import random
from datetime import datetime, time
from itertools import islice
from pathlib import Path

from bot.model.subscription import Cadence, Channel, Every, Platform, Subscription
from bot.rules.parse import parse_filter
from bot.rules.schedule import next_due, zone_of
from tests.topics import topic_filters

PER_CHANNEL = 4
SEED = 20250318

EXAMPLES = (
    "cat:cs.CL",
    "upvotes:>=20",
    "version:listed (agent | agents)",
    "reasoning -survey",
    '"reward model" | rlhf',
    "align*",
    "code:yes robot",
    "source:hf (diffusion | video)",
    "title:benchmark -title:medical",
    '"language model"~2 evaluation',
    "cat:(cs.RO|cs.CV) manipulation",
    "upvotes:5..40 language",
)
"""One of each kind, a firehose and thresholds among them."""

CADENCES = (
    Cadence(Every.DAILY, time(9, 0)),
    Cadence(Every.DAILY, time(16, 30)),
    Cadence(Every.WEEKDAYS, time(9, 0)),
    Cadence(Every.INSTANT, None),
    Cadence(Every.WEEKLY, time(9, 0), 4),
)


def orders(data: Path, number: int, start: datetime) -> list[Subscription]:
    """So many subscriptions, four to a channel; the last of four gathers weekly what others cut."""
    chance = random.Random(SEED)
    distinct = max(number - number // PER_CHANNEL, len(EXAMPLES))
    wanted = distinct - len(EXAMPLES)
    filters = [
        *map(parse_filter, EXAMPLES),
        *islice(topic_filters(data / "topics.jsonl"), wanted),
    ]
    chance.shuffle(filters)
    made: list[Subscription] = []
    for place in range(number):
        weekly = place % PER_CHANNEL == PER_CHANNEL - 1
        topic = made[-1].filter if weekly else filters[place - place // PER_CHANNEL]
        cadence = CADENCES[-1] if weekly else chance.choice(CADENCES)
        made.append(
            Subscription(
                channel=Channel(Platform.TERMINAL, "", f"room-{place // PER_CHANNEL}"),
                name=f"topic-{place}",
                filter=topic,
                cadence=cadence,
                top=50 if weekly else chance.choice([3, 10, 10]),
                created_at=start,
                next_due_at=next_due(cadence, zone_of("UTC"), start),
            )
        )
    return made
