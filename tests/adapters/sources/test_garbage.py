"""Whatever bytes come, the reader ends in a paper, a rejection, or an error people can read."""

import contextlib
import gzip
import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.sources import atom_entries, feed_entries, oai_records, rss_items
from adapters.sources.documents import read_document
from adapters.sources.feed_reader import NoFeed, read_feed
from adapters.sources.file_records import sighting_of
from adapters.sources.files import read_papers
from adapters.sources.records import BadRecord
from adapters.sources.strict_json import BadJson, decode
from adapters.sources.xml_tree import BadXml, parse
from bot.model.errors import SourceError, UnreadableFile

TODAY = date(2026, 4, 16)
FIXTURES = (
    "arxiv_rss.xml",
    "arxiv_api_old.xml",
    "oai_raw_page1.xml",
    "hf_2026.json",
    "blog.json",
    "papers.jsonl",
    "journal.rss",
)

NAMES = (
    *("id", "title", "paper", "authors", "record", "day", "publishedAt", "summary", "name"),
    *("published", "abstract", "url", "status", "upvotes", "organization"),
)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=8,
        )
    ),
    max_leaves=20,
)


@given(st.binary(max_size=400), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_bytes_in_a_file(tmp_path, content, packed):
    path = tmp_path / "x"
    path.write_bytes(gzip.compress(content) if packed else content)
    with contextlib.suppress(UnreadableFile):
        list(read_papers(path))


@given(values)
def test_any_record(record):
    with contextlib.suppress(BadRecord):
        sighting_of(record, TODAY)


@given(values)
@settings(max_examples=50)
def test_any_json_document(value):
    with contextlib.suppress(UnreadableFile):
        list(read_document(json.dumps(value).encode(), "x", TODAY))


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_json(content):
    with contextlib.suppress(BadJson):
        decode(content)


@pytest.mark.parametrize("name", FIXTURES)
@given(chaos=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_any_damage_to_a_good_reply(data, name, chaos):
    good = (data / name).read_bytes()
    at = chaos.draw(st.integers(0, len(good)))
    length = chaos.draw(st.integers(0, 60))
    bad = good[:at] + chaos.draw(st.binary(max_size=20)) + good[at + length :]
    with contextlib.suppress(SourceError, BadXml):
        root = parse(bad)
        rss_items.read_items(root, rss_items.announced_on(root, "x"))
    with contextlib.suppress(SourceError, BadXml):
        atom_entries.read_entries(parse(bad), "x")
    with contextlib.suppress(BadXml):
        oai_records.read_records(parse(bad), TODAY)
    with contextlib.suppress(NoFeed):
        feed = read_feed(bad, "https://x.example/")
        feed_entries.read_entries(feed["entries"], feed["link"], TODAY)
