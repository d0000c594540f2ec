"""Folding in a second process: the same tokens, whatever becomes of that process."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from adapters.folding import Folder, folded
from tests.builders import a_paper

PAPERS = [a_paper(f"Aligned Gödel machines, part {number}") for number in range(200)]


@pytest.fixture
def folder():
    folder = Folder()
    yield folder
    folder.dismiss()


@pytest.fixture
def helpers():
    """The processes begun since: tests before this one may have left some of their own."""
    others = psutil.Process().children()
    return lambda: [one for one in psutil.Process().children() if one not in others]


def test_a_helper_folds_as_we_do_ourselves(folder, helpers):
    folder.get_help()
    assert len(helpers()) == 1
    parts = [PAPERS[:1], [], PAPERS[1:150], PAPERS[150:]]
    foldings = [folder.begin(part) for part in parts]
    assert [one.result() for one in foldings] == [folded(part) for part in parts]


def test_nobody_helps_unless_asked(folder, helpers):
    assert folder.begin(PAPERS).result() == folded(PAPERS)
    assert helpers() == []


def test_what_a_lost_helper_owes_is_folded_here(folder, helpers):
    folder.get_help()
    (helper,) = helpers()
    foldings = [folder.begin(PAPERS) for _ in range(3)]
    helper.kill()
    foldings.append(folder.begin(PAPERS))
    assert [one.result() for one in foldings] == [folded(PAPERS)] * 4


def test_a_dismissed_helper_ends_though_it_has_work(folder, helpers):
    folder.get_help()
    foldings = [folder.begin(PAPERS) for _ in range(20)]
    folder.dismiss()
    assert helpers() == []
    assert all(one.result() == folded(PAPERS) for one in foldings)


def test_an_interrupt_from_the_keyboard_is_not_for_the_helper(folder, helpers):
    folder.get_help()
    (helper,) = helpers()
    assert folder.begin(PAPERS).result() == folded(PAPERS)
    os.kill(helper.pid, signal.SIGINT)
    assert folder.begin(PAPERS).result() == folded(PAPERS)
    assert helper.is_running()


def test_a_helper_does_not_outlive_a_killed_process():
    command = "from adapters.folding import Folder; f = Folder(); f.get_help(); input()"
    with subprocess.Popen([sys.executable, "-c", command], stdin=subprocess.PIPE) as process:
        while not (begun := psutil.Process(process.pid).children()):
            time.sleep(0.02)
        (helper,) = begun
        process.kill()
    psutil.wait_procs([helper], timeout=10)
    assert not helper.is_running()
