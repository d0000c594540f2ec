"""A line somebody typed → the command it means.

The first word is a verb only if it is reserved and the rest fits that verb; otherwise the whole
line is a search. A leading quote, or `search`, always searches: `/papers "trend estimation"`.
"""

import re
from dataclasses import replace

from bot.commands.verbs import ALIASES, READERS
from bot.model.command import Command, Help, Search, Show
from bot.model.errors import BadOption
from bot.rules.identity import paper_key

LONGEST_LINE = 4_000
VERBS = tuple(READERS)

_TYPOGRAPHY = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "\u00a0": " "}
)
_DASH = re.compile(r'(?<!\S)[\u2010-\u2015\u2212](?=[\w"(=])')
"""Phones turn a hyphen before a word into a longer dash."""


def parse_line(text: str) -> Command:
    """What the line means. Raises BadOption for an option that cannot be taken."""
    if len(text) > LONGEST_LINE:
        raise BadOption(f"This line has {len(text)} characters; at most {LONGEST_LINE} are read.")
    line = " ".join(_DASH.sub("-", text.translate(_TYPOGRAPHY)).split())
    if not line:
        return Help()
    first, _, rest = line.partition(" ")
    verb = ALIASES.get(first.lower(), first.lower())
    read = READERS.get(verb)
    command = read(rest) if read else None
    if command is not None:
        return command
    if paper_key(line) is not None:
        return Show(line)
    found = READERS["search"](line) or Help()
    return replace(found, verb=verb) if read and isinstance(found, Search) else found
