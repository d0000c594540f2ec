"""The command line as other programs use it: documented JSON, exit codes, messages."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.clock import VirtualClock
from adapters.store import open_store
from bot.commands.desk import Desk
from bot.model.command import Asker
from bot.model.subscription import Channel, Platform

PAPERS = Path(sys.executable).parent / "papers"
RECORDS = [
    {
        "id": "2611.00001",
        "title": "Alignment of Small Models",
        "abstract": "We align small language models with a reward model.",
        "authors": ["Emmy Noether", "David Hilbert"],
        "categories": ["cs.CL", "cs.LG"],
        "published": "2026-11-20",
        "upvotes": 12,
        "comments": 2,
    },
    {
        "id": "2611.00002",
        "title": "A Survey of Alignment",
        "abstract": "We survey what is known.",
        "authors": [],
        "categories": ["cs.CL"],
        "published": "2026-11-21",
    },
    {
        "id": "2611.00003",
        "title": "<!channel> @everyone [win](javascript:alert)",
        "abstract": "Robots.",
        "authors": [f"Author {number}" for number in range(2_000)],
        "categories": ["cs.RO"],
        "published": "2026-11-21",
    },
    {"id": "2611.00004", "title": "", "abstract": "", "published": "2026-11-21"},
]


class CommandLine:
    """Runs `papers …` on a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.environ = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"sqlite:///{folder / 'papers.db'}",
        }

    def __call__(self, *words: str, code: int = 0, **more: str) -> str:
        done = subprocess.run(
            [PAPERS, *words],
            env={**self.environ, **more},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 or done.stdout else done.stderr

    def json(self, *words: str, code: int = 0, **more: str):
        return json.loads(self(*words, "--json", code=code, **more))


@pytest.fixture
def papers(tmp_path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def stocked(papers, tmp_path) -> CommandLine:
    file = tmp_path / "papers.jsonl"
    file.write_text("\n".join(map(json.dumps, RECORDS)), encoding="utf-8")
    counts = papers.json("import", str(file))
    assert counts["new"] == 3
    assert len(counts["rejected"]) == 1
    assert "2611.00004" in counts["rejected"][0]["where"] or "4" in counts["rejected"][0]["where"]
    return papers


def test_a_second_import_of_the_same_file_changes_nothing(stocked, tmp_path):
    counts = stocked.json("import", str(tmp_path / "papers.jsonl"))
    assert (counts["new"], counts["merged"], counts["unchanged"]) == (0, 0, 3)


def test_a_search_prints_the_documented_fields_and_reasons(stocked):
    found = stocked.json("search", "alignment", "-survey")
    assert found["query"] == "alignment -survey"
    assert found["total"] == 1
    paper = found["papers"][0]
    assert paper["id"] == "arxiv:2611.00001"
    assert paper["authors"] == ["Emmy Noether", "David Hilbert"]
    assert paper["published_on"] == "2026-11-20"
    assert paper["categories"] == ["cs.CL", "cs.LG"]
    assert paper["upvotes"] == 12
    assert isinstance(paper["score"], float)
    assert any("Alignment" in reason for reason in paper["reasons"])


def test_a_saved_filter_is_taken_from_the_channel_that_is_named(stocked):
    stocked("subscribe", "terminal:lab", "alignment", "-survey", "name:mine")
    for verb in (["search"], ["preview", "--until", "2026-11-22"]):
        plain = stocked.json(*verb, "alignment", "-survey", "agents")
        named = stocked.json(*verb, "filter:mine", "agents", "--channel", "terminal:lab")
        assert named == plain
        refused = stocked.json(*verb, "filter:mine", code=2)["error"]["message"]
        assert "say of which channel with --channel" in refused
    wrong = stocked.json("search", "x filter:mime", "--channel", "terminal:lab", code=2)["error"]
    assert (wrong["column"], wrong["hint"]) == (10, "Did you mean filter:mine?")


def test_a_preview_of_days_gone_by_names_the_last_one(stocked):
    said = stocked("preview", "alignment", "--days", "7", "--until", "2026-11-22")
    assert "In the 7 days up to 2026-11-22 it would have matched" in said


def test_a_preview_counts_matches_and_shows_them(stocked):
    report = stocked.json("preview", "alignment", "--days", "7", "--until", "2026-11-22")
    assert report["filter"] == "alignment"
    assert report["matches"] == 2
    assert report["per_day"] == pytest.approx(2 / 7, abs=0.01)
    assert {one["id"] for one in report["papers"]} == {"arxiv:2611.00001", "arxiv:2611.00002"}


@pytest.mark.parametrize(
    "text", ["alignment autor:x", '"reward', "(" * 10_000, "-only", "a" * 100_000, "NOT", "a OR"]
)
def test_a_filter_that_does_not_parse_ends_with_2_and_says_where(papers, text):
    wrong = papers.json("preview", text, "--days", "7", code=2)["error"]
    assert wrong["message"]
    assert isinstance(wrong["column"], int)
    assert isinstance(wrong["hint"], str)


def test_a_subscription_is_made_listed_and_stopped(stocked):
    made = stocked.json(
        "subscribe", "terminal:lab", "alignment", "-survey", "every:weekly", "on:tue", "at:8:30",
        "tz:Europe/Berlin", "top:3", "name:align",
    )  # fmt: skip
    assert made["name"] == "align"
    assert made["filter"] == "alignment -survey"
    assert (made["every"], made["at"], made["weekday"], made["tz"], made["top"]) == (
        "weekly",
        "08:30",
        1,
        "Europe/Berlin",
        3,
    )
    assert stocked.json("list", "terminal:lab")["subscriptions"] == [made]
    assert "align" in stocked("export")
    digest = stocked.json("digest", "terminal:lab", "align", "--date", "2026-11-20")
    assert [one["id"] for one in digest["papers"]] == ["arxiv:2611.00001"]
    why = stocked.json("why", "terminal:lab", "2611.00002")
    assert why["subscriptions"][0]["matched"] is False
    assert "has had no digest yet" in stocked("rest", "terminal:lab", "align", code=2)
    stocked("unsubscribe", "terminal:lab", "align")
    assert stocked.json("list")["subscriptions"] == []
    assert "no subscription" in stocked("unsubscribe", "terminal:lab", "align", code=2)


async def test_the_log_of_a_channel_names_what_was_changed_from_the_command_line(papers):
    for words in ("subscribe", "alignment name:align"), ("pause", ""), ("resume", "align"):
        papers(words[0], "terminal:lab", *words[1].split())
    papers("unsubscribe", "terminal:lab", "align")
    channel = Channel(Platform.TERMINAL, "", "lab")
    async with open_store(papers.environ["DATABASE_URL"]) as store:
        log = [one.what for one in await store.policy.changes(channel, 9)]
        assert log == [
            "“align” was stopped, from the command line",
            "“align” resumed, from the command line",
            "“align” paused until resumed, from the command line",
            "new subscription “align”, from the command line",
        ]
        desk = Desk(store, VirtualClock(datetime(2026, 11, 23, tzinfo=UTC)))
        asker = Asker(channel=channel, member="ada")
        assert "Undone" in (await desk.ask(asker, "undo 4")).private.heading
        assert [one.name for one in await store.subscriptions.of(channel)] == ["align"]


@pytest.mark.parametrize(
    "channel", ["lab", "slack:T1", "irc:#lab", "discord:1/2/3", "terminal:a/b", ""]
)
def test_a_channel_that_cannot_be_read_shows_the_forms(papers, channel):
    assert "slack:TEAM/CHANNEL" in papers("subscribe", channel, "x", code=2)


def test_a_status_names_what_is_stored(stocked):
    assert stocked.json("status")["papers"] == 3


def test_one_paper_is_shown_whole_and_inert(stocked):
    assert stocked.json("show", "2611.00001")["abstract"].startswith("We align")
    assert "Author 0" in stocked("show", "arxiv:2611.00003")


def test_a_misspelt_variable_stops_the_start_with_one_line(papers):
    said = papers("run", code=2, PAPERS_SOURCE="hf_daily")
    assert said.count("\n") == 1
    assert "PAPERS_SOURCES" in said


def test_a_malformed_token_is_named_and_never_printed(papers):
    said = papers("run", code=2, SLACK_BOT_TOKEN="xoxp-secret-thing")
    assert "SLACK_BOT_TOKEN" in said
    assert "secret-thing" not in said


@pytest.mark.parametrize(
    "content",
    [b"", b"<html><body>Log in</body></html>", b"\x00\x01\x02", b'{"error": "no"}', b"[1,"],
)
def test_a_file_that_is_no_list_of_papers_says_so(papers, tmp_path, content):
    file = tmp_path / "strange"
    file.write_bytes(content)
    assert "strange" in papers("import", str(file), code=2)


@pytest.mark.parametrize(
    "line",
    ["search model --nosuch", "preview model --nosuch", "subscribe terminal:lab model --nosuch"],
)
def test_a_misspelt_option_is_no_word_of_the_filter(papers, line):
    told = papers.json(*line.split(), code=2)["error"]["message"]
    assert "--nosuch" in told


@pytest.mark.parametrize("line", ["search", "list --nosuch", "digest terminal:lab"])
def test_a_command_line_that_cannot_be_read_is_told_to_programs_too(papers, line):
    told = papers.json(*line.split(), code=2)["error"]
    assert told["message"]
    assert f"papers {line.split()[0]} --help" in told["hint"]


def test_a_paper_that_arxiv_cannot_be_asked_for_is_a_failure_and_no_mistake(papers):
    away = {"PAPERS_CONTACT": "me@lab.example", "PAPERS_ARXIV_API_URL": "http://127.0.0.1:9/query"}
    told = papers("show", "2403.09472", code=1, **away)
    assert "arXiv could not be asked" in told


def test_an_export_is_also_for_programs(stocked):
    stocked("subscribe", "terminal:lab", "alignment", "-survey")
    (told,) = stocked.json("export", "terminal:lab")["channels"]["terminal:lab"]
    assert told["filter"] == "alignment -survey"


def test_an_empty_channel_is_told_what_to_type(papers):
    assert "example: /papers subscribe" in papers("list", "slack:T1/C1")
    assert "example: /papers-admin subscribe filter:" in papers("list", "discord:1/2")
    assert "example: subscribe alignment" in papers("list", "terminal:lab")
