"""The auditor's look at I8: what failed has to show in `papers status` and in a metric.

It knows no code of the program. `python -m tests.chaos.audit_told DATABASE TOLD` reads a database
that stands still and what the program said about it, and prints what does not agree.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection, create_engine, text

OPEN = ("queued", "sending", "unknown")


def samples(page: str, name: str) -> list[tuple[dict[str, str], float]]:
    """The values of one metric on a page: labels and figure."""
    return [
        (one.labels, one.value)
        for family in text_string_to_metric_families(page)
        for one in family.samples
        if one.name == f"paperwire_{name}"
    ]


def untold(connection: Connection, told: dict[str, Any]) -> list[str]:
    """What failed and does not show."""
    return [
        *_attempts(told["expected"], told["attempts"]),
        *_depth(connection, told["status"], told["metrics"]),
        *_lanes(connection, told["status"], told["metrics"]),
        *_breakers(connection, told["metrics"]),
    ]


def _attempts(expected: dict[str, int], page: str) -> list[str]:
    """Every fault a platform showed the worker is a counted attempt."""
    counted: Counter[str] = Counter()
    for labels, value in samples(page, "deliveries_total"):
        counted[f"{labels['platform']} {labels['outcome']}"] += int(value)
    return [
        f"{times} failed as {name}, {counted[name]} are counted"
        for name, times in expected.items()
        if counted[name] < times
    ]


def _depth(connection: Connection, status: dict[str, Any], page: str) -> list[str]:
    rows = connection.execute(text("SELECT state, count(*) FROM deliveries GROUP BY 1"))
    there = {str(row[0]): int(row[1]) for row in rows}
    found = []
    if status["deliveries"] != there:
        found.append(f"the status says {status['deliveries']}, there are {there}")
    shown = {labels["state"]: int(value) for labels, value in samples(page, "outbox_depth")}
    unfinished = {state: there.get(state, 0) for state in OPEN}
    if shown != unfinished:
        found.append(f"outbox_depth says {shown}, there are {unfinished}")
    return found


def _lanes(connection: Connection, status: dict[str, Any], page: str) -> list[str]:
    rows = connection.execute(
        text("SELECT c.platform, c.workspace, c.channel, l.paused FROM lanes l "
             "JOIN channels c ON c.id = l.channel_id WHERE l.paused IS NOT NULL")
    )  # fmt: skip
    there = {f"{row[0]}:{row[1]}/{row[2]}": row[3] for row in rows}
    said = {one["channel"]: one["reason"] for one in status["channels"] if one["state"] == "paused"}
    found = [] if there else ["a channel was archived, and no lane is paused"]
    if said != there:
        found.append(f"the status says {said}, paused are {there}")
    shown = {labels["state"]: int(value) for labels, value in samples(page, "lanes")}
    if shown.get("paused") != len(there):
        found.append(f"the metric lanes says {shown}, {len(there)} are paused")
    return found


def _breakers(connection: Connection, page: str) -> list[str]:
    query = "SELECT count(*) FROM circuits WHERE open_until IS NOT NULL"
    there = int(connection.execute(text(query)).scalar() or 0)
    shown = sum(int(value) for _, value in samples(page, "breaker_open"))
    return [] if bool(shown) == bool(there) else [f"breaker_open says {shown}, {there} are open"]


def main() -> None:
    url, told = sys.argv[1:]
    engine = create_engine(url)
    with engine.connect() as connection:
        found = untold(connection, json.loads(Path(told).read_text("utf-8")))
    engine.dispose()
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
