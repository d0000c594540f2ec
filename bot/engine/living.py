"""Stage 4: what happened to posted papers → their cards, edited in place. Never a second post.

Each page is written anew at most once in a pass, whatever happened; the outbox drops an edit that a
newer one overtakes before it is sent. A source's counters alone change nothing; the votes of a
channel that wants to see them do, gathered for a while.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.engine.paging import fitted
from bot.model.delivery import DeliveryKind, NewDelivery
from bot.model.memory import News, Rewritten, StalePage
from bot.model.message import Card, Notice
from bot.model.subscription import Platform
from bot.ports import Clock, Renderer, Store
from bot.rules.cards import face, with_tally
from bot.rules.text import readable

log = logging.getLogger(__name__)

PAGES = 200
"""Pages written anew in one transaction; what is left waits for the next."""

MOST_PASSES = 20
LIVING_FOR = timedelta(days=60)
EDIT_EXPIRES = timedelta(hours=72)
VOTES_GATHER = timedelta(seconds=30)
"""Votes given within so long become one edit."""

MOST_UPDATES = 3
"""Updates a card keeps telling of."""

_UPDATE = "Update "


async def renew(store: Store, renderers: Mapping[Platform, Renderer], clock: Clock) -> int:
    """Bring every posted page up to date; how many were."""
    upto = await store.living.newest_news()
    renewed = 0
    for _ in range(MOST_PASSES):
        now = clock.now()
        stale = await store.living.stale(
            since=now - LIVING_FOR, voted_before=now - VOTES_GATHER, limit=PAGES
        )
        if not stale:
            if upto:
                await store.living.told(upto)
            break
        pages = [_rewritten(renderers[page.channel.platform], page, now) for page in stale]
        renewed += await store.living.rewrite(pages, now=now)
    if renewed:
        log.info("posted pages renewed", extra={"pages": renewed})
    return renewed


def _rewritten(render: Renderer, page: StalePage, now: datetime) -> Rewritten:
    words = replace(page.words, cards=tuple(_renewed(one, page) for one in page.words.cards))
    if words == page.words:
        return Rewritten(page, words, ())
    made = fitted(render, words)
    edit = NewDelivery(
        channel=page.channel,
        dedupe_key=f"{page.key}/edit/{page.edits + 1}",
        kind=DeliveryKind.EDIT,
        about=page.key,
        payload=made.payload,
        not_before=now,
        expires_at=now + EDIT_EXPIRES,
    )
    replies = _replies(render, page, now) if page.tell and not page.in_thread else ()
    return Rewritten(page, made.words, (edit, *replies))


def _renewed(one: Card, page: StalePage) -> Card:
    """The card as its paper is now, with what happened to it and what the channel thinks of it."""
    # What stands in a thread repeats a card above, which has the tally and the buttons.
    tally = None if page.in_thread else page.tallies.get(one.face.paper)
    news = [told for told in page.news if one.face.paper in {told.paper.key, *told.paper.ids}]
    if not news:
        return one.saying(facts=with_tally(one.face.facts, tally))
    made = face(news[-1].paper, page.words.mode)
    before = tuple(fact for fact in one.face.facts if fact.startswith(_UPDATE))
    updates = (*before, *_updates(news))[-MOST_UPDATES:]
    now = replace(one, face=made)
    return now.saying(
        facts=with_tally((*updates, *made.facts), tally),
        actions=one.face.actions,
        more=one.face.more,
    )


def _updates(news: Iterable[News]) -> list[str]:
    """`Update 24 Nov: version 2, code`, one for each day."""
    days: dict[str, list[str]] = {}
    for told in news:
        days.setdefault(f"{told.at.day} {told.at:%b}", []).append(told.what)
    return [f"{_UPDATE}{day}: {', '.join(dict.fromkeys(what))}" for day, what in days.items()]


def _replies(render: Renderer, page: StalePage, now: datetime) -> tuple[NewDelivery, ...]:
    """One answer in the thread for all that is new on the page."""
    told: dict[str, list[str]] = {}
    for news in page.news:
        title = readable(news.paper.title) or news.paper.key
        told.setdefault(title, []).append(news.what)
    lines = tuple(f"{title}: {', '.join(dict.fromkeys(what))}" for title, what in told.items())
    heading = "What happened since" if len(lines) > 1 else lines[0]
    notice = Notice(heading=heading, lines=lines if len(lines) > 1 else ())
    return tuple(
        NewDelivery(
            channel=page.channel,
            dedupe_key=f"{page.key}/news/{page.news[-1].id}/{number}",
            kind=DeliveryKind.REPLY,
            about=page.key,
            payload=payload,
            not_before=now,
            expires_at=now + EDIT_EXPIRES,
        )
        for number, payload in enumerate(render(notice), start=1)
    )
