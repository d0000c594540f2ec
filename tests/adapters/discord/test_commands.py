"""What people type into Discord, and the line it becomes."""

import discord
import pytest
from discord import app_commands

from adapters.discord.languages import LANGUAGES, NAMED, ROOTS
from adapters.discord.reception import Reception
from adapters.discord.slash import add_commands
from bot.model.answer import Answer
from bot.model.message import Digest, Listing, Notice
from tests.adapters.discord.examples import a_card
from tests.adapters.discord.listening import Answering, Knowing
from tests.servers.discord import ClientRefused

ON = {"filter": "ideals", "every": "weekly", "at": '9 "am"', "on": "Mon", "tz": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({}, "help"),
        ({"view": "status"}, "status"),
        ({"view": "why"}, "help why"),
        ({"view": "trend"}, "trend"),
        ({"query": "2403.00001", "view": "why"}, "why 2403.00001"),
        ({"query": "rings", "view": "trend"}, "trend rings"),
        ({"query": "2403.00001"}, "2403.00001"),
        ({"query": "https://arxiv.org/abs/2403.00001"}, "https://arxiv.org/abs/2403.00001"),
        ({"query": "subscribe everything"}, "search subscribe everything"),
        ({"query": "alignment", "view": "results"}, "search alignment"),
        (
            {"query": "rings", "since": "7d", "source": "hf_daily", "sort": "new"},
            "search rings since:7d source:hf_daily sort:new",
        ),
        ({"query": "rings", "share": True}, "share search rings"),
        ({"query": "2403.00001", "share": True}, "share 2403.00001"),
        ({"view": "status", "share": True}, "share status"),
    ],
)
async def test_papers(server, channel, anna, on_gateway, options, line):
    await server.slash(channel, anna, "papers", options)
    assert on_gateway.lines == [line]


@pytest.mark.parametrize(
    ("command", "options", "line"),
    [
        ("list", {}, "list"),
        ("list", {"all": True}, "list all"),
        ("unsubscribe", {"name": "ideals"}, "unsubscribe ideals"),
        ("preview", {"filter": 'ideals "of rings"'}, 'preview ideals "of rings" 14d'),
        ("preview", {"filter": "ideals", "days": 3}, "preview ideals 3d"),
        ("pause", {"name": "ideals", "days": 3}, "pause ideals 3d"),
        ("pause", {}, "pause"),
        ("resume", {"name": "ideals"}, "resume ideals"),
        ("log", {}, "log"),
        ("settings", {}, "settings"),
        ("settings", {"manage": "admins", "tally": "yes"}, 'settings manage:"admins" tally:"yes"'),
        ("subscribe", {"filter": "ideals -survey"}, "subscribe ideals -survey"),
        (
            "subscribe",
            {**ON, "top": 5, "name": "rings", "mode": "full", "layout": "forum", "empty": "note"},
            'subscribe every:"weekly" at:"9 am" on:"Mon" tz:"Europe/Berlin" top:"5" '
            'mode:"full" layout:"forum" empty:"note" name:"rings" ideals',
        ),
        ("subscribe", {}, "subscribe"),
        ("edit", {"name": "rings"}, "edit rings"),
        ("edit", {"name": "rings", "top": 3}, 'edit rings top:"3"'),
        ("edit", {"name": "rings", "filter": "ideals"}, "edit rings ideals"),
        ("edit", {"name": "rings", "rename": "ideals"}, 'edit rings name:"ideals"'),
        (
            "settings",
            {"mode": "full", "layout": "default", "empty": "note"},
            'settings mode:"full" layout:"default" empty:"note"',
        ),
        ("export", {}, "export"),
        ("export", {"page": 2}, 'export page:"2"'),
        ("import", {}, "import"),
    ],
)
async def test_papers_admin(server, channel, chief, on_gateway, command, options, line):
    await server.slash(channel, chief, f"papers-admin {command}", options)
    assert on_gateway.lines == [line]
    assert on_gateway.asked[0][0].may_manage


@pytest.mark.parametrize(
    ("command", "options", "line"),
    [
        ("digest", {}, "digest today"),
        ("digest", {"period": "week", "name": "rings"}, "digest week rings"),
        ("follow", {}, "follow"),
        ("follow", {"who": 'author:"Emmy Noether"'}, 'follow author:"Emmy Noether"'),
        ("unfollow", {}, "unfollow"),
        ("unfollow", {"who": "1"}, "unfollow 1"),
        ("mute", {}, "mute"),
        ("mute", {"term": "survey", "days": 14}, "mute survey 14d"),
        ("unmute", {"term": "survey"}, "unmute survey"),
        ("save", {"paper": "2403.00001"}, "save 2403.00001"),
        ("saved", {}, "saved"),
        ("bib", {}, "bib saved"),
        ("bib", {"what": "week"}, "bib week"),
        ("bib", {"paper": "2403.00001"}, "bib 2403.00001"),
        ("forget-me", {}, "forget-me"),
    ],
)
async def test_papers_me(server, channel, anna, on_gateway, command, options, line):
    await server.slash(channel, anna, f"papers-me {command}", options)
    assert on_gateway.lines == [line]


class TestWhoMayWhat:
    async def test_only_managers_are_offered_the_admin_commands(self, server, channel, anna, bot):
        with pytest.raises(ClientRefused, match="hidden"):
            await server.slash(channel, anna, "papers-admin list")

    async def test_whoever_gets_past_that_is_still_no_manager(self, server, channel, anna, bot):
        await server.slash(channel, anna, "papers-admin resume", hidden_too=True)
        asker, _ = bot.asked[0]
        assert not asker.may_manage
        assert not asker.is_admin

    async def test_what_somebody_can_read_is_told_by_discords_permissions(
        self, server, lab, channel, anna, on_gateway
    ):
        await server.slash(channel, anna, "papers", {"query": "x"})
        assert on_gateway.asked[0][0].may_see == {str(channel.id)}

    async def test_a_person_can_search_in_direct_messages(self, server, anna, bot):
        direct = server.world.direct_channel(anna)
        seen = await server.slash(direct, anna, "papers", {"query": "alignment"})
        assert not seen.failed
        (asker, _) = bot.asked[0]
        assert asker.channel.workspace == "@me"
        assert asker.may_manage
        assert asker.direct
        with pytest.raises(ClientRefused, match="direct messages"):
            await server.slash(direct, anna, "papers-admin list")

    async def test_a_person_who_installed_it_for_themselves_uses_it_where_the_bot_is_not(
        self, server, anna, on_gateway
    ):
        elsewhere = server.add_guild("Elsewhere")
        place = server.add_channel(elsewhere)
        elsewhere.has_bot = False
        seen = await server.slash(place, anna, "papers", {"query": "alignment"})
        assert not seen.failed
        chief = server.add_member(elsewhere, "chief", manages=True)
        with pytest.raises(ClientRefused, match="installed"):
            await server.slash(place, chief, "papers-admin list")


class TestMessageMenus:
    @pytest.fixture
    def said(self, server, channel, anna):
        text = "See arXiv:2403.00001v2, https://arxiv.org/abs/2403.00002 and example.org."
        return server.messages.say(channel, anna, {"content": text})

    async def test_papers_in_a_message_come_as_one_list(self, server, said, anna, bot):
        cards = {"arxiv:2403.00001": a_card(1), "arxiv:2403.00002": a_card(2)}
        bot.reply = lambda line: Listing(heading=line, cards=(cards[line],))
        seen = await server.people.menu(said, anna, "Papers in this message")
        assert bot.lines == ["arxiv:2403.00001", "arxiv:2403.00002"]
        assert "part 1" in seen.text
        assert "part 2" in seen.text
        assert seen.answers[0].ephemeral

    async def test_why_this_paper_asks_for_each(self, server, said, anna, bot):
        bot.reply = lambda line: Notice(heading=line, lines=("not matched",))
        seen = await server.people.menu(said, anna, "Why this paper?")
        assert bot.lines == ["why arxiv:2403.00001", "why arxiv:2403.00002"]
        assert seen.text.count("not matched") == 2

    async def test_a_message_of_our_own_is_read_in_its_components(self, server, channel, anna, bot):
        text = {"type": 10, "content": "### [x](<https://arxiv.org/abs/2403.00009>)"}
        body = {"flags": 1 << 15, "components": [text]}
        said = server.messages.say(channel, server.world.bot, body)
        await server.people.menu(said, anna, "Why this paper?")
        assert bot.lines == ["why arxiv:2403.00009"]

    async def test_a_message_without_papers_says_so(self, server, channel, anna, bot):
        said = server.messages.say(channel, anna, {"content": "hello"})
        seen = await server.people.menu(said, anna, "Papers in this message")
        assert bot.lines == []
        assert "none found" in seen.text


class TestSharing:
    async def test_what_is_shared_stands_in_the_channel_once_with_a_name_and_no_ping(
        self, server, channel, anna, bot
    ):
        shown = Listing(heading="rings", cards=(a_card(1),))
        bot.reply = Answer(public=shown, by=str(anna.id))
        seen = await server.slash(channel, anna, "papers", {"query": "rings", "share": True})
        (message,) = server.shown(channel)
        assert f"by <@{anna.id}>" in message.text
        assert not message.ephemeral
        assert len(seen.answers) == 1
        assert server.messages.pings == []

    async def test_a_late_share_is_public_although_the_waiting_was_private(
        self, server, channel, anna, bot, monkeypatch
    ):
        monkeypatch.setattr("adapters.discord.reception.DEFER_AFTER_S", 0.02)
        bot.thinks_for = 0.1
        bot.reply = Answer(public=Digest(heading="rings", cards=(a_card(1),)), by=str(anna.id))
        seen = await server.slash(
            channel, anna, "papers", {"query": "rings", "share": True}, answers=2
        )
        assert [one.ephemeral for one in seen.answers] == [True, False]
        assert len(server.shown(channel)) == 1


class _Words(app_commands.Translator):
    """Collects what could be translated."""

    def __init__(self):
        self.names, self.texts = set(), set()

    async def translate(self, string, _locale, context):
        menu = isinstance(context.data, app_commands.ContextMenu)
        named = context.location in NAMED and not menu
        (self.names if named else self.texts).add(string.message)


async def _words():
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    add_commands(tree, Reception(Answering(), Knowing()))
    words = _Words()
    kinds = (discord.AppCommandType.chat_input, discord.AppCommandType.message)
    for command in [one for kind in kinds for one in tree.get_commands(type=kind)]:
        await command.get_translated_payload(tree, words)
    return words


@pytest.mark.parametrize("locale", LANGUAGES, ids=str)
async def test_every_word_is_there_in_every_language_and_none_too_many(locale):
    words, language = await _words(), LANGUAGES[locale]
    assert set(language.names) == words.names - set(ROOTS)
    assert set(language.texts) == words.texts


async def test_a_german_sees_german_options(server, on_gateway):
    papers = server.commands.find("papers", None)
    query = papers["options"][0]
    assert query["name_localizations"] == {"de": "suche"}
    assert papers["name_localizations"] in ({}, None)
    assert "Artikel" in papers["description_localizations"]["de"]
