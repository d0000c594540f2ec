"""Slack's own list of argument names, when it lies beside the project.

The folder holds one JSON file per method. Without it nothing is checked: the tests that need the
check are marked `corpus`.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


def default_reference() -> Path | None:
    """The folder with Slack's method descriptions, or None when it is not there."""
    corpus = (ROOT / os.environ.get("PAPERS_CORPUS", "../shared")).resolve()
    folder = corpus / "specs" / "slack-api-ref" / "methods"
    return folder if folder.is_dir() else None


@cache
def method(folder: Path, name: str) -> dict[str, Any] | None:
    """What the reference says about one method: `args` and `errors` by name."""
    file = folder / f"{name}.json"
    if not file.is_file():
        return None
    described: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return described


def strangers(folder: Path | None, name: str, args: dict[str, Any]) -> list[str]:
    """Arguments of a call that the reference does not know."""
    described = method(folder, name) if folder else None
    if described is None:
        return []
    known = set(described["args"]) | {"token"}
    return [arg for arg in args if arg not in known]
