"""Message → plain text: the reference rendering. Pure; no colours, no control characters.

What the other platforms show with markup is said here in words and blanks, so it is also what
`papers …` prints, and what a screen reader can read.
"""

from collections.abc import Iterable, Iterator, Sequence

from adapters.terminal.layout import address, code, line, wrapped
from bot.model.delivery import Payload
from bot.model.message import Action, Card, Digest, Listing, Message, Notice, Tone

HEADING, TITLE, BYLINE, SUMMARY, FACTS, WHY, LABEL = 300, 300, 300, 2_500, 500, 700, 40
PARAGRAPH, COMMAND = 3_000, 500
NO_TITLE = "(no title)"
MACHINE_WRITTEN = "Machine-written summary: "

_TONES = {Tone.INFO: "", Tone.DONE: "", Tone.WARNING: "Warning: ", Tone.ERROR: "Error: "}
_CODE_INDENT = "    "


def pages(message: Message) -> list[Payload]:
    """`message` as the one page a terminal needs."""
    return [{"text": render(message)}]


def render(message: Message) -> str:
    """`message` as lines of text, without a line break at the end."""
    return "\n\n".join("\n".join(block) for block in _blocks(message) if block)


def _blocks(message: Message) -> Iterator[list[str]]:
    """Groups of lines with an empty line between them."""
    match message:
        case Digest():
            yield _heading(message.heading) + _words(message.note)
            yield from _cards(message.cards)
            yield _omitted(message.omitted) + _actions(message.actions) + _words(message.footer)
        case Listing():
            yield _heading(message.heading) + _words(message.note)
            yield from _cards(message.cards)
            yield _actions(message.actions) + _words(message.footer)
        case Notice():
            paragraphs = [row for words in message.lines for row in _words(words)]
            yield _heading(_TONES[message.tone] + message.heading) + paragraphs
            yield [_CODE_INDENT + row for row in code(message.code) if row]
            yield from _cards(message.cards)
            yield _actions(message.actions)


def _heading(text: str) -> list[str]:
    return wrapped(line(text, HEADING))


def _words(text: str) -> list[str]:
    return wrapped(line(text, PARAGRAPH))


def _omitted(count: int) -> list[str]:
    if not count:
        return []
    more = "1 more paper" if count == 1 else f"{count} more papers"
    return [f"{more} matched and had no room here."]


def _cards(cards: Sequence[Card]) -> Iterator[list[str]]:
    if len(cards) == 1:
        yield _card(cards[0], "") + _actions(cards[0].face.actions)
        return
    digits = len(str(len(cards)))
    for number, card in enumerate(cards, start=1):
        # Actions of many cards would drown the papers; `why` and an id can be typed for each.
        yield _card(card, f"{number:>{digits}}. ")


def _card(card: Card, number: str) -> list[str]:
    indent = " " * len(number)
    rows = wrapped(line(card.face.title, TITLE) or NO_TITLE, first=number, rest=indent)
    for words in _details(card):
        rows += wrapped(words, first=indent, rest=indent)
    return rows


def _details(card: Card) -> Iterator[str]:
    yield line(card.face.byline, BYLINE)
    summary = line(card.face.summary, SUMMARY)
    yield MACHINE_WRITTEN + summary if card.face.machine_written and summary else summary
    yield line(_joined(card.face.facts, " · "), FACTS)
    for one in card.seen:
        yield line(f"seen in {one.channel} on {one.day}", FACTS)
    why = line(_joined(card.why, "; "), WHY)
    yield f"Why: {why}" if why else ""
    yield address(card.face.url)
    for link in card.face.links:
        target = address(link.url)
        yield f"{line(link.label, LABEL) or 'link'}: {target}" if target else ""


def _joined(texts: Iterable[str], between: str) -> str:
    return between.join(text for text in texts if text)


def _actions(actions: Iterable[Action]) -> list[str]:
    """What can be done next, as the lines to type."""
    return [
        f"{line(action.label, LABEL)}: /papers {line(action.command, COMMAND)}"
        for action in actions
    ]
