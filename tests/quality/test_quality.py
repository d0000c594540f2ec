"""The figures of `make eval` on two papers whose answer is plain."""

import json

import pytest

from bot.rules.parse import parse_filter
from tests.builders import a_paper
from tests.quality.__main__ import counted, judged, terms_of
from tests.quality.reading import filter_of, lines

PROFILE = """1. Dwarfs
   - Relevant: Papers on dwarf galaxies, stellar streams.
   - Irrelevant: planet formation."""


def test_terms_are_what_a_profile_calls_relevant():
    assert terms_of(PROFILE) == ["dwarf galaxies", "stellar streams"]


def test_terms_become_alternatives_as_phrases():
    topic = filter_of(["dwarf galaxies", "stellar streams!", "x"])
    assert topic.key == parse_filter('"dwarf galaxies" | "stellar streams"').key
    assert filter_of(["", "?"]) is None


def write(file, *rows):
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_precision_and_recall_are_counted_against_the_marks(tmp_path):
    papers = {
        "arxiv:1": a_paper("Many Dwarf Galaxies"),
        "arxiv:2": a_paper("Dwarf Galaxies by Chance"),
        "arxiv:3": a_paper("Satellites"),
        "arxiv:4": a_paper("Planets"),
    }
    profiles = write(
        tmp_path / "p.jsonl", {"profile": "p", "valid_from": "2025-01-01", "text": PROFILE}
    )
    marks = {"1": 9, "2": 2, "3": 8, "4": 1, "unknown": 9}
    judgements = write(
        tmp_path / "j.jsonl",
        *[
            {"profile": "p", "day": "2025-02-01", "id": one, "relevance": mark}
            for one, mark in marks.items()
        ],
    )
    (figure,) = judged(papers, profiles, judgements)
    assert figure == {
        "profile": "p",
        "judgements": 5,
        "with_paper_and_filter": 4,
        "wanted": 2,
        "found": 2,
        "precision": 0.5,
        "recall": 0.5,
        "precision_of_everything": 0.5,
    }


def test_topics_are_counted(tmp_path):
    topics = write(
        tmp_path / "t.jsonl", {"terms": ["dwarf galaxies"]}, {"terms": ["lichen"]}, {"terms": []}
    )
    figure = counted([a_paper("Many Dwarf Galaxies"), a_paper("Planets")], topics)
    assert (figure["topics"], figure["without_usable_terms"]) == (2, 1)
    assert figure["match_nothing"] == 0.5


def test_a_malformed_file_is_named_with_its_line(tmp_path):
    file = tmp_path / "papers.jsonl"
    file.write_text('{"id": 1}\nbroken{\n')
    with pytest.raises(SystemExit, match=r"papers\.jsonl, line 2: no row of JSON"):
        list(lines(file))


@pytest.mark.parametrize(
    ("row", "said"), [("{}", "no “id”"), ("[1]", "an object"), ("7", "an object")]
)
def test_a_row_that_does_not_say_enough_is_named_with_its_line(tmp_path, row, said):
    file = tmp_path / "papers.jsonl"
    file.write_text('{"id": "1", "title": "On Rings"}\n' + row + "\n")
    with pytest.raises(SystemExit, match=rf"papers\.jsonl, line 2: .*{said}"):
        list(lines(file, "id", "title"))


def test_topics_without_any_usable_term_are_told_as_such(tmp_path):
    topics = write(tmp_path / "t.jsonl", {"terms": []})
    figure = counted([a_paper("Planets")], topics)
    assert (figure["topics"], figure["without_usable_terms"]) == (0, 1)
    assert figure["median_matches"] is None
