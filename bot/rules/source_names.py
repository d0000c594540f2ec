"""Names of sources, as people write them after `source:`.

The kinds are those this program has; what stands after the colon is an installation's own choice.
A kind stays here for good, so that what was once typed can be typed again.
"""

from collections.abc import Iterable
from difflib import get_close_matches

from bot.model.record import IMPORT
from bot.rules.taxonomy import is_known

NEVER_FOLLOWED = ("arxiv_api", IMPORT)
"""Where papers come from when somebody asks for one, or brings a file."""
KINDS = ("hf_daily", "arxiv_rss", "arxiv_oai", "feed", *NEVER_FOLLOWED)
EXPECTED = (
    "hf_daily, arxiv (all of arXiv), arxiv_rss:CATEGORY, arxiv_oai:SET, arxiv_api, feed:ADDRESS, "
    f"{IMPORT}"
)


def can_be(name: str) -> bool:
    """Whether a source may be called so, or so up to a `_` or `:`. name: in lower case."""
    kind, colon, rest = name.partition(":")
    if not colon:
        return is_among(kind, KINDS)
    if kind == "arxiv_rss":
        return is_known(rest)
    if kind == "arxiv_oai":
        return _can_be_set(rest.split(":"))
    return kind == "feed" and bool(rest)


def _can_be_set(parts: list[str]) -> bool:
    """`cs`, `physics:hep-th`, `cs:cs:cl`: group, archive, class."""
    match parts:
        case [group, archive, name]:
            return is_known(group) and is_known(f"{archive}.{name}")
        case [_] | [_, _]:
            return all(map(is_known, parts))
        case _:
            return False


def is_among(name: str, sources: Iterable[str]) -> bool:
    """Whether one of these sources is called so, or so up to a `_` or `:`, as matching has it."""
    lowered = (one.lower() for one in sources)
    return any(one == name or one.startswith((f"{name}_", f"{name}:")) for one in lowered)


def meant_by(name: str) -> str:
    """The source somebody may have meant; empty if none is near. name: in lower case."""
    kind, colon, rest = name.partition(":")
    near = get_close_matches(kind, [*KINDS, "arxiv"], n=1)
    if not near:
        return ""
    whole = f"{near[0]}{colon}{rest}"
    return whole if can_be(whole) else near[0]
