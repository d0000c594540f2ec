"""Answers to interactions: the first one, edits of it, and follow-ups."""

from __future__ import annotations

from typing import Any

from tests.servers.discord.interactions import (
    CHOICES,
    DEFER,
    DEFER_UPDATE,
    MODAL,
    SAY,
    UPDATE,
    Interaction,
    Interactions,
)
from tests.servers.discord.message_routes import MessageRoutes
from tests.servers.discord.message_rules import check_message
from tests.servers.discord.refusals import FormErrors, Refused
from tests.servers.discord.rest import Call, Operation, Reply
from tests.servers.discord.shapes import message_json
from tests.servers.discord.world import EPHEMERAL, LOADING, Message, World

MOST_CHOICES, CHOICE_NAME = 25, 100
MODAL_TITLE, MODAL_COMPONENTS, FIELD_LABEL, FIELD_HINT = 45, 5, 45, 100


class InteractionRoutes:
    """Needs no bot token: the interaction's own token is in the path."""

    def __init__(self, world: World, interactions: Interactions, messages: MessageRoutes) -> None:
        self._world = world
        self._interactions = interactions
        self._messages = messages

    def operations(self) -> list[Operation]:
        hook = "/webhooks/{webhook_id}/{webhook_token}"
        original = hook + "/messages/@original"
        one = hook + "/messages/{message_id}"
        return [
            Operation(
                "create_interaction_response",
                "POST",
                "/interactions/{interaction_id}/{interaction_token}/callback",
                self._first_answer,
                needs_bot=False,
            ),
            Operation("execute_webhook", "POST", hook, self._follow_up, needs_bot=False),
            Operation("get_original_webhook_message", "GET", original, self._get, needs_bot=False),
            Operation(
                "update_original_webhook_message", "PATCH", original, self._edit, needs_bot=False
            ),
            Operation(
                "delete_original_webhook_message", "DELETE", original, self._delete, needs_bot=False
            ),
            Operation("get_webhook_message", "GET", one, self._get, needs_bot=False),
            Operation("update_webhook_message", "PATCH", one, self._edit, needs_bot=False),
            Operation("delete_webhook_message", "DELETE", one, self._delete, needs_bot=False),
        ]

    def _first_answer(self, call: Call) -> Reply:
        interaction = self._interactions.by_callback(
            call.number("interaction_id"), call.params["interaction_token"]
        )
        body = call.body or {}
        kind, data = int(body.get("type", 0)), body.get("data") or {}
        message = self._carry_out(interaction, kind, data)
        self._interactions.acknowledge(interaction, kind)
        interaction.news.set()
        if call.query.get("with_response") not in ("1", "true"):
            return Reply()
        return Reply(self._callback_json(interaction, kind, message))

    def _carry_out(
        self, interaction: Interaction, kind: int, data: dict[str, Any]
    ) -> Message | None:
        match kind:
            case 4:  # SAY
                check_message(data)
                interaction.original = self._interactions.show(
                    interaction, data, flags=int(data.get("flags") or 0)
                )
            case 5:  # DEFER: only EPHEMERAL can be set, and it stays
                flags = (int(data.get("flags") or 0) & EPHEMERAL) | LOADING
                interaction.original = self._interactions.show(interaction, {}, flags=flags)
            case 6:  # DEFER_UPDATE
                interaction.original = interaction.source
            case 7 if interaction.source is not None:  # UPDATE
                check_message(data, before=interaction.source.body)
                interaction.original = self._interactions.fill(
                    interaction, interaction.source, data
                )
            case 8:  # CHOICES
                interaction.choices = _checked_choices(data)
            case 9:  # MODAL
                interaction.modal = _checked_modal(interaction, data)
            case _:
                errors = FormErrors()
                errors.add(("type",), "BASE_TYPE_CHOICES", "Unknown callback type.")
                errors.raise_if_any()
        return interaction.original

    def _callback_json(
        self, interaction: Interaction, kind: int, message: Message | None
    ) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "interaction": {
                "id": str(interaction.id),
                "type": interaction.kind,
                "response_message_id": str(message.id) if message else None,
                "response_message_loading": bool(message and message.thinking),
                "response_message_ephemeral": bool(message and message.ephemeral),
                "channel_id": str(interaction.channel.id),
                "guild_id": str(interaction.guild.id) if interaction.guild else None,
            }
        }
        if kind in (SAY, DEFER, UPDATE, DEFER_UPDATE) and message is not None:
            answer["resource"] = {"type": kind, "message": message_json(message, self._world)}
        elif kind in (CHOICES, MODAL):
            answer["resource"] = {"type": kind}
        return answer

    def _follow_up(self, call: Call) -> Reply:
        interaction = self._find(call)
        if interaction is None:
            return self._messages.execute_webhook(call)
        body = call.body or {}
        check_message(body)
        original = interaction.original
        if original is not None and original.thinking:
            # The first follow-up after a defer becomes the deferred answer.
            message = self._interactions.fill(interaction, original, body)
        else:
            flags = int(body.get("flags") or 0)
            message = self._interactions.show(interaction, body, flags=flags)
            interaction.news.set()
        return Reply(message_json(message, self._world))

    def _get(self, call: Call) -> Reply:
        _, message = self._answer_of(call)
        return Reply(message_json(message, self._world))

    def _edit(self, call: Call) -> Reply:
        if self._find(call) is None and "message_id" in call.params:
            return self._messages.edit_webhook_message(call)
        interaction, message = self._answer_of(call)
        body = call.body or {}
        check_message(body, before={} if message.thinking else message.body)
        return Reply(message_json(self._interactions.fill(interaction, message, body), self._world))

    def _delete(self, call: Call) -> Reply:
        interaction, message = self._answer_of(call)
        interaction.answers.remove(message)
        if message in interaction.channel.messages:
            interaction.channel.messages.remove(message)
        if interaction.original is message:
            interaction.original = None
        interaction.news.set()
        return Reply()

    def _find(self, call: Call) -> Interaction | None:
        return self._interactions.by_webhook(
            call.number("webhook_id"), call.params["webhook_token"]
        )

    def _answer_of(self, call: Call) -> tuple[Interaction, Message]:
        interaction = self._find(call)
        if interaction is None:
            raise Refused(10015)
        if "message_id" not in call.params:
            message = interaction.original
        else:
            wanted = call.number("message_id")
            message = next((said for said in interaction.answers if said.id == wanted), None)
        if message is None:
            raise Refused(10008)
        return interaction, message


def _checked_choices(data: dict[str, Any]) -> list[dict[str, Any]]:
    choices = list(data.get("choices") or ())
    errors = FormErrors()
    if len(choices) > MOST_CHOICES:
        errors.add(("data", "choices"), "BASE_TYPE_BAD_LENGTH", f"At most {MOST_CHOICES}.")
    for at, choice in enumerate(choices):
        for side in ("name", "value"):
            errors.too_long(("data", "choices", at, side), choice.get(side), CHOICE_NAME)
    errors.raise_if_any()
    return choices


def _checked_modal(interaction: Interaction, data: dict[str, Any]) -> dict[str, Any]:
    errors = FormErrors()
    errors.too_long(("data", "title"), data.get("title"), MODAL_TITLE)
    if not 1 <= len(data.get("components") or ()) <= MODAL_COMPONENTS:
        errors.add(("data", "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5.")
    if interaction.kind == 5:
        errors.add(("type",), "BASE_TYPE_CHOICES", "A modal cannot answer a modal.")
    for at, part in enumerate(data.get("components") or ()):
        path = ("data", "components", at)
        errors.too_long((*path, "label"), part.get("label"), FIELD_LABEL)
        errors.too_long((*path, "description"), part.get("description"), FIELD_HINT)
        for option in (part.get("component") or {}).get("options") or ():
            errors.too_long((*path, "component", "options"), option.get("label"), CHOICE_NAME)
    errors.raise_if_any()
    if not data.get("custom_id"):
        raise Refused(50035)
    return data
