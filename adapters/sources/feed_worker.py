"""The process that takes feeds apart: bytes in, entries out, killed when it takes too long.

A thread could not be stopped, and feedparser has been seen to need minutes.
"""

import json
import os
import subprocess
import sys
from typing import Any

from adapters.sources.feed_reader import NoFeed, read_feed

TIME_LIMIT = 8
"""Seconds, start of the process included; an honest feed of 5 MB needs two."""

MEMORY_LIMIT = 1024 * 1024 * 1024

_MODULE = "adapters.sources.feed_worker"


def read_apart(body: bytes, url: str, charset: str = "") -> dict[str, Any]:
    """`read_feed` in a process of its own. Raises NoFeed, also when time or memory run out."""
    request = json.dumps({"url": url, "charset": charset}).encode() + b"\n"
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-m", _MODULE],
            input=request + body,
            capture_output=True,
            timeout=TIME_LIMIT,
            check=False,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired:
        msg = f"takes more than {TIME_LIMIT} s to read, which no honest feed does"
        raise NoFeed(msg) from None
    if done.returncode:
        msg = "cannot be read as a feed"
        raise NoFeed(msg)
    answer = json.loads(done.stdout)
    if "problem" in answer:
        raise NoFeed(answer["problem"])
    return dict(answer)


def main() -> None:
    """Read one request from standard input and answer on standard output."""
    _limit()
    request = json.loads(sys.stdin.buffer.readline())
    try:
        answer = read_feed(sys.stdin.buffer.read(), request["url"], request["charset"])
    except NoFeed as error:
        answer = {"problem": str(error)}
    sys.stdout.buffer.write(json.dumps(answer).encode())


def _limit() -> None:
    """Bound processor time and memory, where the system can."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is no such module on Windows

    resource.setrlimit(resource.RLIMIT_CPU, (TIME_LIMIT, TIME_LIMIT))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


if __name__ == "__main__":
    main()
