"""What the bot needs of those who bring papers."""

from datetime import datetime
from typing import Protocol

from bot.model.paper import Announcements


class PaperSource(Protocol):
    """Where papers come from; one adapter each."""

    @property
    def name(self) -> str:
        """Its name in commands, settings and the database, such as `arxiv_rss:cs.CL`."""
        ...

    async def fetch(self, cursor: str | None, now: datetime) -> Announcements:
        """Everything announced since `cursor` (None: the source's current window).

        Raises SourceDown (try later), SourceRefused (a person must look) or SourceGarbled
        (their format changed); then nothing was taken and the cursor stays.
        """
        ...

    def next_poll(self, cursor: str | None, now: datetime) -> datetime:
        """When to ask again after a success at `now`, by the source's own rhythm."""
        ...


class Lookup(Protocol):
    """Finds single papers by id at a live source."""

    async def look_up(self, arxiv_ids: list[str]) -> Announcements:
        """The papers with these ids (no version suffix); unknown ids are simply absent.

        Raises like `PaperSource.fetch`.
        """
        ...
