"""Fail points do what they say, and nothing when nobody asks."""

import os
import subprocess
import sys

import pytest

from bot.model.errors import ConfigError
from bot.model.steps import Step, break_at, passing
from config import failpoints
from config.settings import load_settings


@pytest.fixture(autouse=True)
def nothing_afterwards():
    yield
    break_at(None)


def test_without_a_setting_no_step_does_anything():
    for step in Step:
        passing(step)
    assert load_settings({}).failpoint is None


@pytest.mark.parametrize("text", ["nowhere=kill", "deliver.claimed=explode", "deliver.claimed"])
def test_a_fail_point_that_does_not_exist_stops_the_start(text):
    with pytest.raises(ConfigError, match="PAPERS_FAILPOINT names a step"):
        load_settings({"PAPERS_FAILPOINT": text})


def test_a_process_dies_at_the_passing_it_was_told():
    script = (
        "from config.failpoints import arm, read\n"
        "from bot.model.steps import Step, passing\n"
        "arm(read('deliver.claimed=kill@3'))\n"
        "for n in range(1, 9):\n"
        "    print(n, flush=True)\n"
        "    passing(Step.ANSWERED); passing(Step.CLAIMED)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == failpoints.KILLED
    assert done.stdout.split() == ["1", "2", "3"]


def test_a_step_can_take_its_time(monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    failpoints.arm(failpoints.read("store.committing=sleep:2@*, store.committed=sleep:1@2"))
    for _ in range(3):
        passing(Step.COMMITTING)
        passing(Step.COMMITTED)
    assert slept == [2.0, 2.0, 1.0, 2.0]


def test_the_steps_are_walked_by_the_code():
    """A step nobody passes would make its tests prove nothing."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    code = ""
    for folder in ("bot", "adapters"):
        for place, _, files in os.walk(os.path.join(root, folder)):
            for name in files:
                if name.endswith(".py"):
                    with open(os.path.join(place, name), encoding="utf-8") as file:
                        code += file.read()
    missing = [step.name for step in Step if f"passing(Step.{step.name}" not in code]
    assert missing == []
