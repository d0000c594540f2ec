"""Message → pages of Block Kit, pure.

A page is `{"text": …, "blocks": […]}`: the text is what screen readers and notifications get and
is complete in itself. Text from papers stands in rich_text and plain_text only, where no character
is markup; links are built from checked addresses.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

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
from adapters.slack.parts import SAID, Part, joined, pages, part, said
from adapters.slack.wording import (
    chunks,
    escaped,
    escaped_units,
    line,
    units,
    web_address,
)
from bot.model.delivery import Payload, Shared
from bot.model.message import (
    Action,
    Card,
    Digest,
    InChannel,
    Link,
    Listing,
    Message,
    Notice,
    SeenIn,
    Tone,
)
from bot.model.subscription import Channel

# What we show at most of each part; all of them lie far within Slack's own limits.
TITLE, BYLINE, SUMMARY, FACTS, LABEL = 300, 200, 2_500, 700, 40
PARAGRAPH, CODE, SMALL_PRINT = 2_500, 2_500, 1_000
CODE_BLOCKS = 12

SAID_ADDRESS = 500

MARKS = {Tone.INFO: "", Tone.DONE: "✓ ", Tone.WARNING: "⚠ ", Tone.ERROR: "✗ "}
MACHINE_WRITTEN = "Machine-written summary: "
NO_TITLE = "(no title)"
OWN_MESSAGES = "Your direct messages"
_CHANNEL = re.compile(r"[CG][A-Z0-9]{8,30}")


def render(message: Message, *, by: str = "") -> list[Payload]:
    """`message` as one or more Slack messages, each within every limit.

    by: the name of the person who shows it to everybody, where somebody does.
    """
    who = _small(f"by {line(by, BYLINE)}") if by else ()
    return pages([*_parts(message), *who], message.heading)


def card_blocks(card: Card) -> list[Block]:
    """One card alone, as it stands under a link in somebody's message."""
    return list(_card(card, _can_be_pressed(card, alone=True)).blocks)


def _parts(message: Message) -> Iterable[Part]:
    match message:
        case Digest():
            return [_heading(message.heading), *_digest(message)]
        case Listing():
            return [_title(message.heading), *_listing(message)]
        case Notice():
            return [_title(MARKS[message.tone] + message.heading), *_notice(message)]


def _digest(message: Digest) -> Iterable[Part]:
    pressed = [_can_be_pressed(card, alone=len(message.cards) == 1) for card in message.cards]
    yield from _small(message.note)
    yield from map(_card, message.cards, pressed)
    if message.omitted:
        more = "1 more paper" if message.omitted == 1 else f"{message.omitted} more papers"
        yield from _small(f"{more} matched and had no room here.")
    yield from _buttons(message.actions)
    yield from _end(message.footer, pressed)


def _listing(message: Listing) -> Iterable[Part]:
    pressed = [_can_be_pressed(card, alone=len(message.cards) == 1) for card in message.cards]
    yield from _small(message.note)
    yield from map(_card, message.cards, pressed)
    yield from _buttons(message.actions)
    yield from _end(message.footer, pressed)


def _notice(message: Notice) -> Iterable[Part]:
    for one in message.lines:
        if isinstance(one, InChannel):
            yield _channel(one.channel)
        elif words := line(one, PARAGRAPH):
            yield part([paragraph(run(words))], words)
    for code in chunks(message.code, CODE, most=CODE_BLOCKS):
        yield part([code_block(code)], code)
    for card in message.cards:
        yield _card(card, _can_be_pressed(card, alone=len(message.cards) == 1))
    yield from _buttons(message.actions)


def _channel(channel: Channel) -> Part:
    """A channel's name over what is told of it; somebody's own conversation has none."""
    if not _CHANNEL.fullmatch(channel.channel):
        return part([paragraph(bold(OWN_MESSAGES))], OWN_MESSAGES)
    return part([paragraph(channel_name(channel.channel))], "", more=[f"<#{channel.channel}>"])


def _card(card: Card, pressed: "_Pressed") -> Part:
    facts = line(" · ".join([words for words in (*card.facts, *card.why) if words]), FACTS)
    body = _body(card.title, card.url, card.byline, card.summary, card.links, card.machine_written)
    below = _below(facts, card, pressed)
    if card.seen:
        seen, where = _seen(card.seen)
        blocks = [paragraph(*body.runs, *seen), *below]
        return part(blocks, body.lead, body.summary, _lines(facts, body.address), where)
    rest = said(_lines(facts, body.address), SAID // 2)
    lead = body.said if rest else said(body.lead, SAID)
    return joined((body.block, *below), lead, rest, body.summary, body.spoken)


class _Body(NamedTuple):
    """What a card says whoever it is for.

    said: the lead as it is said above anything else. spoken: units of the summary. address: as it
    is said, empty if it is too long.
    """

    block: Block
    runs: list[Block]
    lead: str
    said: str
    summary: str
    spoken: int
    address: str


@lru_cache(maxsize=2048)
def _body(
    title: str,
    url: str,
    byline: str,
    summary: str,
    links: tuple[Link, ...],
    machine: bool,  # noqa: FBT001 - by name, every look-up would take half as long again
) -> _Body:
    """Kept, for a day's papers stand in message after message."""
    title = line(title, TITLE) or NO_TITLE
    address = web_address(url)
    byline = line(byline, BYLINE)
    summary = line(summary, SUMMARY)
    if summary and machine:
        summary = MACHINE_WRITTEN + summary
    runs = [link(address, title) if address else bold(title)]
    runs += [run("\n" + words) for words in (byline, summary) if words]
    for one in links:
        target = web_address(one.url)
        if target:
            runs += [run(" · "), link(target, line(one.label, LABEL) or "link", strong=False)]
    lead = _lines(title, byline)
    return _Body(
        block=Shared(paragraph(*runs)),
        runs=runs,
        lead=lead,
        said=said(lead, SAID // 2),
        summary=summary,
        spoken=escaped_units(summary),
        address=address if address and units(address) <= SAID_ADDRESS else "",
    )


def _seen(places: Sequence[SeenIn]) -> tuple[list[Block], list[str]]:
    """Where a paper stood before, as words of its paragraph, and as they are said."""
    runs: list[Block] = []
    where = []
    for seen in places:
        day = line(seen.day, LABEL)
        if day and _CHANNEL.fullmatch(seen.channel.channel):
            place = web_address(seen.url)
            runs += [run("\nseen in "), channel_name(seen.channel.channel), run(" on ")]
            runs.append(link(place, day, strong=False) if place else run(day))
            where.append(f"seen in <#{seen.channel.channel}> on {escaped(day)}")
    return runs, where


def _lines(*words: str) -> str:
    return "\n".join([one for one in words if one])


class _Pressed(NamedTuple):
    """What can be done with a card: what stands in its own menu, and what is about all cards alike.

    alone: no other card stands in the message.
    """

    own: tuple[Action, ...]
    general: tuple[Action, ...]
    alone: bool


def _can_be_pressed(card: Card, *, alone: bool) -> _Pressed:
    """In a card's own menu stands what is about this paper; alone, all that fits."""
    if alone and len(card.more) <= limits.OVERFLOW_OPTIONS:
        return _Pressed(card.more, (), alone)
    own, general = list[Action](), list[Action]()
    for action in card.more:
        (own if card.paper in action.command else general).append(action)
    return _Pressed(tuple(own), tuple(general), alone)


def _below(facts: str, card: Card, pressed: _Pressed) -> Sequence[Block]:
    """The facts and what can be done: a small line and buttons, or a line with a menu.

    Buttons and a menu of the rest for a paper to be judged; a menu alone for a result among others,
    which is there to be read.
    """
    if facts and not card.more and not pressed.alone and _fits_a_menu(card.actions):
        return [menu_section(facts, card.actions)]
    below = _rows(card.actions, pressed.own)
    return [context(facts), *below] if facts else below


def _fits_a_menu(actions: Sequence[Action]) -> bool:
    return 0 < len(actions) <= limits.OVERFLOW_OPTIONS and all(
        can_carry(action, limits.OPTION_VALUE) for action in actions
    )


@lru_cache(maxsize=2048)
def _rows(actions: tuple[Action, ...], more: tuple[Action, ...]) -> list[Shared]:
    """What can be pressed under a paper; the same in every message."""
    return [Shared(block) for block in buttons(actions, more)]


def _end(footer: str, pressed: Sequence[_Pressed]) -> Iterable[Part]:
    """The last line, with what can be done about all cards alike: it is said once."""
    general = {action.command: action for one in pressed for action in one.general}
    words = line(footer, SMALL_PRINT)
    if general and words:
        yield part([menu_section(words, list(general.values()))], words)
        return
    yield from _small(footer)
    yield from _buttons(tuple(general.values()))


def _heading(words: str) -> Part:
    words = line(words, limits.HEADER_TEXT) or "Papers"
    return part([header(words)], words)


def _title(words: str) -> Part:
    words = line(words, TITLE) or "Papers"
    return part([paragraph(bold(words))], words)


def _small(words: str) -> Iterable[Part]:
    words = line(words, SMALL_PRINT)
    if words:
        yield part([context(words)], words)


def _buttons(actions: Sequence[Action]) -> Iterable[Part]:
    rows = buttons(actions)
    if rows:
        yield part(rows, "")
