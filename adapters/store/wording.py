"""The words of a posted page as JSON, and back.

What can be done with nearly every paper is said in one word: it is half of what a card says.
"""

import json
from dataclasses import asdict, fields
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Any

from adapters.store.writing import written
from bot.model.message import Action, Card, Digest, Face, Link
from bot.model.subscription import Mode
from bot.rules.cards import usual_actions

_NESTED = {"cards", "actions"}
_DIGEST = {field.name for field in fields(Digest)}
_FACE = tuple(field.name for field in fields(Face))
_LABELLED = {"links", "actions", "more"}
_DIGEST_PLAIN = tuple(field.name for field in fields(Digest) if field.name not in _NESTED)
_NAMES = {name: written(name) for name in _DIGEST}
_quoted = encode_basestring_ascii
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
    told = [_face_text(card.face)]
    if card.why:
        told.append(f'"why":[{",".join(map(_quoted, card.why))}]')
    if card.stop:
        told.append(f'"stop":{_action_text(card.stop)}')
    if card.seen:
        told.append(f'"seen":{written([asdict(one) for one in card.seen])}')
    return f"{{{','.join(filter(None, told))}}}"


@lru_cache(maxsize=2048)
def _face_text(face: Face) -> str:
    """Kept, for a day's papers stand on page after page."""
    told: dict[str, Any] = {name: value for name in _FACE if (value := getattr(face, name))}
    if (face.actions, face.more) == usual_actions(face.paper):
        del told["actions"], told["more"]
        told["usual"] = True
    for name in _LABELLED & told.keys():
        told[name] = [one._asdict() for one in told[name]]
    return written(told)[1:-1]


def _actions_text(actions: tuple[Action, ...]) -> str:
    return f"[{','.join(map(_action_text, actions))}]"


@lru_cache(maxsize=1 << 10)
def _action_text(action: Action) -> str:
    return written(action._asdict())


def digest_of(text: str) -> Digest:
    """The digest in such a text. What a later version of the program added is left out."""
    told = {name: value for name, value in json.loads(text).items() if name in _DIGEST}
    told["cards"] = tuple(_card(one) for one in told.get("cards", ()))
    told["actions"] = _actions(told.get("actions", ()))
    told["tags"] = tuple(told.get("tags", ()))
    told["mode"] = Mode(told.get("mode", Mode.COMPACT))
    return Digest(**told)


def _card(told: dict[str, Any]) -> Card:
    face = {name: value for name, value in told.items() if name in _FACE}
    face["facts"] = tuple(face.get("facts", ()))
    face["links"] = tuple(Link(**one) for one in face.get("links", ()))
    for name in ("actions", "more"):
        face[name] = _actions(face.get(name, ()))
    for name in ("paper", "title", "url"):
        face.setdefault(name, "")
    if told.get("usual"):
        face["actions"], face["more"] = usual_actions(face["paper"])
    stop = told.get("stop")
    return Card(Face(**face), why=tuple(told.get("why", ())), stop=Action(**stop) if stop else None)


def _actions(told: Any) -> tuple[Action, ...]:
    return tuple(Action(**one) for one in told)
