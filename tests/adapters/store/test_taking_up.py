"""A database that was brought back by other means (`papers restore --after-pg-restore`)."""

from datetime import timedelta

import pytest

from bot.engine.restoring import take_up
from tests.builders import a_paper
from tests.test_restored import DIGESTS_TO_COME, RENDERERS, elsewhere
from tests.world import MONDAY, World


@pytest.mark.parametrize(("order", "day", "why"), DIGESTS_TO_COME)
async def test_what_was_announced_before_the_loss_comes_where_its_digest_was_to_come(
    order, day, why, store
):
    """The tables stand as on Monday; a paper came on Tuesday, the loss on Wednesday noon."""
    world = World(store)
    await world.engine.beat()
    await world.say(order)
    await world.wait(minutes=5)
    lost_at = MONDAY + timedelta(days=2, hours=6)
    await take_up(store, RENDERERS, lost_at)
    world = elsewhere(store, lost_at, hours=1)
    paper, tuesday = a_paper("On Rings"), MONDAY + timedelta(days=1)
    world.source.announce(paper, on=tuesday.date(), at=tuesday + timedelta(hours=8))
    await world.wait(days=(day or 9) + 1)
    assert world.shown() == ([paper.title] if day else []), why
