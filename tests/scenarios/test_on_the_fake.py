"""Every scenario on the fake platform."""

import pytest

from tests.scenarios.fake import FakeDriver
from tests.scenarios.told import SCENARIOS
from tests.world import a_world


@pytest.mark.parametrize("story", SCENARIOS, ids=lambda story: story.__name__)
async def test_scenario(story, tmp_path):
    async with a_world(tmp_path) as world:
        await story(FakeDriver(world))
