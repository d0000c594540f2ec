"""The invitation asks for what is needed and no more."""

from pathlib import Path

import pytest

from adapters.discord.checkup import application
from adapters.discord.invitation import RIGHTS, invitation, permissions
from bot.model.errors import ConfigError
from tests.servers.discord import Permission

ADMINISTRATOR, MANAGE_GUILD, MENTION_EVERYONE = 1 << 3, 1 << 5, 1 << 17
DOCS = Path(__file__).parents[3] / "docs" / "discord.md"


def test_the_bits_are_discords_own():
    named = {"".join(right.name.upper().replace(" ", "_")): right.bit for right in RIGHTS}
    assert {name: Permission[name] for name in named} == named


def test_nothing_dangerous_is_asked_for():
    assert not permissions() & (ADMINISTRATOR | MANAGE_GUILD | MENTION_EVERYONE)
    assert permissions(least=True) & permissions() == permissions(least=True)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "scope=bot+applications.commands&permissions=309237713920"),
        ({"least": True}, "permissions=274877910016"),
        ({"personal": True}, "integration_type=1&scope=applications.commands"),
    ],
)
def test_the_link(options, says):
    link = invitation("123", **options)
    assert link.startswith("https://discord.com/oauth2/authorize?client_id=123&")
    assert says in link


def test_the_guide_explains_every_permission():
    text = DOCS.read_text(encoding="utf-8")
    assert all(f"| {right.name} |" in text for right in RIGHTS)


async def test_the_application_is_that_of_the_token(server):
    assert await application(server.token, server.api_url) == str(server.world.bot.id)
    with pytest.raises(ConfigError, match="does not know this token"):
        await application("wrong", server.api_url)
