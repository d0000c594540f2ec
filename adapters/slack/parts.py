"""Parts of a message → pages within Slack's limits, each with its whole text for who cannot see it.

A page's text is what notifications and screen readers get. It says everything its blocks say; only
summaries of papers are shortened there where all of them together would be longer than Slack advises.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.slack import limits
from adapters.slack.blocks import Block, context
from adapters.slack.wording import escaped, escaped_units, line, units
from bot.model.delivery import Payload
from bot.rules.text import cut

SAID = 3_000
"""Longest share of one part in the fallback text; with a heading it fits on any page."""

CONTINUED = 120
LEAST_SUMMARY = 40
"""A summary with less room than that is left out."""


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks that stay together on one page, and what they say in plain words (escaped).

    summary: words between `lead` and `rest` that may be shortened. size: characters of all texts in
    the blocks.
    """

    blocks: tuple[Block, ...]
    size: int
    lead: str
    summary: str = ""
    rest: str = ""

    def said(self, most: int = 0) -> str:
        """Its words, with at most so many units of the summary, not escaped yet."""
        summary = ""
        if most >= LEAST_SUMMARY:
            summary = escaped(cut(self.summary, most, measure=escaped_units))
        return "\n".join(words for words in (self.lead, summary, self.rest) if words)


def part(
    blocks: Sequence[Block], lead: str, summary: str = "", rest: str = "", more: Sequence[str] = ()
) -> Part:
    """A part that says these words; more: further lines, escaped already, which name channels."""
    # Cut by their escaped length: three thousand ampersands are fifteen thousand characters.
    first = escaped(cut(lead, SAID // 2 if rest else SAID, measure=escaped_units))
    last = "\n".join([escaped(cut(rest, SAID // 2, measure=escaped_units)), *more]).strip("\n")
    return Part(tuple(blocks), sum(map(_size, blocks)), first, summary, last)


def pages(parts: Sequence[Part], heading: str) -> list[Payload]:
    """The parts on as few pages as the limits allow; later pages repeat the heading, smaller."""
    continued = _continued(heading)
    found: list[list[Part]] = [[]]
    for one in parts:
        if found[-1] and not _fits([*found[-1], one]):
            found.append([continued])
        found[-1].append(one)
    return [_payload(page) for page in found]


def _continued(heading: str) -> Part:
    words = f"{line(heading, CONTINUED) or 'Papers'} (continued)"
    return part([context(words)], words)


def _fits(page: Sequence[Part]) -> bool:
    return (
        sum(len(one.blocks) for one in page) <= limits.BLOCKS_IN_A_MESSAGE
        and sum(one.size for one in page) <= limits.TEXT_IN_ALL_BLOCKS
        and units(_said(page)) <= limits.FALLBACK_TEXT
    )


def _said(page: Sequence[Part], summaries: int = 0) -> str:
    return "\n\n".join(words for one in page if (words := one.said(summaries)))


def _payload(page: Sequence[Part]) -> Payload:
    blocks = [block for one in page for block in one.blocks]
    return {"text": _said(page, _room(page)), "blocks": blocks}


def _room(page: Sequence[Part]) -> int:
    """How long each summary may be so that all that is said stays within the limit."""
    lengths = sorted(escaped_units(one.summary) for one in page if one.summary)
    room = limits.FALLBACK_TEXT - units(_said(page))
    for waiting in range(len(lengths), 0, -1):
        share = room // waiting - 1  # the line break
        shortest = lengths[len(lengths) - waiting]
        if share < shortest:
            return share
        room -= shortest + 1
    return limits.FALLBACK_TEXT


def _size(node: object) -> int:
    if isinstance(node, dict):
        return sum(
            units(child) if name == "text" and isinstance(child, str) else _size(child)
            for name, child in node.items()
        )
    return sum(_size(child) for child in node) if isinstance(node, list) else 0
