"""The words of a posted page as JSON, and back."""

import json
from dataclasses import asdict, fields
from typing import Any

from bot.model.message import Action, Card, Digest, Link
from bot.model.subscription import Mode

_DIGEST = {field.name for field in fields(Digest)}
_CARD = {field.name for field in fields(Card)}


def as_text(words: Digest) -> str:
    """A digest as JSON; what it does not say is left out."""
    return json.dumps(_told(asdict(words)), ensure_ascii=True, separators=(",", ":"))


def _told(values: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in values.items() if value not in ("", (), 0, False)}
    if "cards" in told:
        told["cards"] = [_told(card) for card in told["cards"]]
    return told


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
