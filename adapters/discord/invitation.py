"""The link that brings the bot into a server: with the least permissions it can do its work with.

The one list of permissions; docs/discord.md says what each is for, and a test compares them.
"""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Right:
    """A permission: Discord's name, its bit, what it is for, and what is missed without it.

    optional: the bot can do its work without it. Source of the bits: developer documentation,
    "Permissions".
    """

    name: str
    bit: int
    use: str
    without: str
    optional: bool = False


VIEW = Right("View Channel", 1 << 10, "to see the channel it posts to", "nothing is posted here")
SEND = Right("Send Messages", 1 << 11, "to post digests and forum posts", "nothing is posted here")
SEND_IN_THREADS = Right(
    "Send Messages in Threads", 1 << 38, "to post to threads", "nothing is posted here"
)
READ_HISTORY = Right(
    "Read Message History",
    1 << 16,
    "to look whether an unclear post arrived before it is repeated",
    "an unclear post is sent once more",
    optional=True,
)
MAKE_THREADS = Right(
    "Create Public Threads",
    1 << 35,
    "to put details into a thread",
    "details answer in the channel",
    optional=True,
)
RIGHTS = (VIEW, SEND, SEND_IN_THREADS, READ_HISTORY, MAKE_THREADS)

ADMINISTRATOR = 1 << 3
"""Whoever has it has all others."""


def lacking(rights: int, *, in_thread: bool) -> list[Right]:
    """What is missing of what a place needs; rights: the bits the bot has there."""
    elsewhere = (SEND, MAKE_THREADS) if in_thread else (SEND_IN_THREADS,)
    if rights & ADMINISTRATOR:
        return []
    return [one for one in RIGHTS if not rights & one.bit and one not in elsewhere]


SCOPES = ("bot", "applications.commands")


def permissions(*, least: bool = False) -> int:
    """The bits of all rights, or of those that cannot be left out."""
    return sum(right.bit for right in RIGHTS if not (least and right.optional))


def invitation(application_id: str, *, least: bool = False, personal: bool = False) -> str:
    """The link for a server's administrators; personal: for one person's own use, everywhere."""
    query: dict[str, str] = {"client_id": application_id}
    if personal:
        query |= {"integration_type": "1", "scope": "applications.commands"}
    else:
        query |= {"scope": " ".join(SCOPES), "permissions": str(permissions(least=least))}
    return "https://discord.com/oauth2/authorize?" + urlencode(query)
