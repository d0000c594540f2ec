"""Real `papers` processes: started, killed, frozen, and started again."""

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

PAPERS = str(Path(sys.executable).with_name("papers"))


@dataclass
class Worker:
    """One process and its log."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def is_at_work(self) -> bool:
        """Whether it has come up; to kill it before would prove nothing."""
        return b'"ready"' in self.log.read_bytes()

    def signal(self, number: int) -> None:
        """Send a signal; a process that is gone already does not mind."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def kill(self) -> None:
        """`kill -9`, frozen or not."""
        self.signal(signal.SIGKILL)
        self.process.wait(30)

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass
class Crew:
    """Starts workers with one environment; ends all of them at the end."""

    folder: Path
    environ: dict[str, str]
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
        environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),  # the code beside these tests
            "PORT": "0",
            "PAPERS_LOG_FORMAT": "json",
            "PAPERS_SOURCES": "none",
            **self.environ,
            **more,
        }
        with log.open("wb") as out:
            process = subprocess.Popen([PAPERS, verb], env=environ, stdout=out, stderr=out)
        worker = Worker(process, log)
        self.started.append(worker)
        return worker
