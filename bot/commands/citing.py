"""BibTeX of what a channel was shown, of saved papers, or of one paper."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands.context import Context
from bot.commands.searching import find_paper
from bot.model.paper import Paper
from bot.model.personal import Bib
from bot.rules.bibtex import bibtex

LONGEST_PAGE = 2_300
"""Characters of BibTeX on a page: what every platform shows in one piece."""

MOST_CITED = 200


async def cited(context: Context, order: Bib) -> tuple[str, int, int]:
    """The page of BibTeX asked for, how many pages there are, and how many papers. NotFound."""
    papers = await _papers(context, order.what)
    pages = [""]
    for entry in map(bibtex, papers):
        joined = f"{pages[-1]}\n\n{entry}" if pages[-1] else entry
        if pages[-1] and len(joined) > LONGEST_PAGE:
            pages.append(entry)
        else:
            pages[-1] = joined
    number = min(order.page, len(pages))
    return pages[number - 1], len(pages), len(papers)


async def _papers(context: Context, what: str) -> list[Paper]:
    store, asker = context.store, context.asker
    if what == "saved":
        kept = await store.people.saved(asker.person, limit=MOST_CITED)
        return list(kept.papers) if asker.member else []
    if what in {"today", "week"}:
        shown = await store.ledger.shown(asker.channel, MOST_CITED)
        since = _midnight(context) - timedelta(days=6 if what == "week" else 0)
        found = [await store.papers.get(one.paper) for one in shown if one.at >= since]
        return [paper for paper in found if paper is not None]
    return [await find_paper(store, context.lookup, what)]


def _midnight(context: Context) -> datetime:
    zone = ZoneInfo(context.asker.zone or "UTC")
    return datetime.combine(context.today, time(0, 0), tzinfo=zone)
