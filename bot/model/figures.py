"""The store in the few figures that are cheap enough to be asked for every few seconds."""

from dataclasses import dataclass, field
from datetime import datetime

BACKUP_AT = "backup_at"
"""The name under which the store remembers when it was last backed up."""

CLOCK_SET = "clock_set"
CLOCK_OFF = "clock_off"
"""Under these, in words, that the shared clock was set, and that a host's own clock is off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a watcher wants to know of the store.

    depth: unfinished messages by state. oldest_due_at: since when the longest waiting of them is
    due, paused channels left out: those wait for a person. lanes: channels by state of their queue.
    breakers: platforms and workspaces to which nothing is sent just now.
    """

    depth: dict[str, int] = field(default_factory=dict)
    oldest_due_at: datetime | None = None
    lanes: dict[str, int] = field(default_factory=dict)
    breakers: dict[str, int] = field(default_factory=dict)
    schema: str = ""
