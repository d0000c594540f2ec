"""Block Kit's rules: which blocks exist, what each may hold, and how long it may be.

Limits: Slack's Block Kit reference, one page per block and element. The total over all text of a
message (`msg_blocks_too_long`) is documented nowhere; the figure here lies between the largest
message seen to pass (9,597 characters in 50 blocks) and the smallest seen refused (11,341 in 45).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.servers.slack.checks import (
    Check,
    anything,
    boolean,
    by_type,
    listing,
    record,
    string,
    url,
    wrong,
)
from tests.servers.slack.elements import (
    ANY_ELEMENT,
    CELL,
    ELEMENTS,
    IMAGE_ELEMENT,
    RICH_ELEMENT,
    plain,
    text_object,
)

Json = dict[str, Any]

BLOCKS_IN_A_MESSAGE = 50
BLOCKS_IN_A_VIEW = 100
TEXT_IN_ALL_BLOCKS = 10_000
MARKDOWN_IN_ALL_BLOCKS = 12_000


def _block(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return record({"type": anything, **required}, {"block_id": string(255), **(optional or {})})


_CONTEXT_PART = by_type(
    {
        "image": IMAGE_ELEMENT,
        "plain_text": text_object(3000, "plain_text"),
        "mrkdwn": text_object(3000, "mrkdwn"),
    }
)
BLOCKS: dict[str, Check] = {
    "section": _block(
        {},
        {
            "text": text_object(3000),
            "fields": listing(text_object(2000), 10),
            "accessory": by_type({**ELEMENTS, "image": IMAGE_ELEMENT}),
            "expand": boolean,
        },
    ),
    "header": _block({"text": plain(150)}),
    "divider": _block({}),
    "context": _block({"elements": listing(_CONTEXT_PART, 10)}),
    "actions": _block({"elements": listing(ANY_ELEMENT, 25)}),
    "image": _block(
        {"alt_text": string(2000)},
        {"image_url": url(), "slack_file": anything, "title": plain(2000)},
    ),
    "input": _block(
        {"label": plain(2000), "element": ANY_ELEMENT},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": _block({"elements": listing(RICH_ELEMENT, 1000)}),
    "markdown": _block({"text": string(MARKDOWN_IN_ALL_BLOCKS)}),
    "table": _block(
        {"rows": listing(listing(CELL, 20), 100)}, {"column_settings": listing(anything, 20)}
    ),
}
ANY_BLOCK = by_type(BLOCKS)
VIEW = by_type(
    {
        "modal": record(
            {
                "type": anything,
                "title": plain(24),
                "blocks": listing(ANY_BLOCK, BLOCKS_IN_A_VIEW),
            },
            {
                "submit": plain(24),
                "close": plain(24),
                "private_metadata": string(3000, least=0),
                "callback_id": string(255),
                "external_id": string(255),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            },
        ),
        "home": record(
            {"type": anything, "blocks": listing(ANY_BLOCK, BLOCKS_IN_A_VIEW)},
            {
                "private_metadata": string(3000, least=0),
                "callback_id": string(255),
                "external_id": string(255),
            },
        ),
    }
)


def faults_of_blocks(blocks: Any) -> list[str]:
    """Everything Slack would refuse in the blocks of a message."""
    found = list(listing(ANY_BLOCK, BLOCKS_IN_A_MESSAGE, least=0)(blocks, "/blocks"))
    if isinstance(blocks, list):
        found += _across(blocks, "/blocks")
        tables = sum(1 for block in blocks if _kind(block) == "table")
        if tables > 1:
            found.append(wrong("only one table block is allowed", "/blocks"))
    return found


def faults_of_view(view: Any) -> list[str]:
    """Everything Slack would refuse in a modal or a Home tab."""
    found = list(VIEW(view, "/view"))
    if isinstance(view, dict) and isinstance(view.get("blocks"), list):
        found += _across(view["blocks"], "/view/blocks")
        asks = any(_kind(block) == "input" for block in view["blocks"])
        if asks and view.get("type") == "modal" and "submit" not in view:
            found.append(wrong("missing required field: submit", "/view"))
    return found


def too_long(blocks: list[Json]) -> bool:
    """Whether the words of all blocks together go over the undocumented total."""
    markdown = sum(_words(block) for block in blocks if _kind(block) == "markdown")
    others = sum(_words(block) for block in blocks if _kind(block) != "markdown")
    return markdown > MARKDOWN_IN_ALL_BLOCKS or others > TEXT_IN_ALL_BLOCKS


def _kind(block: Any) -> str:
    return str(block.get("type")) if isinstance(block, dict) else ""


def _words(node: Any) -> int:
    if isinstance(node, dict):
        own = len(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(_words(child) for child in node.values())
    if isinstance(node, list):
        return sum(_words(child) for child in node)
    return 0


def _across(blocks: list[Any], pointer: str) -> Iterator[str]:
    """What only shows across blocks: ids that must not repeat, and sections that say nothing."""
    ids = Counter(block.get("block_id") for block in blocks if isinstance(block, dict))
    for block_id, count in ids.items():
        if block_id is not None and count > 1:
            yield wrong(f"block_id {block_id} already exists", pointer)
    for number, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        place = f"{pointer}/{number}"
        if block.get("type") == "section" and not {"text", "fields"} & block.keys():
            yield wrong("missing required field: text", place)
        actions = Counter(
            part.get("action_id")
            for part in block.get("elements", [])
            if isinstance(part, dict) and part.get("action_id")
        )
        for action_id, count in actions.items():
            if count > 1:
                yield wrong(f"action_id {action_id} already exists", f"{place}/elements")
