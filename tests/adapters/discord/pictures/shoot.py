"""HTML page → PNG, by a headless Chromium."""

import asyncio
import re
import shutil
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH = 740
MEASURE = (
    "<script>const main = document.querySelector('main');"
    "document.body.dataset.height = main.offsetHeight + 2 * main.offsetTop</script>"
)


def browser() -> str | None:
    """The first Chromium found."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


async def shoot(page: Path, picture: Path, *, chromium: str) -> None:
    """Take a picture of the whole page, as high as what it shows."""
    page.write_text(page.read_text(encoding="utf-8") + MEASURE, encoding="utf-8")
    dumped = await _run(chromium, f"--window-size={WIDTH},800", "--dump-dom", page.as_uri())
    height = re.search(r'data-height="(\d+)"', dumped)
    if height is None:
        raise RuntimeError(f"{page.name} cannot be measured")
    size = f"--window-size={WIDTH},{height[1]}"
    await _run(chromium, size, f"--screenshot={picture}", page.as_uri())


async def _run(chromium: str, *options: str) -> str:
    process = await asyncio.create_subprocess_exec(
        chromium, "--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu", *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"{chromium} ended with {process.returncode}")
    return said.decode()
