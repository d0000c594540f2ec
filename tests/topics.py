"""Topics that people subscribed to, as filters: made of their own words, nothing added."""

import json
from collections.abc import Iterator
from pathlib import Path

from bot.model.errors import BadFilter
from bot.model.topic import TopicFilter
from bot.rules.parse import parse_filter
from tests.quality.__main__ import terms_of
from tests.quality.reading import filter_of


def topic_filters(file: Path) -> Iterator[TopicFilter]:
    """One filter for each topic that has usable words: lists of terms first, then names and searches.

    Any term of a list is enough, without what the topic excludes; a search is all its words.
    """
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    rows.sort(key=lambda row: not row.get("terms"))
    for row in rows:
        topic = _filter_of(row)
        if topic is not None:
            yield topic


def _filter_of(row: dict) -> TopicFilter | None:
    if row["kind"] in {"query", "search"} and row.get("query"):
        return _parsed(row["query"])
    if row.get("terms"):
        return _without(filter_of(row["terms"]), filter_of(row.get("exclude", [])))
    if row["kind"] == "name":
        return filter_of([row["name"]])
    return filter_of(terms_of(row.get("description", "")))


def _without(topic: TopicFilter | None, excluded: TopicFilter | None) -> TopicFilter | None:
    if topic is None or excluded is None:
        return topic
    return _parsed(f"({topic.canonical}) -({excluded.canonical})") or topic


def _parsed(text: str) -> TopicFilter | None:
    try:
        return parse_filter(text)
    except BadFilter:
        return None  # a list that is too long, or another tool's query language
