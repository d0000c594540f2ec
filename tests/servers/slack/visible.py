"""What a person would see of a message, and whom it would notify.

Written apart from the bot's renderer on purpose: it reads Block Kit the way Slack's clients do, so a
title that turns into markup or into a mention is noticed.
Source: Slack's reference pages on text objects, rich text and mentions in mrkdwn.
"""

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_MENTION = re.compile(r"<!(channel|here|everyone)(?:\|[^>]*)?>|<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_GROUP = re.compile(r"<!subteam\^([A-Z0-9]+)(?:\|[^>]*)?>")
_TOKEN = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


def shown_text(text: str, blocks: list[Json]) -> str:
    """The words of a message in reading order, one line per block."""
    if not blocks:
        return mrkdwn_to_words(text)
    lines = (line for block in blocks for line in _block_lines(block))
    return "\n".join(line for line in lines if line)


def mentions(text: str, blocks: list[Json]) -> list[str]:
    """Ids and group words that would be notified by `text` or by the blocks, in order."""
    found = list(_mentions_in_mrkdwn(text))
    for node in _walk(blocks):
        if node.get("type") == "mrkdwn":
            # `verbatim` turns off automatic linking of names and URLs, not explicit <...> syntax.
            found += _mentions_in_mrkdwn(str(node.get("text", "")))
        elif node.get("type") == "broadcast":
            found.append(str(node.get("range")))
        elif node.get("type") in ("user", "usergroup"):
            found.append(str(node.get("user_id") or node.get("usergroup_id")))
    return found


def links(blocks: list[Json], text: str = "") -> list[str]:
    """Every address a reader could click on: rich-text links, mrkdwn links, button URLs."""
    found = [match[0] for match in _TOKEN.findall(text) if _is_address(match[0])]
    for node in _walk(blocks):
        if node.get("type") in ("link", "button", "image") and node.get("url"):
            found.append(str(node["url"]))
        elif node.get("type") == "mrkdwn":
            matches = _TOKEN.findall(str(node.get("text", "")))
            found += [match[0] for match in matches if _is_address(match[0])]
    return found


def buttons(blocks: list[Json]) -> list[Json]:
    """Every element of the blocks a reader can press or choose from."""
    return [node for node in _walk(blocks) if "action_id" in node or node.get("type") == "button"]


def mrkdwn_to_words(text: str) -> str:
    """Slack's mrkdwn as a reader sees it: links by their label, entities decoded."""

    def word(match: re.Match[str]) -> str:
        target, label = match.group(1), match.group(2)
        if label:
            return label
        if target.startswith("!"):
            return "@" + target[1:].split("^")[0]
        return target

    words = _TOKEN.sub(word, text)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _is_address(target: str) -> bool:
    return not target.startswith(("@", "#", "!"))


def _mentions_in_mrkdwn(text: str) -> Iterator[str]:
    for match in _MENTION.finditer(text):
        yield match.group(1) or match.group(2)
    yield from _GROUP.findall(text)


def _walk(node: object) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from _walk(child)
    elif isinstance(node, list):
        for child in node:
            yield from _walk(child)


def _block_lines(block: Json) -> Iterator[str]:
    kind = block.get("type")
    if kind == "divider":
        yield "———"
    elif kind == "rich_text":
        for element in block.get("elements", []):
            yield from _rich_lines(element)
    elif kind == "table":
        for row in block.get("rows", []):
            yield " | ".join(_cell(cell) for cell in row)
    else:
        yield from _plain_block_lines(block)


def _plain_block_lines(block: Json) -> Iterator[str]:
    if isinstance(block.get("text"), str):
        yield block["text"]
    elif isinstance(block.get("text"), dict):
        yield _text_object(block["text"])
    for text in block.get("fields", []):
        yield _text_object(text)
    if block.get("type") in ("context", "actions", "context_actions"):
        words = (_element_words(element) for element in block.get("elements", []))
        yield "  ".join(word for word in words if word)
    if "accessory" in block:
        yield _element_words(block["accessory"])
    if block.get("type") == "image":
        yield str(block.get("alt_text", ""))
    if "label" in block:
        yield _text_object(block["label"])


def _element_words(element: Json) -> str:
    kind = element.get("type")
    if kind in ("mrkdwn", "plain_text"):
        return _text_object(element)
    if kind == "image":
        return str(element.get("alt_text", ""))
    if kind == "overflow":
        return "[⋯]"
    label = element.get("text") or element.get("placeholder") or {}
    return f"[{_text_object(label)}]" if label else ""


def _text_object(text: Json) -> str:
    words = str(text.get("text", ""))
    return mrkdwn_to_words(words) if text.get("type") == "mrkdwn" else words


def _cell(cell: Json) -> str:
    if cell.get("type") == "raw_text":
        return str(cell.get("text", ""))
    return " ".join(line for part in cell.get("elements", []) for line in _rich_lines(part))


def _rich_lines(element: Json) -> Iterator[str]:
    kind = element.get("type")
    if kind == "rich_text_list":
        for number, part in enumerate(element.get("elements", []), start=1):
            mark = f"{number}." if element.get("style") == "ordered" else "•"
            yield f"{mark} {_rich_words(part)}"
    else:
        yield _rich_words(element)


def _rich_words(element: Json) -> str:
    return "".join(_rich_word(part) for part in element.get("elements", []))


def _rich_word(part: Json) -> str:
    kind = part.get("type")
    if kind == "link":
        return str(part.get("text") or part.get("url"))
    if kind == "emoji":
        return f":{part.get('name')}:"
    if kind == "broadcast":
        return f"@{part.get('range')}"
    if kind == "channel":
        return f"#{part.get('channel_id')}"
    if kind in ("user", "usergroup"):
        return f"@{part.get(kind + '_id')}"
    if kind == "date":
        return str(part.get("fallback", ""))
    return str(part.get("text", ""))
