"""Refused requests are counted, whoever made them: 10,000 in ten minutes ban the address."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.clock import VirtualClock
from adapters.discord.limits import INVALID_STOP
from adapters.discord.messenger import everywhere
from adapters.discord.pace import InvalidRequests
from adapters.discord.render import render
from bot.model.errors import StoreDown
from bot.model.subscription import Channel, Platform
from bot.ports import Unmetered
from tests.adapters.discord.examples import a_digest
from tests.adapters.discord.listening import Answering, gateway, over_http
from tests.servers.discord import faults

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FORUM, ANNOUNCEMENT = 15, 5
(PAGE,) = render(a_digest(1))


class Tallies:
    """A count that every process shares."""

    def __init__(self, so_far=0):
        self.so_far = so_far
        self.closed = {}
        self.trouble = None

    async def tally(self, key, *, now, window):
        del key, now, window
        if self.trouble is not None:
            raise self.trouble
        self.so_far += 1
        return self.so_far

    async def close(self, key, *, until):
        self.closed[key] = until

    async def enter(self, key, *, now, longest):
        del key, longest
        return now

    async def leave(self, key, *, until):
        del key, until


def counting(tallies):
    return InvalidRequests(tallies, VirtualClock(NOON), Unmetered())


def there(channel, person=""):
    return Channel(
        Platform.DISCORD, str(channel.guild_id), f"@{person}" if person else str(channel.id)
    )


@pytest.mark.parametrize(
    ("fault", "counted"),
    [
        (faults.Code(50013), 1),
        (faults.Limited(1), 1),
        (faults.Limited(1, scope="shared"), 0),
        (faults.Code(50035), 0),
    ],
)
async def test_what_discord_counts_is_counted(server, channel, fault, counted):
    tallies = Tallies()
    server.desk.faults.plan("create_message", fault)
    async with everywhere(
        server.token, api_url=server.api_url, invalid=counting(tallies)
    ) as messenger:
        await messenger.post(there(channel), PAGE, marker="1")
    assert tallies.so_far == server.desk.limiter.invalid_requests == counted
    assert tallies.closed == {}


async def test_posts_to_every_kind_of_place_are_counted_and_looks_too(server, lab, channel, anna):
    async def publishes(_channel):
        return True

    url = server.add_webhook(channel)
    hook = Channel(Platform.DISCORD, "webhook", url.split("/")[-2])
    forum = server.add_channel(lab, "forum", kind=FORUM)
    news = server.add_channel(lab, "news", kind=ANNOUNCEMENT)
    tallies = Tallies()
    async with everywhere(
        server.token,
        api_url=server.api_url,
        webhooks=[url],
        publishes=publishes,
        invalid=counting(tallies),
    ) as messenger:
        posted = await messenger.post(there(news), PAGE, marker="1")  # learnt before the storm
        await messenger.post(there(forum), PAGE, marker="1")
        refused_before = tallies.so_far
        server.desk.faults.plan("*", faults.Code(50001), times=None)
        for place in (there(channel), there(forum), hook, there(channel, person=anna.id)):
            await messenger.post(place, PAGE, marker="2")
            await messenger.edit(place, posted.message_id, PAGE)
            await messenger.find(place, marker="2", since=NOON)
        await messenger.post(there(news), PAGE, marker="3", thread=posted.message_id)
        server.desk.faults.clear()
        server.desk.faults.plan("crosspost_message", faults.Code(50013))
        await messenger.post(there(news), PAGE, marker="4")
    assert tallies.so_far == server.desk.limiter.invalid_requests >= refused_before + 12


@pytest.mark.parametrize("way", [gateway, over_http], ids=["gateway", "http"])
async def test_answers_to_people_and_the_commands_told_to_discord_are_counted(
    server, lab, channel, anna, way, monkeypatch
):
    monkeypatch.setattr("tests.servers.discord.people.PATIENCE_S", 0.3)
    tallies = Tallies()
    server.desk.faults.plan("list_application_commands", faults.Code(50001))
    async with way(server, Answering(), invalid=counting(tallies)):
        assert tallies.so_far == 1, "the commands"
    async with way(server, Answering(), invalid=counting(tallies)):
        server.desk.faults.plan("create_interaction_response", faults.Code(50013))
        await server.slash(channel, anna, "papers", {"query": "x"})
    assert tallies.so_far == server.desk.limiter.invalid_requests >= 2


async def test_too_many_of_them_stop_sending_before_a_ban(server, channel):
    tallies = Tallies(so_far=INVALID_STOP - 1)
    server.desk.faults.plan("create_message", faults.Code(50013))
    async with everywhere(
        server.token, api_url=server.api_url, invalid=counting(tallies)
    ) as messenger:
        await messenger.post(there(channel), PAGE, marker="1")
    assert tallies.closed == {"discord": NOON + timedelta(minutes=10)}


async def test_a_count_that_cannot_be_kept_costs_nobody_an_answer(server, channel, caplog):
    tallies = Tallies()
    tallies.trouble = StoreDown()
    server.desk.faults.plan("create_message", faults.Code(50013))
    async with everywhere(
        server.token, api_url=server.api_url, invalid=counting(tallies)
    ) as messenger:
        outcome = await messenger.post(there(channel), PAGE, marker="1")
    assert "Send Messages" in outcome.reason
    assert "not counted" in caplog.text
