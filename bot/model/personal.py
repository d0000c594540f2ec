"""What people ask for themselves, and of single papers."""

from dataclasses import dataclass
from enum import IntEnum


class Verdict(IntEnum):
    """What a member says of a paper in a channel."""

    RELEVANT = 1
    NOT_FOR_US = -1


@dataclass(frozen=True, slots=True)
class Vote:
    """A member's verdict on a paper in this channel; a second one replaces the first."""

    paper: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class UndoVote:
    """Take back my verdict on this paper here."""

    paper: str


@dataclass(frozen=True, slots=True)
class Follow:
    """Bring me papers of this author or organisation, by direct message."""

    filter: str
    given: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unfollow:
    """No longer follow this, by what it says or by its number in the list."""

    what: str


@dataclass(frozen=True, slots=True)
class ListFollows:
    """What I follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Hide papers that match this filter from my digests; days None: until unmuted."""

    term: str
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Unmute:
    """Show me such papers again."""

    term: str


@dataclass(frozen=True, slots=True)
class Save:
    """Keep a paper in my list."""

    paper: str


@dataclass(frozen=True, slots=True)
class Unsave:
    """Take a paper off my list."""

    paper: str


@dataclass(frozen=True, slots=True)
class ListSaved:
    """My saved papers."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class Bib:
    """BibTeX of `today`, `week`, `saved`, or of one paper. page counts from 1."""

    what: str = "saved"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Similar:
    """Papers like this one."""

    paper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """How often papers match a filter over time; empty: which words rise among our papers."""

    term: str = ""
    days: int = 30


@dataclass(frozen=True, slots=True)
class ForgetMe:
    """Forget everything stored about me in this workspace."""
