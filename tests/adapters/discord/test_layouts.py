"""Every place and layout, from the command that orders it to what stands there in the end."""

from adapters.discord.messenger import everywhere
from bot.model.subscription import Channel, Platform
from tests.adapters.discord.driving import driven
from tests.builders import a_paper
from tests.servers.discord import UNLIMITED, DiscordServer
from tests.servers.discord.world import Clock
from tests.world import MONDAY, a_world

ANNOUNCEMENT, FORUM = 5, 15
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


async def test_a_forum_gets_a_post_for_each_paper_tagged_like_the_subscription(tmp_path):
    async with driven(tmp_path) as driver:
        place = Place(driver, FORUM)
        place.channel.tags = {"Rings": "901", "Groups": "902"}
        place.channel.needs_tag = True
        await place.subscribe("layout:forum")
        await place.a_day_with(*PAPERS)
        posts = [one for one in place.threads() if one.messages and one.name.startswith("On")]
        assert sorted(one.name for one in posts) == ["On Rings", "On Rings Again"]
        assert all(one.applied == ["901"] for one in posts)
        (seen,) = driver._standing(posts[0].id)
        assert "relevant" in await driver.press(seen, "Relevant")


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
