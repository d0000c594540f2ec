"""Checks request bodies against Discord's own OpenAPI file, where that file lies at hand."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator


@dataclass(frozen=True, slots=True)
class Known:
    """A body that Discord takes although its file says otherwise."""

    operation: str
    path: tuple[str | int, ...]  # a number stands for any place in a list
    because: str


# The file types every id as a string.
KNOWN_EXCEPTIONS = (
    Known("*", ("attachments", 0, "id"), "discord.py numbers new attachments with integers"),
    Known("*", ("data", "attachments", 0, "id"), "the same inside an interaction's answer"),
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A body that does not fit the file: which operation, where in the body, and why."""

    operation: str
    path: str
    why: str


def published_file() -> Path | None:
    """Discord's file in the corpus folder beside the project, if it is there."""
    beside = Path(__file__).resolve().parents[3].parent / "shared"
    folder = Path(os.environ.get("PAPERS_CORPUS") or beside)
    path = folder / "specs" / "discord" / "openapi.json"
    return path if path.is_file() else None


class Schema:
    """The request bodies of all operations, by operation id."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._components = document["components"]
        self._bodies: dict[str, dict[str, Any]] = {}
        self._validators: dict[str, Draft202012Validator] = {}
        self._seen: dict[tuple[str, str], list[Violation]] = {}  # checking takes up to a second
        for operations in document["paths"].values():
            for operation in operations.values():
                if isinstance(operation, dict) and "requestBody" in operation:
                    content = operation["requestBody"]["content"]
                    if "application/json" in content:
                        name = operation["operationId"]
                        self._bodies[name] = content["application/json"]["schema"]

    def violations(self, operation: str, body: Any) -> list[Violation]:
        """What the file holds against this body, known exceptions left out."""
        if operation not in self._bodies:
            return []
        same = (operation, json.dumps(body, sort_keys=True))
        if same not in self._seen:
            self._seen[same] = self._found(operation, body)
        return list(self._seen[same])

    def _found(self, operation: str, body: Any) -> list[Violation]:
        found = []
        for error in self._validator(operation).iter_errors(body):
            path = tuple(error.absolute_path)
            if not any(_covers(known, operation, path, error) for known in KNOWN_EXCEPTIONS):
                found.append(Violation(operation, ".".join(map(str, path)), error.message[:300]))
        return found

    def _validator(self, operation: str) -> Draft202012Validator:
        if operation not in self._validators:
            schema = {"allOf": [self._bodies[operation]], "components": self._components}
            self._validators[operation] = Draft202012Validator(schema)
        return self._validators[operation]


def _covers(known: Known, operation: str, path: tuple[str | int, ...], error: Any) -> bool:
    """Whether this error, or all that an alternative inside it complains of, is a known one."""
    if known.operation not in ("*", operation):
        return False
    if _same_place(known.path, path):
        return True
    inner = error.context or ()
    return bool(inner) and any(_same_place(known.path, tuple(one.absolute_path)) for one in inner)


def _same_place(pattern: tuple[str | int, ...], path: tuple[str | int, ...]) -> bool:
    return len(pattern) == len(path) and all(
        isinstance(want, int) == isinstance(got, int) and (isinstance(want, int) or want == got)
        for want, got in zip(pattern, path, strict=True)
    )


@cache
def load(path: Path) -> Schema:
    """Read once a process: the file has 150 paths."""
    return Schema(json.loads(path.read_text(encoding="utf-8")))
