"""What every command is answered with: who asks, when, and where to look."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.model.command import Asker
from bot.ports import Lookup, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One question."""

    asker: Asker
    store: Store
    now: datetime
    lookup: Lookup | None = None

    @property
    def today(self) -> date:
        """The date where the asker is."""
        zone = self.asker.zone
        return (self.now.astimezone(ZoneInfo(zone)) if zone else self.now).date()
