"""Form → a Discord modal as a plain dict, and the values of one that was sent back. Pure.

custom_id `form:COMMAND` says which form it is, so that any process understands it, after any restart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapters.discord import limits
from adapters.discord.escape import label
from bot.model.form import Field, Form, Kind

FORM = "form:"

_TEXT_INPUT, _SELECT, _LABEL = 4, 3, 18
_SHORT, _PARAGRAPH = 1, 2


def modal(form: Form, values: Mapping[str, str] | None = None) -> dict[str, Any] | None:
    """The form as a modal; None when its command does not fit into an id.

    Discord shows five fields at most: the first ones, which core puts first for that; the others
    are options of the slash command, which the last field says. values: what was filled in before,
    in place of the fields' own.
    """
    name = FORM + form.command
    if limits.units(name) > limits.CUSTOM_ID:
        return None
    return {
        "custom_id": name,
        "title": label(form.title, limits.MODAL_TITLE) or "Paperwire",
        "components": [
            _labelled(field, (values or {}).get(field.name, field.value))
            for field in _pointing(form.fields)
        ],
    }


def _pointing(fields: Sequence[Field]) -> Sequence[Field]:
    """The fields there is room for, the last of which says where the others are."""
    shown, others = fields[: limits.MODAL_FIELDS], fields[limits.MODAL_FIELDS :]
    if not others:
        return shown
    *first, last = shown
    where = "Options of the command: " + ", ".join(field.name for field in others)
    both = f"{last.hint} · {where}" if last.hint else where
    hint = both if limits.units(both) <= limits.MODAL_HINT else where
    return (*first, replace(last, hint=hint))


def _labelled(field: Field, value: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": _LABEL,
        "label": label(field.label, limits.MODAL_LABEL),
        "component": _select(field, value) if field.kind is Kind.CHOICE else _input(field, value),
    }
    hint = label(field.hint, limits.MODAL_HINT)
    if hint:
        made["description"] = hint
    return made


def _input(field: Field, value: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": _TEXT_INPUT,
        "custom_id": field.name,
        "style": _PARAGRAPH if field.kind is Kind.TEXT else _SHORT,
        "required": field.required,
        "max_length": min(field.most, limits.MODAL_TEXT),
    }
    if value:
        made["value"] = value[: made["max_length"]]
    return made


def _select(field: Field, value: str) -> dict[str, Any]:
    options = [
        {
            "label": label(choice.label, limits.OPTION_LABEL),
            "value": choice.value,
            "default": choice.value == value,
        }
        for choice in field.choices[: limits.SELECT_OPTIONS]
    ]
    return {
        "type": _SELECT,
        "custom_id": field.name,
        "options": options,
        "min_values": 1 if field.required else 0,
        "max_values": 1,
        "required": field.required,
    }


def values_of(components: Any) -> dict[str, str]:
    """What was filled in, by the name of the field; components: as Discord sends them back."""
    return dict(_filled(components))


def _filled(components: Any) -> Iterator[tuple[str, str]]:
    for part in components if isinstance(components, list) else ():
        if not isinstance(part, dict):
            continue
        if isinstance(part.get("component"), dict):
            yield from _filled([part["component"]])
        yield from _filled(part.get("components"))
        name, chosen = part.get("custom_id"), part.get("values")
        if isinstance(name, str) and isinstance(part.get("value"), str):
            yield name, part["value"]
        elif isinstance(name, str) and isinstance(chosen, list):
            yield name, str(chosen[0]) if chosen else ""
