"""Writes the pictures of docs/discord.md: `python -m tests.adapters.discord.pictures docs/pictures`."""

import asyncio
import sys
from pathlib import Path

from adapters.discord.forms import modal
from adapters.discord.mark import marked
from adapters.discord.render import render
from tests.adapters.discord.pictures import examples
from tests.adapters.discord.pictures.page import form_page, page
from tests.adapters.discord.pictures.shoot import browser, shoot


def pages() -> dict[str, str]:
    """HTML by the picture's name."""
    digest = [marked(one, "picture") for one in render(examples.DIGEST)]
    return {
        "discord-digest": page(digest),
        "discord-more": page(render(examples.MORE), asked="More", private=True),
        "discord-subscribed": page(
            render(examples.SUBSCRIBED), asked="/papers-admin subscribe", private=True
        ),
        "discord-mistake": page(
            render(examples.MISTAKE), asked="/papers-admin subscribe", private=True
        ),
        "discord-form": form_page(modal(examples.FORM) or {}),
    }


async def main(folder: Path) -> None:
    """Write the pages, and pictures of them where a Chromium is installed."""
    folder.mkdir(parents=True, exist_ok=True)
    chromium = browser()
    for name, html in pages().items():
        file = (folder / f"{name}.html").resolve()
        file.write_text(html, encoding="utf-8")
        if chromium is not None:
            await shoot(file, file.with_suffix(".png"), chromium=chromium)
            file.unlink()


asyncio.run(main(Path(sys.argv[1])))
