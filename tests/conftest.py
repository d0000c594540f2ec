"""Fixtures every test may use."""

import os
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-golden`: see tests/test_golden.py."""
    parser.addoption("--write-golden", action="store_true", help="write the renderings anew")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make what a hostile test wrote printable: half a character cannot travel between processes."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections
    ]
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why tests were skipped, one line per reason."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, times in reasons.most_common():
        terminalreporter.write_line(f"{times} skipped: {reason}")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real recorded data beside the project; the test is skipped without it."""
    folder = (ROOT / os.environ.get("PAPERS_CORPUS", "../shared")).resolve()
    if not folder.is_dir():
        pytest.skip("no corpus folder (PAPERS_CORPUS)")
    return folder
