"""Fixtures every test may use."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-golden`: see tests/test_golden.py."""
    parser.addoption("--write-golden", action="store_true", help="write the renderings anew")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real recorded data beside the project; the test is skipped without it."""
    folder = (ROOT / os.environ.get("PAPERS_CORPUS", "../shared")).resolve()
    if not folder.is_dir():
        pytest.skip("no corpus folder (PAPERS_CORPUS)")
    return folder
