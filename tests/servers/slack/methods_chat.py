"""The methods that show, change and take back messages."""

from tests.servers.slack.call import Call, Json, Refusal, as_json
from tests.servers.slack.world import Channel, Message


def post_message(call: Call) -> Json:
    """chat.postMessage: show a message to everyone in a channel."""
    call.need_scope("chat:write")
    channel = call.channel_to_write()
    message = call.message(channel)
    parent = channel.find(message.thread_ts) if message.thread_ts else None
    if message.thread_ts and (parent is None or parent.thread_ts not in (None, parent.ts)):
        raise Refusal("cannot_reply_to_message")
    channel.show(message)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": as_json(message, call.workspace),
    }


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: show a message to one person of a channel."""
    call.need_scope("chat:write")
    channel = call.channel_to_write()
    user = call.text("user")
    if user not in call.workspace.users:
        raise Refusal("user_not_found")
    if channel.kind != "im" and channel.members and user not in channel.members:
        raise Refusal("user_not_in_channel")
    message = call.message(channel)
    message.ephemeral_for = user
    channel.show(message)
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """chat.update: change a message of our own."""
    call.need_scope("chat:write")
    channel, old = _own_message(call, "cant_update_message")
    new = call.message(channel)
    old.rewrite(new.text, new.blocks, new.ts)
    if new.metadata is not None:
        old.metadata = new.metadata
    return {
        "channel": channel.id,
        "ts": old.ts,
        "text": old.text,
        "message": as_json(old, call.workspace),
    }


def delete(call: Call) -> Json:
    """chat.delete: take back a message of our own."""
    call.need_scope("chat:write")
    channel, old = _own_message(call, "cant_delete_message")
    channel.messages.remove(old)
    channel.removed.append(old)
    return {"channel": channel.id, "ts": old.ts}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink: the address of a message."""
    channel = call.channel()
    if channel.find(call.text("message_ts")) is None:
        raise Refusal("message_not_found")
    mark = call.text("message_ts").replace(".", "")
    host = f"https://{call.workspace.domain}.slack.com"
    return {"channel": channel.id, "permalink": f"{host}/archives/{channel.id}/p{mark}"}


def unfurl(call: Call) -> Json:
    """chat.unfurl: add cards to the links of somebody's message."""
    call.need_scope("links:write")
    unfurls: Json = call.parsed("unfurls", dict, "invalid_unfurls_format")
    if not unfurls:
        raise Refusal("missing_unfurls")
    for card in unfurls.values():
        call.check_blocks(card.get("blocks", []))
    if call.args.get("unfurl_id"):
        call.server.composer_unfurls.append({"unfurl_id": call.text("unfurl_id"), **unfurls})
        return {}
    channel = call.workspace.channels.get(call.text("channel"))
    if channel is None:
        raise Refusal("cannot_find_channel")
    message = channel.find(call.text("ts"))
    if message is None:
        raise Refusal("cannot_find_message")
    if any(url.split("?")[0] not in message.text for url in unfurls):
        raise Refusal("cannot_unfurl_url")
    message.unfurls.update(unfurls)
    return {}


def _own_message(call: Call, refusal: str) -> tuple[Channel, Message]:
    channel = call.channel()
    if channel.archived:
        raise Refusal("is_archived" if refusal.startswith("cant_d") else "cant_update_message")
    message = channel.find(call.text("ts"))
    if message is None:
        raise Refusal("message_not_found")
    if message.author != call.workspace.bot_id:
        raise Refusal(refusal)
    return channel, message
