"""Where a paper stood in the digest that chose from it."""

from dataclasses import dataclass

from bot.model.record import PaperHistory
from bot.model.subscription import Subscription
from bot.ports import Store
from bot.rules.digests import rank
from bot.rules.ranking import Score
from bot.rules.taste import Taste


@dataclass(frozen=True, slots=True)
class Place:
    """A paper's place in one digest. number: from 1, by today's ranking of the same papers."""

    period: str
    number: int
    count: int
    shown_count: int
    score: Score


async def place_of(
    store: Store, history: PaperHistory, subscription: Subscription, period: str, taste: Taste
) -> Place | None:
    """The place of the paper among everything that digest chose from."""
    chosen = await store.ledger.chosen(subscription, period)
    if chosen is None:
        return None
    both = [*chosen.shown, *chosen.left_out.papers]
    ranked = rank(
        subscription.filter,
        [one.paper for one in both],
        chosen.day,
        events={one.paper.key: one.event for one in both},
        taste=taste,
        explained=0,
    )
    for number, one in enumerate(ranked, start=1):
        if one.paper.key == history.paper.key:
            return Place(
                period,
                number,
                len(both),
                len(chosen.shown),
                one.score,
            )
    return None
