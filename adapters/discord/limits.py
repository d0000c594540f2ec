"""Discord's limits, each with where it is written.

Lengths are counted in UTF-16 units: Discord's clients count so, and its servers count characters,
which are never more.
"""

from datetime import timedelta

# Developer documentation, "Create Message".
NONCE = 25

# Developer documentation, "Component Reference": Components V2, action row, button.
COMPONENTS_V2 = 1 << 15  # the message flag; it can never be taken off again
V2_COMPONENTS = 40  # of all depths
V2_TEXT = 4_000  # over all texts of a message
BUTTONS_IN_ROW = 5
BUTTON_LABEL = 80
CUSTOM_ID = 100
LINK = 512

# Developer documentation, "Start Thread in Forum or Media Channel".
THREAD_NAME = 100
FORUM_TAGS = 5

# Developer documentation, "Component Reference": modal, label, text input, string select.
MODAL_TITLE = 45
MODAL_FIELDS = 5
MODAL_LABEL = 45
MODAL_HINT = 100
MODAL_TEXT = 4_000
SELECT_OPTIONS = 25
OPTION_LABEL = 100

# OpenAPI file, RichEmbed.url; what we take for the longest address worth showing.
ADDRESS = 2_048

# Developer documentation, "Application Commands".
COMMAND_TEXT = 4_000  # our own cap on a text option; Discord's is 6,000
CHOICES = 25
CHOICE = 100

# Developer documentation, "Receiving and Responding": the first answer must come within 3 s and
# the token then lives for 15 min. Work that has not ended by then shows as "thinking…".
FIRST_ANSWER_S = 3.0
DEFER_AFTER_S = 0.2
# A form can only be a first answer: it is waited for as long as there is time for something else.
FORM_WITHIN_S = 2.2

# Developer documentation, "Rate Limits": 10,000 answers of 401, 403 or 429 in ten minutes ban the
# address; we stop long before.
INVALID_WINDOW = timedelta(minutes=10)
INVALID_STOP = 2_000

# Developer documentation, "Get Channel Messages".
MESSAGES_PER_READ = 100


def units(text: str) -> int:
    """The length of `text` as Discord's clients count it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
