"""`python -m tests.chaos [--engine sqlite] [--seconds 60] [--deliveries N] [--kills N] [--seed N]`.

One JSON line per engine; exit code 1 when an invariant broke. Logs and the platforms' record stay
in --keep, else they are removed.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from dataclasses import fields
from pathlib import Path

from tests.chaos.run import chaos
from tests.chaos.trouble import Plan

MOST_MB = 256
"""Fault 50: what small machines have."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgres", "both"], default="both")
    for name in (one for one in fields(Plan) if one.name not in {"kind", "seed"}):
        option = "--" + name.name.replace("_", "-")
        parser.add_argument(option, type=type(name.default), default=name.default)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    if given.engine == "both":
        # Beside each other: most of a run is waiting for limits, leases and timeouts.
        runs = [
            subprocess.Popen([sys.executable, "-m", "tests.chaos", *sys.argv[1:], "--engine", one])
            for one in ("sqlite", "postgres")
        ]
        codes = [run.wait() for run in runs]
        sys.exit(any(codes))
    chosen = {one.name: getattr(given, one.name) for one in fields(Plan) if one.name != "kind"}
    with tempfile.TemporaryDirectory(prefix="paperwire-chaos-") as folder:
        kept = (given.keep or Path(folder)) / given.engine
        verdict = asyncio.run(chaos(Plan(kind=given.engine, **chosen), kept))
    sys.stdout.write(json.dumps(verdict) + "\n")
    too_big = verdict["worker_peak_mb"] > MOST_MB
    sys.exit(1 if verdict["broken_count"] or not verdict["drained"] or too_big else 0)


if __name__ == "__main__":
    main()
