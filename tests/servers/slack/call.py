"""One call of the Web API, and the ways a method can refuse it."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.servers.slack.blocks import faults_of_blocks, too_long
from tests.servers.slack.world import Channel, Message, Workspace

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

Json = dict[str, Any]

TEXT_CUT_AT = 40_000
METADATA_BYTES = 16_384


class Refusal(Exception):
    """`ok: false` with an error code, and whatever else Slack says about it."""

    def __init__(self, error: str, *, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(error)
        self.body: Json = {"ok": False, "error": error, **extra}
        if messages:
            self.body["errors"] = messages
            self.body["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in messages]}


@dataclass
class Call:
    """A call that passed the token check: who asks, and for what."""

    server: "SlackServer"
    method: str
    args: Json
    workspace: Workspace
    token: str = ""
    warnings: list[str] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        """An argument as text."""
        value = self.args.get(name, default)
        return value if isinstance(value, str) else str(value)

    def flag(self, name: str) -> bool:
        """An argument as yes or no; forms send words."""
        return str(self.args.get(name, "")).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        """An argument as a whole number."""
        try:
            return int(self.args.get(name, default))
        except (TypeError, ValueError):
            raise Refusal("invalid_arguments", messages=[f"must be an integer: {name}"]) from None

    def need_scope(self, *any_of: str) -> None:
        """Refuse unless the token has one of these scopes."""
        if not self.workspace.scopes & set(any_of):
            raise Refusal(
                "missing_scope",
                needed=",".join(any_of),
                provided=",".join(sorted(self.workspace.scopes)),
            )

    def channel(self, name: str = "channel") -> Channel:
        """The channel an argument names, if this workspace has it."""
        channel = self.workspace.channels.get(self.text(name))
        if channel is None or (channel.kind != "public" and not channel.bot_is_member):
            raise Refusal("channel_not_found")
        return channel

    def channel_to_write(self) -> Channel:
        """The channel of a message, if the app may post there; a user id means the person's DM."""
        target = self.text("channel")
        if target in self.workspace.users:
            return self.workspace.direct_channel(target, self.server.ids)
        channel = self.channel()
        if channel.archived:
            raise Refusal("is_archived")
        if channel.posting_error:
            raise Refusal(channel.posting_error)
        joined = channel.bot_is_member or (
            channel.kind == "public" and "chat:write.public" in self.workspace.scopes
        )
        if not joined:
            raise Refusal("not_in_channel")
        return channel

    def message(self, channel: Channel) -> Message:
        """What the call wants to show, checked by the rules of content."""
        text, blocks = self.text("text"), self.parsed("blocks", list, "invalid_blocks_format")
        markdown = self.text("markdown_text")
        if markdown and (text or blocks):
            raise Refusal("markdown_text_conflict")
        attachments = self.parsed("attachments", list, "invalid_attachments")
        if not (text or blocks or attachments or markdown):
            raise Refusal("no_text")
        if len(attachments) > 100:
            raise Refusal("too_many_attachments")
        self.check_blocks(blocks)
        if len(text) > TEXT_CUT_AT:
            text = text[:TEXT_CUT_AT]
            self.warnings.append("message_truncated")
        return Message(
            ts=self.server.clock.ts(),
            channel_id=channel.id,
            text=text or markdown,
            blocks=blocks,
            metadata=self.metadata(),
            author=self.workspace.bot_id,
            thread_ts=self.args.get("thread_ts"),
            broadcast=self.flag("reply_broadcast"),
            attachments=attachments,
            options={
                name: self.args[name]
                for name in ("unfurl_links", "unfurl_media", "link_names", "parse", "mrkdwn")
                if name in self.args
            },
        )

    def check_blocks(self, blocks: list[Json]) -> None:
        """Refuse blocks Block Kit would refuse."""
        found = faults_of_blocks(blocks)
        if found:
            raise Refusal("invalid_blocks", messages=found)
        if too_long(blocks):
            raise Refusal("msg_blocks_too_long")

    def metadata(self) -> Json | None:
        """The metadata of the message: an event type and a flat payload."""
        if "metadata" not in self.args:
            return None
        metadata: Json = self.parsed("metadata", dict, "invalid_metadata_format")
        if not isinstance(metadata.get("event_type"), str) or not isinstance(
            metadata.get("event_payload"), dict
        ):
            raise Refusal("invalid_metadata_schema")
        if len(json.dumps(metadata)) > METADATA_BYTES:
            raise Refusal("metadata_too_large")
        return metadata

    def parsed(self, name: str, kind: type, refusal: str) -> Any:
        """A structured argument: JSON in a form field, or already structured in a JSON body."""
        value = self.args.get(name)
        if value is None or value == "":
            return kind()
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise Refusal(refusal) from None
        if not isinstance(value, kind):
            raise Refusal(refusal)
        return value


def as_json(message: Message, workspace: Workspace, *, with_metadata: bool = True) -> Json:
    """A message in the form the Web API hands out."""
    body: Json = {
        "type": "message",
        "user": workspace.bot_user if message.author == workspace.bot_id else message.author,
        "text": message.text,
        "ts": message.ts,
        "team": workspace.id,
    }
    if message.author == workspace.bot_id:
        body["bot_id"] = workspace.bot_id
    if message.blocks:
        body["blocks"] = message.blocks
    if message.attachments:
        body["attachments"] = message.attachments
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
    if message.edited_ts:
        body["edited"] = {"user": workspace.bot_user, "ts": message.edited_ts}
    if with_metadata and message.metadata:
        body["metadata"] = message.metadata
    return body
