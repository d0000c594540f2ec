"""The auditor: reads the database and the platforms' record, nothing else, and judges I1 to I8.

It knows no code of the program. `python -m tests.chaos.audit DATABASE RECORD LOGS` prints one JSON
object; each list under `broken` must be empty.

Every channel ordered one word, every paper's title has one word: so it is known without asking the
program which papers belong where.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text

PAPER = re.compile(r"arxiv\.org/abs/(\d{4}\.\d{5})")
HELD_FOR_S = 600
"""So long a message of unknown fate holds its channel (docs/reliability.md), then others go on."""

LEFT_OUT = re.compile(r"(\d+) more (?:papers? )?matched")
"""What a digest says of papers it had no room for: told, and to be had by `rest`, so not lost."""


def audit(url: str, record: dict[str, Any], logs: Path, secrets: tuple[str, ...]) -> dict[str, Any]:
    """What holds and what is broken."""
    engine = create_engine(url)
    with engine.connect() as connection:
        facts = Facts(connection, record)
        broken = {
            "I1 lost": facts.lost(),
            "I2 repeated": facts.repeated(),
            "I3 out of order": facts.out_of_order(),
            "I4 limits": record["earned_429"],
            "I5 wrong channel": facts.misplaced(),
            "I6 unfinished": facts.unfinished(),
            "I7 secrets": _leaked(logs, secrets),
            "I8 untold": record["untold"],
            "bad requests": record["bad_requests"],
        }
        summary = {
            "papers": len(facts.word_of),
            "messages": sum(map(len, facts.shown.values())),
            "shown": sum(len(one["papers"]) for room in facts.shown.values() for one in room),
            "counted_only": sum(map(facts.left_out, facts.shown)),
            "overtaken": facts.overtaken,
            "states": facts.states(),
            "most_attempts": facts.scalar("SELECT max(attempt) FROM deliveries"),
        }
    engine.dispose()
    summary["broken"] = {name: found[:20] for name, found in broken.items()}
    summary["broken_count"] = {name: len(found) for name, found in broken.items() if found}
    return summary


class Facts:
    """The database and the record, brought together."""

    def __init__(self, connection: Connection, record: dict[str, Any]) -> None:
        self._connection = connection
        self.overtaken = 0
        rows = connection.execute(
            text("SELECT p.key, p.title, c.platform, c.workspace, c.channel, f.canonical "
                 "FROM papers p, subscriptions s JOIN channels c ON c.id = s.channel_id "
                 "JOIN filters f ON f.id = s.filter_id")
        ).all()  # fmt: skip
        self.word_of: dict[str, str] = {}
        self.ordered: dict[str, set[str]] = defaultdict(set)
        for key, title, platform, workspace, channel, canonical in rows:
            self.word_of[key.removeprefix("arxiv:")] = title.split()[0]
            self.ordered[f"{platform}:{workspace}/{channel}"].add(canonical.strip('"'))
        self.shown: dict[str, list[dict[str, Any]]] = {
            room: [one | {"papers": _papers(one["raw"])} for one in messages]
            for room, messages in record["rooms"].items()
        }

    def scalar(self, query: str) -> Any:
        return self._connection.execute(text(query)).scalar()

    def states(self) -> dict[str, int]:
        rows = self._connection.execute(text("SELECT state, count(*) FROM deliveries GROUP BY 1"))
        return {state: count for state, count in rows}  # noqa: C416 - rows are no pairs to dict

    def lost(self) -> list[str]:
        """I1: papers that match a channel's order and are neither shown there nor counted.

        A digest that says "5 more papers matched" accounts for five; one more missing is a loss,
        and one fewer is a wrong count.
        """
        found = []
        for room, words in self.ordered.items():
            seen = {paper for one in self.shown.get(room, []) for paper in one["papers"]}
            wanted = {paper for paper, word in self.word_of.items() if word in words}
            missing, counted = sorted(wanted - seen), self.left_out(room)
            if len(missing) != counted:
                found += [f"{room}: {len(missing)} not shown, {counted} counted", *missing]
        return found

    def left_out(self, room: str) -> int:
        """Papers the messages of a channel count without showing them."""
        return sum(left_out(one["raw"]) for one in self.shown.get(room, []))

    def repeated(self) -> list[str]:
        """I2: papers a channel saw in more than one message."""
        found = []
        for room, messages in self.shown.items():
            seen = Counter(paper for one in messages for paper in one["papers"])
            found += [f"{room} {paper} x{times}" for paper, times in seen.items() if times > 1]
        return found

    def out_of_order(self) -> list[str]:
        """I3: messages that became visible after one that was owed later.

        A message nobody knew the fate of for ten minutes may be overtaken: it is counted apart.
        """
        rows = self._connection.execute(
            text("SELECT c.platform, c.workspace, c.channel, d.message_id, d.seq, d.created_at "
                 "FROM deliveries d JOIN channels c ON c.id = d.channel_id "
                 "WHERE d.state = 'sent' AND d.message_id <> ''")
        )  # fmt: skip
        order: dict[str, dict[str, tuple[int, float]]] = defaultdict(dict)
        for platform, workspace, channel, message_id, seq, owed_at in rows:
            name = message_id.rpartition("/")[2]
            order[f"{platform}:{workspace}/{channel}"][name] = seq, _epoch(owed_at)
        found, self.overtaken = [], 0
        for room, messages in self.shown.items():
            last = 0
            for one in messages:
                if one["id"] not in order[room]:
                    found.append(f"{room} {one['id']} has no receipt")
                    continue
                seq, owed_at = order[room][one["id"]]
                if seq < last and one["at"] - owed_at >= HELD_FOR_S:
                    self.overtaken += 1
                elif seq < last:
                    found.append(f"{room} {last} before {seq}")
                last = max(last, seq)
        return found

    def misplaced(self) -> list[str]:
        """I5: papers in a channel that did not order their word."""
        return [
            f"{room} {paper}"
            for room, messages in self.shown.items()
            for one in messages
            for paper in one["papers"]
            if self.word_of.get(paper) not in self.ordered[room]
        ]

    def unfinished(self) -> list[str]:
        """I6: messages without an end, and channels that were paused though nothing is wrong."""
        rows = self._connection.execute(
            text("SELECT state, id, problem FROM deliveries WHERE state <> 'sent'")
        )
        found = [f"{number} {state} {problem}" for state, number, problem in rows]
        paused = self._connection.execute(
            text("SELECT channel_id, paused FROM lanes WHERE paused IS NOT NULL")
        )
        return found + [f"channel {number} paused: {why}" for number, why in paused]


def _epoch(at: Any) -> float:
    """An instant of the database; SQLite gives it as text, in UTC."""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return instant.replace(tzinfo=instant.tzinfo or UTC).timestamp()


def _papers(raw: str) -> list[str]:
    return sorted(set(PAPER.findall(raw)))


def left_out(raw: str) -> int:
    """How many papers a message says it had no room for."""
    return sum(map(int, LEFT_OUT.findall(raw)))


def _leaked(logs: Path, secrets: tuple[str, ...]) -> list[str]:
    """I7: logs that hold a token."""
    return [
        f"{log.name}: {secret[:9]}…"
        for log in sorted(logs.glob("*.log"))
        for secret in secrets
        if secret in log.read_text(encoding="utf-8", errors="replace")
    ]


def main() -> None:
    url, record, logs, *secrets = sys.argv[1:]
    found = audit(url, json.loads(Path(record).read_text("utf-8")), Path(logs), tuple(secrets))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
