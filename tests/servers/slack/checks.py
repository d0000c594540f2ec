"""Small pieces a Block Kit rule is made of.

A check takes a value and its JSON pointer and yields what is wrong, in the words Slack uses:
``must be less than 3001 characters [json-pointer:/blocks/0/text/text]``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]

_URL = re.compile(r"^(https?|slack|mailto|tel):\S+$", re.IGNORECASE)


def wrong(what: str, pointer: str) -> str:
    """One finding, with the place it belongs to."""
    return f"{what} [json-pointer:{pointer or '/'}]"


def anything(value: Any, pointer: str) -> Iterator[str]:
    """Accept every value."""
    yield from ()


def boolean(value: Any, pointer: str) -> Iterator[str]:
    """Accept true and false."""
    if not isinstance(value, bool):
        yield wrong("must be a boolean", pointer)


def whole_number(least: int, most: int) -> Check:
    """Accept integers in a range."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield wrong(f"must be an integer between {least} and {most}", pointer)

    return check


def string(most: int, least: int = 1) -> Check:
    """Accept text of so many characters."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield wrong("must be a string", pointer)
        elif len(value) > most:
            yield wrong(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            yield wrong(f"must be more than {least - 1} characters", pointer)

    return check


def url(most: int = 3000) -> Check:
    """Accept an address a client would open."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        yield from string(most)(value, pointer)
        if isinstance(value, str) and not _URL.match(value):
            yield wrong("must be a valid URL", pointer)

    return check


def one_of(*values: str) -> Check:
    """Accept one of some words."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in values:
            yield wrong(f"must be one of {', '.join(values)}", pointer)

    return check


def listing(each: Check, most: int, least: int = 1) -> Check:
    """Accept a list of so many parts, each of one form."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield wrong("must be an array", pointer)
            return
        if len(value) > most:
            yield wrong(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield wrong(f"no fewer than {least} items allowed", pointer)
        for number, part in enumerate(value):
            yield from each(part, f"{pointer}/{number}")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    """Accept an object with exactly these fields."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield wrong("must be an object", pointer)
            return
        for name in required:
            if name not in value:
                yield wrong(f"missing required field: {name}", pointer)
        for name, part in value.items():
            field_check = required.get(name) or optional.get(name)
            if field_check is None:
                yield wrong(f"invalid additional property: {name}", pointer)
            else:
                yield from field_check(part, f"{pointer}/{name}")

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """Accept an object whose `type` is one of these, in the form of that type."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield wrong("must be an object", pointer)
            return
        kind = kinds.get(str(value.get("type")))
        if kind is None:
            yield wrong(f"unsupported type: {value.get('type')}", f"{pointer}/type")
        else:
            yield from kind(value, pointer)

    return check
