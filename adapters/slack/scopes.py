"""What the app asks a workspace for, and why: the source of the manifest and of the checks.

Least scopes: what everything needs, then what single features need, then what is opt-in.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """A permission, and the sentence that justifies it."""

    name: str
    why: str


NEEDED = (
    Scope("commands", "/papers, and the shortcut “Papers in this message”"),
    Scope("chat:write", "posts digests where the app was invited"),
)
WANTED = (
    Scope("app_mentions:read", "answers @Paperwire in threads, where slash commands do not work"),
    Scope("im:history", "hears what people write to the app directly"),
    Scope("im:write", "tells the person who subscribed when a channel stops working"),
    Scope(
        "channels:read",
        "keeps subscriptions right when a channel is archived, deleted or gets another id",
    ),
    Scope("groups:read", "the same for private channels the app was invited to"),
    Scope("users:read", "takes the time zone of the person who subscribes"),
    Scope("reactions:read", "takes 👍 and 👎 under a paper as feedback"),
    Scope("links:read", "sees links to papers, to show a card below them"),
    Scope("links:write", "shows that card"),
)
HISTORY = (
    Scope("channels:history", "looks, after a network failure, whether a post arrived"),
    Scope("groups:history", "the same in private channels"),
)


def scopes(*, history: bool = False) -> list[str]:
    """Names of the scopes to ask for. history: with those that read channels back."""
    asked = NEEDED + WANTED + (HISTORY if history else ())
    return [scope.name for scope in asked]
