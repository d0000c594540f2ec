"""Every scenario on the fake platform."""

import pytest

from tests.scenarios import SCENARIOS
from tests.scenarios.driver import CLUB, LAB
from tests.scenarios.fake import FakeDriver, channel
from tests.world import a_world


@pytest.mark.parametrize("story", SCENARIOS, ids=lambda story: story.__name__)
async def test_scenario(story, tmp_path):
    async with a_world(tmp_path) as world:
        for open_to_all in (LAB, CLUB):
            await world.store.policy.set_public(channel(open_to_all), is_public=True)
        await story(FakeDriver(world))
