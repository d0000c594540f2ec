"""The stories every platform passes, on Discord."""

import pytest

from tests.adapters.discord.driving import driven
from tests.scenarios import SCENARIOS


@pytest.mark.parametrize("story", SCENARIOS, ids=lambda story: story.__name__)
async def test_scenario(story, tmp_path):
    async with driven(tmp_path) as driver:
        await story(driver)
