"""Message payloads → one HTML page in Discord's dark look."""

import html
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.adapters.discord.pictures.markdown import as_html

STYLE = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
EPHEMERAL = 1 << 6


def page(payloads: Iterable[dict[str, Any]], *, asked: str = "", private: bool = False) -> str:
    """Messages of one author below each other. asked: the command they answer."""
    said = "".join(f'<div class="said">{message(one)}</div>' for one in payloads)
    above = f'<div class="asked">↱ <b>ada</b> used <span>{html.escape(asked)}</span></div>'
    below = '<div class="only">👁 Only you can see this · <u>Dismiss message</u></div>'
    return (
        f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><main>'
        f"{above if asked else ''}"
        '<img alt=""><header><b>Paperwire</b><em>APP</em><time>Today at 09:00</time></header>'
        f"{said}{below if private else ''}</main>"
    )


def form_page(form: dict[str, Any]) -> str:
    """A form as it opens over the channel."""
    fields = "".join(_field(one) for one in form["components"])
    return (
        f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><main class="form">'
        f"<h1>{html.escape(form['title'])}</h1>{fields}"
        '<div class="ends"><span class="button grey">Cancel</span>'
        '<span class="button blurple">Submit</span></div></main>'
    )


def _field(part: dict[str, Any]) -> str:
    field = part["component"]
    chosen = [one["label"] for one in field.get("options", ()) if one["default"]]
    value = html.escape(field.get("value") or "".join(chosen))
    star = "<i>*</i>" if field.get("required") else ""
    hint = f"<small>{html.escape(part.get('description', ''))}</small>"
    tall = " tall" if field.get("style") == 2 else ""
    arrow = "<s>⌄</s>" if "options" in field else ""
    label = html.escape(part["label"])
    return f'<label>{label} {star}{hint}<div class="input{tall}">{value}{arrow}</div></label>'


def message(payload: dict[str, Any]) -> str:
    """The inside of one message."""
    parts = [as_html(payload["content"])] if payload.get("content") else []
    parts += [_embed(embed) for embed in payload.get("embeds", ())]
    parts += [component(one) for one in payload.get("components", ())]
    return "".join(parts)


def _embed(embed: dict[str, Any]) -> str:
    title = as_html(embed.get("title", ""))
    if embed.get("url"):
        title = f'<a href="{html.escape(embed["url"])}">{title}</a>'
    footer = html.escape(embed.get("footer", {}).get("text", ""))
    return (
        f'<div class="embed"><div class="title">{title}</div>{as_html(embed.get("description", ""))}'
        f"{f'<footer>{footer}</footer>' if footer else ''}</div>"
    )


def component(part: dict[str, Any]) -> str:
    """One component with all that is inside."""
    inside = "".join(component(one) for one in part.get("components", ()))
    match part["type"]:
        case 1:
            return f'<div class="row">{inside}</div>'
        case 2:
            return _button(part)
        case 3:
            return f'<div class="select">{html.escape(part.get("placeholder", ""))}<i>⌄</i></div>'
        case 9:
            return f'<div class="section"><div>{inside}</div>{component(part["accessory"])}</div>'
        case 10:
            return f'<div class="text">{as_html(part["content"])}</div>'
        case 14:
            return "<hr>" if part.get("divider", True) else "<br>"
        case 17:
            return f'<div class="container">{inside}</div>'
        case unknown:
            raise ValueError(f"component type {unknown} cannot be drawn")


def _button(part: dict[str, Any]) -> str:
    label = html.escape(part.get("label", ""))
    emoji = html.escape(part.get("emoji", {}).get("name", ""))
    style = {1: "blurple", 3: "green", 4: "red", 5: "link"}.get(part.get("style", 2), "grey")
    outward = " ↗" if style == "link" else ""
    return f'<span class="button {style}">{emoji} {label}{outward}</span>'
