"""Fuzz the filter parser: `make fuzz` (SECONDS=600). Coverage-guided where atheris is installed.

Every input is a filter or a BadFilter with a place in the text; what parses reads back as the same
filter; and no input of up to 100,000 characters takes longer than linear time allows. An input
that breaks one of these ends the run with it.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from bot.model.errors import BadFilter
from bot.rules.outline import outline
from bot.rules.parse import parse_filter
from bot.rules.reading import reading

SLOW_S = 0.25  # of processor time
"""512 characters take 2 ms at the very worst here; a hundred times that is no noise."""

SEEDS = (
    'alignment "reward model"~3 -survey cat:(cs.CL|cs.LG) author:"Jan Leike"',
    "(a OR b) -(c d) upvotes:5..20 stars:>=1 since:7d code:yes lang:en version:(new|replace)",
    'title:(x | "y z*") abs:=w NOT q -"r s" source:arxiv_rss:cs.CL filter:name org:deep*',
    "«modèle de récompense» –сurvеy 强化学习 ﬁne-tuning C++ ｃａｔ：ｃｓ.ＣＬ upvotes≥3",
)
PIECES = (
    *"()|\"-=*~:.&,'\\ \t\n\0", "OR", "AND", "NOT", "title:", "cat:", "cs.CL", "upvotes:", ">=5", "5..",
    "since:", "7d", "version:", "~3", "\u200b", "\u202e", "\ud800", "é", "强", "ﬀ", "İ", "ß", "a", "bc",
)  # fmt: skip


def check(text: str) -> None:
    """Raise AssertionError (or whatever the parser let out) for an input that breaks a promise."""
    started = time.thread_time()
    try:
        topic = parse_filter(text)
    except BadFilter as bad:
        problem = bad.problem
        assert problem.message, problem
        assert 1 <= problem.column <= len(text) + 1, problem
        bad.text.encode()
    else:
        again = parse_filter(topic.canonical)
        assert again == topic, (topic.canonical, again.canonical)
        assert reading(topic)
        assert outline(topic.root)
    taken = time.thread_time() - started
    assert taken < SLOW_S, f"{taken:.3f} s for {len(text)} characters"


def decoded(data: bytes) -> str:
    """Bytes as text: half of them as UTF-8, the others as signs of the language."""
    if data[:1] and data[0] % 2:
        return "".join(PIECES[byte % len(PIECES)] for byte in data[1:])
    return data[1:].decode("utf-8", "surrogateescape")


def guided(seconds: float) -> None:
    """Coverage-guided, by atheris (libFuzzer)."""
    atheris = import_module("atheris")

    def one(data: bytes) -> None:
        check(decoded(data))

    atheris.instrument_all()
    folder = tempfile.mkdtemp(prefix="paperwire-fuzz-")
    options = (f"-max_total_time={int(seconds)}", "-max_len=1024", f"-artifact_prefix={folder}/")
    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


def blind(seconds: float) -> None:
    """Mutations of the seeds and of what was kept, without coverage."""
    dice = random.Random(0)
    pool = list(SEEDS)
    ends = time.monotonic() + seconds
    tried = 0
    while time.monotonic() < ends:
        text = mutated(dice.choice(pool), dice)
        check(text)
        tried += 1
        if len(pool) < 500 and dice.random() < 0.01:
            pool.append(text[:600])
    for size in (1_000, 10_000, 100_000):
        for piece in PIECES:
            check(piece * size)
    sys.stdout.write(f"{tried:,} inputs in {seconds:.0f} s, none broke a promise\n")


def mutated(text: str, dice: random.Random) -> str:
    """`text` with up to six places cut, doubled, swapped or filled."""
    changes: list[Callable[[str, int, int], str]] = [
        lambda s, i, j: s[:i] + s[j:],
        lambda s, i, j: s[:j] + s[i:j] + s[j:],
        lambda s, i, j: s[:i] + dice.choice(PIECES) + s[i:],
        lambda s, i, j: s[:i] + chr(dice.randrange(0x11000)) + s[j:],
        lambda s, i, j: s[:i] + s[i:j][::-1] + s[j:],
    ]
    for _ in range(dice.randint(1, 6)):
        first, second = sorted((dice.randint(0, len(text)), dice.randint(0, len(text))))
        text = dice.choice(changes)(text, first, min(second, first + 40))
    return text


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600
    (guided if find_spec("atheris") else blind)(seconds)


if __name__ == "__main__":
    main()
