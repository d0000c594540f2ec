"""Message → pages of plain dicts in Discord's message shape. Pure; knows no SDK.

Papers are embeds, not Components V2, because of what each does with text it did not write:
an embed keeps the title's address in a field of its own, so no title can bend the link, and nothing
inside an embed can notify anybody, whatever `allowed_mentions` says; V2 text can do both, holds
4,000 characters instead of 6,000 (a digest of ten would need two messages) and its flag can never
be taken off again. The price is the permission Embed Links, which the invitation asks for.
Actions of a single card are buttons; those of several share one menu, so that a digest of ten stays
one message with one row.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from adapters.discord import limits
from adapters.discord.controls import button_rows, card_buttons, menu
from adapters.discord.escape import address, fixed_width, label, line
from adapters.discord.limits import units
from bot.model.delivery import Payload
from bot.model.message import Action, Card, Digest, Listing, Message, Notice, Tone

MARK_ROOM = 24
"""Kept free in footer and content for the reference that is added when the page is sent."""

BYLINE, FACTS, WHY, LINKS = 300, 300, 600, 300
SUMMARY = 2_400
FOOTER = 900
HEADING = 300
PARAGRAPH = limits.CONTENT - MARK_ROOM

MACHINE_WRITTEN = "(machine-written)"
NO_MENTIONS: dict[str, list[str]] = {"parse": []}

_BREAKS_LINK = re.compile(r"[\[\]()]|\w+://")
_TONES = {Tone.INFO: "", Tone.DONE: "", Tone.WARNING: "Warning: ", Tone.ERROR: "Error: "}


@dataclass(slots=True)
class _Page:
    """One message while it is being filled."""

    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    size: int = 0

    def takes(self, embed: dict[str, Any], spare: int) -> bool:
        fits = self.size + _size(embed) + spare <= limits.EMBED_TEXT_TOGETHER
        return fits and len(self.embeds) < limits.EMBEDS

    def add(self, card: Card, embed: dict[str, Any]) -> None:
        self.embeds.append(_distinct(embed, self.embeds))
        self.cards.append(card)
        self.size += _size(embed)


def render(message: Message) -> list[Payload]:
    """`message` as one or more Discord messages, each within every limit, in reading order."""
    match message:
        case Digest(omitted=omitted, note=note):
            paragraphs = [_heading(message.heading), *_small(note)]
            more = f"{omitted} more matched and are not shown. " if omitted else ""
            return _paged(paragraphs, message.cards, more + message.footer, message.actions)
        case Listing(note=note, actions=actions):
            paragraphs = [_heading(message.heading), *_small(note)]
            return _paged(paragraphs, message.cards, message.footer, actions)
        case Notice(lines=lines, code=code, actions=actions):
            paragraphs = [_heading(_TONES[message.tone] + message.heading)]
            paragraphs += [line(one, PARAGRAPH) for one in lines if one.strip()]
            if code.strip():
                paragraphs.append(fixed_width(code, PARAGRAPH))
            return _paged(paragraphs, message.cards, "", actions)


def _paged(
    paragraphs: list[str], cards: Iterable[Card], footer: str, actions: tuple[Action, ...]
) -> list[Payload]:
    *before, last = _contents(paragraphs)
    pages = [_Page(content=text) for text in before]
    pages += _filled(_Page(content=last), cards)
    payloads = [_payload(page) for page in pages]
    _close(payloads[-1], footer, actions)
    return payloads


def _contents(paragraphs: list[str]) -> list[str]:
    """Paragraphs joined into as few message contents as hold them."""
    contents = [""]
    for paragraph in paragraphs:
        joined = f"{contents[-1]}\n{paragraph}" if contents[-1] else paragraph
        if units(joined) <= limits.CONTENT - MARK_ROOM:
            contents[-1] = joined
        else:
            contents.append(paragraph)
    return contents


def _filled(page: _Page, cards: Iterable[Card]) -> Iterator[_Page]:
    # Any page may turn out to be the last, so each keeps room for the footer.
    spare = FOOTER + MARK_ROOM
    for card in cards:
        embed = card_embed(card)
        if not page.takes(embed, spare):
            yield page
            page = _Page()
        page.add(card, embed)
    yield page


def card_embed(card: Card) -> dict[str, Any]:
    """One paper as an embed."""
    embed: dict[str, Any] = {"title": line(card.title, limits.EMBED_TITLE) or "(no title)"}
    url = address(card.url)
    if url is not None:
        embed["url"] = url
    rows = [
        line(card.byline, BYLINE),
        _summary(card),
        line(" · ".join(card.facts), FACTS),
        line("Why: " + "; ".join(card.why), WHY) if card.why else "",
        _links(card),
    ]
    description = "\n".join(row for row in rows if row)
    if description:
        embed["description"] = description
    return embed


def _summary(card: Card) -> str:
    text = line(card.summary, SUMMARY)
    return f"{text} {MACHINE_WRITTEN}" if text and card.machine_written else text


def _links(card: Card) -> str:
    made: list[str] = []
    for link in card.links:
        url = address(link.url)
        # A bracket or an address in the label would end the link early.
        name = line(_BREAKS_LINK.sub(" ", link.label), 60)
        if url is not None and name:
            text = f"[{name}](<{url}>)"
            if units(" · ".join([*made, text])) <= LINKS:
                made.append(text)
    return " · ".join(made)


def _distinct(embed: dict[str, Any], others: list[dict[str, Any]]) -> dict[str, Any]:
    """`embed` with an address of its own: Discord shows only the first of two with the same."""
    url = embed.get("url")
    if url is None or all(other.get("url") != url for other in others):
        return embed
    joint = "&" if "#" in url else "#"
    return {**embed, "url": f"{url}{joint}{len(others) + 1}"}


def _payload(page: _Page) -> Payload:
    payload: Payload = {"allowed_mentions": dict(NO_MENTIONS)}
    if page.content:
        payload["content"] = page.content
    if page.embeds:
        payload["embeds"] = page.embeds
    rows = card_buttons(page.cards[0]) if len(page.cards) == 1 else menu(page.cards)
    if rows:
        payload["components"] = rows
    return payload


def _close(payload: Payload, footer: str, actions: tuple[Action, ...]) -> None:
    """Put what belongs below everything under the last page."""
    text = label(footer, FOOTER)
    if text and payload.get("embeds"):
        payload["embeds"][-1]["footer"] = {"text": text}
    elif text:
        room = limits.CONTENT - MARK_ROOM - units(payload.get("content", "")) - 1
        payload["content"] = f"{payload.get('content', '')}\n{line(footer, min(FOOTER, room))}"
    rows = [*payload.get("components", []), *button_rows(actions)][: limits.ROWS]
    if rows:
        payload["components"] = rows


def _heading(text: str) -> str:
    return f"**{line(text, HEADING) or 'Paperwire'}**"


def _small(note: str) -> list[str]:
    return [line(note, PARAGRAPH)] if note.strip() else []


def _size(embed: dict[str, Any]) -> int:
    return units(embed["title"]) + units(embed.get("description", ""))
