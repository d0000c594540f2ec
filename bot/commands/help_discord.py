"""How the bot is asked on Discord, where commands have roots and named options."""

import re
from dataclasses import replace

from bot.model.answer import Answer
from bot.model.command import Command, Search
from bot.model.errors import BadOption
from bot.model.message import Listing, Message, Notice
from bot.rules.text import cut

OVERVIEW = (
    "/papers query:alignment: papers on a topic, at once",
    "/papers query:2403.09472: one paper, by arXiv id or address; view:why says why it came here",
    "/papers-admin subscribe filter:alignment -survey every:daily at:09:00: a digest in this channel",
    "/papers-admin preview filter:alignment -survey days:14: what that would have brought",
    "/papers-admin list, edit, unsubscribe, pause, resume, settings, log, export, import (who may manage the server)",
    "/papers-me digest, follow, mute, save, saved, bib, forget-me: for you alone",
    "/papers view:status: how things are",
)

EXAMPLES = {
    "search": '/papers query:"reward model" -survey',
    "subscribe": "/papers-admin subscribe filter:alignment -survey every:weekdays at:08:30",
    "edit": "/papers-admin edit name:alignment at:08:30 top:5",
    "unsubscribe": "/papers-admin unsubscribe name:alignment",
    "list": "/papers-admin list",
    "preview": "/papers-admin preview filter:diffusion -video days:30",
    "why": "/papers query:2403.09472 view:why",
    "trend": "/papers query:alignment view:trend",
    "status": "/papers view:status",
    "digest": "/papers-me digest name:alignment",
    "pause": "/papers-admin pause name:alignment days:3",
    "resume": "/papers-admin resume name:alignment",
    "settings": "/papers-admin settings tz:Europe/Berlin manage:admins",
    "log": "/papers-admin log",
    "export": "/papers-admin export",
    "import": "/papers-admin import",
    "follow": "/papers-me follow",
    "unfollow": "/papers-me unfollow",
    "mute": "/papers-me mute term:survey days:14",
    "unmute": "/papers-me unmute term:survey",
    "save": "/papers-me save paper:2403.09472",
    "saved": "/papers-me saved",
    "bib": "/papers-me bib paper:2403.09472",
    "forget-me": "/papers-me forget-me",
}
"""What to type for each verb that has a slash command of its own there."""

BUTTON = "On Discord this is a button under a card or an answer."
BUTTONS = frozenset({"like", "dislike", "similar", "share", "undo"})

_NAMED = re.compile(r"`(help )?([a-z][a-z-]*)( [^`]*)?`")
"""A command as answers name it: `list`, `help follow`, `settings tz:Europe/Berlin`."""

_OPTION = re.compile(r" (?!view:)\w+:.*")


def as_asked_there(answer: Answer) -> Answer:
    """The answer with each command it names as it is called on Discord."""
    return replace(answer, private=_said(answer.private), public=_said(answer.public))


def check_meant(command: Command, line: str) -> None:
    """Raise BadOption where a verb's options do not fit it.

    Elsewhere the whole line is a search then; on Discord the verb was chosen, not typed.
    """
    if isinstance(command, Search) and command.verb:
        _, _, given = line.partition(" ")
        shown = cut(given, 60)
        raise BadOption(f"{command.verb}: does not take “{shown}”; see `help {command.verb}`")


def called(text: str) -> str:
    """`text` with each command it names as it is called on Discord."""
    return _NAMED.sub(_called, text)


def _called(found: re.Match[str]) -> str:
    asks_help, verb, more = found.groups()
    if asks_help:
        return f"/papers query:help {verb}"
    if verb in BUTTONS:
        return f"the button {verb.capitalize()}"
    example = EXAMPLES.get(verb)
    if example is None:
        return found[0]
    return example if more else _OPTION.sub("", example)


def _said(message: Message | None) -> Message | None:
    match message:
        case Notice(heading=heading, lines=lines):
            # A line that is more than words is left as it is, see `InChannel`.
            said = tuple(called(one) if type(one) is str else one for one in lines)
            return replace(message, heading=called(heading), lines=said)
        case Listing(note=note, footer=footer):
            return replace(message, note=called(note), footer=called(footer))
        case _:
            return message
