"""Every kind of place: threads, forums, announcement channels, plain webhooks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.discord.messenger import everywhere
from adapters.discord.render import render
from adapters.discord.webhooks import webhook_parts
from bot.model.delivery import Absent, ChannelGone, Posted, Unclear, Unreadable
from bot.model.subscription import Channel, Platform
from tests.adapters.discord.examples import a_card, a_digest
from tests.servers.discord import Permission, faults

FORUM, ANNOUNCEMENT = 15, 5


@pytest.fixture
async def messenger(server):
    async with everywhere(server.token, api_url=server.api_url) as made:
        yield made


def address(channel):
    return Channel(Platform.DISCORD, str(channel.guild_id), str(channel.id))


def page(**changes):
    (made,) = render(replace(a_digest(1), **changes))
    return made


def just_now(server):
    return datetime.fromtimestamp(server.clock.now(), UTC) - timedelta(seconds=1)


PAPER = {"topic": "On rings & @everyone", "tags": ("rings", "groups")}


class TestThreads:
    async def test_the_details_of_a_digest_go_into_a_thread_made_from_it(
        self, server, messenger, channel
    ):
        digest = await messenger.post(address(channel), page(), marker="1")
        for marker in ("2", "3"):
            answer = await messenger.post(
                address(channel), page(), marker=marker, thread=digest.message_id
            )
            assert isinstance(answer, Posted)
        assert len(server.shown(channel)) == 1
        thread = server.channel(int(digest.message_id))
        assert len(thread.messages) == 2
        assert thread.name == "ideals: 1 new papers, Monday 23 November 2026"

    async def test_without_the_right_to_make_threads_it_answers_in_the_channel(
        self, server, messenger, lab
    ):
        rights = (
            Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.READ_MESSAGE_HISTORY
        )
        place = server.add_channel(lab, bot_permissions=rights)
        digest = await messenger.post(address(place), page(), marker="1")
        answer = await messenger.post(address(place), page(), marker="2", thread=digest.message_id)
        assert isinstance(answer, Posted)
        assert len(server.shown(place)) == 2

    async def test_a_lost_answer_is_found_in_its_thread(self, server, messenger, channel):
        before = just_now(server)
        digest = await messenger.post(address(channel), page(), marker="1")
        thread = digest.message_id
        sent = await messenger.post(address(channel), page(), marker="2", thread=thread)
        found = await messenger.find(address(channel), marker="2", since=before, thread=thread)
        assert found == sent
        other = await messenger.find(address(channel), marker="3", since=before, thread=thread)
        assert other == Absent()

    async def test_a_subscription_can_live_in_a_thread(self, server, messenger, channel):
        digest = await messenger.post(address(channel), page(), marker="1")
        await messenger.post(address(channel), page(), marker="2", thread=digest.message_id)
        there = replace(address(channel), channel=digest.message_id)
        assert isinstance(await messenger.post(there, page(), marker="3"), Posted)
        assert len(server.channel(int(digest.message_id)).messages) == 2


class TestForums:
    @pytest.fixture
    def forum(self, server, lab):
        made = server.add_channel(lab, "forum", kind=FORUM)
        made.tags = {"Rings": "901", "Other": "902"}
        return made

    def posts(self, server, forum):
        return [one for one in server.world.channels.values() if one.parent == forum.id]

    async def test_each_paper_is_a_post_of_its_own_tagged_by_the_filters(
        self, server, messenger, forum
    ):
        for number in (1, 2):
            made = page(**PAPER, cards=(a_card(number),))
            outcome = await messenger.post(address(forum), made, marker=str(number))
            assert isinstance(outcome, Posted)
        one, two = self.posts(server, forum)
        assert one.applied == ["901"]
        assert one.name == "On rings & @\u200beveryone"
        assert "part 2" in two.messages[0].text
        assert server.messages.pings == []

    async def test_a_required_tag_is_chosen_where_no_filter_names_one(
        self, server, messenger, forum
    ):
        forum.needs_tag = True
        made = page(topic="x", tags=("alignment",))
        assert isinstance(await messenger.post(address(forum), made, marker="1"), Posted)
        assert self.posts(server, forum)[0].applied == ["901"]

    async def test_a_forum_that_requires_a_tag_and_has_none_says_what_to_do(
        self, server, messenger, forum
    ):
        forum.needs_tag, forum.tags = True, {}
        outcome = await messenger.post(address(forum), page(**PAPER), marker="1")
        assert isinstance(outcome, ChannelGone)
        assert "tag" in outcome.reason

    async def test_a_post_whose_answer_was_lost_is_found_and_not_repeated(
        self, server, messenger, forum
    ):
        before = just_now(server)
        await messenger.post(address(forum), page(**PAPER), marker="0")
        server.desk.faults.plan("create_thread", faults.Reset(committed=True))
        assert isinstance(await messenger.post(address(forum), page(**PAPER), marker="1"), Unclear)
        found = await messenger.find(address(forum), marker="1", since=before)
        assert isinstance(found, Posted)
        assert await messenger.find(address(forum), marker="2", since=before) == Absent()
        assert messenger.recognises_repeats_for == timedelta(0)
        assert len(self.posts(server, forum)) == 2

    async def test_another_process_finds_it_too(self, server, messenger, forum):
        before = just_now(server)
        sent = await messenger.post(address(forum), page(**PAPER), marker="1")
        async with everywhere(server.token, api_url=server.api_url) as other:
            assert await other.find(address(forum), marker="1", since=before) == sent

    async def test_a_living_card_is_changed_in_place_also_by_another_process(
        self, server, messenger, forum
    ):
        sent = await messenger.post(address(forum), page(**PAPER), marker="1")
        changed = page(**PAPER, heading="Withdrawn")
        async with everywhere(server.token, api_url=server.api_url) as other:
            for one in (messenger, other):
                assert await one.edit(address(forum), sent.message_id, changed) == sent
        (post,) = self.posts(server, forum)
        assert "Withdrawn" in post.messages[0].text
        assert len(post.messages) == 1

    async def test_news_of_a_paper_stand_in_its_post(self, server, messenger, forum):
        sent = await messenger.post(address(forum), page(**PAPER), marker="1")
        await messenger.post(address(forum), page(), marker="2", thread=sent.message_id)
        (post,) = self.posts(server, forum)
        assert len(post.messages) == 2


class TestAnnouncements:
    @pytest.fixture
    def news(self, server, lab):
        return server.add_channel(lab, "news", kind=ANNOUNCEMENT)

    @pytest.mark.parametrize("wanted", [True, False])
    async def test_posts_are_published_where_the_channel_wants_it(self, server, news, wanted):
        async def publishes(_channel):
            return wanted

        async with everywhere(
            server.token, api_url=server.api_url, publishes=publishes
        ) as messenger:
            sent = await messenger.post(address(news), page(), marker="1")
        assert server.threads.published == ([int(sent.message_id)] if wanted else [])

    async def test_what_cannot_be_published_is_posted_all_the_same(self, server, channel):
        async def publishes(_channel):
            return True

        async with everywhere(
            server.token, api_url=server.api_url, publishes=publishes
        ) as messenger:
            sent = await messenger.post(address(channel), page(), marker="1")
        assert isinstance(sent, Posted)


class TestWebhooks:
    @pytest.fixture
    def url(self, server, channel):
        return server.add_webhook(channel)

    @pytest.fixture
    def hook(self, url):
        parts = webhook_parts(url)
        assert parts is not None
        return Channel(Platform.DISCORD, "webhook", parts[0])

    async def test_a_webhook_shows_a_digest_without_any_bot(self, server, channel, url, hook):
        async with everywhere(api_url=server.api_url, webhooks=[url]) as messenger:
            sent = await messenger.post(hook, page(), marker="1")
            changed = await messenger.edit(hook, sent.message_id, page(heading="Changed"))
        assert changed == sent
        (message,) = server.shown(channel)
        assert "Changed" in message.text
        assert "part 1" in message.text
        assert all(part["type"] != 1 for part in message.components)
        assert server.messages.pings == []

    async def test_a_lost_answer_is_found_where_the_bot_can_read(self, server, channel, url, hook):
        before = just_now(server)
        server.desk.faults.plan("execute_webhook", faults.Status(502, committed=True))
        async with everywhere(server.token, api_url=server.api_url, webhooks=[url]) as messenger:
            assert isinstance(await messenger.post(hook, page(), marker="1"), Unclear)
            found = await messenger.find(hook, marker="1", since=before)
        assert found == Posted(str(server.shown(channel)[0].id))

    async def test_without_a_bot_nobody_can_look(self, server, url, hook):
        async with everywhere(api_url=server.api_url, webhooks=[url]) as messenger:
            found = await messenger.find(hook, marker="1", since=just_now(server))
        assert isinstance(found, Unreadable)

    async def test_a_deleted_webhook_closes_itself_and_not_the_bot(
        self, server, channel, url, hook
    ):
        server.world.webhooks.clear()
        async with everywhere(server.token, api_url=server.api_url, webhooks=[url]) as messenger:
            gone = await messenger.post(hook, page(), marker="1")
            assert isinstance(gone, ChannelGone)
            assert url.rsplit("/", 1)[1] not in gone.reason
            assert isinstance(await messenger.post(address(channel), page(), marker="2"), Posted)

    async def test_an_unknown_webhook_names_the_setting(self, server, hook):
        async with everywhere(server.token, api_url=server.api_url) as messenger:
            outcome = await messenger.post(hook, page(), marker="1")
        assert isinstance(outcome, ChannelGone)
        assert "DISCORD_WEBHOOKS" in outcome.reason
