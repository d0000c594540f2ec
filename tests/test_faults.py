"""The table of faults names tests that exist, and leaves no fault out."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| (.+) \|$", re.MULTILINE)


def test_every_fault_has_a_test_that_exists_or_a_sentence_on_why_not():
    rows = ROW.findall((ROOT / "docs/faults.md").read_text("utf-8"))
    assert [int(number) for number, _ in rows] == list(range(1, 51))
    for number, cell in rows:
        named = re.findall(r"`(tests/[^`]+)::(test_\w+)`", cell)
        assert cell.count("`tests/") == len(named), f"fault {number} names a test in another form"
        assert named or len(cell.split()) > 5, f"fault {number} has neither test nor reason"
        for path, name in named:
            code = (ROOT / path).read_text("utf-8")
            assert re.search(rf"def {name}\(", code), f"fault {number}: {path} has no {name}"
