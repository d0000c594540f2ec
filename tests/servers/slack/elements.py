"""Block Kit's elements: text objects, buttons, menus, inputs, and the parts of rich text.

Limits: Slack's Block Kit reference, one page per element.
"""

from tests.servers.slack.checks import (
    Check,
    anything,
    boolean,
    by_type,
    listing,
    one_of,
    record,
    string,
    url,
    whole_number,
)

LONGEST_RUN = 10_000


def text_object(most: int, *kinds: str) -> Check:
    """A text object: plain_text, mrkdwn, or either."""
    fields = {"text": string(most)}
    forms = {
        "plain_text": record({"type": anything, **fields}, {"emoji": boolean}),
        "mrkdwn": record({"type": anything, **fields}, {"verbatim": boolean}),
    }
    return by_type({kind: forms[kind] for kind in kinds or ("plain_text", "mrkdwn")})


def plain(most: int) -> Check:
    return text_object(most, "plain_text")


def _element(required: dict[str, Check], optional: dict[str, Check]) -> Check:
    return record(
        {"type": anything, **required},
        {"action_id": string(255), "focus_on_load": boolean, **optional},
    )


CONFIRM = record(
    {"title": plain(100), "text": text_object(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
OPTION = record(
    {"text": text_object(75), "value": string(150)},
    {"description": text_object(75), "url": url()},
)
OPTION_GROUP = record({"label": plain(75), "options": listing(OPTION, 100)}, {})

BUTTON = _element(
    {"text": plain(75)},
    {
        "value": string(2000),
        "url": url(),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
IMAGE_ELEMENT = record(
    {"type": anything, "alt_text": string(2000)},
    {"image_url": url(), "slack_file": anything},
)
_PLACEHOLDER: dict[str, Check] = {"placeholder": plain(150), "confirm": CONFIRM}
_STATIC: dict[str, Check] = {
    "options": listing(OPTION, 100),
    "option_groups": listing(OPTION_GROUP, 100),
    **_PLACEHOLDER,
}
_MANY: dict[str, Check] = {"max_selected_items": whole_number(1, 100)}
_PICKED = {"options": listing(OPTION, 10)}

ELEMENTS: dict[str, Check] = {
    "button": BUTTON,
    "overflow": _element({"options": listing(OPTION, 5)}, {"confirm": CONFIRM}),
    "static_select": _element({}, {**_STATIC, "initial_option": OPTION}),
    "multi_static_select": _element(
        {}, {**_STATIC, **_MANY, "initial_options": listing(OPTION, 100)}
    ),
    "external_select": _element(
        {}, {**_PLACEHOLDER, "min_query_length": whole_number(0, 99), "initial_option": OPTION}
    ),
    "users_select": _element({}, {**_PLACEHOLDER, "initial_user": string(30)}),
    "channels_select": _element(
        {}, {**_PLACEHOLDER, "initial_channel": string(30), "response_url_enabled": boolean}
    ),
    "conversations_select": _element(
        {},
        {
            **_PLACEHOLDER,
            "initial_conversation": string(30),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": anything,
        },
    ),
    "datepicker": _element({}, {**_PLACEHOLDER, "initial_date": string(10)}),
    "timepicker": _element(
        {}, {**_PLACEHOLDER, "initial_time": string(5), "timezone": string(100)}
    ),
    "checkboxes": _element(_PICKED, {"initial_options": listing(OPTION, 10), "confirm": CONFIRM}),
    "radio_buttons": _element(_PICKED, {"initial_option": OPTION, "confirm": CONFIRM}),
    "plain_text_input": _element(
        {},
        {
            "placeholder": plain(150),
            "initial_value": string(3000, least=0),
            "multiline": boolean,
            "min_length": whole_number(0, 3000),
            "max_length": whole_number(1, 3000),
            "dispatch_action_config": anything,
        },
    ),
    "number_input": _element(
        {"is_decimal_allowed": boolean},
        {
            "placeholder": plain(150),
            "initial_value": string(100),
            "min_value": string(100),
            "max_value": string(100),
        },
    ),
}
ANY_ELEMENT = by_type(ELEMENTS)
_STYLE = record(
    {},
    dict.fromkeys(
        (
            "bold", "italic", "strike", "code", "underline", "highlight",
            "client_highlight", "unlink",
        ),
        boolean,
    ),
)  # fmt: skip


def _rich(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return record({"type": anything, **required}, {"style": _STYLE, **(optional or {})})


RICH_PART = by_type(
    {
        "text": _rich({"text": string(LONGEST_RUN)}),
        "link": _rich({"url": url()}, {"text": string(3000), "unsafe": boolean}),
        "emoji": _rich({"name": string(100)}, {"unicode": string(100), "skin_tone": anything}),
        "user": _rich({"user_id": string(30)}),
        "usergroup": _rich({"usergroup_id": string(30)}),
        "channel": _rich({"channel_id": string(30)}),
        "broadcast": _rich({"range": one_of("here", "channel", "everyone")}),
        "color": _rich({"value": string(10)}),
        "date": _rich(
            {"timestamp": anything, "format": string(200)},
            {"url": url(), "fallback": string(200)},
        ),
    }
)
_PARTS = {"elements": listing(RICH_PART, 1000)}
RICH_SECTION = record({"type": anything, **_PARTS}, {})
RICH_ELEMENT = by_type(
    {
        "rich_text_section": RICH_SECTION,
        "rich_text_quote": record({"type": anything, **_PARTS}, {"border": anything}),
        "rich_text_preformatted": record(
            {"type": anything, **_PARTS}, {"border": anything, "language": string(50)}
        ),
        "rich_text_list": record(
            {
                "type": anything,
                "style": one_of("bullet", "ordered"),
                "elements": listing(by_type({"rich_text_section": RICH_SECTION}), 1000),
            },
            {"indent": whole_number(0, 8), "offset": whole_number(0, 9999), "border": anything},
        ),
    }
)
CELL = by_type(
    {
        "raw_text": record({"type": anything, "text": string(3000)}, {}),
        "rich_text": record({"type": anything, "elements": listing(RICH_ELEMENT, 10)}, {}),
    }
)
