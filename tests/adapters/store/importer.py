"""A process that imports papers, to be killed: URL, and how many batches may be saved."""

import asyncio
import sys
from datetime import UTC, datetime

from adapters.store import open_store
from bot.model.paper import Announcements, Event, Paper, Sighting

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BATCHES = 12
SIZE = 150


def batch(number: int) -> Announcements:
    """Papers that are the same in every run."""
    papers = (
        Paper(
            key=f"arxiv:2611.{count:05}",
            title=f"Paper {count} on rings",
            url=f"https://example.org/{count}",
            abstract="We say something about alignment. " * 20,
            authors=("Emmy Noether",),
            published_on=NOW.date(),
        )
        for count in range(number * SIZE, (number + 1) * SIZE)
    )
    return Announcements(
        sightings=tuple(Sighting(paper=one, event=Event.NEW, on=NOW.date()) for one in papers),
        cursor=str(number),
    )


async def run(url: str) -> None:
    async with open_store(url) as store:
        for number in range(BATCHES):
            saved = await store.papers.save("import", batch(number), now=NOW, late_before=None)
            sys.stdout.write(f"{number} {saved.new}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
