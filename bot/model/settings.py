"""What a channel has settled for itself."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.subscription import EmptyDay, Layout, Mode


class Managers(StrEnum):
    """Who may change a channel's subscriptions and settings, of those the platform lets."""

    ANYONE = "anyone"
    ADMINS = "admins"  # the channel's creator and the workspace's admins
    LISTED = "listed"  # the admins, and members named in the settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """A channel's policy.

    zone, mode, layout, empty: what new subscriptions start with; None is the program's own default.
    Subscriptions that exist keep what they were made with.
    listed: hashes of the members who may manage under `Managers.LISTED`. tally: show everybody
    how many found a paper relevant. threads: say in a paper's thread what became of it.
    publish: publish posts of an announcement channel.
    is_public: whether everybody in the workspace can read along; None while the platform has not
    said.
    """

    zone: str | None = None
    mode: Mode | None = None
    layout: Layout | None = None
    empty: EmptyDay | None = None
    managers: Managers = Managers.ANYONE
    listed: tuple[str, ...] = ()
    tally: bool = False
    threads: bool = False
    publish: bool = False
    is_public: bool | None = None
