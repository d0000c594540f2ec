"""Every scenario on the real listener and messenger of Slack."""

import pytest

from tests.adapters.slack.driving import a_slack
from tests.scenarios import SCENARIOS


@pytest.mark.parametrize("story", SCENARIOS, ids=lambda story: story.__name__)
async def test_scenario(story, tmp_path):
    async with a_slack(tmp_path) as driver:
        await story(driver)
