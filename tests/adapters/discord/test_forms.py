"""Forms: opened at once, sent back to any process, mistakes told, nothing typed twice."""

from dataclasses import replace

import pytest

from adapters.discord.forms import modal, values_of
from bot.model.answer import Answer
from bot.model.command import Asker
from bot.model.form import Choice, Field, Form, Kind
from bot.model.message import Notice
from tests.adapters.discord.listening import Answering, gateway
from tests.builders import LAB
from tests.servers.discord import ClientRefused
from tests.world import a_world

EVERY = tuple(Choice(one, one.title()) for one in ("daily", "weekly"))
SUBSCRIBE = Form(
    command="subscribe",
    title="Subscribe this channel",
    fields=(
        Field(name="filter", label="Filter", kind=Kind.TEXT, required=True, most=512),
        Field(name="every", label="How often", kind=Kind.CHOICE, choices=EVERY, value="daily"),
        Field(name="at", label="At", value="09:00", hint="Such as 09:00"),
    ),
)
BAD = replace(
    SUBSCRIBE, fields=(replace(SUBSCRIBE.fields[0], error="Something is missing after OR."),)
)


@pytest.fixture
async def opened(server, channel, chief, bot):
    bot.reply = Answer(private=Notice(heading="help"), form=SUBSCRIBE)
    return await server.slash(channel, chief, "papers-admin subscribe")


async def test_a_bare_subscribe_opens_a_form(opened):
    assert opened.callback == 9
    assert opened.modal["title"] == "Subscribe this channel"
    assert [one["label"] for one in opened.modal["components"]] == ["Filter", "How often", "At"]
    assert opened.answers == []


async def test_a_filled_form_is_carried_out(server, bot, opened):
    bot.reply = Notice(heading="Subscribed")
    seen = await server.people.submit(opened, {"filter": "rings", "every": "weekly"})
    filled = {"filter": "rings", "every": "weekly", "at": "09:00"}
    assert bot.lines == ["subscribe", ("subscribe", filled)]
    assert "Subscribed" in seen.text
    assert seen.answers[0].ephemeral


async def test_a_form_sent_back_twice_has_one_effect(server, bot, opened, channel, chief):
    bot.reply = Notice(heading="Subscribed")
    seen = await server.people.submit(opened, {"filter": "rings"})
    await server.people.repeat(seen)
    await server.slash(channel, chief, "papers-admin list")
    assert len(bot.asked) == 3


async def test_what_is_wrong_is_said_and_the_form_opens_again_as_it_was_filled(
    server, chief, bot, opened
):
    bot.reply = Answer(form=BAD)
    seen = await server.people.submit(opened, {"filter": "a OR"})
    assert "Filter: Something is missing after OR." in seen.text
    bot.reply = Answer(form=SUBSCRIBE)
    again = await server.people.press(seen.answers[0], "do:subscribe", chief)
    field = again.modal["components"][0]["component"]
    assert field["value"] == "a OR"


async def test_nobody_else_gets_to_see_what_one_person_typed(server, lab, bot, opened):
    bot.reply = Answer(form=BAD)
    seen = await server.people.submit(opened, {"filter": "a OR"})
    bot.reply = Answer(form=SUBSCRIBE)
    other = server.add_member(lab, "other", manages=True)
    again = await server.people.press(seen.answers[0], "do:subscribe", other)
    assert "value" not in again.modal["components"][0]["component"]


async def test_a_form_opened_by_one_process_can_be_taken_by_another(server, channel, chief):
    first, second = Answering(), Answering()
    first.reply = Answer(form=SUBSCRIBE)
    async with gateway(server, first):
        opened = await server.slash(channel, chief, "papers-admin subscribe")
    server.gateway.sessions.clear()
    async with gateway(server, second):
        seen = await server.people.submit(opened, {"filter": "rings"})
    assert second.lines[0][0] == "subscribe"
    assert not seen.failed


async def test_a_form_that_comes_too_late_is_offered_behind_a_button(
    server, channel, chief, bot, monkeypatch
):
    monkeypatch.setattr("adapters.discord.reception.FORM_WITHIN_S", 0.02)
    bot.thinks_for = 0.1
    bot.reply = Answer(private=Notice(heading="Subscribe like this"), form=SUBSCRIBE)
    seen = await server.slash(channel, chief, "papers-admin subscribe")
    assert "Subscribe like this" in seen.text
    bot.thinks_for = 0.0
    pressed = await server.people.press(seen.answers[0], "do:subscribe", chief)
    assert pressed.modal is not None


async def test_a_required_field_stays_required(server, opened):
    with pytest.raises(ClientRefused, match="filter"):
        await server.people.submit(opened, {})


def test_more_fields_than_discord_shows_are_left_out_from_the_end():
    fields = tuple(Field(name=f"f{n}", label=f"Field {n}") for n in range(8))
    made = modal(Form(command="settings", title="x" * 60, fields=fields))
    assert made is not None
    assert [one["component"]["custom_id"] for one in made["components"]] == [
        f"f{n}" for n in range(5)
    ]
    assert len(made["title"]) <= 45


@pytest.mark.parametrize("verb", ["subscribe", "edit", "settings"])
async def test_every_field_slack_shows_is_in_the_form_or_an_option_of_the_command(
    tmp_path, server, channel, on_gateway, verb
):
    async with a_world(tmp_path) as world:
        await world.ask("subscribe rings name:rings")
        command = "edit rings" if verb == "edit" else verb
        form = (await world.desk.look(Asker(channel=LAB, member="U1"), command, {})).form
    assert form is not None
    made = modal(form)
    assert made is not None
    shown = {one["component"]["custom_id"] for one in made["components"]}
    assert len(shown) == 5
    group = next(
        one
        for one in server.asked("bulk_set_application_commands")[-1]
        if one["name"] == "papers-admin"
    )
    (admin,) = [one for one in group["options"] if one["name"] == verb]
    options = {one["name"] for one in admin["options"]}
    others = {field.name for field in form.fields} - shown
    assert others
    assert others <= options
    hint = made["components"][-1]["description"]
    assert all(name in hint for name in others)


def test_a_command_too_long_for_an_id_has_no_form():
    assert modal(Form(command="edit " + "x" * 100, title="x", fields=())) is None


@pytest.mark.parametrize(
    "sent",
    [None, [], [None], "x", [{"type": 18}], [{"component": []}], [{"custom_id": 1, "value": "x"}]],
)
def test_a_broken_form_is_an_empty_one(sent):
    assert values_of(sent) == {}


def test_an_empty_choice_is_an_empty_value():
    field = {"type": 3, "custom_id": "every", "values": []}
    assert values_of([{"type": 18, "component": field}]) == {"every": ""}
