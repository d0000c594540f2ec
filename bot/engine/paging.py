"""A digest as pages that each know their own words, so that one can be written anew alone."""

from dataclasses import dataclass, replace

from bot.model.delivery import Payload
from bot.model.message import Card, Digest
from bot.ports import Renderer
from bot.rules.text import cut

LEAST_SUMMARY = 40


@dataclass(frozen=True, slots=True)
class Page:
    """One platform message and the words it shows."""

    words: Digest
    payload: Payload


def split(render: Renderer, message: Digest) -> list[Page]:
    """The digest as digests that are one page each, with as many papers as fit.

    The note stands on the first, the rest and the footer on the last.
    """
    whole = render(message)
    if len(whole) == 1:
        return [Page(message, whole[0])]
    if len(message.cards) <= 1:
        return [fitted(render, message)]
    fitting = _fitting(render, message)
    first = _beginning(message, fitting)
    rest = replace(
        message, heading=_continued(message.heading), note="", cards=message.cards[fitting:]
    )
    return [fitted(render, first), *split(render, rest)]


def _fitting(render: Renderer, message: Digest) -> int:
    """How many of the papers fit on one page; at least one, and at least one is left over."""
    low, high = 1, len(message.cards) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if len(render(_beginning(message, middle))) == 1:
            low = middle
        else:
            high = middle - 1
    return low


def _beginning(message: Digest, papers: int) -> Digest:
    return replace(message, cards=message.cards[:papers], omitted=0, footer="", actions=())


def _continued(heading: str) -> str:
    return heading if heading.endswith("(continued)") else f"{heading} (continued)"


def fitted(render: Renderer, message: Digest) -> Page:
    """The digest as one page; summaries are shortened as far as that takes."""
    pages = render(message)
    longest = max((len(card.face.summary) for card in message.cards), default=0)
    while len(pages) > 1 and longest > LEAST_SUMMARY:
        longest //= 2
        shorter = tuple(_shortened(card, longest) for card in message.cards)
        message = replace(message, cards=shorter)
        pages = render(message)
    return Page(message, pages[0])


def _shortened(card: Card, length: int) -> Card:
    shorter = cut(card.face.summary, length)
    return card.saying(summary=shorter) if shorter != card.face.summary else card
