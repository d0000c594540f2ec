"""What is offered while somebody types into an option. Nobody waits for it: late means nothing."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from zoneinfo import available_timezones

import discord
from discord import app_commands

from adapters.discord.askers import Interaction, asker_of
from adapters.discord.desk import Knows
from adapters.discord.escape import label
from adapters.discord.limits import CHOICE, CHOICES, units
from adapters.discord.whereabouts import Whereabouts
from bot.model.errors import BotError
from bot.rules.taxonomy import WRITTEN

log = logging.getLogger(__name__)

Choices = list[app_commands.Choice[str]]

WITHIN_S = 1.5
"""Discord drops what comes after three seconds."""

_SHORTEST_NAME = 2
_PARTS = re.compile(r"[./_ ]")


class Completing:
    """Offers names, filters and zones; one method for each kind of option."""

    def __init__(self, knows: Knows, whereabouts: Whereabouts) -> None:
        self._knows = knows
        self._whereabouts = whereabouts
        self._zones = sorted(available_timezones())

    async def name(self, interaction: Interaction, typed: str) -> Choices:
        """Subscriptions of the channel."""

        async def names() -> list[str]:
            return await self._knows.subscriptions(await self._whereabouts.asker(interaction))

        return _choices(await _in_time(names), typed)

    async def zone(self, _interaction: Interaction, typed: str) -> Choices:
        """Time zones; `berlin` and `new york` find theirs."""
        return _choices(self._zones, typed.replace(" ", "_"))

    async def query(self, interaction: Interaction, typed: str) -> Choices:
        """Queries asked before, else what completes the last word of a filter."""
        recent = await _in_time(lambda: self._knows.queries(asker_of(interaction)))
        before = _choices(recent, typed)
        return before or await self.filter(interaction, typed)

    async def filter(self, _interaction: Interaction, typed: str) -> Choices:
        """Categories after `cat:`, names after `author:`."""
        before, last = _last_word(typed)
        field, colon, start = last.partition(":")
        if not colon:
            return []
        bare = start.strip('"')
        if field.lstrip("-").lower() == "cat":
            return _whole(before, field, _matching(WRITTEN.values(), bare))
        if field.lstrip("-").lower() == "author" and len(bare) >= _SHORTEST_NAME:
            names = await _in_time(lambda: self._knows.authors(bare))
            return _whole(before, field, [f'"{name}"' for name in names])
        return []

    async def who(self, interaction: Interaction, typed: str) -> Choices:
        """Authors, whether `author:` was typed or not."""
        if ":" in typed or len(typed) < _SHORTEST_NAME:
            return await self.filter(interaction, typed)
        names = await _in_time(lambda: self._knows.authors(typed))
        return _whole("", "author", [f'"{name}"' for name in names])


def _last_word(typed: str) -> tuple[str, str]:
    """The text before the last word, and that word; a blank inside quotes ends none."""
    quoted, start = False, 0
    for at, char in enumerate(typed):
        if char == '"':
            quoted = not quoted
        elif char == " " and not quoted:
            start = at + 1
    return typed[:start], typed[start:]


def _whole(before: str, field: str, found: Iterable[str]) -> Choices:
    return _offered(f"{before}{field}:{one}" for one in found)


def _choices(found: Iterable[str], typed: str) -> Choices:
    return _offered(_matching(found, typed))


def _matching(found: Iterable[str], typed: str) -> list[str]:
    """Those that begin so, then those with a part that does, then those that contain it."""
    wanted = typed.casefold()

    def place(one: str) -> int:
        text = one.casefold()
        if text.startswith(wanted):
            return 0
        return 1 if any(part.startswith(wanted) for part in _PARTS.split(text)) else 2

    return sorted((one for one in found if wanted in one.casefold()), key=place)


def _offered(values: Iterable[str]) -> Choices:
    fitting = [value for value in values if value and units(value) <= CHOICE]
    return [
        app_commands.Choice(name=label(value, CHOICE) or value, value=value)
        for value in dict.fromkeys(fitting[: 4 * CHOICES])
    ][:CHOICES]


async def _in_time(ask: Callable[[], Awaitable[list[str]]]) -> list[str]:
    try:
        async with asyncio.timeout(WITHIN_S):
            return await ask()
    except (BotError, TimeoutError, discord.DiscordException) as error:
        log.info("nothing to complete with", extra={"problem": type(error).__name__})
        return []
