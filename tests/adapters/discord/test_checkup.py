"""The check of the bot token."""

import pytest
from aiohttp import web

from adapters.discord.checkup import Identity, identify
from tests.servers.discord.server import DiscordServer


async def test_a_good_token_tells_the_bot_and_uses_up_no_login():
    async with DiscordServer() as discord:
        first = await identify(discord.token, discord.api_url)
        second = await identify(discord.token, discord.api_url)
        name = discord.world.bot.name

    assert isinstance(first, Identity)
    assert first.bot == name
    assert first.logins_left == 1000
    assert not first.few_logins
    assert second == first


async def test_a_wrong_token_is_explained_without_showing_it():
    async with DiscordServer() as discord:
        found = await identify("wrong", discord.api_url)

    assert found == "401: Discord does not know this token; check DISCORD_TOKEN"


async def test_a_wrong_address_is_explained():
    assert await identify("x", "http://127.0.0.1:9") == (
        "Discord does not answer: ClientConnectorError"
    )


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda: web.Response(status=502), "Discord answers 502; is DISCORD_API_URL right?"),
        (lambda: web.Response(text="<html>"), "the answer is not in Discord's form"),
        (lambda: web.json_response([1]), "the answer is not in Discord's form"),
    ],
)
async def test_a_discord_that_is_down_is_explained(answer, says):
    async def handle(_request):
        return answer()

    app = web.Application()
    app.router.add_get("/users/@me", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        assert await identify("x", f"http://127.0.0.1:{runner.addresses[0][1]}") == says
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(("left", "few"), [(3, True), (900, False), (None, False)])
def test_a_bot_that_restarts_over_and_over_is_noticed(left, few):
    assert Identity("paperwire", left).few_logins is few
