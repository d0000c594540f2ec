"""One person's use of a command, button or form, from the click until its token dies."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.servers.discord.refusals import Refused
from tests.servers.discord.world import EPHEMERAL, LOADING, Channel, Guild, Message, User, World

FIRST_ANSWER_S = 3.0
TOKEN_LIFE_S = 15 * 60.0

PING, COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 1, 2, 3, 4, 5
PONG, SAY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9


@dataclass(slots=True)
class Interaction:
    """What the person did, and everything shown to them in answer.

    answers: messages in the order shown, the ephemeral ones too (with their later edits).
    answered_after: seconds until the first answer or defer, None while there was none.
    """

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    guild: Guild | None
    at: float
    data: dict[str, Any]
    application_id: int
    source: Message | None = None
    callback: int | None = None
    answered_after: float | None = None
    original: Message | None = None
    answers: list[Message] = field(default_factory=list)
    choices: list[dict[str, Any]] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def failed(self) -> bool:
        """The person reads "The application did not respond"."""
        return self.callback is None

    @property
    def settled(self) -> bool:
        """Answered, and nothing shows as "thinking…" any more."""
        return self.callback is not None and not (self.original and self.original.thinking)

    @property
    def text(self) -> str:
        """Everything the person could read in the answers."""
        return "\n".join(answer.text for answer in self.answers)


class Interactions:
    """Keeps Discord's windows: 3 s for the first answer, 15 min for the token, one first answer."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_token: dict[str, Interaction] = {}

    def begin(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: dict[str, Any],
        *,
        application_id: int,
        source: Message | None = None,
    ) -> Interaction:
        interaction = Interaction(
            id=self._world.ids.next(),
            token=secrets.token_urlsafe(32),
            kind=kind,
            user=user,
            channel=channel,
            guild=self._world.guilds.get(channel.guild_id or 0),
            at=self._world.clock.now(),
            data=data,
            application_id=application_id,
            source=source,
        )
        self._by_token[interaction.token] = interaction
        return interaction

    def by_callback(self, interaction_id: int, token: str) -> Interaction:
        """The interaction that may get its first answer now."""
        interaction = self._by_token.get(token)
        if interaction is None or interaction.id != interaction_id:
            raise Refused(10062)
        if interaction.callback is not None:
            raise Refused(40060)
        if self._world.clock.now() - interaction.at > FIRST_ANSWER_S:
            raise Refused(10062)
        return interaction

    def by_webhook(self, application_id: int, token: str) -> Interaction | None:
        """The answered interaction this token belongs to; None if it is no interaction's token."""
        interaction = self._by_token.get(token)
        if interaction is None:
            return None
        if interaction.application_id != application_id:
            raise Refused(10015)
        if self._world.clock.now() - interaction.at > TOKEN_LIFE_S:
            raise Refused(50027)
        if interaction.callback is None:
            raise Refused(10015)
        return interaction

    def acknowledge(self, interaction: Interaction, callback: int) -> None:
        interaction.callback = callback
        interaction.answered_after = self._world.clock.now() - interaction.at

    def show(self, interaction: Interaction, body: dict[str, Any], *, flags: int) -> Message:
        """Put an answer before the person, and into the channel unless it is ephemeral."""
        message = Message(
            id=self._world.ids.next(),
            channel_id=interaction.channel.id,
            author=self._world.bot,
            body=body,
            at=self._world.clock.now(),
            type=20 if interaction.kind == COMMAND else 19,
            flags=flags,
            webhook_id=interaction.application_id,
        )
        interaction.answers.append(message)
        if not message.ephemeral:
            interaction.channel.messages.append(message)
        return message

    def fill(self, interaction: Interaction, message: Message, body: dict[str, Any]) -> Message:
        """Edit an answer; a "thinking…" one becomes a real one, as private as it was deferred."""
        if not message.thinking:
            message.edits.append(dict(message.body))
        kept = message.flags & EPHEMERAL
        message.body = {**message.body, **body}
        message.flags = (message.flags & ~LOADING) | kept | (body.get("flags") or 0)
        interaction.news.set()
        return message
