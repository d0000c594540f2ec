"""Real `papers` processes: started, killed, frozen, and started again."""

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.forked import Forked

PAPERS = str(Path(sys.executable).with_name("papers"))


@dataclass
class Worker:
    """One process and its log."""

    process: subprocess.Popen[bytes] | Forked
    log: Path
    came_up: bool = False

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def is_at_work(self) -> bool:
        """Whether it has come up; to kill it before would prove nothing."""
        self.came_up = self.came_up or b'"ready"' in self.log.read_bytes()
        return self.came_up

    @property
    def is_frozen(self) -> bool:
        """Whether it is stopped until SIGCONT, by us or by a fail point of its own."""
        try:
            about = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return False
        return about.rpartition(")")[2].split()[0] == "T"

    def signal(self, number: int) -> None:
        """Send a signal; a process that is gone already does not mind."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def kill(self) -> None:
        """`kill -9`, frozen or not."""
        self.signal(signal.SIGKILL)
        self.process.wait(30)

    def peak_mb(self) -> int:
        """The most memory it had at once, in megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        (line,) = (one for one in status.splitlines() if one.startswith("VmHWM:"))
        return int(line.split()[1]) // 1024

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass
class Crew:
    """Starts workers with one environment; ends all of them at the end.

    quick: fork them from a process that has imported the program, see `forked.py`.
    """

    folder: Path
    environ: dict[str, str]
    quick: bool = False
    started: list[Worker] = field(default_factory=list)

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.started:
            if worker.alive:
                worker.kill()

    def start(self, verb: str = "worker", **more: str) -> Worker:
        """One more process. more: environment variables of this one alone."""
        log = self.folder / f"{len(self.started):04}-{verb}.log"
        worker = Worker(self._process(verb, self.environment(**more), log), log)
        self.started.append(worker)
        return worker

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of this crew finds in its environment."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),  # the code beside these tests
            "PORT": "0",
            "PAPERS_LOG_FORMAT": "json",
            "PAPERS_SOURCES": "none",
            **self.environ,
            **more,
        }

    def _process(
        self, verb: str, environ: dict[str, str], log: Path
    ) -> subprocess.Popen[bytes] | Forked:
        if self.quick:
            log.touch()
            return Forked([verb], environ, log)
        with log.open("wb") as out:
            return subprocess.Popen([PAPERS, verb], env=environ, stdout=out, stderr=out)
