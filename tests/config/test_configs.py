"""`papers export`, `import-config`, `filter explain`, `backup` and `restore`, as they are typed."""

import json
import sqlite3

import pytest

from tests.config.test_cli import CommandLine


@pytest.fixture
def papers(tmp_path) -> CommandLine:
    return CommandLine(tmp_path)


def test_a_configuration_goes_out_and_in_with_a_dry_run_first(papers, tmp_path):
    papers("subscribe", "terminal:lab", "alignment", "-survey", "at:10:30", "tz:Asia/Tokyo")
    file = tmp_path / "channels.yaml"
    file.write_text(papers("export"), encoding="utf-8")
    assert "like that already" in papers("import-config", str(file))
    file.write_text(file.read_text().replace("10:30", "07:15"), encoding="utf-8")
    told = papers.json("import-config", str(file), "--dry-run")
    assert told["applied"] is False
    assert "    at: 10:30 → 07:15" in told["diff"]
    assert papers.json("list")["subscriptions"][0]["at"] == "10:30"
    papers("import-config", str(file))
    assert papers.json("list")["subscriptions"][0]["at"] == "07:15"
    file.write_text("channels: {terminal:lab: [{name: a, filter: 'x autor:y'}]}", encoding="utf-8")
    assert "column 3" in papers("import-config", str(file), code=2)
    assert papers.json("list")["subscriptions"][0]["at"] == "07:15"


def test_a_word_list_becomes_subscriptions_and_reports_its_silent_terms(papers, tmp_path):
    stored = tmp_path / "papers.jsonl"
    rows = [
        {"id": f"2611.0000{n}", "title": "Agents and SLAM", "published": "2026-11-20"}
        for n in range(1, 6)
    ]
    stored.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    papers("import", str(stored))
    file = tmp_path / "config.yaml"
    file.write_text(
        'keywords:\n  "SLAM":\n    filters: ["SLAM", "iffusion Models"]\n', encoding="utf-8"
    )
    told = papers.json("import-config", str(file), "--channel", "terminal:lab")
    assert any(line.startswith("+ slam: ") for line in told["diff"])
    assert any("“iffusion Models” stands in none of 5 papers" in note for note in told["notes"])
    assert any("“SLAM” stands in 5 of 5 papers" in note for note in told["notes"])
    again = papers.json("import-config", str(file), "--channel", "terminal:lab")
    assert again["diff"] == []


def test_feeds_of_an_opml_file_become_one_line_of_settings(papers, tmp_path):
    file = tmp_path / "feeds.opml"
    file.write_text(
        '<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/x,y"/></body></opml>'
    )
    told = papers.json("import-config", str(file))
    assert told["setting"].endswith("feed:https://a.example/x%2Cy")
    opml = papers("export", "--opml", PAPERS_SOURCES="hf_daily,feed:https://a.example/rss")
    assert 'xmlUrl="https://a.example/rss"' in opml
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><body>&b;</body></opml>'
    file.write_text(bomb)
    assert papers("import-config", str(file), code=2)


def test_a_huge_file_is_refused(papers, tmp_path):
    file = tmp_path / "huge.yaml"
    file.write_text("channels:\n" + "- a\n" * 1_100_000)
    assert "larger than" in papers("import-config", str(file), code=2)


def test_a_filter_is_explained_as_sentence_and_tree(papers):
    told = papers.json("filter", "explain", "(rlhf", "|", "dpo)", "-survey")
    assert told["canonical"] == "(dpo | rlhf) -survey"
    assert told["tree"]["kind"] == "and"
    said = papers("filter", "explain", "rlhf", "-survey")
    assert "└─ not" in said
    assert papers.json("filter", "explain", "a", "OR", code=2)["error"]["column"] == 3


def test_a_source_that_there_is_not_or_that_the_bot_does_not_follow_is_told(papers, tmp_path):
    wrong = papers.json("filter", "explain", "rings source:foo", code=2)["error"]
    assert wrong["column"] == 14
    assert "source: expects one of hf_daily, arxiv" in wrong["message"]
    followed = {"PAPERS_SOURCES": "hf_daily,feed:https://a.example/rss"}
    for known in ("source:hf", "source:feed:https://a.example/rss", "source:import"):
        assert not papers.json("filter", "explain", known, **followed)["not_followed"]
    said = papers("filter", "explain", "source:feed:https://b.example/rss", **followed)
    assert "this bot does not follow feed:https://b.example/rss" in said
    file = tmp_path / "config.yaml"
    file.write_text("channels:\n  terminal:lab:\n  - {name: a, filter: 'source:foo'}\n")
    assert "source: expects one of" in papers("import-config", str(file), code=2)


def test_what_an_imported_filter_wants_of_no_stored_paper_is_noted(papers, tmp_path):
    stored = tmp_path / "papers.jsonl"
    stored.write_text('{"id": "2611.00001", "title": "Agents", "published": "2026-11-20"}\n')
    papers("import", str(stored))
    file = tmp_path / "config.yaml"
    for wanted in ("source:feed:https://a.example", "cat:econ.EM", "author:noether"):
        file.write_text(f"channels:\n  terminal:lab:\n  - {{name: a, filter: '{wanted}'}}\n")
        notes = papers.json("import-config", str(file))["notes"]
        assert notes == [f"a: {wanted} stands in none of 1 papers"]


def test_settings_of_a_channel_without_subscriptions_go_out_too(papers, tmp_path):
    file = tmp_path / "settings.yaml"
    file.write_text("settings:\n  terminal:lab: {tz: Asia/Tokyo}\n", encoding="utf-8")
    papers("import-config", str(file))
    assert papers.json("export")["settings"] == {"terminal:lab": {"tz": "Asia/Tokyo"}}
    assert papers.json("export", "terminal:lab")["settings"].keys() == {"terminal:lab"}


def test_a_damaged_subscription_is_told_of_and_can_be_taken_out(papers, tmp_path):
    papers("subscribe", "terminal:lab", "alignment")
    with sqlite3.connect(tmp_path / "papers.db") as database:
        database.execute("UPDATE subscriptions SET zone = 'Nowhere/At_All'")
    database.close()
    for words in (("status",), ("list",), ("list", "terminal:lab")):
        assert "“alignment” is damaged and sends nothing" in " ".join(papers(*words).split())
        (told,) = papers.json(*words)["damaged"]
        assert told["name"] == "alignment"
        assert "Nowhere/At_All" in told["problem"]
    assert "damaged" in papers("unsubscribe", "terminal:lab", "alignment")
    assert "has no subscriptions yet" in papers("list", "terminal:lab")


def test_a_backup_is_made_and_brought_back_from_the_command_line(papers, tmp_path):
    papers("subscribe", "terminal:lab", "alignment")
    made = papers.json("backup", str(tmp_path / "copy.db"))
    assert made["rows"]["subscriptions"] == 1
    papers("unsubscribe", "terminal:lab", "alignment")
    told = papers("restore", str(tmp_path / "copy.db"), "--lost-at", "2026-11-20")
    assert "come where a digest was still to come" in told
    assert len(papers.json("list")["subscriptions"]) == 1
    assert "overwrites nothing" in papers("backup", str(tmp_path / "copy.db"), code=2)


def test_an_export_in_json_goes_in_again_as_well(papers, tmp_path):
    papers("subscribe", "terminal:lab", "alignment", "-survey", "at:10:30")
    file = tmp_path / "channels.json"
    file.write_text(json.dumps(papers.json("export")), encoding="utf-8")
    assert papers.json("import-config", str(file))["diff"] == []


def test_a_file_a_console_wrote_in_utf_16_is_read_and_other_encodings_are_named(papers, tmp_path):
    file = tmp_path / "channels.yaml"
    text = "channels:\n  terminal:lab:\n  - {name: a, filter: café}\n"
    file.write_bytes(text.encode("utf-16"))
    assert any("café" in line for line in papers.json("import-config", str(file))["diff"])
    file.write_bytes(text.encode("latin-1"))
    assert "line 3: this is no text in UTF-8" in papers("import-config", str(file), code=2)


def test_files_that_are_none_are_refused_in_one_line(papers, tmp_path):
    assert "Is a directory" in papers("import-config", str(tmp_path), code=2)
    assert "No such file" in papers("import-config", str(tmp_path / "none"), code=2)
    empty = tmp_path / "empty.yaml"
    empty.write_text(" \n")
    assert "is empty" in papers("import-config", str(empty), code=2)
    assert "larger than" in papers("import-config", "/dev/zero", code=2)


def test_what_a_word_list_leaves_out_is_left_out_whole_or_the_topic_is(papers, tmp_path):
    excluded = [f"word{number}" for number in range(40)]
    topics = [
        {"name": "most", "terms": ["rings"], "exclude": excluded},
        {"name": "too much", "terms": ["rings"], "exclude": [f"w{n}" for n in range(70)]},
        {"name": "a\x1b[2Jb", "terms": [5]},
    ]
    file = tmp_path / "topics.jsonl"
    file.write_text("\n".join(map(json.dumps, topics)))
    told = papers.json("import-config", str(file), "--channel", "terminal:lab", "--dry-run")
    (line,) = told["diff"][1:]
    assert all(f'-"{word}"' in line for word in excluded)
    assert any("too much: left out, it has 70 terms to leave out" in one for one in told["notes"])
    assert any("left out, a term is text, not “5”" in one for one in told["notes"])
    assert not any("\x1b" in one for one in told["notes"])
    kept = tmp_path / "channels.yaml"
    kept.write_text("channels: {terminal:lab: []}")
    said = papers("import-config", str(kept), "--channel", "terminal:lab", code=2)
    assert "--channel is for word lists" in said


def test_a_whole_filter_that_finds_nothing_or_nearly_all_is_noted(papers, tmp_path):
    stored = tmp_path / "papers.jsonl"
    titles = ["Agents", "SLAM", *[f"Rings {number}" for number in range(10)]]
    rows = [
        {"id": f"2611.000{n:02}", "title": title, "published": "2026-11-20"}
        for n, title in enumerate(titles, start=1)
    ]
    stored.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    papers("import", str(stored))
    file = tmp_path / "channels.yaml"
    both = " | ".join(f'"rings {number}"' for number in range(10))
    for text, says in (("agents slam", "finds 0 of 12 papers"), (both, "finds 10 of 12 papers")):
        file.write_text(f"channels:\n  slack:T1/C1:\n  - {{name: a, filter: '{text}'}}\n")
        whole, off = papers.json("import-config", str(file), "--dry-run")["notes"]
        assert whole == f"a: the whole filter {says}"
        assert off.startswith("Slack is not set up here")


def test_feeds_that_cannot_be_followed_are_named_with_the_reason(papers, tmp_path):
    file = tmp_path / "feeds.opml"
    good, bad = "https://a.example/rss", "http://127.0.0.1/rss"
    file.write_text(f'<opml><outline xmlUrl="{good}"/><outline xmlUrl="{bad}"/></opml>')
    told = papers.json("import-config", str(file))
    assert told["setting"].endswith(f"feed:{good}")
    assert told["left_out"] == [{"feed": bad, "reason": "the address is not public"}]
    said = papers("import-config", str(file))
    assert f"! {bad}: {bad} (left out: the address is not public)" in said
    followed = {"PAPERS_SOURCES": f"hf_daily,feed:{good}"}
    assert "None of them is new" in papers("import-config", str(file), **followed)
    assert "leave the channel out" in papers("export", "terminal:lab", "--opml", code=2)
