"""The stories every platform plays; a module of them adds each by `@scenario`."""

from collections.abc import Awaitable, Callable

from tests.scenarios.driver import Driver

Scenario = Callable[[Driver], Awaitable[None]]
SCENARIOS: list[Scenario] = []


def scenario(story: Scenario) -> Scenario:
    """Add it to the suite."""
    SCENARIOS.append(story)
    return story
