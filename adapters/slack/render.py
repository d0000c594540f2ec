"""Message → pages of Block Kit, pure.

A page is `{"text": …, "blocks": […]}`: the text is what screen readers and notifications get and
is complete in itself. Text from papers stands in rich_text and plain_text only, where no character
is markup; links are built from checked addresses.
"""

from collections.abc import Iterable, Sequence

from adapters.slack import limits
from adapters.slack.blocks import (
    Block,
    bold,
    buttons,
    channel_name,
    code_block,
    context,
    header,
    menu_section,
    paragraph,
    run,
)
from adapters.slack.cards import BYLINE, TITLE, card_part, general_actions, has_name
from adapters.slack.parts import Part, pages, part
from adapters.slack.wording import chunks, line
from bot.model.delivery import Payload
from bot.model.message import Action, Card, Digest, InChannel, Listing, Message, Notice, Tone
from bot.model.subscription import Channel

# What we show at most of each part; all of them lie far within Slack's own limits.
PARAGRAPH, CODE, SMALL_PRINT = 2_500, 2_500, 1_000
CODE_BLOCKS = 12

MARKS = {Tone.INFO: "", Tone.DONE: "✓ ", Tone.WARNING: "⚠ ", Tone.ERROR: "✗ "}
OWN_MESSAGES = "Your direct messages"


def render(message: Message, *, by: str = "") -> list[Payload]:
    """`message` as one or more Slack messages, each within every limit.

    by: the name of the person who shows it to everybody, where somebody does.
    """
    who = _small(f"by {line(by, BYLINE)}") if by else ()
    return pages([*_parts(message), *who], message.heading)


def card_blocks(card: Card) -> list[Block]:
    """One card alone, as it stands under a link in somebody's message."""
    return list(card_part(card, alone=True).blocks)


def _parts(message: Message) -> Iterable[Part]:
    match message:
        case Digest():
            return [_heading(message.heading), *_digest(message)]
        case Listing():
            return [_title(message.heading), *_listing(message)]
        case Notice():
            return [_title(MARKS[message.tone] + message.heading), *_notice(message)]


def _digest(message: Digest) -> Iterable[Part]:
    yield from _small(message.note)
    yield from _cards(message.cards)
    if message.omitted:
        more = "1 more paper" if message.omitted == 1 else f"{message.omitted} more papers"
        yield from _small(f"{more} matched and had no room here.")
    yield from _buttons(message.actions)
    yield from _end(message.footer, message.cards)


def _listing(message: Listing) -> Iterable[Part]:
    yield from _small(message.note)
    yield from _cards(message.cards)
    yield from _buttons(message.actions)
    yield from _end(message.footer, message.cards)


def _cards(cards: Sequence[Card]) -> Iterable[Part]:
    alone = len(cards) == 1
    return [card_part(card, alone=alone) for card in cards]


def _notice(message: Notice) -> Iterable[Part]:
    for one in message.lines:
        if isinstance(one, InChannel):
            yield _channel(one.channel)
        elif words := line(one, PARAGRAPH):
            yield part([paragraph(run(words))], words)
    for code in chunks(message.code, CODE, most=CODE_BLOCKS):
        yield part([code_block(code)], code)
    yield from _cards(message.cards)
    yield from _buttons(message.actions)


def _channel(channel: Channel) -> Part:
    """A channel's name over what is told of it; somebody's own conversation has none."""
    if not has_name(channel):
        return part([paragraph(bold(OWN_MESSAGES))], OWN_MESSAGES)
    return part([paragraph(channel_name(channel.channel))], "", more=[f"<#{channel.channel}>"])


def _end(footer: str, cards: Sequence[Card]) -> Iterable[Part]:
    """The last line, with what can be done about all cards alike."""
    general = general_actions(cards, alone=len(cards) == 1)
    words = line(footer, SMALL_PRINT)
    if general and words:
        yield part([menu_section(words, general)], words)
        return
    yield from _small(footer)
    yield from _buttons(general)


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
