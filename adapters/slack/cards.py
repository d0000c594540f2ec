"""A card → its part of a page. What it is whoever it is for is made once and kept.

A day's papers stand in message after message; only why they are there differs between them.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from adapters.slack import limits
from adapters.slack.blocks import (
    Block,
    bold,
    buttons,
    can_carry,
    channel_name,
    context,
    link,
    menu_section,
    paragraph,
    run,
    size_of,
)
from adapters.slack.parts import SAID, Part, part, said
from adapters.slack.wording import escaped, escaped_units, line, units, web_address
from bot.model.delivery import Shared
from bot.model.message import Action, Card, Face, SeenIn
from bot.model.subscription import Channel

# What we show at most of each piece; all of them lie far within Slack's own limits.
TITLE, BYLINE, SUMMARY, FACTS, LABEL = 300, 200, 2_500, 700, 40
SAID_ADDRESS = 500

MACHINE_WRITTEN = "Machine-written summary: "
NO_TITLE = "(no title)"
_BETWEEN = " · "
_CHANNEL = re.compile(r"[CG][A-Z0-9]{8,30}")


class _Still(NamedTuple):
    """What a card is whoever it is for.

    runs: the pieces of its paragraph, `block`. rows: what can be pressed under it. size: characters
    of all texts in these blocks. lead: title and byline; said: the same as it is said above anything
    else, and how many units that are. spoken: units of the summary. address: as it is said, empty
    if it is too long. general: what can be done about all cards alike.
    """

    block: Block
    runs: list[Block]
    rows: tuple[Shared, ...]
    size: int
    lead: str
    said: str
    said_units: int
    summary: str
    spoken: int
    address: str
    general: tuple[Action, ...]


def card_part(card: Card, *, alone: bool) -> Part:
    """A card as a part of a page. alone: no other card stands in the message."""
    face = card.face
    still = _still(face, alone)
    facts = line(_BETWEEN.join([words for words in (*face.facts, *card.why) if words]), FACTS)
    if card.seen or (not alone and _is_to_be_read(card)):
        return _unusual(card, still, facts, alone=alone)
    blocks, size = (still.block, *still.rows), still.size
    if facts:
        small = context(facts)
        blocks = (still.block, small, *still.rows)
        size += size_of(small)
    rest = said(_lines(facts, still.address), SAID // 2)
    if not rest:
        return part(blocks, still.lead, still.summary)
    length = still.said_units + units(rest) + (1 if still.said else 0)
    return Part(blocks, size, length, still.said, still.summary, rest, still.spoken)


def _unusual(card: Card, still: _Still, facts: str, *, alone: bool) -> Part:
    """A card that says where else it stood; or a result among others, which is there to be read.

    The latter has a menu alone, where a paper to be judged has buttons.
    """
    block, below, where = still.block, list[Block](still.rows), list[str]()
    if facts and not alone and _is_to_be_read(card):
        below = [menu_section(facts, card.face.actions)]
    elif facts:
        below = [context(facts), *below]
    if card.seen:
        seen, where = _seen(card.seen)
        block = paragraph(*still.runs, *seen)
    return part([block, *below], still.lead, still.summary, _lines(facts, still.address), where)


def general_actions(cards: Sequence[Card], *, alone: bool) -> tuple[Action, ...]:
    """What can be done about all these cards alike: it is said once, below them."""
    several = dict.fromkeys(_still(card.face, alone).general for card in cards)
    stops = dict.fromkeys(card.stop for card in cards if card.stop)
    every = chain(*several, stops)
    return tuple({action.command: action for action in every}.values())


@lru_cache(maxsize=2048)
def _still(face: Face, alone: bool) -> _Still:  # noqa: FBT001 - by name, a look-up takes half as long again
    title = line(face.title, TITLE) or NO_TITLE
    address = web_address(face.url)
    byline = line(face.byline, BYLINE)
    summary = line(face.summary, SUMMARY)
    if summary and face.machine_written:
        summary = MACHINE_WRITTEN + summary
    runs = [link(address, title) if address else bold(title)]
    runs += [run("\n" + words) for words in (byline, summary) if words]
    for one in face.links:
        target = web_address(one.url)
        if target:
            runs += [run(_BETWEEN), link(target, line(one.label, LABEL) or "link", strong=False)]
    own, general = _own(face, alone=alone)
    block = Shared(paragraph(*runs))
    rows = tuple(Shared(row) for row in buttons(face.actions, own))
    lead = _lines(title, byline)
    above = said(lead, SAID // 2)
    return _Still(
        block=block,
        runs=runs,
        rows=rows,
        size=sum(map(size_of, (block, *rows))),
        lead=lead,
        said=above,
        said_units=units(above),
        summary=summary,
        spoken=escaped_units(summary),
        address=address if address and units(address) <= SAID_ADDRESS else "",
        general=general,
    )


def _own(face: Face, *, alone: bool) -> tuple[tuple[Action, ...], tuple[Action, ...]]:
    """In a card's own menu stands what is about this paper; alone, all that fits."""
    if alone and len(face.more) <= limits.OVERFLOW_OPTIONS:
        return face.more, ()
    own = tuple(action for action in face.more if face.paper in action.command)
    return own, tuple(action for action in face.more if face.paper not in action.command)


def has_name(channel: Channel) -> bool:
    """Whether Slack names it to those who can read it; somebody's own conversation has no name."""
    return _CHANNEL.fullmatch(channel.channel) is not None


def _is_to_be_read(card: Card) -> bool:
    """Whether all that can be done with it is little enough for a menu beside its facts."""
    face = card.face
    if face.more or card.stop or not 0 < len(face.actions) <= limits.OVERFLOW_OPTIONS:
        return False
    return all(can_carry(action, limits.OPTION_VALUE) for action in face.actions)


def _seen(places: Sequence[SeenIn]) -> tuple[list[Block], list[str]]:
    """Where a paper stood before, as words of its paragraph, and as they are said."""
    runs: list[Block] = []
    where = []
    for seen in places:
        day = line(seen.day, LABEL)
        if day and has_name(seen.channel):
            place = web_address(seen.url)
            runs += [run("\nseen in "), channel_name(seen.channel.channel), run(" on ")]
            runs.append(link(place, day, strong=False) if place else run(day))
            where.append(f"seen in <#{seen.channel.channel}> on {escaped(day)}")
    return runs, where


def _lines(*words: str) -> str:
    return "\n".join([one for one in words if one])
