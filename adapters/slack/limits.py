"""Slack's limits, as the platform states them or as they were observed.

Characters are counted in UTF-16 units, the larger of the two ways Slack may count.
"""

from datetime import timedelta

# Messages. Source: Slack's reference on blocks, and "Truncating really long messages" (2018).
BLOCKS_IN_A_MESSAGE = 50
FALLBACK_TEXT = 4_000
"""Advised length of the top-level text; above 40,000 it is cut, and long ones were seen doubled."""

TEXT_IN_ALL_BLOCKS = 9_000
"""Undocumented total (`msg_blocks_too_long`): 9,597 in 50 blocks passed, 11,341 in 45 did not
(seen in bolt-js issues 2509 and 2867)."""

# Blocks and elements. Source: Slack's Block Kit reference, one page per block and element.
HEADER_TEXT = 150
SECTION_TEXT = 3_000
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
OVERFLOW_OPTIONS = 5
OPTION_TEXT = 75
OPTION_VALUE = 150
URL = 3_000

# Answers. Source: Slack's page on handling user interaction, response URLs.
RESPONSE_URL_USES = 5
RESPONSE_URL_LASTS = timedelta(minutes=30)

# Requests to the app. Source: Slack's page on verifying requests.
OLDEST_REQUEST = timedelta(minutes=5)

# Reading. Source: conversations.history; a page of more than 999 is refused, 200 is advised.
HISTORY_PAGE = 200

# Source: users.conversations; at most 999, under 200 advised.
CHANNELS_PAGE = 200

# Views. Source: Slack's reference on views, input blocks and select menus.
VIEW_TITLE = 24
VIEW_BLOCKS = 100
PRIVATE_METADATA = 3_000
INPUT_LABEL = 2_000
INPUT_LENGTH = 3_000
SELECT_OPTIONS = 100

# Links. Source: Slack's page on unfurling links in messages.
UNFURL_DOMAINS = 5
