"""Message → pages of Block Kit, pure.

A page is `{"text": …, "blocks": […]}`: the text is what screen readers and notifications get and
is complete in itself. Text from papers stands in rich_text and plain_text only, where no character
is markup; links are built from checked addresses.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adapters.slack import limits
from adapters.slack.blocks import (
    Block,
    bold,
    buttons,
    can_carry,
    channel_name,
    code_block,
    context,
    header,
    link,
    menu_section,
    paragraph,
    run,
)
from adapters.slack.wording import chunks, escaped, escaped_units, line, units, web_address
from bot.model.delivery import Payload
from bot.model.message import Action, Card, Digest, InChannel, Listing, Message, Notice, Tone
from bot.model.subscription import Channel
from bot.rules.text import cut

# What we show at most of each part; all of them lie far within Slack's own limits.
TITLE, BYLINE, SUMMARY, FACTS, LABEL = 300, 200, 2_500, 700, 40
PARAGRAPH, CODE, SMALL_PRINT = 2_500, 2_500, 1_000
CODE_BLOCKS = 12

SAID = 3_000
"""Longest share of one part in the fallback text; with a heading it fits on any page."""

SAID_ADDRESS = 500
CONTINUED = 120

MARKS = {Tone.INFO: "", Tone.DONE: "✓ ", Tone.WARNING: "⚠ ", Tone.ERROR: "✗ "}
MACHINE_WRITTEN = "Machine-written summary: "
NO_TITLE = "(no title)"
OWN_MESSAGES = "Your direct messages"
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}")


@dataclass(frozen=True, slots=True)
class _Part:
    """Blocks that stay together on one page, and what they say in plain words (escaped)."""

    blocks: tuple[Block, ...]
    text: str
    size: int


def render(message: Message, *, by: str = "") -> list[Payload]:
    """`message` as one or more Slack messages, each within every limit.

    by: the name of the person who shows it to everybody, where somebody does.
    """
    who = _small(f"by {line(by, BYLINE)}") if by else ()
    return _pages([*_parts(message), *who], message.heading)


def card_blocks(card: Card) -> list[Block]:
    """One card alone, as it stands under a link in somebody's message."""
    return list(_card(card, alone=True).blocks)


def _parts(message: Message) -> Iterable[_Part]:
    match message:
        case Digest():
            return [_heading(message.heading), *_digest(message)]
        case Listing():
            return [_title(message.heading), *_listing(message)]
        case Notice():
            return [_title(MARKS[message.tone] + message.heading), *_notice(message)]


def _digest(message: Digest) -> Iterable[_Part]:
    yield from _small(message.note)
    yield from _cards(message.cards)
    if message.omitted:
        more = "1 more paper" if message.omitted == 1 else f"{message.omitted} more papers"
        yield from _small(f"{more} matched and had no room here.")
    yield from _buttons(message.actions)
    yield from _end(message.footer, message.cards)


def _listing(message: Listing) -> Iterable[_Part]:
    yield from _small(message.note)
    yield from _cards(message.cards)
    yield from _buttons(message.actions)
    yield from _end(message.footer, message.cards)


def _notice(message: Notice) -> Iterable[_Part]:
    for one in message.lines:
        if isinstance(one, InChannel):
            yield _channel(one.channel)
        elif words := line(one, PARAGRAPH):
            yield _part([paragraph(run(words))], words)
    for code in chunks(message.code, CODE, most=CODE_BLOCKS):
        yield _part([code_block(code)], code)
    yield from _cards(message.cards)
    yield from _buttons(message.actions)


def _channel(channel: Channel) -> _Part:
    """A channel's name over what is told of it; somebody's own conversation has none."""
    if not _CHANNEL.fullmatch(channel.channel):
        return _part([paragraph(bold(OWN_MESSAGES))], OWN_MESSAGES)
    return _part([paragraph(channel_name(channel.channel))], "", [f"<#{channel.channel}>"])


def _cards(cards: Sequence[Card]) -> Iterable[_Part]:
    for card in cards:
        yield _card(card, alone=len(cards) == 1)


def _card(card: Card, *, alone: bool) -> _Part:
    title = line(card.title, TITLE) or NO_TITLE
    address = web_address(card.url)
    byline = line(card.byline, BYLINE)
    summary = line(card.summary, SUMMARY)
    label = MACHINE_WRITTEN if card.machine_written else ""
    facts = line(" · ".join(words for words in (*card.facts, *card.why) if words), FACTS)

    runs = [link(address, title) if address else bold(title)]
    runs += [run("\n" + words) for words in (byline, label + summary if summary else "") if words]
    for one in card.links:
        target = web_address(one.url)
        if target:
            runs += [run(" · "), link(target, line(one.label, LABEL) or "link", strong=False)]

    where: list[str] = []
    for seen in card.seen:
        if _CHANNEL.fullmatch(seen.channel.channel):
            place = web_address(seen.url)
            day = line(seen.day, LABEL)
            runs += [run("\nseen in "), channel_name(seen.channel.channel), run(" on ")]
            runs.append(link(place, day, strong=False) if place else run(day))
            where.append(f"seen in <#{seen.channel.channel}> on {escaped(day)}")

    said = [title, byline, facts]
    if address and units(address) <= SAID_ADDRESS:
        said.append(address)
    blocks = [paragraph(*runs), *_below(facts, card, alone=alone)]
    return _part(blocks, "\n".join(words for words in said if words), where)


def _below(facts: str, card: Card, *, alone: bool) -> list[Block]:
    """The facts and what can be done: a small line and buttons, or a line with a menu.

    Buttons and a menu of the rest for a paper to be judged; a menu alone for a result among others,
    which is there to be read.
    """
    own = [action for action in card.more if card.paper in action.command]
    fits = 0 < len(card.actions) <= limits.OVERFLOW_OPTIONS and all(
        can_carry(action, limits.OPTION_VALUE) for action in card.actions
    )
    if facts and fits and not card.more and not alone:
        return [menu_section(facts, card.actions)]
    below = [context(facts)] if facts else []
    return below + buttons(card.actions, own)


def _end(footer: str, cards: Sequence[Card]) -> Iterable[_Part]:
    """The last line, with what can be done about all cards alike: it is said once."""
    general = {
        action.command: action
        for card in cards
        for action in card.more
        if card.paper not in action.command
    }
    words = line(footer, SMALL_PRINT)
    if general and words:
        yield _part([menu_section(words, list(general.values()))], words)
        return
    yield from _small(footer)
    yield from _buttons(tuple(general.values()))


def _heading(words: str) -> _Part:
    words = line(words, limits.HEADER_TEXT) or "Papers"
    return _part([header(words)], words)


def _title(words: str) -> _Part:
    words = line(words, TITLE) or "Papers"
    return _part([paragraph(bold(words))], words)


def _small(words: str) -> Iterable[_Part]:
    words = line(words, SMALL_PRINT)
    if words:
        yield _part([context(words)], words)


def _buttons(actions: Sequence[Action]) -> Iterable[_Part]:
    rows = buttons(actions)
    if rows:
        yield _part(rows, "")


def _part(blocks: list[Block], words: str, more: Sequence[str] = ()) -> _Part:
    """more: further lines, escaped already, which may name channels."""
    # Cut by its escaped length: three thousand ampersands are fifteen thousand characters.
    said = "\n".join([escaped(cut(words, SAID, measure=escaped_units)), *more]).strip("\n")
    return _Part(tuple(blocks), said, sum(_size(block) for block in blocks))


def _size(node: object) -> int:
    """Characters of all texts in a block."""
    if isinstance(node, dict):
        return sum(
            units(child) if name == "text" and isinstance(child, str) else _size(child)
            for name, child in node.items()
        )
    return sum(_size(child) for child in node) if isinstance(node, list) else 0


def _pages(parts: Sequence[_Part], heading: str) -> list[Payload]:
    """The parts on as few pages as the limits allow; later pages repeat the heading, smaller."""
    continued = _continued(heading)
    pages: list[list[_Part]] = [[]]
    for part in parts:
        if pages[-1] and not _fits([*pages[-1], part]):
            pages.append([continued])
        pages[-1].append(part)
    return [_payload(page) for page in pages]


def _continued(heading: str) -> _Part:
    words = f"{line(heading, CONTINUED) or 'Papers'} (continued)"
    return _part([context(words)], words)


def _fits(page: Sequence[_Part]) -> bool:
    return (
        sum(len(part.blocks) for part in page) <= limits.BLOCKS_IN_A_MESSAGE
        and sum(part.size for part in page) <= limits.TEXT_IN_ALL_BLOCKS
        and units(_said(page)) <= limits.FALLBACK_TEXT
    )


def _said(page: Sequence[_Part]) -> str:
    return "\n\n".join(part.text for part in page if part.text)


def _payload(page: Sequence[_Part]) -> Payload:
    return {"text": _said(page), "blocks": [block for part in page for block in part.blocks]}
