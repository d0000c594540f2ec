"""What every command is answered with: who asks, when, and where to look."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.model.command import Asker
from bot.model.errors import BadOption
from bot.ports import Lookup, Store
from bot.ports.documents import Documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One question."""

    asker: Asker
    store: Store
    now: datetime
    lookup: Lookup | None = None
    documents: Documents | None = None

    @property
    def today(self) -> date:
        """The date where the asker is."""
        zone = self.asker.zone
        return (self.now.astimezone(ZoneInfo(zone)) if zone else self.now).date()

    @property
    def texts(self) -> Documents:
        """Who reads and writes text. Raises BadOption where nobody does."""
        if self.documents is None:
            raise BadOption("Here channels cannot be written as text or read from it.")
        return self.documents
