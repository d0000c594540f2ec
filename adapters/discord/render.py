"""Message → pages of plain dicts in Discord's message shape. Pure; knows no SDK.

Components V2, not embeds: each paper has its own buttons below it, small print is really small, and
the permission Embed Links is not needed (docs/decisions/discord-components.md). V2 text can notify
people, which text in embeds never could: it is escaped, and `allowed_mentions` stands on every page.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from adapters.discord import limits
from adapters.discord.controls import action_rows, all_rows, card_row
from adapters.discord.escape import address, fixed_width, label, line
from adapters.discord.limits import units
from bot.model.delivery import Payload
from bot.model.message import Action, Card, Digest, InChannel, Listing, Message, Notice, Tone

MARK_ROOM = 24
"""Kept free for the reference that is added when the page is sent."""

FOOTER, HEADING, BYLINE, FACTS, WHY, LINKS = 700, 300, 250, 300, 350, 250
TITLE = 256
CARD_TEXT = limits.V2_TEXT - FOOTER - MARK_ROOM
PARAGRAPH = 2_000
CODE = 1_800
"""Of code in one piece; what is made inert in it may grow a little."""


MACHINE_WRITTEN = "*(machine-written)*"
NO_MENTIONS: dict[str, list[str]] = {"parse": []}

TEXT, SEPARATOR = 10, 14
THREAD = "paperwire_thread"
"""What a forum post made for the page is called, and its tags: for places.py, never sent."""

_LINE_ABOVE: dict[str, Any] = {"type": SEPARATOR}

_BREAKS_LINK = re.compile(r"[\[\]()]|\w+://")
_SPOILS_LINK = re.compile(r"://|discord(?:app)?\.\w", re.IGNORECASE)
"""A title with an address in it: Discord shows no link whose text looks like one."""

_TONES = {Tone.INFO: "", Tone.DONE: "", Tone.WARNING: "Warning: ", Tone.ERROR: "Error: "}


@dataclass(slots=True)
class _Page:
    """One message while it is being filled; size: units of text, count: components of all depths."""

    parts: list[dict[str, Any]] = field(default_factory=list)
    size: int = 0
    count: int = 0

    def takes(self, parts: list[dict[str, Any]]) -> bool:
        """Whether these fit and still leave room for a footer with its line, and the reference."""
        text = self.size + _size(parts) + FOOTER + MARK_ROOM
        return text <= limits.V2_TEXT and self.count + _count(parts) + 2 <= limits.V2_COMPONENTS

    def add(self, parts: list[dict[str, Any]]) -> None:
        self.parts += parts
        self.size += _size(parts)
        self.count += _count(parts)


def render(message: Message) -> list[Payload]:
    """`message` as one or more Discord messages, each within every limit, in reading order."""
    match message:
        case Digest(omitted=omitted, actions=actions):
            verb = "is" if omitted == 1 else "are"
            more = f"{omitted} more matched and {verb} not shown. " if omitted else ""
            cards = [card_parts(card, stop=message.name) for card in message.cards]
            head = [_heading(message.heading), *_note(message.note)]
            pages = _paged(head, cards, more + message.footer, actions)
            if message.topic.strip():
                pages[0][THREAD] = {"name": label(message.topic, limits.THREAD_NAME)}
                pages[0][THREAD]["tags"] = list(message.tags)
            return pages
        case Listing(cards=cards, actions=actions):
            alone = len(cards) == 1
            shown = [card_parts(card, everything=alone) for card in cards]
            head = [_heading(message.heading), *_note(message.note)]
            return _paged(head, shown, message.footer, actions)
        case Notice(lines=lines, code=code, actions=actions):
            head = [f"**{line(_TONES[message.tone] + message.heading, HEADING)}**"]
            head += [_words(one) for one in lines if one.strip()]
            head += _code(code)
            return _paged(head, [card_parts(card) for card in message.cards], "", actions)


def _code(text: str) -> Iterator[str]:
    """Text in fixed width, in pieces of whole lines; none of it is lost."""
    piece: list[str] = []
    for row in text.rstrip().split("\n") if text.strip() else ():
        if piece and units("\n".join((*piece, row))) > CODE:
            yield fixed_width("\n".join(piece), PARAGRAPH)
            piece = []
        piece.append(row)
    if piece:
        yield fixed_width("\n".join(piece), PARAGRAPH)


def _paged(
    head: list[str],
    cards: list[list[dict[str, Any]]],
    footer: str,
    actions: tuple[Action, ...],
) -> list[Payload]:
    blocks = [[_text(paragraphs)] for paragraphs in _joined(head)]
    pages = list(_filled([*blocks, *cards], lined=len(blocks)))
    last = pages[-1]
    small = line(footer, FOOTER)
    if small:
        last.add([*([_LINE_ABOVE] if cards else []), _text(f"-# {small}")])
    for row in action_rows(actions):
        if last.count + _count([row]) <= limits.V2_COMPONENTS:
            last.add([row])
    return [
        {
            "flags": limits.COMPONENTS_V2,
            "components": page.parts,
            "allowed_mentions": dict(NO_MENTIONS),
        }
        for page in pages
    ]


def _words(text: str) -> str:
    if isinstance(text, InChannel) and _is_id(text.channel.channel):
        return f"In <#{text.channel.channel}>:"
    return line(text, PARAGRAPH)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _joined(paragraphs: list[str]) -> Iterator[str]:
    """Paragraphs joined into as few texts as hold them."""
    joined = ""
    for paragraph in paragraphs:
        if joined and units(joined) + 1 + units(paragraph) > CARD_TEXT:
            yield joined
            joined = ""
        joined = f"{joined}\n{paragraph}" if joined else paragraph
    yield joined


def _filled(blocks: Iterable[list[dict[str, Any]]], *, lined: int) -> Iterator[_Page]:
    """Blocks on pages; those from number `lined` on have a line above where they are not first."""
    page = _Page()
    for number, block in enumerate(blocks):
        parts = [_LINE_ABOVE, *block] if page.parts and number >= lined else block
        if not page.takes(parts):
            yield page
            page, parts = _Page(), block
        page.add(parts)
    yield page


def card_parts(card: Card, *, stop: str = "", everything: bool = False) -> list[dict[str, Any]]:
    """One paper: its text and its buttons.

    stop: the subscription that can be stopped from here. everything: all that can be done with it
    as buttons, instead of one labelled More.
    """
    rows = all_rows(card) if everything else [card_row(card, stop)]
    return [_text(card_text(card)), *(row for row in rows if row)]


def card_text(card: Card) -> str:
    """Title with its link, authors, a summary, and the rest in small print."""
    small = [line(" · ".join(card.face.facts), FACTS), *_links(card), *_seen(card)]
    why = line("Why: " + "; ".join(card.why), WHY) if card.why else ""
    around = [
        _title(card),
        line(card.face.byline, BYLINE),
        _small(" · ".join(part for part in small if part)),
        _small(why),
    ]
    title, byline, facts, reasons = around
    room = CARD_TEXT - sum(units(row) + 1 for row in around) - len(MACHINE_WRITTEN) - 2
    rows = [title, byline, _summary(card, room), facts, reasons]
    return "\n".join(row for row in rows if row)


def _title(card: Card) -> str:
    shown = line(card.face.title, TITLE) or "(no title)"
    url = address(card.face.url)
    if url is None or units(url) > limits.LINK:
        return f"### {shown}"
    if _SPOILS_LINK.search(card.face.title) or not _balanced(card.face.title):
        return f"### {shown}\n[read it](<{url}>)"
    return f"### [{shown}](<{url}>)"


def _balanced(text: str) -> bool:
    """Whether square brackets pair up: else they would end a link's text early or never."""
    depth = 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if depth < 0 or depth > 1:
            return False
    return depth == 0


def _summary(card: Card, room: int) -> str:
    text = line(card.face.summary, room)
    return f"{text} {MACHINE_WRITTEN}" if text and card.face.machine_written else text


def _links(card: Card) -> list[str]:
    made: list[str] = []
    for link in card.face.links:
        url = address(link.url)
        # A bracket or an address in the label would end the link early.
        name = line(_BREAKS_LINK.sub(" ", link.label), 60)
        if url is not None and name:
            text = f"[{name}](<{url}>)"
            if units(" · ".join([*made, text])) <= LINKS:
                made.append(text)
    return made


def _seen(card: Card) -> list[str]:
    """Where else it stood; Discord shows the channel's name to those who can read it."""
    return [
        f"seen in <#{one.channel.channel}> on [{line(one.day, 20)}](<{one.url}>)"
        for one in card.seen
        if _is_id(one.channel.channel) and address(one.url)
    ]


def _heading(text: str) -> str:
    return f"## {line(text, HEADING) or 'Paperwire'}"


def _note(note: str) -> list[str]:
    return [line(note, PARAGRAPH)] if note.strip() else []


def _small(text: str) -> str:
    return f"-# {text}" if text else ""


def _text(content: str) -> dict[str, Any]:
    return {"type": TEXT, "content": content}


def _size(parts: list[dict[str, Any]]) -> int:
    return sum(units(part.get("content", "")) for part in parts)


def _count(parts: list[dict[str, Any]]) -> int:
    return sum(1 + _count(part.get("components", [])) for part in parts)


def title_of(page: Payload) -> str:
    """The first line of a page without markup, for what needs a name."""
    for part in page.get("components") or ():
        if part.get("type") == TEXT:
            first = str(part["content"]).partition("\n")[0]
            bare = re.sub(r"^#+ |\*\*|\]\(<[^>]*>\)|\\|\[", "", first)
            return label(bare, limits.THREAD_NAME)
    return ""


def signed(pages: list[Payload], by: str) -> list[Payload]:
    """Pages with who shared them below, without a ping; by: their user id, or nobody."""
    if not _is_id(by):
        return pages
    first, *rest = pages
    line_below = _text(f"-# by <@{by}>")
    return [{**first, "components": [*first["components"], line_below]}, *rest]


def without_controls(page: Payload) -> Payload:
    """The page for a sender that nobody can answer, such as a plain webhook."""
    kept = [part for part in page["components"] if part["type"] in {TEXT, SEPARATOR}]
    return {**page, "components": kept}
