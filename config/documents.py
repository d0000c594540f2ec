"""Files people bring, read within bounds: YAML and JSON."""

from pathlib import Path
from typing import Any

import yaml

from bot.model.errors import UnreadableFile
from bot.ports.documents import Entry

MOST_BYTES = 4_000_000
DEEPEST = 20
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""How some consoles write what a program prints into a file."""


def bytes_of(path: Path) -> bytes:
    """What a file holds. Raises UnreadableFile, also for more than 4 MB and for nothing."""
    try:
        with path.open("rb") as file:
            found = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from error
    if len(found) > MOST_BYTES:
        raise UnreadableFile(
            f"{path} is larger than {MOST_BYTES // 1_000_000} MB; no list of subscriptions is."
        )
    if not found.strip():
        raise UnreadableFile(f"{path} is empty.")
    return found


def text_of(found: bytes) -> str:
    """Bytes as text. Raises UnreadableFile."""
    try:
        return found.decode(_WIDE.get(found[:2], "utf-8-sig"))
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"line {line}: this is no text in UTF-8; save the file in that encoding."
        ) from None


class _PlainLoader(yaml.BaseLoader):
    """Every scalar is text (so that 10:30 stays a time), nothing refers to anything else."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node, never an alias: those can make small files endless."""
        if self.check_event(yaml.AliasEvent):
            raise self._mistake("aliases (*) are not read; write it out")
        self.depth = getattr(self, "depth", 0) + 1
        if self.depth > DEEPEST:
            raise self._mistake(f"it is nested more than {DEEPEST} deep")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - its form
        """An entry, none of whose keys stands twice: one of the two would be lost without a word."""
        made = Entry()
        for key_node, value_node in node.value:
            mark = key_node.start_mark
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key is one word", problem_mark=mark)
            key = str(key_node.value)
            if key in made:
                problem = f"“{key[:60]}” stands here twice, first in line {made.lines[key]}"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
            made[key] = self.construct_object(value_node, deep=deep)
            made.lines[key] = mark.line + 1
        return made

    def _mistake(self, problem: str) -> yaml.MarkedYAMLError:
        mark: Any = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # its stubs'
        return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def read_yaml(text: str) -> object:
    """Entries, lists and texts. Raises UnreadableFile with the line."""
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - it makes plain text only
    except RecursionError:
        raise UnreadableFile("This is no YAML we can read: it is nested too deep.") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        said = f"the character U+{_number(error.character):04X} cannot stand in a text"
        raise UnreadableFile(f"line {line}: {said}.") from None
    except yaml.MarkedYAMLError as error:
        raise UnreadableFile(_told(error)) from None
    except yaml.YAMLError as error:
        raise UnreadableFile(f"This is no YAML we can read: {error}") from None


def _number(character: object) -> int:
    return character if isinstance(character, int) else ord(str(character)[:1])


def _told(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    said = ", ".join(one for one in (error.context, error.problem) if one)
    ours = type(error) is yaml.MarkedYAMLError
    return f"{where}{said}." if ours else f"{where}this is no YAML we can read: {said}."


def write_yaml(values: object) -> str:
    """Plain values as YAML, in their own order."""
    return str(yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100))


class YamlDocuments:
    """See `bot.ports.documents.Documents`."""

    def read(self, text: str) -> object:
        """Entries, lists and texts. Raises UnreadableFile with the line."""
        return read_yaml(text)

    def write(self, values: object) -> str:
        """Plain values as YAML, in their own order."""
        return write_yaml(values)
