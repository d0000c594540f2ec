"""What each answer of chat.postMessage and chat.update means for a delivery, as data.

Source of every error code: Slack's reference pages of the two methods, section "Errors"; codes
marked "seen" stand on no such page. The classes are those of `bot.model.delivery`.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.model.delivery import (
    ChannelGone,
    NotSent,
    Outcome,
    Reach,
    Refused,
    Unclear,
    WorkspaceGone,
)

LEAST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(hours=6)
WAIT_UNTOLD = timedelta(seconds=30)
"""How long to wait when Slack asks for patience but not for how much."""

MESSAGE_LIMIT_WAIT = timedelta(hours=1)


class Meaning(StrEnum):
    """What to do about an error."""

    SLOW_DOWN = "wait, then send again; no failure"
    TRY_LATER = "nothing was posted; send again later"
    UNCLEAR = "may have been posted; look before sending again"
    CHANNEL_GONE = "pause this channel until somebody acts"
    WORKSPACE_GONE = "pause the whole workspace until somebody acts"
    REFUSED = "this content will never be taken"


@dataclass(frozen=True, slots=True)
class _Class:
    meaning: Meaning
    because: str
    errors: tuple[str, ...]


CLASSES = (
    _Class(
        Meaning.SLOW_DOWN,
        "rate limits: wait for Retry-After",
        ("ratelimited", "rate_limited", "message_limit_exceeded"),
    ),
    _Class(
        Meaning.UNCLEAR,
        "Slack failed inside: fatal_error says that part of it may have succeeded",
        (
            "fatal_error",
            "internal_error",
            "request_timeout",
            "service_unavailable",
            "update_failed",
        ),
    ),
    _Class(
        Meaning.UNCLEAR,
        "Slack knows a message with the same client_msg_id",
        ("duplicate_channel_not_found", "duplicate_message_not_found"),
    ),
    _Class(
        Meaning.CHANNEL_GONE,
        "this conversation takes no message of ours",
        (
            "channel_not_found",
            "is_archived",
            "not_in_channel",
            "restricted_action",
            "restricted_action_non_threadable_channel",
            "restricted_action_read_only_channel",
            "restricted_action_thread_locked",
            "restricted_action_thread_only_channel",
            "ekm_access_denied",
            "messages_tab_disabled",
            "access_denied",
            "no_permission",
            "team_not_found",
            "user_not_found",  # seen; listed for conversations.open: a direct message to nobody
            "cannot_dm_bot",  # likewise
            "user_disabled",  # likewise
        ),
    ),
    _Class(
        Meaning.REFUSED,
        "this message cannot be changed any more; the channel itself is fine",
        (
            "message_not_found",
            "cant_update_message",
            "edit_window_closed",
            "is_inactive",
            "block_mismatch",
            "cant_broadcast_message",
            "no_dual_broadcast_content_update",
            "streaming_state_conflict",
        ),
    ),
    _Class(
        Meaning.TRY_LATER,
        "the channel is being moved to another workspace",
        ("external_channel_migrating",),
    ),
    _Class(
        Meaning.WORKSPACE_GONE,
        "the token is not, no longer, or not here good for posting",
        (
            "invalid_auth",
            "not_authed",
            "account_inactive",
            "token_revoked",
            "token_expired",
            "missing_scope",
            "not_allowed_token_type",
            "org_login_required",
            "team_added_to_org",
            "accesslimited",
            "app_access_restricted",
            "enterprise_is_restricted",
            "two_factor_setup_required",
            "is_bot",
        ),
    ),
    _Class(
        Meaning.REFUSED,
        "the content breaks a rule",
        (
            "invalid_blocks",
            "invalid_blocks_format",
            "msg_blocks_too_long",
            "msg_too_long",  # seen; listed for chat.update
            "no_text",
            "markdown_text_conflict",
            "metadata_too_large",
            "invalid_metadata_format",
            "invalid_metadata_schema",
            "metadata_must_be_sent_from_app",
            "cannot_reply_to_message",
            "too_many_attachments",
            "too_many_contact_cards",
            "attachment_payload_limit_exceeded",
            "missing_file_data",
            "slack_connect_canvas_sharing_blocked",
            "slack_connect_file_link_sharing_blocked",
            "slack_connect_lists_sharing_blocked",
            "unable_to_share_files",
            "slack_connect_blocked_file_type",
            "slack_connect_clip_sharing_blocked",
            "slack_connect_file_upload_sharing_blocked",
            "blocked_file_type",
            "file_deleted",
            "file_is_deleted",
            "file_not_found",
            "file_share_limit_reached",
            "invalid_attachments",
            "max_file_sharing_exceeded",
            "posting_to_channel_denied",
        ),
    ),
    _Class(
        Meaning.REFUSED,
        "the call itself is malformed: our bug, no retry cures it",
        (
            "as_user_not_supported",
            "deprecated_endpoint",
            "draft_already_deleted",
            "draft_already_sent",
            "draft_has_conflict",
            "draft_not_found",
            "invalid_arg_name",
            "invalid_arguments",  # seen; listed for other methods
            "invalid_array_arg",
            "invalid_charset",
            "invalid_form_data",
            "invalid_post_type",
            "method_deprecated",
            "missing_post_type",
            "send_on_behalf_not_allowed",
            "unknown_method",
        ),
    ),
)
MEANINGS = {error: one.meaning for one in CLASSES for error in one.errors}

ADVICE = {
    "channel_not_found": "the channel was deleted, or is private and the app is not in it;"
    " type /invite @Paperwire there",
    "is_archived": "the channel is archived; unarchive it, then resume",
    "not_in_channel": "the app is not in the channel; type /invite @Paperwire there",
    "messages_tab_disabled": "the app's Messages tab is off; switch it on in the app settings",
    "invalid_auth": "Slack does not know this token; check SLACK_BOT_TOKEN",
    "not_authed": "no token was sent; check SLACK_BOT_TOKEN",
    "account_inactive": "the app was removed from the workspace; install it again",
    "token_revoked": "the token was revoked; install the app again",
    "token_expired": "the token has expired; install the app again",
    "missing_scope": "the app may not post; add the scope chat:write and install it again",
}
"""What a person can do about it."""


MAY_NOT_LOOK = frozenset(
    {
        "missing_scope",
        "not_allowed_token_type",
        "no_permission",
        "access_denied",
        "channel_not_found",
        "not_in_channel",
        "method_not_supported_for_channel_type",
        "thread_not_found",  # conversations.replies: the message to answer was deleted
        "ekm_access_denied",
    }
)
"""Errors of conversations.history and .replies that say that we may not read there at all. After
any other nothing is known, and the same question is asked again later. Source: the reference pages
of the two methods, section "Errors"."""


def outcome_of(error: str, wait: timedelta | None, detail: str = "") -> Outcome:
    """The outcome of a call that Slack refused with this error code.

    wait: what Retry-After said. detail: what else the answer said about the error.
    """
    advice = ADVICE.get(error, "")
    reason = ": ".join(part for part in (error, advice, detail) if part)
    match MEANINGS.get(error, Meaning.TRY_LATER):
        case Meaning.SLOW_DOWN:
            patience = MESSAGE_LIMIT_WAIT if error == "message_limit_exceeded" else WAIT_UNTOLD
            # Limits count by method and workspace (rate limits, "Web API").
            patience = clamped(wait or patience)
            return NotSent(reason, wait=patience, limited=True, reach=Reach.WORKSPACE)
        case Meaning.TRY_LATER:
            return NotSent(reason, wait=wait)
        case Meaning.UNCLEAR:
            return Unclear(reason)
        case Meaning.CHANNEL_GONE:
            return ChannelGone(reason)
        case Meaning.WORKSPACE_GONE:
            return WorkspaceGone(reason)
        case Meaning.REFUSED:
            return Refused(reason)


def clamped(wait: timedelta) -> timedelta:
    """A wait we are ready to believe: at least a second, at most six hours."""
    return min(max(wait, LEAST_WAIT), LONGEST_WAIT)


def retry_after(value: str | None) -> timedelta | None:
    """Retry-After in whole seconds, as Slack sends it; None if it is anything else."""
    text = (value or "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        return None
    return clamped(timedelta(seconds=int(text)))
