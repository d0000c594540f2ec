"""`python -m tests.chaos [--engine sqlite] [--seconds 60] [--deliveries N] [--kills N] [--seed N]`.

One JSON line per engine; exit code 1 when an invariant broke. Logs and the platforms' record stay
in --keep, else they are removed.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from tests.chaos.run import Plan, chaos


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--seconds", type=float, default=25)
    parser.add_argument("--deliveries", type=int, default=0)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kill-every", type=float, default=2.5)
    parser.add_argument("--papers-per-second", type=float, default=2.0)
    parser.add_argument("--longest", type=float, default=3600)
    parser.add_argument("--slack", type=int, default=24)
    parser.add_argument("--discord", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    kinds = ["sqlite", "postgres"] if given.engine == "both" else [given.engine]
    failed = False
    for kind in kinds:
        plan = Plan(
            kind=kind,
            seed=given.seed,
            seconds=given.seconds,
            deliveries=given.deliveries,
            kills=given.kills,
            workers=given.workers,
            slack=given.slack,
            discord=given.discord,
            kill_every=given.kill_every,
            papers_per_second=given.papers_per_second,
            longest=given.longest,
        )
        with tempfile.TemporaryDirectory(prefix="paperwire-chaos-") as folder:
            verdict = asyncio.run(chaos(plan, (given.keep or Path(folder)) / kind))
        sys.stdout.write(json.dumps(verdict) + "\n")
        sys.stdout.flush()
        failed = failed or bool(verdict["broken_count"]) or not verdict["drained"]
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
