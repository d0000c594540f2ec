"""People, as far as the bot knows them: an id of the platform's in a workspace."""

from dataclasses import dataclass

from bot.model.subscription import Channel, Platform


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a workspace. What is stored of them is stored under a salted hash."""

    platform: Platform
    workspace: str
    id: str

    @property
    def channel(self) -> Channel:
        """Where direct messages to this member go."""
        return Channel(self.platform, self.workspace, f"@{self.id}")


def member_of(channel: Channel) -> Member | None:
    """Whose direct messages a channel carries; None for a channel of many."""
    if not channel.person:
        return None
    return Member(channel.platform, channel.workspace, channel.person)
