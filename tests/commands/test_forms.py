"""Forms: filled in, checked under the field that is to blame, and carried out."""

from bot.model.command import Asker
from bot.model.message import Tone
from tests.builders import LAB, a_paper
from tests.world import a_world

ME = Asker(channel=LAB, member="U1", zone="Europe/Berlin")


def values_of(form, **changes):
    return {field.name: field.value for field in form.fields} | changes


async def test_a_bare_subscribe_asks_with_the_askers_own_time_zone(tmp_path):
    async with a_world(tmp_path) as world:
        form = (await world.desk.ask(ME, "subscribe")).form
        assert values_of(form)["tz"] == "Europe/Berlin"
        answer = await world.desk.submit(ME, form.command, values_of(form, filter="rings"))
        assert answer.private.tone is Tone.DONE
        (made,) = await world.store.subscriptions.of(LAB)
        assert (made.filter.canonical, made.zone) == ("ring", "Europe/Berlin")


async def test_every_mistake_stands_under_its_own_field_and_nothing_is_saved(tmp_path):
    async with a_world(tmp_path) as world:
        form = (await world.desk.ask(ME, "subscribe")).form
        wrong = values_of(form, filter="rings autor:x", at="25:00", tz="Mars/Base", top="0")
        answer = await world.desk.submit(ME, form.command, wrong)
        assert set(answer.form.errors) == {"filter", "at", "tz", "top"}
        assert "column 7" in answer.form.errors["filter"]
        assert answer.form.errors["at"].startswith("Takes a time")
        assert values_of(answer.form) == wrong
        assert await world.store.subscriptions.of(LAB) == []


async def test_a_mistake_that_only_shows_when_saving_comes_back_in_the_form(tmp_path):
    async with a_world(tmp_path) as world:
        await world.desk.ask(ME, "subscribe rings name:r")
        form = (await world.desk.ask(ME, "subscribe")).form
        answer = await world.desk.submit(ME, form.command, values_of(form, filter="x", name="r"))
        assert "already" in answer.form.errors["name"]
        answer = await world.desk.submit(ME, form.command, values_of(form, filter="rings"))
        assert "already" in answer.form.errors["filter"]


async def test_a_look_at_the_form_shows_what_the_filter_would_have_sent(tmp_path):
    async with a_world(tmp_path) as world:
        await world.announce(a_paper("On Rings"), a_paper("On Fields"))
        form = (await world.desk.ask(ME, "subscribe")).form
        looked = await world.desk.look(ME, form.command, values_of(form, filter="rings"))
        told = "\n".join(looked.form.note)
        assert "1 paper of 2" in told
        assert "On Rings" in told
        assert await world.store.subscriptions.of(LAB) == []


async def test_an_edit_form_shows_the_subscription_and_changes_it(tmp_path):
    async with a_world(tmp_path) as world:
        await world.desk.ask(ME, "subscribe rings every:instant name:r top:3")
        form = (await world.desk.ask(ME, "edit r")).form
        assert values_of(form)["every"] == "instant"
        assert values_of(form)["top"] == "3"
        answer = await world.desk.submit(ME, form.command, values_of(form, top="7"))
        assert answer.private.tone is Tone.DONE
        (now,) = await world.store.subscriptions.of(LAB)
        assert (now.top, now.cadence.every, now.name) == (7, "instant", "r")


async def test_a_settings_form_keeps_members_it_cannot_show(tmp_path):
    async with a_world(tmp_path) as world:
        await world.desk.ask(ME, "settings manage:listed managers:@U7")
        form = (await world.desk.look(ME, "settings", {})).form
        answer = await world.desk.submit(ME, "settings", values_of(form, tally="on"))
        assert answer.private.tone is Tone.DONE
        settings = await world.store.policy.settings(LAB)
        assert settings.tally
        assert len(settings.listed) == 1
        answer = await world.desk.submit(ME, "settings", values_of(form, tz="Mars"))
        assert set(answer.form.errors) == {"tz"}


async def test_a_form_sent_twice_is_carried_out_once(tmp_path):
    async with a_world(tmp_path) as world:
        form = (await world.desk.ask(ME, "subscribe")).form
        for _ in range(2):
            await world.desk.submit(ME, form.command, values_of(form, filter="rings"), event="v1")
        assert len(await world.store.subscriptions.of(LAB)) == 1
        wrong = values_of(form, filter="(")
        assert (await world.desk.submit(ME, form.command, wrong, event="v2")).form.errors
        right = values_of(form, filter="groups")
        assert (await world.desk.submit(ME, form.command, right, event="v2")).private
