"""Measure the program, one JSON line per figure: `python -m tests.bench [--corpus DIR] [NAME…]`."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import (
    beside,
    delivery,
    discord,
    endtoend,
    importing,
    matching,
    previewing,
    recovery,
    replay,
    running,
    searching,
    slack,
)

FIGURES: dict[str, Callable[[Path], Iterator[dict]]] = {
    "import": importing.run,
    "beside": beside.run,
    "search": searching.run,
    "matching": matching.run,
    "endtoend": endtoend.run,
    "replay": replay.run,
    "preview": previewing.run,
    "running": running.run,
    "delivery": delivery.run,
    "recovery": recovery.run,
    "slack": slack.run,
    "discord": discord.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("../shared"))
    parser.add_argument("names", nargs="*", choices=[*FIGURES, []], default=list(FIGURES))
    given = parser.parse_args()
    if not (given.corpus / "data").is_dir():
        sys.exit(f"No papers to measure with in {given.corpus}; give --corpus DIR.")
    for name in given.names:
        for figure in FIGURES[name](given.corpus):
            sys.stdout.write(json.dumps({"bench": name, **figure}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
