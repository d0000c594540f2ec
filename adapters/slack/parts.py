"""Parts of a message → pages within Slack's limits, each with its whole text for who cannot see it.

A page's text is what notifications and screen readers get. It says everything its blocks say; only
summaries of papers are shortened there where all of them together would be longer than Slack advises.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from adapters.slack import limits
from adapters.slack.blocks import Block, context, size_of
from adapters.slack.wording import escaped, escaped_units, line, units
from bot.model.delivery import Payload
from bot.rules.text import cut

SAID = 3_000
"""Longest share of one part in the fallback text; with a heading it fits on any page."""

CONTINUED = 120
BETWEEN = "\n\n"
LONGEST_ESCAPED = len("&amp;")
LEAST_SUMMARY = 40
"""A summary with less room than that is left out."""


class Part(NamedTuple):
    """Blocks that stay together on one page, and what they say in plain words (escaped).

    summary: words between `lead` and `rest` that may be shortened. size: characters of all texts in
    the blocks. length: units of what is said without the summary; spoken: of the summary.
    """

    blocks: tuple[Block, ...]
    size: int
    length: int
    lead: str
    summary: str = ""
    rest: str = ""
    spoken: int = 0

    def said(self, most: int = 0) -> str:
        """Its words, with at most so many units of the summary, not escaped yet."""
        summary = ""
        if most >= LEAST_SUMMARY and self.summary:
            # Nothing in it is escaped, and every letter counts once.
            is_plain = self.spoken == len(self.summary)
            summary = (cut if is_plain else _shortened)(self.summary, most)
        return "\n".join([words for words in (self.lead, summary, self.rest) if words])


@lru_cache(maxsize=4096)
def _shortened(summary: str, most: int) -> str:
    return escaped(cut(summary, most, measure=escaped_units))


def part(
    blocks: Sequence[Block],
    lead: str,
    summary: str = "",
    rest: str = "",
    more: Sequence[str] = (),
) -> Part:
    """A part that says these words; more: further lines, escaped already, which name channels."""
    first = said(lead, SAID // 2 if rest else SAID)
    last = said(rest, SAID // 2)
    if more:
        last = "\n".join([last, *more]).strip("\n")
    return joined(tuple(blocks), first, last, summary, escaped_units(summary))


def joined(
    blocks: tuple[Block, ...], lead: str, rest: str, summary: str = "", spoken: int = 0
) -> Part:
    """The same of what is escaped and short enough already. spoken: units of the summary."""
    length = units(lead) + units(rest) + (1 if lead and rest else 0)
    return Part(blocks, sum(map(size_of, blocks)), length, lead, summary, rest, spoken)


def said(text: str, most: int) -> str:
    """`text` escaped and cut to so many units.

    By its escaped length: three thousand ampersands are fifteen thousand characters.
    """
    if len(text) * LONGEST_ESCAPED > most:
        text = cut(text, most, measure=escaped_units)
    return escaped(text)


def pages(parts: Sequence[Part], heading: str) -> list[Payload]:
    """The parts on as few pages as the limits allow; later pages repeat the heading, smaller."""
    whole = _Page.of(parts)
    if whole.fits():
        return [whole.payload()]
    page = _Page()
    found = [page]
    for one in parts:
        if page.parts and not page.has_room(one):
            page = _Page()
            page.add(_continued(heading))
            found.append(page)
        page.add(one)
    return [one.payload() for one in found]


def _continued(heading: str) -> Part:
    words = f"{line(heading, CONTINUED) or 'Papers'} (continued)"
    return part([context(words)], words)


@dataclass(slots=True)
class _Page:
    """One message in the making. said: units of its text, without summaries."""

    parts: list[Part] = field(default_factory=list)
    blocks: int = 0
    size: int = 0
    said: int = 0

    @classmethod
    def of(cls, parts: Sequence[Part]) -> "_Page":
        """All of them on one page, whether they fit or not."""
        lengths = [one.length for one in parts if one.length]
        return cls(
            parts=list(parts),
            blocks=sum([len(one.blocks) for one in parts]),
            size=sum([one.size for one in parts]),
            said=sum(lengths) + len(BETWEEN) * max(len(lengths) - 1, 0),
        )

    def fits(self) -> bool:
        """Whether it is within every limit."""
        return (
            self.blocks <= limits.BLOCKS_IN_A_MESSAGE
            and self.size <= limits.TEXT_IN_ALL_BLOCKS
            and self.said <= limits.FALLBACK_TEXT
        )

    def add(self, one: Part) -> None:
        """Put a part at its end."""
        self.said += self._more(one)
        self.parts.append(one)
        self.blocks += len(one.blocks)
        self.size += one.size

    def has_room(self, one: Part) -> bool:
        """Whether it is within every limit with one part more."""
        return (
            self.blocks + len(one.blocks) <= limits.BLOCKS_IN_A_MESSAGE
            and self.size + one.size <= limits.TEXT_IN_ALL_BLOCKS
            and self.said + self._more(one) <= limits.FALLBACK_TEXT
        )

    def _more(self, one: Part) -> int:
        if not one.length:
            return 0
        return one.length + (len(BETWEEN) if self.said else 0)

    def payload(self) -> Payload:
        """The message."""
        room = self._room()
        return {
            "text": BETWEEN.join([words for one in self.parts if (words := one.said(room))]),
            "blocks": [block for one in self.parts for block in one.blocks],
        }

    def _room(self) -> int:
        """How long each summary may be so that all that is said stays within the limit."""
        lengths = sorted(one.spoken for one in self.parts if one.summary)
        room = limits.FALLBACK_TEXT - self.said
        for waiting in range(len(lengths), 0, -1):
            share = room // waiting - 1  # the line break
            shortest = lengths[len(lengths) - waiting]
            if share < shortest:
                return share
            room -= shortest + 1
        return limits.FALLBACK_TEXT
