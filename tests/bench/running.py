"""The running bot: the demo's time and memory, the start, the idle cost and the stop."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.bench.importing import COMMAND

IDLE_SECONDS = 30


def run(corpus: Path) -> Iterator[dict]:
    yield _demo()
    yield _idle()


def _demo() -> dict:
    started = time.perf_counter()
    process = psutil.Popen(
        [*COMMAND, "demo"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    first_digest = most = 0.0
    for line in process.stdout:
        if not first_digest and "new paper" in line:
            first_digest = time.perf_counter() - started
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            most = max(most, process.memory_info().rss / 2**20)
    process.wait()
    return {
        "what": "demo",
        "first_digest_s": round(first_digest, 2),
        "whole_s": round(time.perf_counter() - started, 2),
        "resident_mb": round(most),
        "exit": process.returncode,
    }


def _idle() -> dict:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/idle.db",
            "PORT": str(port),
            "PAPERS_SOURCES": "none",
        }
        started = time.perf_counter()
        process = psutil.Popen([*COMMAND, "run"], env=environ, stderr=subprocess.DEVNULL)
        _wait_until_ready(port)
        ready = time.perf_counter() - started
        before = process.cpu_times()
        time.sleep(IDLE_SECONDS)
        after = process.cpu_times()
        resident = process.memory_info().rss / 2**20
        stopping = time.perf_counter()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        used = after.user + after.system - before.user - before.system
        return {
            "what": "idle run",
            "ready_s": round(ready, 2),
            "percent_of_one_core": round(100 * used / IDLE_SECONDS, 2),
            "resident_mb": round(resident),
            "stop_s": round(time.perf_counter() - stopping, 2),
        }


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1)
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("not ready within 30 s")
