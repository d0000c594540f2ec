"""The answer to `rest`."""

from bot.commands.answers.words import papers_counted
from bot.commands.remainders import Remainder
from bot.model.command import Rest
from bot.model.message import Action, Card, Listing
from bot.rules.cards import face

PAGE = 10


def rest(order: Rest, found: Remainder) -> Listing:
    """One page of the papers a digest left out."""
    total = len(found.papers)
    first = (order.page - 1) * PAGE
    page = found.papers[first : first + PAGE]
    name = found.subscription.name
    more = total > first + PAGE
    line = f"rest #{found.subscription.id} {found.period} page:{order.page + 1}"
    return Listing(
        heading=f"{name}: {papers_counted(total)} beyond the digest {found.period}",
        cards=tuple(Card(face(one.paper), one.why) for one in page),
        total=total,
        note=f"Showing {first + 1} to {first + len(page)}." if page and total > PAGE else "",
        footer="" if total else "That digest showed everything that matched.",
        actions=(Action("More", line),) if more else (),
    )
