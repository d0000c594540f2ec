"""Workers that start quickly: forked from a process that has imported the program already.

Each is a process of its own all the same: it reads its environment, opens its database and runs the
console command `papers` from its first line; only the import of libraries is shared.
"""

import multiprocessing
import os
import resource
import signal
import sys
from pathlib import Path

LOADED = (
    "tests.chaos.forked",
    "config.cli",
    "config.wiring",
    "config.slack_parts",
    "config.discord_parts",
)

MOST_FILES = 1024
"""Fault 50: what small machines allow a process."""


class Forked:
    """A process of `papers`, with what tests use of `subprocess.Popen`."""

    _context = multiprocessing.get_context("forkserver")
    _context.set_forkserver_preload(list(LOADED))

    def __init__(self, arguments: list[str], environ: dict[str, str], log: Path) -> None:
        self._process = self._context.Process(target=_be, args=(arguments, environ, str(log)))
        self._process.start()
        self.pid = self._process.pid or 0
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it lives."""
        if self.returncode is None:
            self.returncode = self._process.exitcode
            if self.returncode is not None:
                self._process.close()
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Wait for its end. Raises TimeoutError."""
        if self.returncode is None:
            self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise TimeoutError(f"process {self.pid} is still there after {timeout} s")
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, if it is still there."""
        if self.poll() is None:
            os.kill(self.pid, number)


def _be(arguments: list[str], environ: dict[str, str], log: str) -> None:
    os.environ.clear()
    os.environ.update(environ)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(out, 1)
    os.dup2(out, 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["papers", *arguments]
    from config.cli import main  # noqa: PLC0415 - loaded by the server already

    main()
