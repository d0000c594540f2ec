"""Configuration as code: what chat can do a file can own; what is wrong changes nothing."""

from datetime import timedelta

import pytest

from bot.commands.configuring import MOST_MISTAKES, apply, plan
from bot.commands.described import described, described_settings
from bot.model.errors import BadOption
from config.documents import read_yaml, write_yaml
from tests.builders import LAB, READING_CLUB, a_paper
from tests.world import a_world


async def exported(world, *channels):
    values = {"channels": {}, "settings": {}}
    for channel in channels:
        found = await world.store.subscriptions.of(channel)
        values["channels"][str(channel)] = [described(one) for one in found]
        settled = described_settings(await world.store.policy.settings(channel))
        if settled:
            values["settings"][str(channel)] = settled
    return values


async def imported(world, document):
    plans = await plan(world.store, document, world.clock.now())
    await apply(world.store, plans, world.clock.now())
    return [line for one in plans for line in one.lines()]


async def furnished(world):
    await world.say("subscribe (rings OR fields) -survey at:08:30 tz:Asia/Tokyo top:4 name:algebra")
    await world.say("subscribe filter:algebra upvotes:>=5 every:instant mode:full name:popular")
    await world.say("subscribe graphs every:weekly on:fri at:10:30 layout:posts empty:always")
    await world.say("subscribe groups every:hourly name:paused-one")
    await world.say("pause paused-one")
    await world.say("subscribe sets name:resting")
    await world.say("pause resting 3d")
    await world.say("settings tz:Europe/Berlin tally:on manage:admins mode:standard")


async def test_everything_chat_can_set_goes_out_and_comes_back_the_same(tmp_path):
    async with a_world(tmp_path / "one") as world:
        await furnished(world)
        values = await exported(world, LAB)
        text = write_yaml(values)
        before = await world.store.subscriptions.of(LAB)
        assert await imported(world, read_yaml(text)) == [], "its own export changes nothing"
        assert await world.store.subscriptions.of(LAB) == before
    async with a_world(tmp_path / "two") as world:
        lines = await imported(world, read_yaml(text))
        assert sum(line.startswith("+ ") for line in lines) == 5
        assert await exported(world, LAB) == values


async def test_a_file_changes_adds_and_stops_and_the_diff_says_so(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings name:algebra at:09:00")
        await world.say("subscribe graphs name:gone")
        await world.say("subscribe sets", READING_CLUB)
        document = read_yaml(
            """
            channels:
              terminal:lab:
                - {name: algebra, filter: rings -survey, at: 10:30, top: 3}
                - {name: fresh, filter: fields, every: weekly, on: tue}
            """
        )
        lines = await imported(world, document)
        assert lines[0] == "terminal:lab"
        assert any(line.startswith("- gone: graphs") for line in lines)
        assert any(
            line.startswith("+ fresh: fields · every:weekly at:09:00 on:tue") for line in lines
        )
        assert "~ algebra" in lines
        assert "    filter: rings → rings -survey" in lines
        assert "    at: 09:00 → 10:30" in lines
        assert "    top: 10 → 3" in lines
        assert len(await world.store.subscriptions.of(READING_CLUB)) == 1, "others stay"
        assert "config file" in (await world.store.policy.changes(LAB, 1))[0].what


async def test_what_a_changed_subscription_has_shown_is_not_shown_again(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00 name:algebra")
        await world.announce(a_paper("On Rings"))
        await world.wait_until(9)
        await imported(
            world,
            {"channels": {"terminal:lab": [{"name": "algebra", "filter": "rings | fields"}]}},
        )
        await world.announce(a_paper("On Fields"))
        await world.wait_until(9)
        assert world.shown() == ["On Rings", "On Fields"]


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ([], "Expected `channels:`"),
        ({"chanels": {}}, "no key “chanels”"),
        ({"channels": ["a"]}, "take channels as keys"),
        ({"channels": {"irc:lab": []}}, "is no channel"),
        ({"channels": {"terminal:lab": "x"}}, "expected a list"),
        ({"channels": {"terminal:lab": ["x"]}}, "expected keys and values"),
        ({"channels": {"terminal:lab": [{"name": "a"}]}}, "entry 1: it has no filter"),
        ({"channels": {"terminal:lab": [{"filter": "a"}]}}, "name: takes one word"),
        (
            {"channels": {"terminal:lab": [{"name": "a", "filter": "x autor:y"}]}},
            "column 3: There is no field autor",
        ),
        (
            {"channels": {"terminal:lab": [{"name": "a", "filter": "x", "top": "1e9"}]}},
            "top: takes a whole number",
        ),
        (
            {"channels": {"terminal:lab": [{"name": "a", "filter": "x", "tz": "Mars/Base"}]}},
            "is no time zone",
        ),
        (
            {"channels": {"terminal:lab": [{"name": "a", "filter": "x", "colour": "red"}]}},
            "no key “colour”",
        ),
        (
            {"channels": {"terminal:lab": [{"name": "a", "filter": "x"}] * 2}},
            "is given twice",
        ),
        (
            {"channels": {"terminal:lab": [{"name": f"n{n}", "filter": "x"} for n in range(99)]}},
            "at most 25",
        ),
        (
            {
                "channels": {
                    "terminal:lab": [
                        {"name": "a", "filter": "x filter:b"},
                        {"name": "b", "filter": "y filter:a"},
                    ]
                }
            },
            "goes round in a circle",
        ),
        (
            {"channels": {"terminal:lab": [{"name": "a", "filter": "x filter:nobody"}]}},
            "no subscription “nobody”",
        ),
        ({"channels": {f"terminal:c{n}": [] for n in range(3_000)}}, "at most 2000 channels"),
        ({"settings": {"terminal:lab": {"tally": "perhaps"}}}, "on or off"),
    ],
)
async def test_a_wrong_file_is_explained_and_nothing_is_stored(tmp_path, document, says):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings name:kept")
        right = {"channels": {"terminal:other": [{"name": "fine", "filter": "x"}]}}
        if isinstance(document, dict) and isinstance(document.get("channels"), dict):
            document = {"channels": right["channels"] | document["channels"]}
        with pytest.raises(BadOption) as refused:
            await plan(world.store, document, world.clock.now() + timedelta(minutes=1))
        assert says in str(refused.value)
        (kept,) = await world.store.subscriptions.of()
        assert kept.name == "kept"


async def test_several_mistakes_are_told_at_once_but_not_a_thousand(tmp_path):
    async with a_world(tmp_path) as world:
        wrong = [{"name": f"n{number}", "filter": "NOT"} for number in range(20)]
        document = {"channels": {f"terminal:c{number}": wrong for number in range(100)}}
        with pytest.raises(BadOption) as refused:
            await plan(world.store, document, world.clock.now())
        told = str(refused.value).splitlines()
        assert len(told) == MOST_MISTAKES
        assert told[1].startswith("terminal:c0, entry 2: filter, column 1: ")
