"""`papers import` of the normalised papers into a fresh SQLite file, then once more."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PAPERS = Path("data/papers.jsonl.gz")
COMMAND = [str(Path(sys.executable).parent / "papers")]


def papers(folder: Path, *words: str) -> tuple[float, dict]:
    """One run of the command: whole-process seconds, and the JSON it printed."""
    url = f"sqlite:///{folder / 'bench.db'}"
    started = time.perf_counter()
    done = subprocess.run(
        [*COMMAND, *words, "--json"],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - started, json.loads(done.stdout)


def run(corpus: Path) -> Iterator[dict]:
    with tempfile.TemporaryDirectory() as folder:
        for again in (False, True):
            seconds, counts = papers(Path(folder), "import", str(corpus / PAPERS))
            total = counts["new"] + counts["merged"] + counts["unchanged"]
            yield {
                "what": "second import of the same file" if again else "first import",
                "seconds": round(seconds, 2),
                "papers_per_s": round(total / seconds),
                **{name: counts[name] for name in ("new", "merged", "unchanged")},
                "rejected": len(counts["rejected"]),
            }
