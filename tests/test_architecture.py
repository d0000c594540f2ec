"""What the layout promises a reader, beside the import contracts of pyproject.toml."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_LINES = 300
FILES = [
    path
    for folder in ("bot", "adapters", "config")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.parent.name != "versions"
]


def test_no_file_is_longer_than_one_sitting():
    """Blank lines are not counted; migrations are written once and never changed."""
    assert len(FILES) > 100
    long = {
        str(path.relative_to(ROOT)): count for path in FILES if (count := _lines(path)) > MOST_LINES
    }
    assert long == {}


@pytest.mark.parametrize("folder", ["bot", "adapters", "config"])
def test_every_file_says_what_it_is_for(folder):
    silent = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.read_text(encoding="utf-8").strip()
        and not path.read_text(encoding="utf-8").startswith(('"""', 'r"""'))
    ]
    assert silent == []


def _lines(path: Path) -> int:
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
