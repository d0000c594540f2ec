"""A command in a post of a forum means the forum, also where nobody told us what the forum is."""

import pytest

from tests.adapters.discord.listening import gateway, over_http
from tests.servers.discord import faults

THREAD, FORUM = 11, 15


@pytest.fixture
def post(server, lab):
    made = server.add_channel(lab, "a post", kind=THREAD)
    made.parent = server.add_channel(lab, "forum", kind=FORUM).id
    return made


@pytest.fixture
def orders_nothing(knows):
    knows.names = []
    return knows


@pytest.mark.parametrize("way", [gateway, over_http], ids=["gateway", "http"])
async def test_subscribing_in_a_post_is_for_the_forum(
    server, post, chief, answering, orders_nothing, way
):
    async with way(server, answering, orders_nothing):
        for _ in range(2):
            await server.slash(post, chief, "papers-admin subscribe", {"filter": "rings"})
    assert {asker.channel.channel for asker, _ in answering.asked} == {str(post.parent)}
    assert len(server.asked("get_channel")) <= 1, "asked once, and only where it is not known"


async def test_without_an_answer_the_post_is_meant_itself(
    server, post, chief, answering, orders_nothing
):
    async with over_http(server, answering, orders_nothing):
        server.desk.faults.plan("get_channel", faults.Code(50001))
        await server.slash(post, chief, "papers-admin subscribe", {"filter": "rings"})
    ((asker, _),) = answering.asked
    assert asker.channel.channel == str(post.id)
