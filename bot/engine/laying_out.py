"""The ranked papers of one occurrence → the messages its subscription's layout makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.engine.paging import Page, split
from bot.model.delivery import DeliveryKind, NewDelivery
from bot.model.message import Card, Digest
from bot.model.subscription import Layout, Mode, Subscription
from bot.ports import Renderer
from bot.rules.digests import MOST_SINGLE_POSTS, Ranked, digest, posted_singly, shown_of

WANTED_FOR = timedelta(days=7)
"""How long a message is tried to be posted; a match is not lost for a few bad days."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One firing of a subscription: when, under which label, on which local date."""

    subscription: Subscription
    due_at: datetime
    period: str
    day: date
    now: datetime

    def key(self, label: str, number: int = 1) -> str:
        """The dedupe key of one of its messages."""
        return f"{self.subscription.id}/{self.period}/{label}/{number}"


def lay_out(
    render: Renderer,
    occurrence: Occurrence,
    ranked: Sequence[Ranked],
    count: int,
    note: str,
    *,
    room: int = MOST_SINGLE_POSTS,
) -> list[NewDelivery]:
    """The deliveries that show these papers, in order; every paper rides on the page it is on.

    ranked: the best of `count`, as many as a digest can show at least. room: how many messages the channel may get one by one before they become a digest.
    """
    subscription = occurrence.subscription
    if posted_singly(subscription, count) and count <= room:
        return _posts(render, occurrence, ranked, 0)
    shown = shown_of(subscription, ranked, count)
    if subscription.layout in {Layout.POSTS, Layout.FORUM}:
        return _posts(render, occurrence, shown, count - len(shown), note)
    message = digest(
        subscription, ranked, occurrence.day, count=count, note=note, period=occurrence.period
    )
    made = _deliveries(occurrence, split(render, message), "digest")
    if subscription.layout is Layout.THREAD:
        made += _details(render, occurrence, shown, made[0].dedupe_key)
    return made


def _posts(
    render: Renderer,
    occurrence: Occurrence,
    shown: Sequence[Ranked],
    left_out: int,
    note: str = "",
) -> list[NewDelivery]:
    """A message for each paper; what has no room is counted under the last one."""
    made = []
    for place, one in enumerate(shown, start=1):
        alone = digest(occurrence.subscription, [one], occurrence.day)
        alone = replace(
            alone,
            topic=alone.cards[0].face.title,
            tags=(occurrence.subscription.name, *one.also),
            note=note if place == 1 else "",
            omitted=left_out if place == len(shown) else 0,
        )
        made += _deliveries(occurrence, split(render, alone), one.paper.key)
    return made


def _details(
    render: Renderer, occurrence: Occurrence, shown: Sequence[Ranked], about: str
) -> list[NewDelivery]:
    """The whole abstracts as answers to the digest, which is the way to read on for who wants to."""
    subscription = replace(occurrence.subscription, mode=Mode.FULL, top=max(len(shown), 1))
    message = replace(
        digest(subscription, shown, occurrence.day), heading="In full", footer="", omitted=0
    )
    message = replace(message, cards=tuple(_unpressed(card) for card in message.cards))
    replies = _deliveries(occurrence, split(render, message), "details")
    return [replace(reply, kind=DeliveryKind.REPLY, about=about, papers=()) for reply in replies]


def _unpressed(card: Card) -> Card:
    """A card without buttons: they stand on the digest above."""
    return replace(card.saying(actions=(), more=()), stop=None)


def _deliveries(occurrence: Occurrence, pages: Sequence[Page], label: str) -> list[NewDelivery]:
    return [
        NewDelivery(
            channel=occurrence.subscription.channel,
            dedupe_key=occurrence.key(label, number),
            payload=page.payload,
            words=page.words,
            papers=tuple(card.face.paper for card in page.words.cards),
            not_before=occurrence.now,
            expires_at=occurrence.now + WANTED_FOR,
        )
        for number, page in enumerate(pages, start=1)
    ]


def one_line(render: Renderer, occurrence: Occurrence, message: Digest) -> list[NewDelivery]:
    """A digest without papers, for a day on which there is only something to say."""
    return _deliveries(occurrence, split(render, message), "digest")
