"""What may complete what somebody is typing, on platforms that offer that."""

from collections import Counter
from dataclasses import dataclass

from bot.model.command import Asker
from bot.model.errors import BadFilter
from bot.model.record import SearchRequest
from bot.ports import Clock, Store
from bot.rules.fold import fold
from bot.rules.parse import parse_filter

MOST = 25
LOOKED_AT = 60
"""Papers looked at for names: the best of those an author of that name has written."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Asks the store; each list best first."""

    store: Store
    clock: Clock

    async def subscriptions(self, asker: Asker) -> list[str]:
        """Names of the channel's subscriptions."""
        return [one.name for one in await self.store.subscriptions.of(asker.channel)]

    async def queries(self, asker: Asker) -> list[str]:
        """What this person asked lately."""
        return await self.store.people.recent(asker.person, MOST)

    async def authors(self, beginning: str) -> list[str]:
        """Authors of stored papers one of whose names begins so, most papers first."""
        words = fold(beginning)
        if not words:
            return []
        try:
            topic = parse_filter(f"author:{words[-1]}*")
        except BadFilter:
            return []
        today = self.clock.now().date()
        request = SearchRequest(root=topic.root, today=today, limit=LOOKED_AT)
        found = await self.store.papers.search(request)
        names = Counter(
            name for one in found.found for name in one.paper.authors if _begins(fold(name), words)
        )
        return [name for name, _ in names.most_common(MOST)]


def _begins(name: list[str], words: list[str]) -> bool:
    """Whether every word typed begins a part of the name."""
    return all(any(part.startswith(word) for part in name) for word in words)
