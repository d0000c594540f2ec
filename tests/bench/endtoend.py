"""A day's papers against very many subscriptions, from stored sightings to owed messages.

A database is filled with subscriptions first, which is not measured; then a fresh process (`day`)
does what the running bot does. The day is
the fullest one of the recorded feed.
"""

import json
import pickle
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from adapters.store import migrate
from bot.model.errors import BadFilter
from bot.rules.parse import parse_filter
from tests.bench.workload import NOW, Filters, topics, workload

SUBSCRIPTIONS = 1_000_000
CHANNELS = 100_000
COMPOSED = 10_000
"""Digests composed; the day's 100,000 take in proportion."""

PAPERS = 713
"""On the fullest day of the recorded feed."""


def run(corpus: Path) -> Iterator[dict]:
    yield measure(corpus, SUBSCRIPTIONS, CHANNELS, COMPOSED)


def measure(corpus: Path, subscriptions: int, channels: int, composed: int) -> dict:
    load = workload(corpus)
    texts = Filters(load, topics(corpus)).subscriptions(subscriptions)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "day.db"
        url = f"sqlite:///{file}"
        migrate(url)
        about = fill(file, texts, channels, composed)
        papers = Path(folder) / "papers.pickle"
        papers.write_bytes(pickle.dumps(load.incoming[-2 * PAPERS :]))
        command = [sys.executable, "-m", "tests.bench.day", url, str(papers), str(composed)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return about | json.loads(done.stdout)


def fill(file: Path, texts: list[str], channels: int, due: int) -> dict:
    """Subscriptions of one name after the other over all channels; the first `due` are due now."""
    known = {text: _parsed(text) for text in dict.fromkeys(texts)}
    used = [pair for text in texts if (pair := known[text]) is not None]
    uses = Counter(key for key, _ in used)
    filters = {key: number for number, key in enumerate(uses, 1)}
    canonical = dict(used)
    soon, later = NOW - timedelta(minutes=1), NOW + timedelta(days=1)
    random.Random(2).shuffle(used)
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.executemany(
            "INSERT INTO filters (id, key, canonical, uses, revision) VALUES (?, ?, ?, ?, 1)",
            ((filters[key], key, canonical[key], count) for key, count in uses.items()),
        )
        db.execute("INSERT INTO meta (name, value) VALUES ('filters_revision', '1')")
        db.executemany(
            "INSERT INTO channels (id, platform, workspace, channel) VALUES (?, 'slack', ?, ?)",
            ((one, f"T{one // 50}", f"C{one}") for one in range(1, channels + 1)),
        )
        db.executemany(
            "INSERT INTO lanes (channel_id, lease_owner, generation, next_seq)"
            " VALUES (?, '', 0, 1)",
            ((one,) for one in range(1, channels + 1)),
        )
        db.executemany(
            "INSERT INTO subscriptions (channel_id, name, filter_id, typed, every, at, zone, top,"
            " mode, layout, empty, created_at, created_by, next_due_at, hit_cursor)"
            " VALUES (?, ?, ?, '', 'daily', '09:00:00', 'UTC', 10, 'compact', 'digest', 'silent',"
            " ?, '', ?, 0)",
            (
                (
                    number % channels + 1,
                    f"topic-{number // channels}",
                    filters[key],
                    _stored(NOW - timedelta(days=30)),
                    _stored(soon if number < due else later),
                )
                for number, (key, _) in enumerate(used)
            ),
        )
    db.close()
    return {"subscriptions": len(used), "distinct_filters": len(uses), "channels": channels}


def _parsed(text: str) -> tuple[str, str] | None:
    try:
        topic = parse_filter(text)
    except BadFilter:
        return None  # a name or title the generator cut badly
    return topic.key, topic.canonical


def _stored(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")
