"""Commands in people's own languages: one table per language, English being the code itself.

A language is added with one table here; a test names every entry that is missing. The roots stay
`/papers…` everywhere: the name of the command is the same on every surface.
"""

from dataclasses import dataclass

import discord
from discord import app_commands

from adapters.discord.german import NAMES as GERMAN_NAMES
from adapters.discord.german import TEXTS as GERMAN_TEXTS

ROOTS = ("papers", "papers-admin", "papers-me")

_Place = app_commands.TranslationContextLocation
NAMED = {_Place.command_name, _Place.group_name, _Place.parameter_name}


@dataclass(frozen=True, slots=True)
class Language:
    """names: of commands and options, in lower case and without blanks; texts: everything else."""

    names: dict[str, str]
    texts: dict[str, str]


LANGUAGES: dict[discord.Locale, Language] = {
    discord.Locale.german: Language(GERMAN_NAMES, GERMAN_TEXTS),
}


class Languages(app_commands.Translator):
    """Looks words up when the commands are told to Discord."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The word in that language; None leaves the English one."""
        language = LANGUAGES.get(locale)
        if language is None or string.message in ROOTS:
            return None
        if context.location in NAMED and not isinstance(context.data, app_commands.ContextMenu):
            return language.names.get(string.message)
        return language.texts.get(string.message)
