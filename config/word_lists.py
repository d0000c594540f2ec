"""Word lists that other programs use: which topics they name.

Known are JSON Lines with `terms` or `query`, and YAML with `keywords:` as arXiv-daily has it: a
name, then `filters:` with a list.
"""

import json
from collections.abc import Mapping
from typing import Any

from bot.model.errors import UnreadableFile
from bot.ports.documents import Entry, line_of

Topics = list[dict[str, Any]]

MOST_LISTS = 5_000
_OURS = frozenset({"channels", "settings", "subscriptions"})
_OF_A_TOPIC = ("filters", "terms", "keywords", "exclude", "categories", "query", "kind")


def json_lines(text: str) -> Topics | None:
    """A topic a line, or None if the file is none of that kind. Raises UnreadableFile."""
    first, _, _ = text.lstrip().partition("\n")
    if not first.startswith("{") or not _is_topic(first):
        return None
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                found.append(_object(line))
            except (ValueError, RecursionError) as error:
                said = str(error) if type(error) is ValueError else "this is no JSON object"
                raise UnreadableFile(f"line {number}: {said}.") from None
    return _bounded(found)


def _is_topic(line: str) -> bool:
    try:
        return not _OURS & _object(line).keys()
    except (ValueError, RecursionError):
        return False


def _object(line: str) -> dict[str, Any]:
    read = json.loads(line, object_pairs_hook=_once)
    if not isinstance(read, dict):
        raise ValueError("this is no JSON object")  # noqa: TRY004 - of the text, not of the program
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands twice")
    return made


def keywords(document: object) -> Topics | None:
    """The topics under `keywords:`, or None if there are none. Raises UnreadableFile."""
    if not isinstance(document, Mapping) or _OURS & document.keys():
        return None
    named = document.get("keywords")
    if not isinstance(named, Mapping):
        return None
    return _bounded([_topic(named, name) for name in named])


def _topic(named: Mapping[str, Any], name: str) -> dict[str, Any]:
    one = named[name]
    if not isinstance(one, Entry):
        return {"name": name, "terms": one}
    unknown = next((key for key in one if key not in _OF_A_TOPIC), None)
    if unknown is not None:
        raise UnreadableFile(
            f"line {line_of(one, unknown)}: there is no key “{unknown[:30]}” in a word list; "
            f"known are {', '.join(_OF_A_TOPIC)}."
        )
    return {"name": name, **one}


def _bounded(topics: Topics) -> Topics:
    if len(topics) > MOST_LISTS:
        raise UnreadableFile(f"This lists {len(topics)} topics; at most {MOST_LISTS} are read.")
    return topics
