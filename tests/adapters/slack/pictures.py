"""Draws the real rendered messages as pages in Slack's look: `python -m tests.adapters.slack.pictures`.

Messages are made by the bot's own desk and renderer on the papers it ships with; a headless Chromium
(found on the path) turns each page into docs/pictures/slack-NAME.png.
"""

import asyncio
import html
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters.slack import forms
from adapters.slack.home_view import Row, home_view
from adapters.slack.places import Place
from adapters.slack.render import render
from bot.commands.forms import form_of
from bot.model.command import Asker
from bot.model.paper import BlurbOrigin, Metrics
from bot.model.subscription import Channel, Platform
from tests.builders import a_paper
from tests.world import World, a_world

Json = dict[str, Any]
OUT = Path(__file__).parents[3] / "docs" / "pictures"
HERE = Channel(Platform.SLACK, "T0LAB00001", "C0PAPERS01")
WIDTH = 720

STYLE = """
body { margin: 0; background: #fff; font: 15px/1.47 Lato, 'Noto Sans', sans-serif; color: #1d1c1d }
main { padding: 18px 22px; display: grid; grid-template-columns: 36px 1fr; gap: 10px }
.face { width: 36px; height: 36px; border-radius: 6px; background: #1d3557; color: #fff;
        font-weight: 900; display: grid; place-items: center }
.who b { font-weight: 900 } .app { background: #e8e8e8; font-size: 10px; padding: 1px 4px;
        border-radius: 2px; color: #616061; margin: 0 6px } .at { color: #616061; font-size: 12px }
.only { color: #616061; font-size: 13px }
.block { margin: 6px 0 } .rich { white-space: pre-wrap } a { color: #1264a3; text-decoration: none }
h2 { font-size: 18px; margin: 8px 0 4px; font-weight: 900 } .context { color: #616061; font-size: 12.5px }
.row { display: flex; gap: 8px; flex-wrap: wrap; align-items: center }
.section { display: flex; justify-content: space-between; gap: 12px }
button { font: 700 13px Lato, 'Noto Sans', sans-serif; background: #fff; border: 1px solid #bbb;
         border-radius: 5px; padding: 4px 11px; color: #1d1c1d } .dots { padding: 4px 9px; color: #616061 }
pre { background: #f8f8f8; border: 1px solid #ddd; border-radius: 4px; padding: 8px; margin: 4px 0;
      font: 12.5px/1.5 monospace; white-space: pre-wrap }
.modal { max-width: 520px; border: 1px solid #ddd; border-radius: 8px; margin: 18px auto; box-shadow:
         0 6px 30px #0002 } .modal > header { padding: 14px 20px; font-weight: 900; font-size: 18px;
         border-bottom: 1px solid #ddd } .modal > div { padding: 8px 20px } .modal > footer { padding:
         12px 20px; display: flex; justify-content: flex-end; gap: 8px; border-top: 1px solid #ddd }
label { font-weight: 700; display: block; margin: 10px 0 4px } label i { font-weight: 400; color: #616061 }
.field { border: 1px solid #bbb; border-radius: 4px; padding: 7px 10px; min-height: 1.4em }
.hint { color: #616061; font-size: 12.5px } .go { background: #007a5a; color: #fff; border-color: #007a5a }
.chan { background: #e8f5fa; color: #1264a3; border-radius: 3px; padding: 0 2px }
"""


def words(text: str) -> str:
    return html.escape(text)


def rich(part: Json) -> str:
    style = part.get("style", {})
    if part["type"] == "link":
        shown = f'<a href="#">{words(part.get("text") or part["url"])}</a>'
    elif part["type"] == "channel":
        shown = '<span class="chan">#papers</span>'
    else:
        shown = words(part.get("text", ""))
    return f"<b>{shown}</b>" if style.get("bold") else shown


def element(one: Json) -> str:
    if one["type"] == "button":
        return f"<button>{words(one['text']['text'])}</button>"
    if one["type"] == "overflow":
        return '<button class="dots">•••</button>'
    return words(one.get("text", ""))


def field(block: Json) -> str:
    one = block["element"]
    chosen = one.get("initial_option")
    value = chosen["text"]["text"] + " ▾" if chosen else one.get("initial_value", "")
    optional = " <i>(optional)</i>" if block.get("optional") else ""
    hint = block.get("hint", {}).get("text", "")
    label = f"<label>{words(block['label']['text'])}{optional}</label>"
    return f'{label}<div class="field">{words(value)}</div><div class="hint">{words(hint)}</div>'


def block_html(block: Json) -> str:
    match block["type"]:
        case "header":
            return f"<h2>{words(block['text']['text'])}</h2>"
        case "rich_text":
            inside = "".join(rich_element(one) for one in block["elements"])
            return f'<div class="block rich">{inside}</div>'
        case "context":
            inside = " ".join(element(one) for one in block["elements"])
            return f'<div class="block context">{inside}</div>'
        case "section":
            accessory = element(block["accessory"]) if "accessory" in block else ""
            text = words(block["text"]["text"])
            return f'<div class="block section"><span>{text}</span><span>{accessory}</span></div>'
        case "actions":
            inside = "".join(element(one) for one in block["elements"])
            return f'<div class="block row">{inside}</div>'
        case "input":
            return field(block)
        case kind:
            raise ValueError(kind)


def rich_element(one: Json) -> str:
    inside = "".join(rich(part) for part in one["elements"])
    return f"<pre>{inside}</pre>" if one["type"] == "rich_text_preformatted" else inside


def message_html(blocks: list[Json], *, private: bool) -> str:
    only = '<div class="only">👁 Only visible to you</div>' if private else ""
    who = '<div class="who"><b>Paperwire</b><span class="app">APP</span><span class="at">09:00</span></div>'
    inside = "".join(block_html(block) for block in blocks)
    return f'<main><div class="face">P</div><div>{only}{who}{inside}</div></main>'


def view_html(view: Json) -> str:
    inside = "".join(block_html(block) for block in view["blocks"])
    if view["type"] == "home":
        return f'<main style="display:block">{inside}</main>'
    buttons = f"<button>{view['close']['text']}</button>"
    if "submit" in view:
        buttons += f'<button class="go">{view["submit"]["text"]}</button>'
    title = words(view["title"]["text"])
    return (
        f'<div class="modal"><header>{title}</header><div>{inside}</div>'
        f"<footer>{buttons}</footer></div>"
    )


PAPERS = (
    a_paper(
        "Weak-to-Strong Alignment without a Teacher in the Loop",
        authors=("Ada Byron", "Mary Somerville", "Charles Babbage", "Luigi Menabrea"),
        abstract="Small models can align large ones if they know when to abstain.",
        blurb="A small model that knows when to abstain aligns a larger one nearly as well as people do.",
        blurb_origin=BlurbOrigin.MACHINE,
        categories=("cs.CL", "cs.LG"),
        metrics=Metrics(upvotes=42, comments=3),
        organization="Analytical Engine Lab",
        code_url="https://github.com/example/weak",
    ),
    a_paper(
        "Alignment of $\\mathcal{R}$-modules <and *rings*>",
        authors=("Emmy Noether",),
        abstract="We study when modules over a noetherian ring can be aligned, and give a bound.",
        categories=("math.RA",),
    ),
    a_paper(
        "Protein Alignment at Scale",
        authors=("Margaret Dayhoff", "Richard Eck"),
        abstract="Aligning a billion sequences takes a day on one machine with the method we describe.",
        categories=("q-bio.QM", "cs.DS"),
        metrics=Metrics(upvotes=7),
    ),
)


async def pages(world: World) -> dict[str, str]:
    """Each picture's name and the body of its page."""
    asker = Asker(channel=HERE, member="U0ADA00001", zone="Europe/Berlin")
    line = "subscribe alignment -survey every:daily at:09:00 name:alignment"
    await world.announce(*PAPERS)
    made = await world.desk.ask(asker, line)
    digest = await world.desk.ask(asker, "digest week")
    found = await world.desk.ask(asker, "alignment")
    why = await world.desk.ask(asker, f"why {PAPERS[0].key}")
    wrong = await world.desk.ask(asker, "subscribe alignment (survey autor:Noether")
    assert made.private
    assert made.public
    drawn = {
        "subscribed": _drawn(made.private, private=True),
        "told": _drawn(made.public, private=False, by="Ada"),
        "digest": _drawn(digest.private, private=False),
        "search": _drawn(found.private, private=True),
        "why": _drawn(why.private, private=True),
        "mistake": _drawn(wrong.private, private=True),
    }
    from bot.commands.context import Context  # noqa: PLC0415 - only for the form

    context = Context(asker=asker, store=world.store, now=world.clock.now())
    form = await form_of(context, "subscribe", {"filter": "alignment -survey"})
    back = forms.Return("subscribe", Place(workspace="T1", member="U1", conversation="C1"))
    drawn["form"] = view_html(forms.view(form, back))
    rows = [
        Row(subscription=one, channel="C0PAPERS01", paused=False, now=world.clock.now())
        for one in await world.store.subscriptions.of(HERE)
    ]
    drawn["home"] = view_html(home_view(rows, [], ["Source hf_daily: read 5 minutes ago"]))
    return drawn


def _drawn(message: Any, *, private: bool, by: str = "") -> str:
    assert message is not None
    return "".join(message_html(page["blocks"], private=private) for page in render(message, by=by))


def draw(name: str, body: str, browser: str, folder: Path) -> None:
    page = folder / f"{name}.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{body}", "utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    height = _height(page, browser, flags)
    size = f"--window-size={WIDTH},{height}"
    picture = f"--screenshot={OUT / f'slack-{name}.png'}"
    subprocess.run([browser, *flags, size, picture, str(page)], check=True, capture_output=True)


def _height(page: Path, browser: str, flags: list[str]) -> int:
    probe = page.with_suffix(".probe.html")
    script = "<script>document.title = document.body.scrollHeight</script>"
    probe.write_text(page.read_text("utf-8") + script, "utf-8")
    size = f"--window-size={WIDTH},100"
    dom = subprocess.run(
        [browser, *flags, size, "--dump-dom", str(probe)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return max(120, int(dom.split("<title>")[1].split("</title>")[0]) + 24)


def _titles() -> Iterator[str]:
    yield from ("chromium", "chromium-browser", "google-chrome")


async def main() -> None:
    browser = next((found for name in _titles() if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("No Chromium on the path; install one to draw the pictures.")
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with a_world(Path(folder)) as world:
            drawn = await pages(world)
        for name, body in drawn.items():
            draw(name, body, browser, Path(folder))


if __name__ == "__main__":
    asyncio.run(main())
