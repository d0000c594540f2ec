"""What Discord refuses in a message, written down apart from the bot's own limits.

Two tables that were typed twice check each other: a renderer that reads a limit wrongly fails here.
Source: Discord developer documentation, Message, Embed limits and Component reference.
"""

from __future__ import annotations

from typing import Any

from tests.servers.discord.refusals import FormErrors, Refused
from tests.servers.discord.world import COMPONENTS_V2

CONTENT = 2000
EMBEDS = 10
EMBED_TEXT_TOGETHER = 6000
EMBED_PARTS = {"title": 256, "description": 4096}
FIELDS, FIELD_NAME, FIELD_VALUE = 25, 256, 1024
FOOTER, AUTHOR = 2048, 256
ROWS, BUTTONS_IN_ROW = 5, 5
LABEL, CUSTOM_ID, LINK = 80, 100, 512
V2_COMPONENTS, V2_TEXT = 40, 4000
SELECT_OPTIONS, OPTION_TEXT, PLACEHOLDER = 25, 100, 150
NONCE = 25

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
V2_ONLY = {SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER}
LINK_BUTTON = 5


def check_message(body: dict[str, Any], *, before: dict[str, Any] | None = None) -> None:
    """Raise what Discord would answer; for an edit, `before` is what the message said so far."""
    errors = FormErrors()
    whole = {**(before or {}), **body}
    v2 = bool((whole.get("flags") or 0) & COMPONENTS_V2)
    errors.too_long(("content",), body.get("content"), CONTENT)
    errors.too_long(("nonce",), str(body.get("nonce") or ""), NONCE)
    _check_embeds(errors, body.get("embeds") or [])
    if v2:
        _check_v2(errors, whole)
    else:
        _check_rows(errors, body.get("components") or [])
    errors.raise_if_any()
    if not _says_something(whole):
        raise Refused(50006)


def _says_something(body: dict[str, Any]) -> bool:
    if str(body.get("content") or "").strip():
        return True
    return any(body.get(part) for part in ("embeds", "components", "attachments", "poll"))


def _check_embeds(errors: FormErrors, embeds: list[dict[str, Any]]) -> None:
    if len(embeds) > EMBEDS:
        errors.add(("embeds",), "BASE_TYPE_MAX_LENGTH", f"Must be {EMBEDS} or fewer in length.")
    together = 0
    for at, embed in enumerate(embeds):
        path = ("embeds", at)
        together += embed_length(embed)
        for part, most in EMBED_PARTS.items():
            errors.too_long((*path, part), embed.get(part), most)
        errors.too_long((*path, "footer", "text"), embed.get("footer", {}).get("text"), FOOTER)
        errors.too_long((*path, "author", "name"), embed.get("author", {}).get("name"), AUTHOR)
        _check_fields(errors, path, embed.get("fields") or [])
        for url_at, url in _urls_of(embed):
            _check_url(errors, (*path, *url_at), url)
    if together > EMBED_TEXT_TOGETHER:
        errors.add(
            ("embeds",),
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {EMBED_TEXT_TOGETHER}",
        )


def embed_length(embed: dict[str, Any]) -> int:
    """Characters that count towards the 6,000 of all embeds of a message."""
    texts = [
        embed.get("title"),
        embed.get("description"),
        embed.get("footer", {}).get("text"),
        embed.get("author", {}).get("name"),
        *(part.get(side) for part in embed.get("fields") or () for side in ("name", "value")),
    ]
    return sum(len(text or "") for text in texts)


def _check_fields(
    errors: FormErrors, path: tuple[str | int, ...], fields: list[dict[str, Any]]
) -> None:
    if len(fields) > FIELDS:
        errors.add((*path, "fields"), "BASE_TYPE_MAX_LENGTH", f"Must be {FIELDS} or fewer.")
    for at, part in enumerate(fields):
        for side, most in (("name", FIELD_NAME), ("value", FIELD_VALUE)):
            if not part.get(side):
                errors.add(
                    (*path, "fields", at, side), "BASE_TYPE_REQUIRED", "This field is required"
                )
            errors.too_long((*path, "fields", at, side), part.get(side), most)


def _urls_of(embed: dict[str, Any]) -> list[tuple[tuple[str, ...], str]]:
    found: list[tuple[tuple[str, ...], str]] = []
    if embed.get("url"):
        found.append((("url",), embed["url"]))
    for part, key in (("author", "url"), ("thumbnail", "url"), ("image", "url")):
        if embed.get(part, {}).get(key):
            found.append(((part, key), embed[part][key]))
    return found


def _check_url(errors: FormErrors, path: tuple[str | int, ...], url: str) -> None:
    if not url.lower().startswith(("http://", "https://")):
        errors.add(
            path,
            "URL_TYPE_INVALID_SCHEME",
            "Scheme must be one of ('http', 'https').",
        )
    elif any(mark in url for mark in (" ", "\n", "\t")) or len(url) > 2048:
        errors.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def _check_rows(errors: FormErrors, rows: list[dict[str, Any]]) -> None:
    if len(rows) > ROWS:
        errors.add(("components",), "BASE_TYPE_MAX_LENGTH", f"Must be {ROWS} or fewer in length.")
    seen: set[str] = set()
    for at, row in enumerate(rows):
        path = ("components", at)
        if row.get("type") in V2_ONLY:
            errors.add((*path, "type"), "UNION_TYPE_CHOICES", "Needs the components V2 flag.")
        elif row.get("type") != ROW:
            errors.add((*path, "type"), "UNION_TYPE_CHOICES", "Must be an action row.")
        else:
            _check_row(errors, path, row, seen)


def _check_row(
    errors: FormErrors, path: tuple[str | int, ...], row: dict[str, Any], seen: set[str]
) -> None:
    inside = row.get("components") or []
    selects = [part for part in inside if part.get("type") != BUTTON]
    if not inside or len(inside) > BUTTONS_IN_ROW or (selects and len(inside) > 1):
        errors.add((*path, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5.")
    for at, part in enumerate(inside):
        _check_control(errors, (*path, "components", at), part, seen)


def _check_control(
    errors: FormErrors, path: tuple[str | int, ...], part: dict[str, Any], seen: set[str]
) -> None:
    errors.too_long((*path, "label"), part.get("label"), LABEL)
    errors.too_long((*path, "placeholder"), part.get("placeholder"), PLACEHOLDER)
    if part.get("type") == BUTTON and part.get("style") == LINK_BUTTON:
        errors.too_long((*path, "url"), part.get("url"), LINK)
        _check_url(errors, (*path, "url"), str(part.get("url")))
        return
    name = part.get("custom_id") or ""
    errors.too_long((*path, "custom_id"), name, CUSTOM_ID)
    if not name:
        errors.add((*path, "custom_id"), "BASE_TYPE_REQUIRED", "This field is required")
    if name in seen:
        errors.add(
            (*path, "custom_id"),
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated",
        )
    seen.add(name)
    options = part.get("options") or []
    if len(options) > SELECT_OPTIONS:
        errors.add((*path, "options"), "BASE_TYPE_BAD_LENGTH", f"At most {SELECT_OPTIONS}.")
    for at, option in enumerate(options):
        for side in ("label", "value", "description"):
            errors.too_long((*path, "options", at, side), option.get(side), OPTION_TEXT)


def _check_v2(errors: FormErrors, whole: dict[str, Any]) -> None:
    for legacy in ("content", "embeds"):
        if whole.get(legacy):
            errors.add(
                (legacy,),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{legacy}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )
    parts = _all_parts(whole.get("components") or [])
    if len(parts) > V2_COMPONENTS:
        errors.add(
            ("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", f"At most {V2_COMPONENTS}."
        )
    text = sum(len(part.get("content") or "") for part in parts)
    if text > V2_TEXT:
        errors.add(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", f"Max {V2_TEXT}.")
    seen: set[str] = set()
    for at, part in enumerate(parts):
        if part.get("type") in {BUTTON, STRING_SELECT}:
            _check_control(errors, ("components", at), part, seen)


def _all_parts(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for component in components:
        parts.append(component)
        parts += _all_parts(component.get("components") or [])
        if component.get("accessory"):
            parts += _all_parts([component["accessory"]])
    return parts
