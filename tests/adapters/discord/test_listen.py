"""People on Discord, the stock discord.py in between, and whoever answers on the other side.

Everything people can do is tried by both ways in: the gateway, and HTTP.
"""

import asyncio
import logging

import discord
import pytest

from adapters.discord.listen import DiscordListener
from adapters.discord.post import discord_messenger
from adapters.discord.reception import Reception
from bot.model.errors import ConfigError, StoreDown
from bot.model.message import Action, Digest, Listing, Notice
from bot.model.subscription import Channel, Platform
from tests.adapters.discord.examples import MESSAGES, a_card, a_digest
from tests.adapters.discord.listening import CLOCK, Answering, Knowing, gateway
from tests.servers.discord import faults


class TestAnswers:
    async def test_a_search_is_answered_to_the_asker_alone(self, server, channel, anna, bot):
        bot.reply = MESSAGES["search"]
        seen = await server.slash(channel, anna, "papers", {"query": "alignment"})
        (asker, line) = bot.asked[0]
        assert line == "search alignment"
        assert asker.channel == Channel(Platform.DISCORD, str(channel.guild_id), str(channel.id))
        assert asker.member == str(anna.id)
        assert "Ideals of rings that commute, part 2" in seen.text
        assert all(answer.ephemeral for answer in seen.answers)
        assert server.shown(channel) == []
        assert seen.callback == 4  # at once, without "thinking…"

    async def test_many_pages_come_one_after_the_other(self, server, channel, anna, bot):
        bot.reply = a_digest(25)
        seen = await server.slash(channel, anna, "papers", {"query": "ideals"}, answers=4)
        places = [seen.text.index(f"part {number}\n") for number in range(1, 26)]
        assert places == sorted(places)
        assert len(seen.answers) == 4
        assert all(answer.ephemeral for answer in seen.answers)

    async def test_work_that_takes_longer_is_deferred(
        self, server, channel, anna, bot, monkeypatch
    ):
        monkeypatch.setattr("adapters.discord.reception.DEFER_AFTER_S", 0.02)
        bot.thinks_for = 0.1
        seen = await server.slash(channel, anna, "papers", {"query": "alignment"})
        assert seen.callback == 5
        assert seen.answered_after < 0.1
        assert seen.text == "**Here you are**\nwith a line"
        assert seen.answers[0].ephemeral

    async def test_a_repeated_interaction_has_one_effect(self, server, channel, chief, bot):
        seen = await server.slash(channel, chief, "papers-admin pause")
        await server.people.repeat(seen)
        again = await server.slash(channel, chief, "papers-admin list")
        assert not again.failed
        assert bot.lines == ["pause", "list"]

    async def test_of_two_processes_one_makes_the_change(self, server, channel, chief, answering):
        other = Answering()
        other.events = answering.events  # one store behind both
        async with gateway(server, answering), gateway(server, other):
            seen = await server.slash(
                channel, chief, "papers-admin unsubscribe", {"name": "ideals"}
            )
        assert answering.lines + other.lines == ["unsubscribe ideals"]
        assert seen.text == "**Here you are**\nwith a line"

    async def test_a_failing_store_is_told_and_the_bot_lives_on(self, server, channel, anna, bot):
        bot.trouble = StoreDown("The database does not answer; try again in a minute.")
        seen = await server.slash(channel, anna, "papers", {"query": "alignment"})
        assert seen.text == "**Error: The database does not answer; try again in a minute.**"
        bot.trouble = None
        assert not (await server.slash(channel, anna, "papers", {"query": "x"})).failed

    async def test_a_bug_of_ours_is_apologised_for(self, server, channel, chief, bot, caplog):
        caplog.set_level(logging.CRITICAL, "discord")
        bot.trouble = ZeroDivisionError()
        seen = await server.slash(channel, chief, "papers-admin list")
        assert "Something went wrong on our side" in seen.text
        seen = await server.slash(channel, chief, "papers-admin resume")
        assert "Something went wrong on our side" in seen.text

    async def test_an_answer_that_comes_too_late_harms_nothing(
        self, server, channel, anna, bot, monkeypatch
    ):
        monkeypatch.setattr("tests.servers.discord.people.PATIENCE_S", 0.1)
        server.desk.faults.plan("create_interaction_response", faults.Code(10062))
        assert (await server.slash(channel, anna, "papers", {"query": "x"})).failed
        assert not (await server.slash(channel, anna, "papers", {"query": "x"})).failed

    async def test_hostile_answers_stay_inert(self, server, channel, anna, bot):
        bot.reply = MESSAGES["hostile"]
        seen = await server.slash(channel, anna, "papers", {"query": "@everyone <@1>"})
        assert bot.lines == ["search @everyone <@1>"]
        assert seen.answers[0].body["allowed_mentions"] == {"parse": []}
        assert server.messages.pings == []


class TestPresses:
    async def test_a_button_works_on_a_message_of_another_life(self, server, channel, anna, bot):
        async with discord_messenger(server.token, api_url=server.api_url) as messenger:
            (page,) = messenger.pages(a_digest(1))
            await messenger.post(
                Channel(Platform.DISCORD, str(channel.guild_id), str(channel.id)),
                page,
                marker="1",
            )
        (shown,) = server.shown(channel)
        seen = await server.people.press(shown, "do:why arxiv:2403.00001", anna)
        assert bot.lines == ["why arxiv:2403.00001"]
        assert seen.text == "**Here you are**\nwith a line"
        assert seen.answers[0].ephemeral

    async def test_more_shows_the_paper_and_how_to_stop_what_brought_it(
        self, server, channel, anna, bot
    ):
        async with discord_messenger(server.token, api_url=server.api_url) as messenger:
            card = a_card(more=(Action("Similar", "similar arxiv:2403.00001"),))
            (page,) = messenger.pages(Digest(heading="x", name="rings", cards=(card,)))
            await messenger.post(
                Channel(Platform.DISCORD, str(channel.guild_id), str(channel.id)),
                page,
                marker="1",
            )
        (shown,) = server.shown(channel)
        bot.reply = Listing(heading="x", cards=(card,))
        seen = await server.people.press(shown, "more:arxiv:2403.00001|rings", anna)
        assert bot.lines == ["arxiv:2403.00001"]
        pressed = await server.people.press(seen.answers[0], "do:unsubscribe rings", anna)
        assert bot.lines == ["arxiv:2403.00001", "unsubscribe rings"]
        assert not pressed.failed

    async def test_buttons_of_a_private_answer_work_too(self, server, channel, anna, bot):
        bot.reply = Listing(
            heading="x", cards=(a_card(),), actions=(Action("More", "search x page:2"),)
        )
        seen = await server.slash(channel, anna, "papers", {"query": "x"})
        seen = await server.people.press(seen.answers[0], "do:search x page:2", anna)
        assert bot.lines == ["search x", "search x page:2"]
        assert not seen.failed

    async def test_the_right_to_change_things_is_that_of_whoever_presses(
        self, server, channel, anna, chief, bot
    ):
        bot.reply = Notice(heading="x", actions=(Action("Stop", "unsubscribe rings"),))
        seen = await server.slash(channel, chief, "papers", {"query": "x"})
        for person in (anna, chief):
            await server.people.press(seen.answers[0], "do:unsubscribe rings", person)
        assert [asker.may_manage for asker, line in bot.asked if line != "search x"] == [
            False,
            True,
        ]


class TestConnection:
    async def test_commands_are_synced_only_when_they_changed(self, server, answering):
        for _ in range(2):
            async with gateway(server, answering):
                pass
            server.gateway.sessions.clear()
        assert server.commands.overwrites == 1
        assert server.commands.creates == {None: 5}
        server.commands.scopes[None][1]["description_localizations"]["de"] = "Etwas anderes"
        async with gateway(server, answering):
            pass
        assert server.commands.overwrites == 2
        assert server.commands.creates == {None: 5}

    async def test_old_commands_stay_when_syncing_fails(
        self, server, channel, anna, answering, caplog
    ):
        async with gateway(server, answering):
            pass
        server.gateway.sessions.clear()
        server.desk.faults.plan("list_application_commands", faults.Status(503))
        async with gateway(server, answering):
            assert not (await server.slash(channel, anna, "papers", {"query": "x"})).failed
        assert "discord commands not synced" in caplog.text

    async def test_no_privileged_intent_is_asked_for(self, server, on_gateway):
        (session,) = server.gateway.sessions.values()
        assert session.intents == discord.Intents(guilds=True).value

    async def test_a_wrong_token_names_the_variable_and_not_the_value(self, server, answering):
        with pytest.raises(ConfigError) as caught:
            await DiscordListener(
                Reception(answering, Knowing()), token="wr-ong", clock=CLOCK
            ).run()
        assert "DISCORD_TOKEN" in str(caught.value)
        assert "wr-ong" not in str(caught.value)

    async def test_a_token_revoked_while_running_ends_with_the_same_words(self, server, answering):
        async def revoked():
            async with gateway(server, answering):
                await server.gateway.drop(4004)
                await asyncio.sleep(0.2)

        with pytest.raises(ExceptionGroup) as caught:
            await revoked()
        assert caught.group_contains(ConfigError)

    async def test_answers_go_on_after_a_lost_connection(self, server, channel, anna, on_gateway):
        await server.gateway.drop(4000)
        assert not (await server.slash(channel, anna, "papers", {"query": "x"})).failed
        await server.gateway.ask_to_reconnect()
        assert not (await server.slash(channel, anna, "papers", {"query": "y"})).failed
        assert (server.gateway.logins, server.gateway.resumes) == (1, 2)
        assert on_gateway.lines == ["search x", "search y"]
