"""After days without the bot, or without the platform: everything comes, and nobody is flooded."""

from datetime import timedelta

from bot.model.delivery import NotSent, Outcome
from tests.builders import LAB, a_paper
from tests.fakes.messenger import FakeMessenger
from tests.world import World, a_world

MOST = 5


class Away(FakeMessenger):
    """A platform that can be away for days."""

    def __init__(self) -> None:
        super().__init__()
        self.away: Outcome | None = None

    async def post(self, to, page, *, marker, thread="") -> Outcome:
        return self.away or await super().post(to, page, marker=marker, thread=thread)


async def days_pass(world: World, days: int, *, papers: int = 2) -> list[str]:
    """The bot runs, papers are announced every few hours; their titles."""
    titles = []
    for _ in range(days * 4):
        found = [a_paper(f"On Rings, after {world.clock.now()} {n}") for n in range(papers)]
        titles += [one.title for one in found]
        await world.announce(*found)
        await world.wait(hours=6)
    return titles


def pages(platform):
    posted = platform.posts.get(str(LAB), [])
    return [page for page in posted if page["cards"]]


async def until_calm(world: World) -> None:
    for _ in range(24):
        await world.wait(minutes=20)


async def test_after_three_days_without_the_bot_each_channel_gets_a_few_messages(tmp_path):
    async with a_world(tmp_path) as world:
        for word in ("rings", "fields", "groups"):
            await world.say(f"subscribe {word} every:instant name:{word}")
        await world.say("subscribe modules at:09:00 name:daily")
        words = ("Rings", "Fields", "Groups")
        titles = [f"On {word}, part {n}" for word in words for n in range(4)]
        titles += [f"On Modules, part {n}" for n in range(6)]
        world.clock.advance(timedelta(days=3))
        await world.announce(*[a_paper(title) for title in titles])
        await until_calm(world)
        assert sorted(world.shown()) == sorted(titles)
        singles = [page for page in pages(world.platform) if len(page["cards"]) == 1]
        assert len(singles) <= MOST
        late = [page for page in pages(world.platform) if "late" in page["note"]]
        assert [len(page["cards"]) for page in late] == [6], "three missed digests are one"


async def test_a_platform_that_is_away_for_three_days_gets_the_rest_as_one_digest(tmp_path):
    platform = Away()
    async with a_world(tmp_path, platform) as world:
        await world.say("subscribe rings every:instant top:50")
        platform.away = NotSent("503")
        titles = await days_pass(world, 3)
        assert platform.titles(LAB) == []
        platform.away = None
        await until_calm(world)
        assert sorted(platform.titles(LAB)) == sorted(titles)
        sizes = [len(page["cards"]) for page in pages(platform)]
        assert sizes.count(1) <= MOST
        (gathered,) = [page for page in pages(platform) if len(page["cards"]) > 1]
        assert (
            f"{len(gathered['cards'])} papers came while I was away or could not post"
            in (gathered["note"])
        )


async def test_digests_that_a_platform_missed_become_one(tmp_path):
    platform = Away()
    async with a_world(tmp_path, platform) as world:
        await world.say("subscribe rings at:09:00 top:50")
        platform.away = NotSent("503")
        titles = await days_pass(world, 4)
        platform.away = None
        await until_calm(world)
        assert sorted(platform.titles(LAB)) == sorted(titles)
        assert len(pages(platform)) <= 3, "the one that waited, what was missed, today's"


async def test_what_could_not_be_posted_for_a_week_expires_and_the_rest_still_comes(tmp_path):
    platform = Away()
    async with a_world(tmp_path, platform) as world:
        await world.say("subscribe rings every:instant top:50")
        platform.away = NotSent("503")
        titles = await days_pass(world, 9, papers=1)
        platform.away = None
        await until_calm(world)
        await world.engine.tidy()
        owed = (await world.store.upkeep.status()).deliveries
        assert owed.get("expired") == 1
        assert set(titles) - set(platform.titles(LAB)) == {titles[0]}


async def test_a_channel_that_works_gets_each_alert_by_itself(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        for number in range(12):
            await world.announce(a_paper(f"On Rings, part {number}"))
        assert [len(page["cards"]) for page in pages(world.platform)] == [1] * 12
