"""Writes the pictures of docs/discord.md: `python -m tests.adapters.discord.pictures docs/pictures`.

Nothing is made up for them: the whole bot is driven on a local Discord, and what it sent is drawn.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.adapters.discord.driving import DiscordDriver, driven
from tests.adapters.discord.pictures.examples import FILTER, PAPERS
from tests.adapters.discord.pictures.page import form_page, page
from tests.adapters.discord.pictures.shoot import browser, shoot
from tests.scenarios.driver import Seen

SUBSCRIBE = "/papers-admin subscribe"


async def pages(driver: DiscordDriver) -> dict[str, str]:
    """HTML by the picture's name."""
    form = await driver.say("subscribe")
    filled = {"filter": FILTER, "every": "daily", "at": "09:00", "tz": "Europe/Berlin"}
    await driver.world.announce(*PAPERS[3:])
    mistake = await driver.say("subscribe rings autor:Noether")
    subscribed = await driver.fill(form, filled)
    await driver.world.announce(*PAPERS[:3])
    await driver.world.wait_until(9)
    digest = (await driver.posts())[-1]
    more = await driver.press(digest, "More")
    why = await driver.say(f"why {PAPERS[0].key}")
    return {
        "discord-digest": page(_bodies(digest)),
        "discord-more": _private(more, "More"),
        "discord-why": _private(why, f"/papers query:{PAPERS[0].key} view:why"),
        "discord-subscribed": _private(subscribed, SUBSCRIBE),
        "discord-mistake": _private(mistake, f"{SUBSCRIBE} filter:rings autor:Noether"),
        "discord-form": form_page(form.handle.modal),
    }


def _private(seen: Seen, asked: str) -> str:
    return page(_bodies(seen), asked=asked, private=True)


def _bodies(seen: Seen) -> list[dict[str, object]]:
    return [message.body for message in seen.handle]


async def main(folder: Path) -> None:
    """Write the pages, and pictures of them where a Chromium is installed."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        async with driven(Path(data)) as driver:
            drawn = await pages(driver)
    chromium = browser()
    for name, html in drawn.items():
        file = (folder / f"{name}.html").resolve()
        file.write_text(html, encoding="utf-8")
        if chromium is not None:
            await shoot(file, file.with_suffix(".png"), chromium=chromium)
            file.unlink()


asyncio.run(main(Path(sys.argv[1])))
