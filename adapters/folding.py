"""Fold papers for the search index, a large number of them in a second process.

Folding is half of the work of storing papers, and needs nothing but the papers: while one process
writes, the other folds. The second one is lost with the first: it ends when its input ends.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from bot.model.paper import Paper
from bot.rules import document
from bot.rules.search_tokens import Indexable, indexable, tokens_of

_MODULE = "adapters.folding"
_PIPE = 1 << 20  # bytes; with the usual 64 KiB both sides wait for each other all the time
_STOP_WITHIN_S = 5.0

Folded = list[Indexable]


def folded(papers: Sequence[Paper]) -> Folded:
    """The tokens of each paper, here and now."""
    return list(map(indexable, papers))


class Folding:
    """Papers that are being folded. `helped`: None where nobody helps."""

    def __init__(self, papers: Sequence[Paper], helped: Future[Folded] | None = None) -> None:
        self._papers = papers
        self._helped = helped

    def result(self) -> Folded:
        """The tokens; worked out here if the helper is lost, or has not come to it yet."""
        helped = self._helped
        if helped is None:
            # Few papers, as a day brings them: they are matched and ranked next, folded as here.
            return [tokens_of(document.folded(one)) for one in self._papers]
        if helped.cancel():
            return folded(self._papers)
        try:
            return helped.result()
        except (OSError, EOFError, pickle.UnpicklingError):
            return folded(self._papers)


class Folder:
    """Folds papers; `get_help` starts a second process for it, `dismiss` ends it."""

    def __init__(self) -> None:
        self._helper: _Helper | None = None

    def begin(self, papers: Sequence[Paper]) -> Folding:
        """Papers to be folded soon; the results are best asked for in the same order."""
        helper = self._helper
        return Folding(papers, helper.ask(papers) if helper and papers else None)

    def get_help(self) -> None:
        """From now on a second process folds."""
        if self._helper is None:
            self._helper = _Helper()

    def dismiss(self) -> None:
        """End the second process, if there is one."""
        helper, self._helper = self._helper, None
        if helper is not None:
            helper.close()


class _Helper:
    """The second process, and the thread that talks to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pipesize=_PIPE,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._thread = ThreadPoolExecutor(1, "fold")

    def ask(self, papers: Sequence[Paper]) -> Future[Folded]:
        return self._thread.submit(self._ask, papers)

    def _ask(self, papers: Sequence[Paper]) -> Folded:
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:  # for the type checker: both are pipes
            raise EOFError
        requests.write(pickle.dumps(papers, pickle.HIGHEST_PROTOCOL))
        requests.flush()
        found: Folded = pickle.load(answers)  # noqa: S301 - from our own child
        return found

    def close(self) -> None:
        """Let it finish what it does; end it by force if that takes too long."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        try:
            self._process.communicate(timeout=_STOP_WITHIN_S)
        except (subprocess.TimeoutExpired, OSError, ValueError):
            self._process.kill()
            self._process.wait()
        self._thread.shutdown()


def main() -> None:
    """Read lists of papers from standard input, write their tokens to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            papers = pickle.load(requests)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        answers.write(pickle.dumps(folded(papers), pickle.HIGHEST_PROTOCOL))
        answers.flush()


if __name__ == "__main__":
    main()
