"""Everything the app listens to: its command, its shortcut, its events and the scope of each.

The listener takes its handlers from here and the manifest is made from here, so neither can know of
something the other does not.
"""

COMMAND = "/papers"
COMMAND_SAYS = "Find papers, or subscribe this channel to a topic"
COMMAND_HINT = "alignment · 2403.09472 · subscribe alignment -survey · list · help"

PAPERS_HERE = "papers_in_message"
PAPERS_HERE_LABEL = "Papers in this message"
PAPERS_HERE_SAYS = "Shows the papers a message links to"

LEAVING = {"app_uninstalled": "", "tokens_revoked": ""}
ORGANISATION = {"team_access_granted": "", "team_access_revoked": ""}
"""Only apps that whole organisations may install hear of these."""

SPEAKING = {"app_mention": "app_mentions:read", "message.im": "im:history"}
HOME = {"app_home_opened": ""}
LINKS = {"link_shared": "links:read"}
REACTIONS = {"reaction_added": "reactions:read", "reaction_removed": "reactions:read"}
CHANNELS = {
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_id_changed": "channels:read",
    "channel_left": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
}
EVENTS = {**LEAVING, **ORGANISATION, **SPEAKING, **HOME, **LINKS, **REACTIONS, **CHANNELS}
"""Names of events as the manifest has them, each with the scope it needs; empty: none."""
