"""What people and the bot do together, told once and played on every platform."""

from tests.scenarios import asking, told
from tests.scenarios.suite import SCENARIOS

__all__ = ["SCENARIOS", "asking", "told"]
