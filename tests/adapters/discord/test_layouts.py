"""Every place and layout, from the command that orders it to what stands there in the end."""

from adapters.discord.messenger import everywhere
from bot.model.subscription import Channel, Platform
from tests.adapters.discord.driving import driven
from tests.builders import a_paper
from tests.servers.discord import UNLIMITED, DiscordServer
from tests.servers.discord.world import Clock
from tests.world import MONDAY, a_world

ANNOUNCEMENT, THREAD, FORUM = 5, 11, 15
PAPERS = (
    a_paper("On Rings", abstract="Every ring has a name. " * 40),
    a_paper("On Rings Again", abstract="Every ring has a second name. " * 40),
)


class Place:
    """One more channel of the lab, of any kind, and the people in it."""

    def __init__(self, driver, kind):
        self.driver, self.server = driver, driver._server
        (lab,) = self.server.world.guilds.values()
        self.channel = self.server.add_channel(lab, "place", kind=kind)
        driver._channels["place"] = self.channel

    def post(self, title):
        """A post somebody made in the forum; commands are typed there from now on."""
        guild = self.server.world.guilds[self.channel.guild_id]
        made = self.server.add_channel(guild, title, kind=THREAD)
        made.parent = self.channel.id
        self.driver._channels["place"] = made
        return made

    async def subscribe(self, more=""):
        line = f"subscribe rings every:daily at:09:00 tz:UTC name:rings {more}"
        assert "Subscribed" in await self.driver.say(line, where="place")

    async def a_day_with(self, *papers):
        await self.driver.world.announce(*papers)
        await self.driver.world.wait_until(9)
        await self.driver.world.wait(minutes=1)

    def digests(self):
        """What was posted, without the line that tells of a change."""
        shown = self.server.shown(self.channel)
        return [one for one in shown if "New subscription" not in one.text]

    def threads(self):
        channels = self.server.world.channels.values()
        return [one for one in channels if one.parent == self.channel.id]


async def test_a_digest_with_its_details_in_a_thread_of_its_own(tmp_path):
    async with driven(tmp_path) as driver:
        place = Place(driver, 0)
        await place.subscribe("layout:thread")
        await place.a_day_with(*PAPERS)
        (digest,) = place.digests()
        (thread,) = place.threads()
        assert thread.id == digest.id
        assert thread.name.startswith("rings: 2 new papers")
        said = " ".join(one.text for one in thread.messages)
        assert said.count("Every ring has a name.") > digest.text.count("Every ring has a name.")


async def test_a_message_for_each_paper(tmp_path):
    async with driven(tmp_path) as driver:
        place = Place(driver, 0)
        await place.subscribe("layout:posts")
        await place.a_day_with(*PAPERS)
        texts = [one.text for one in place.digests()]
        assert sum("On Rings Again" in text for text in texts) == 1
        assert len(texts) >= 2


async def test_a_forum_is_ordered_for_in_one_of_its_posts_and_gets_a_post_for_each_paper(tmp_path):
    async with driven(tmp_path) as driver:
        place = Place(driver, FORUM)
        place.channel.tags = {"Rings": "901", "Groups": "902"}
        place.channel.needs_tag = True
        post = place.post("Which papers do we want?")
        await place.subscribe("layout:forum")
        assert "rings" in await driver.say("list", where="place")
        await place.a_day_with(*PAPERS)
        posts = [one for one in place.threads() if one is not post]
        assert sorted(one.name for one in posts) == ["On Rings", "On Rings Again"]
        assert all(one.applied == ["901"] for one in posts)
        (seen,) = driver._standing(posts[0].id)
        assert "relevant" in await driver.press(seen, "Relevant")
        forum = Channel(Platform.DISCORD, str(place.channel.guild_id), str(place.channel.id))
        assert len(await driver.world.store.feedback.judged(forum, 9)) == 1, "it counts there"
        assert "Stopped: rings" in await driver.press(seen, "Stop “rings”")
        assert "no subscriptions" in await driver.say("list", where="place")


async def test_in_the_thread_of_a_digest_one_asks_about_its_channel_until_it_has_orders_of_its_own(
    tmp_path,
):
    async with driven(tmp_path) as driver:
        place = Place(driver, 0)
        await place.subscribe("layout:thread")
        await place.a_day_with(*PAPERS)
        driver._channels["thread"] = place.threads()[0]
        assert "rings" in await driver.say("list", where="thread")
        assert "On Rings" in await driver.say("digest", where="thread")
        assert "Subscribed" in await driver.say("subscribe groups name:groups", where="thread")
        listed = await driver.say("list", where="thread")
        assert "groups" in listed
        assert "rings" not in listed
        assert "groups" not in await driver.say("list", where="place")


async def test_an_announcement_channel_publishes_where_it_is_told_to(tmp_path):
    async with driven(tmp_path) as driver:
        place = Place(driver, ANNOUNCEMENT)
        await place.subscribe()
        await place.a_day_with(PAPERS[0])
        assert place.server.threads.published == []
        await driver.say("settings publish:on", where="place")
        await driver.world.wait(hours=1)
        await place.a_day_with(PAPERS[1])
        assert place.server.threads.published == [place.digests()[-1].id]


async def test_a_plain_webhook_shows_what_was_ordered_for_it_and_nothing_to_press(tmp_path):
    async with DiscordServer(limits=UNLIMITED, clock=Clock(MONDAY.timestamp)) as server:
        channel = server.add_channel(server.add_guild())
        url = server.add_webhook(channel)
        hook = Channel(Platform.DISCORD, "webhook", url.split("/")[-2])
        async with (
            everywhere(api_url=server.api_url, webhooks=[url]) as messenger,
            a_world(tmp_path, messenger) as world,
        ):
            server.clock.follow(lambda: world.clock.now().timestamp())
            await world.say("subscribe rings every:daily at:09:00 tz:UTC", hook)
            await world.announce(*PAPERS)
            await world.wait_until(9)
        (digest,) = server.shown(channel)
        assert "On Rings Again" in digest.text
        assert digest.webhook_id is not None
        assert not [part for part in digest.components if part["type"] == 1]
