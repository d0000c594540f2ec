"""Files people bring: what is wrong is said with its line, and nothing gets lost without a word."""

import pytest

from bot.commands.configuring import plan
from bot.model.errors import BadFilter, BadOption, UnreadableFile
from bot.model.subscription import Channel, Platform
from bot.rules.addresses import parse_channel
from bot.rules.parse import parse_kept
from config.documents import read_yaml, write_yaml
from config.opml import feeds_of, opml_of
from config.word_lists import json_lines, keywords
from tests.builders import LAB
from tests.commands.test_configuring import exported, imported
from tests.world import a_world


@pytest.mark.parametrize(
    "text",
    ["a: &x [*x]", "a: *nothing", "[" * 50 + "]" * 50, "a: [", "\x00", "[" * 100_000],
    ids=["circle", "alias", "deep", "unclosed", "nul", "very deep"],
)
def test_a_file_that_would_be_endless_or_is_no_yaml_is_refused(text):
    with pytest.raises(UnreadableFile):
        read_yaml(text)


def test_word_lists_of_both_kinds_are_known():
    yaml_list = 'keywords:\n  "SLAM":\n    filters: ["SLAM", "Visual Odometry"]\n'
    assert keywords(read_yaml(yaml_list)) == [
        {"name": "SLAM", "filters": ["SLAM", "Visual Odometry"]}
    ]
    lines = '{"kind": "keywords", "terms": ["a"]}\n{"kind": "boolean", "query": "abs:x"}\n'
    assert len(json_lines(lines) or []) == 2
    assert keywords(read_yaml("channels: {}")) is None
    assert json_lines('{"channels": {}}') is None, "an export in JSON is none"


def test_opml_goes_out_and_comes_back():
    feeds = ["https://a.example/rss?x=1&y=2", "https://b.example/feed,atom"]
    assert [one.address for one in feeds_of(opml_of(feeds).encode())] == feeds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("channels: {}\nchannels: {}", "line 2, column 1: “channels” stands here twice"),
        ("channels:\n  terminal:lab: []\n  terminal:lab: []", "line 3, column 3"),
        ("- {name: a, filter: x,\n   filter: y}", "line 2, column 4: “filter” stands here twice"),
        ("a:\n - [b\n", "line 3, column 1: this is no YAML we can read: while parsing"),
        ("a: 1\nb: *a", "line 2, column 4: aliases"),
        ("a: 1\nb: \0", "line 2: the character U+0000"),
        ("a: 1\n? [b]\n: c", "line 2, column 3: a key is one word"),
    ],
)
def test_what_is_wrong_in_a_text_is_said_with_its_line(text, says):
    with pytest.raises(UnreadableFile) as refused:
        read_yaml(text)
    assert str(refused.value).startswith(says)


async def test_mistakes_in_the_midst_of_a_file_name_the_line_of_the_key(tmp_path):
    text = """channels:
  terminal:lab:
  - name: fine
    filter: rings
  - name: wrong
    every: daily
    filter: rings autor:x
  - name: late
    filter: rings
    at: '25:00'
  - name: fine
    filter: sets
  irc:lab: []
settings:
  terminal:lab:
    tz: Europe/Berlin
    tally: perhaps
  terminal:other: {manage: listed}
"""
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings name:kept")
        with pytest.raises(BadOption) as refused:
            await plan(world.store, read_yaml(text), world.clock.now())
        told = str(refused.value).splitlines()
        starts = [
            "line 17: terminal:lab, settings: tally: takes on or off",
            "line 7: terminal:lab, entry 2: filter, column 7: There is no field autor",
            "line 10: terminal:lab, entry 3: at: takes a time",
            "line 11: terminal:lab, entry 4: the name “fine” is given twice",
            "line 13: irc:lab: “irc:lab” is no channel",
            "line 18: terminal:other, settings: managers: name at least one",
        ]
        assert [line[: len(start)] for line, start in zip(told, starts, strict=True)] == starts
        assert [one.name for one in await world.store.subscriptions.of()] == ["kept"]
        circle = "channels:\n  terminal:lab:\n  - name: a\n    filter: x filter:a\n"
        with pytest.raises(BadOption, match=r"line 4: terminal:lab, entry 1: filter: .* circle"):
            await plan(world.store, read_yaml(circle), world.clock.now())


async def test_what_people_follow_and_what_was_put_together_goes_out_and_comes_back(tmp_path):
    async with a_world(tmp_path / "one") as world:
        for number in range(40):
            await world.ask(f'follow author:"Somebody With A Name{number}"')
        for part in "abc":
            words = " | ".join(f'"{part} long phrase {number}"' for number in range(20))
            assert (await world.say(f"subscribe {words} name:{part}")).heading.startswith("Subsc")
        await world.say("subscribe filter:a filter:b -filter:c name:all")
        mine = Channel(Platform.TERMINAL, "", "@U1")
        values = await exported(world, LAB, mine)
        assert max(len(one["filter"]) for one in values["channels"][str(LAB)]) > 1_000
        assert len(values["channels"][str(mine)][0]["filter"]) > 1_000
        assert await imported(world, read_yaml(write_yaml(values))) == []
    async with a_world(tmp_path / "two") as world:
        await imported(world, read_yaml(write_yaml(values)))
        assert await exported(world, LAB, mine) == values


@pytest.mark.parametrize(
    "written", ["slack:T1/@U1", "discord:1/@2", "discord:@me/@2", "terminal:@U1", "slack:T1/C1"]
)
def test_every_channel_a_file_can_name_is_read_as_it_is_written(written):
    assert str(parse_channel(written)) == written


def test_a_long_filter_is_taken_only_as_an_export_writes_it():
    long = " | ".join(f'"a long phrase {number:02}"' for number in range(80))
    assert parse_kept(long).canonical == long
    for changed in (long + " | rings", long.upper(), f"({long}) source:foo", f"-({long})"):
        with pytest.raises(BadFilter):
            parse_kept(changed)


async def test_filters_that_take_over_filters_stay_bounded(tmp_path):
    lines = ["channels:", "  terminal:lab:", "  - {name: n0, filter: rings}"]
    for number in range(1, 25):
        before = f"filter:n{number - 1}"
        both = f"(({before} p{number}) | ({before} q{number}) | r{number})"
        lines.append(f"  - {{name: n{number}, filter: '{both}'}}")
    async with a_world(tmp_path) as world:
        with pytest.raises(BadOption, match=r"line \d+: .*at most 20,000 are possible"):
            await plan(world.store, read_yaml("\n".join(lines)), world.clock.now())


async def test_an_entry_starts_with_what_the_channel_has_settled(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("settings tz:Europe/Berlin mode:full layout:posts empty:note")
        await world.say("subscribe rings name:a")
        alone = {"channels": {str(LAB): [{"name": "a", "filter": "rings"}]}}
        assert await imported(world, alone) == [], "the same words mean the same in chat"
        settled = {"settings": {str(LAB): {"tz": "Asia/Tokyo"}}}
        assert "    tz: Europe/Berlin → Asia/Tokyo" in await imported(world, alone | settled)
        (one,) = await world.store.subscriptions.of(LAB)
        assert (one.zone, one.mode, one.layout) == ("Asia/Tokyo", "compact", "digest")


async def test_a_file_is_held_to_the_rules_of_settings_that_chat_is_held_to(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("settings managers:U1,U2 tally:on")
        values = await exported(world, LAB)
        assert await imported(world, values) == []
        named = {"settings": {str(LAB): {"managers": ["U2", "U1"], "tally": "on"}}}
        assert await imported(world, named) == [], "members can be named as in chat"
        for wrong, says in (
            ({"manage": "listed"}, "name at least one member"),
            ({"publish": "on"}, "announcement channels of Discord"),
            ({"listed": ["x"], "managers": ["U1"]}, "not by both"),
            ({"listed": [f"m{number}" for number in range(51)]}, "at most 50 members"),
            ({"listed": [["x"]]}, "takes a list of members"),
        ):
            with pytest.raises(BadOption, match=says):
                await plan(world.store, {"settings": {str(LAB): wrong}}, world.clock.now())


def test_a_broken_word_list_is_told_of_with_its_line():
    for text, says in (
        ('{"terms": ["a"]}\n\n{"terms": ["b"', "line 3: this is no JSON object"),
        ('{"terms": ["a"]}\n[1]', "line 2: this is no JSON object"),
        ('{"terms": ["a"]}\n{"terms": [], "terms": ["b"]}', "line 2: a key stands twice"),
    ):
        with pytest.raises(UnreadableFile, match=says):
            json_lines(text)
    with pytest.raises(UnreadableFile, match="line 4: there is no key “exclud”"):
        keywords(read_yaml("keywords:\n  SLAM:\n    filters: [a]\n    exclud: [b]\n"))


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ftp://a.example/x", "http"),
        ("javascript:alert(1)", "http"),
        ("https://", "address"),
        ("https://me:secret@a.example/rss", "password"),
        ("http://127.0.0.1/rss", "is not public"),
        ("http://[::1]/rss", "is not public"),
        ("https://a.example:8443/rss", "port"),
        ("https://a.example/" + "x" * 3_000, "longer"),
    ],
)
def test_a_feed_that_cannot_be_followed_is_told_of(address, says):
    text = f'<OPML><outline xmlUrl="{address}"/><outline XMLURL="https://b.example/"/></OPML>'
    wrong, right = feeds_of(text.encode())
    assert says in wrong.problem
    assert "secret" not in wrong.problem
    assert right.problem == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<opml><body/></opml>", "lists no feeds"),
        ("<html><body>Sign in</body></html>", "begins with <html>"),
        ('<!DOCTYPE x [<!ENTITY a "aa">]><opml>&a;</opml>', "declares entities"),
        ('<!DOCTYPE x SYSTEM "http://a.example/x.dtd"><opml><outline', "no OPML"),
        ("<opml>" + "<outline>" * 100_000, "no OPML"),
    ],
    ids=["no feeds", "page", "entities", "cut", "deep"],
)
def test_what_is_no_list_of_feeds_is_refused(text, says):
    with pytest.raises(UnreadableFile, match=says):
        feeds_of(text.encode())
