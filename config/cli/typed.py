"""What an answer offers to do next, as lines to type in a shell.

In a chat the same is a button, or a line after `/papers`.
"""

import shlex
from collections.abc import Iterator
from dataclasses import replace

from bot.model.message import Digest, Listing, Message, Notice

OF_A_CHANNEL = frozenset({"subscribe", "unsubscribe", "pause", "resume", "digest", "why"})
OF_THE_INDEX = frozenset({"search", "show", "preview"})
_PAGE = " page:"


def in_a_shell(message: Message, channel: str = "") -> tuple[Message, list[str]]:
    """The message without its chat actions, and those of them that the command line has too."""
    rows = [
        f"{action.label}: {line}"
        for action in message.actions
        if (line := _line(action.command, channel))
    ]
    return _without_actions(message), rows


def _line(command: str, channel: str) -> str:
    verb, _, rest = command.partition(" ")
    if _PAGE in command:
        return ""  # a program asks for as many as it wants, by --limit
    if verb in OF_A_CHANNEL and channel:
        return " ".join(("papers", verb, *_quoted(channel, rest)))
    if verb in OF_THE_INDEX:
        return " ".join(("papers", verb, *_quoted(rest)))
    return ""


def _quoted(*words: str) -> Iterator[str]:
    for word in words:
        yield word if all(map(_plain, word.split())) else shlex.quote(word)


def _plain(word: str) -> bool:
    return shlex.quote(word) == word


def _without_actions(message: Message) -> Message:
    match message:
        case Digest() | Listing() | Notice():
            cards = tuple(card.saying(actions=()) for card in message.cards)
            return replace(message, cards=cards, actions=())
