"""Finds misspelt variable names, so that a typo stops the start instead of being ignored."""

from collections.abc import Iterable, Set

OURS_ALONE = "PAPERS_"
SHARED_PREFIXES = ("SLACK_", "DISCORD_", "HF_")
NEAR = 2  # typing errors that still count as a misspelling of a name

# Names of other programs that look like one of ours with a typing error.
OTHERS = frozenset({"SLACK_API_TOKEN", "SLACK_APP_URL"})


def misspelling(names: Iterable[str], known: Set[str], elsewhere: Set[str]) -> str | None:
    """One line about the first name that must be a mistake, or None.

    names: those set in the environment. known: the program's own. elsewhere: names with our
    prefix that other parts of the project read.
    """
    for name in sorted(names):
        if name in known or name in elsewhere or name in OTHERS:
            continue
        meant = _meant(name, known)
        if meant:
            return f"{name} is not a setting; did you mean {meant}?"
        if name.upper().startswith(OURS_ALONE):
            return f"{name} is not a setting; docs/configuration.md lists them all"
    return None


def _meant(name: str, known: Set[str]) -> str | None:
    """The setting this name is a misspelling of. Case counts as a misspelling too."""
    upper = name.upper()
    ours = upper.startswith(OURS_ALONE)
    comparable = [
        other
        for other in sorted(known)
        if other.startswith((OURS_ALONE, *(p for p in SHARED_PREFIXES if upper.startswith(p))))
    ]
    near = [(distance, other) for other in comparable if (distance := _typos(upper, other)) <= NEAR]
    if near:
        return min(near)[1]
    if not ours:
        return None
    rest = upper.removeprefix(OURS_ALONE)
    same = [other for other in sorted(known) if rest in {other, other.removeprefix(OURS_ALONE)}]
    holding = [other for other in comparable if len(rest) > NEAR and rest in other]
    return next(iter(same + holding), None)


def _typos(one: str, other: str) -> int:
    """Letters to insert, drop, change or swap with a neighbour (optimal string alignment)."""
    if abs(len(one) - len(other)) > NEAR:
        return NEAR + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        above, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]
