"""A form → a modal, and a filled modal → values. Pure.

What goes through Slack and back is a command line and ids only; the workspace is compared with the
one that sends the form back. Source: Slack's reference on views and input blocks.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack import limits
from adapters.slack.blocks import Block, context, paragraph, plain, run
from adapters.slack.places import Place
from adapters.slack.wording import line, units
from bot.model.form import Field, Form, Kind

FORM_ID = "papers:form"
FIELD_ACTION = "papers:field"
_BLOCK = "field:"
TITLE_LEAST = "Paperwire"
PREVIEWED = "filter"
"""The field below which stands what the form would do."""

LIVE = frozenset({PREVIEWED, "at", "tz", "name", "top", "for"})
"""Fields that are looked at while somebody types in them."""

NOTE, ERROR = 1_000, 600


@dataclass(frozen=True, slots=True)
class Return:
    """Where a form came from, to be found again when it is submitted.

    response_url: of what opened it, good for half an hour; empty in App Home.
    """

    command: str
    place: Place
    response_url: str = ""

    def packed(self) -> str:
        """As the text a view carries."""
        place = self.place
        kept = [self.command, place.workspace, place.conversation, place.organisation]
        return json.dumps([*kept, self.response_url], separators=(",", ":"))


def unpacked(text: str, at: Place) -> Return | None:
    """What a view carried; None unless it was made by us, for the workspace it comes back from."""
    try:
        kept = json.loads(text)
        command, workspace, conversation, organisation, response_url = map(str, kept)
    except (ValueError, TypeError):
        return None
    if workspace != at.workspace:
        return None
    place = replace(at, conversation=conversation, organisation=organisation or at.organisation)
    return Return(command, place, response_url)


def view(form: Form, back: Return) -> dict[str, Any]:
    """The modal of a form."""
    blocks: list[Block] = []
    for field in form.fields:
        blocks.append(_input(field))
        if field.error:
            # Slack shows errors below a field only at submission; while typing we say it here.
            blocks.append(context(f"✗ {line(field.error, ERROR)}"))
        elif field.name == PREVIEWED:
            blocks += _note(form)
    if not any(field.name == PREVIEWED for field in form.fields):
        blocks = [*_note(form), *blocks]
    return {
        "type": "modal",
        "callback_id": FORM_ID,
        "title": plain(line(form.title, limits.VIEW_TITLE) or TITLE_LEAST),
        "submit": plain(line(form.submit, limits.VIEW_TITLE) or "Save"),
        "close": plain("Cancel"),
        "private_metadata": back.packed(),
        "blocks": blocks,
    }


def can_show(form: Form, back: Return) -> bool:
    """Whether Slack would take the modal of this form."""
    return bool(form.fields) and units(back.packed()) <= limits.PRIVATE_METADATA


def values(state: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by field."""
    found: dict[str, str] = {}
    for block_id, actions in (state.get("values") or {}).items():
        answer = (actions or {}).get(FIELD_ACTION) if isinstance(actions, dict) else None
        if not str(block_id).startswith(_BLOCK) or not isinstance(answer, dict):
            continue
        chosen = answer.get("selected_option") or {}
        given = chosen.get("value") if chosen else answer.get("value")
        found[block_id.removeprefix(_BLOCK)] = _typed(str(given or ""))
    return found


def errors(form: Form) -> dict[str, str]:
    """What is wrong, by the block under which Slack shows it."""
    return {_BLOCK + name: line(words, ERROR) for name, words in form.errors.items()}


def _typed(text: str) -> str:
    # An empty choice: Slack takes no empty value.
    return "" if text == _NONE else text


_NONE = "(none)"


def _input(field: Field) -> Block:
    block: Block = {
        "type": "input",
        "block_id": _BLOCK + field.name,
        "label": plain(line(field.label, limits.INPUT_LABEL) or field.name),
        "element": _element(field),
        "optional": not field.required,
    }
    hint = line(field.hint, limits.INPUT_LABEL)
    if hint:
        block["hint"] = plain(hint)
    if field.name in LIVE:
        block["dispatch_action"] = True
    return block


def _element(field: Field) -> Block:
    if field.kind is Kind.CHOICE:
        options = [
            {
                "text": plain(line(one.label, limits.OPTION_TEXT) or one.value or "…"),
                "value": one.value or _NONE,
            }
            for one in field.choices[: limits.SELECT_OPTIONS]
        ]
        element: Block = {"type": "static_select", "action_id": FIELD_ACTION, "options": options}
        chosen = next((one for one in options if one["value"] == (field.value or _NONE)), None)
        return {**element, "initial_option": chosen} if chosen else element
    element = {
        "type": "plain_text_input",
        "action_id": FIELD_ACTION,
        "multiline": field.kind is Kind.TEXT,
        "max_length": min(field.most, limits.INPUT_LENGTH),
    }
    if field.value:
        element["initial_value"] = field.value[: element["max_length"]]
    if field.name in LIVE:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return element


def _note(form: Form) -> list[Block]:
    words = [line(one, NOTE) for one in form.note]
    return [paragraph(run("\n".join(one for one in words if one)))] if any(words) else []
