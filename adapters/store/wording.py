"""The words of a posted page as JSON, and back."""

import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from functools import lru_cache
from typing import Any

from adapters.store.writing import written
from bot.model.message import Action, Card, Digest, Link
from bot.model.subscription import Mode

_NESTED = {"cards", "actions"}
_DIGEST = {field.name for field in fields(Digest)}
_CARD = {field.name for field in fields(Card)}
_DIGEST_PLAIN = tuple(field.name for field in fields(Digest) if field.name not in _NESTED)
_NAMES = {name: written(name) for name in _DIGEST}
_TEXTS = ("paper", "title", "url", "byline", "summary")
_NOTHING: tuple[object, ...] = ("", (), 0, False)


def as_text(words: Digest) -> str:
    """A digest as JSON; what it does not say is left out."""
    told = [
        f"{_NAMES[name]}:{written(value)}"
        for name in _DIGEST_PLAIN
        if (value := getattr(words, name)) not in _NOTHING
    ]
    if words.actions:
        told.append(f'"actions":{_actions_text(words.actions)}')
    if words.cards:
        told.append(f'"cards":[{",".join(map(_card_text, words.cards))}]')
    return f"{{{','.join(told)}}}"


def _card_text(card: Card) -> str:
    face = _face_text(
        (card.paper, card.title, card.url, card.byline, card.summary),
        card.facts,
        card.links,
        machine=card.machine_written,
    )
    told = [face] if face else []
    if card.why:
        told.append(f'"why":[{",".join(map(written, card.why))}]')
    if card.actions:
        told.append(f'"actions":{_actions_text(card.actions)}')
    if card.more:
        told.append(f'"more":{_actions_text(card.more)}')
    if card.seen:
        told.append(f'"seen":{written([asdict(one) for one in card.seen])}')
    return f"{{{','.join(told)}}}"


@lru_cache(maxsize=2048)
def _face_text(
    texts: tuple[str, ...], facts: tuple[str, ...], links: tuple[Link, ...], *, machine: bool
) -> str:
    """What a card says whoever it is for; kept, for a day's papers stand on page after page."""
    values: dict[str, Any] = dict(zip(_TEXTS, texts, strict=True))
    values |= {
        "machine_written": machine,
        "facts": facts,
        "links": [asdict(one) for one in links],
    }
    return written({name: value for name, value in values.items() if value})[1:-1]


def _actions_text(actions: Iterable[Action]) -> str:
    return f"[{','.join([_action_text(one.label, one.command) for one in actions])}]"


@lru_cache(maxsize=1 << 14)
def _action_text(label: str, command: str) -> str:
    return written({"label": label, "command": command})


def digest_of(text: str) -> Digest:
    """The digest in such a text. What a later version of the program added is left out."""
    told = {name: value for name, value in json.loads(text).items() if name in _DIGEST}
    told["cards"] = tuple(_card(one) for one in told.get("cards", ()))
    told["actions"] = _actions(told.get("actions", ()))
    told["tags"] = tuple(told.get("tags", ()))
    told["mode"] = Mode(told.get("mode", Mode.COMPACT))
    return Digest(**told)


def _card(told: dict[str, Any]) -> Card:
    values = {name: value for name, value in told.items() if name in _CARD}
    for name in ("facts", "why"):
        values[name] = tuple(values.get(name, ()))
    values["links"] = tuple(Link(**one) for one in values.get("links", ()))
    for name in ("actions", "more"):
        values[name] = _actions(values.get(name, ()))
    for name in ("paper", "title", "url"):
        values.setdefault(name, "")
    return Card(**values)


def _actions(told: Any) -> tuple[Action, ...]:
    return tuple(Action(**one) for one in told)
