"""`papers import` takes what people have on disk, and says what it could not read and why."""

import gzip
import json
import time
from datetime import date

import pytest

from adapters.sources.files import BATCH, read_papers
from bot.model.errors import UnreadableFile
from bot.model.paper import Event, Status


def read(path, **more):
    batches = list(read_papers(path, **more))
    sightings = [one for batch in batches for one in batch.sightings]
    rejected = [one for batch in batches for one in batch.rejected]
    assert all(batch.cursor is None for batch in batches)
    return sightings, rejected


@pytest.fixture
def file(tmp_path):
    def written(content, name="anything.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def test_normalised_papers_line_by_line(data):
    sightings, rejected = read(data / "papers.jsonl")
    first = sightings[0]
    assert (first.event, first.on) == (Event.LISTED, date(2024, 3, 5))
    paper = first.paper
    assert paper.key == "arxiv:2403.00001"
    assert paper.url == "https://arxiv.org/abs/2403.00001"
    assert paper.authors == ("Emmy Noether", "Paulo André")
    assert paper.categories == ("math.RA", "cs.DM")
    assert (paper.published_on, paper.updated_on) == (date(2024, 3, 1), date(2024, 4, 2))
    assert (paper.comment, paper.keywords) == ("12 pages", ("rings",))
    assert (paper.organization, paper.code_url) == ("Göttingen", "https://github.com/example/first")
    assert (paper.metrics.upvotes, paper.metrics.comments) == (3, 0)
    assert [one.paper.key for one in sightings[1:]] == [
        "acl:2020.acl-main.567",
        "conf:ex2024:0UK8c2kg7c",
        "arxiv:2403.00004",
    ]
    assert {(one.where, one.reason[:40]) for one in rejected} == {
        ("line 4", "is not JSON: Expecting value at line 1, "),
        ("line 5", "id '12345' is neither an arXiv id nor wr"),
        ("line 6", "has an empty title"),
        ("line 7", "has no id"),
        ("line 9", "has authors that are no list"),
        ("line 11", "is no object"),
        ("line 12", "has the same key twice in one object"),
        ("line 13", "has NaN, which is not JSON"),
    }


def test_papers_without_arxiv_id_keep_their_own(data):
    sightings, _ = read(data / "papers.jsonl")
    acl, conference, _ = sightings[1:]
    assert (acl.event, acl.on) == (Event.NEW, date(2020, 7, 1))
    assert acl.paper.url == "https://aclanthology.org/2020.acl-main.567"
    assert conference.paper.ids == ("conf:ex2024:0UK8c2kg7c", "openreview:0UK8c2kg7c")
    assert conference.paper.url == "https://openreview.net/forum?id=0UK8c2kg7c"
    assert conference.paper.status is Status.WITHDRAWN


def test_a_paper_without_dates_is_dated_by_its_id(data):
    sighting = read(data / "papers.jsonl")[0][-1]
    assert sighting.on == date(2024, 3, 1)
    assert sighting.paper.published_on is None
    assert (sighting.paper.metrics.upvotes, sighting.paper.metrics.comments) == (None, None)


def test_packed_files_read_the_same_whatever_they_are_called(data, file):
    packed = file(gzip.compress((data / "papers.jsonl").read_bytes()), "papers.csv")
    assert read(packed) == read(data / "papers.jsonl")


def test_recorded_daily_papers_in_every_wrapping(data, file):
    rows = json.loads((data / "hf_2026.json").read_text())
    recorded = [
        {"day": "2026-04-16", "fetched_at": "2026-04-16T09:00:00Z", "record": r} for r in rows
    ]
    as_lines = "\n".join(map(json.dumps, recorded))
    bare_lines = "\n".join(map(json.dumps, rows)) + "\n"
    expected = read(data / "hf_2026.json")
    assert [one.event for one in expected[0]] == [Event.LISTED, Event.WITHDRAWN]
    for content in (as_lines, bare_lines, json.dumps({"rows": rows}), json.dumps(recorded)):
        assert read(file(content)) == expected


def test_a_row_of_2024_tells_its_day_by_its_outer_date(data):
    (sighting,), _ = read(data / "hf_2024.json")
    assert (sighting.event, sighting.on) == (Event.LISTED, date(2024, 5, 27))
    assert sighting.paper.published_on == date(2024, 5, 24)


def test_a_single_paper_in_detail(data, file):
    inner = json.loads((data / "hf_2026.json").read_text())[0]["paper"]
    (sighting,), rejected = read(file(json.dumps(inner)))
    assert (sighting.event, sighting.on, rejected) == (Event.LISTED, date(2026, 4, 16), [])


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("arxiv_rss.xml", 5),
        ("arxiv_rss_empty.xml", 0),
        ("arxiv_atom_daily.xml", 1),
        ("arxiv_api_old.xml", 1),
        ("arxiv_api_new.xml", 1),
        ("oai_raw_page1.xml", 2),
        ("oai_raw_page2.xml", 2),
        ("journal.rss", 4),
        ("blog.json", 2),
    ],
)
def test_saved_replies_of_every_source(data, name, keys):
    sightings, rejected = read(data / name)
    assert len({one.paper.key for one in sightings}) == keys
    assert rejected == []


def test_rss_and_atom_of_one_day_say_the_same(data):
    (from_atom,), _ = read(data / "arxiv_atom_daily.xml")
    assert from_atom == read(data / "arxiv_rss.xml")[0][0]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("hf_2026.json", "hf_daily"),
        ("papers.jsonl", "hf_daily"),
        ("arxiv_rss.xml", "arxiv_rss"),
        ("arxiv_api_new.xml", "arxiv_api"),
        ("oai_raw_page1.xml", "arxiv_oai"),
    ],
)
def test_papers_in_files_remember_their_source(data, name, source):
    assert read(data / name)[0][0].paper.sources == {source}


def test_a_replaced_paper_in_a_file_is_news_to_us(data):
    sightings, _ = read(data / "oai_raw_page1.xml")
    assert [one.event for one in sightings] == [Event.NEW, Event.NEW]


def test_large_files_come_in_batches_with_progress(file):
    lines = "".join(
        json.dumps({"id": f"2401.{n:05}", "title": f"T{n}", "published": "2024-01-02"}) + "\n"
        for n in range(2 * BATCH + 500)
    )
    path = file(gzip.compress(lines.encode()))
    steps = []
    batches = list(read_papers(path, progress=lambda done, total: steps.append((done, total))))
    assert [len(batch.sightings) for batch in batches] == [BATCH, BATCH, 500]
    assert steps[-1] == (path.stat().st_size,) * 2
    assert steps == sorted(steps)


def test_reading_is_not_what_makes_an_import_slow(file):
    lines = "".join(
        json.dumps(
            {
                "id": f"24{n % 12 + 1:02}.{n:05}",
                "title": f"A Title of Ordinary Length about Number {n}",
                "abstract": "An abstract of ordinary length says what was done and why. " * 22,
                "authors": ["Emmy Noether", "David Hilbert", "Edmund Landau", "Issai Schur"],
                "categories": ["math.RA", "math.NT"],
                "published": "2024-01-02",
                "url": "https://arxiv.org/abs/0000.00000",
            }
        )
        + "\n"
        for n in range(6_000)
    )
    path = file(gzip.compress(lines.encode()))
    started = time.process_time()
    sightings, rejected = read(path)
    assert (len(sightings), rejected) == (6_000, [])
    # 24,000 a second on two quiet cores; a quarter of that still outruns any database.
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n  \n", "is empty"),
        (b"hello", "neither JSON nor XML; it begins with 'hello'"),
        (b"\x89PNG\r\n\x1a\n", "neither JSON nor XML"),
        (b"PK\x03\x04", "neither JSON nor XML"),
        (b"id,title\n1,x\n", "neither JSON nor XML"),
        (b"<!doctype html><html><body>x</body></html>", "is a web page"),
        (b"<html><body>x</body></html>", "XML we do not know"),
        (b"<rss><channel><item>", "cut short"),
        (b"<opml/>", r"XML we do not know \(<opml>\)"),
        (b'{"error": "no"}', "an object with the fields error"),
        (b"null", "neither JSON nor XML"),
        (b'[{"a": 1}, {"b": 2}]', "a list, but not of papers"),
        (b"[1, 2]", "a list, but not of papers"),
        (b'[{"id": "2401.00001", "title": "x"}', "is not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"kind": "x"}\n{"kind": "y"}\n', "holds no papers: line 1 is an object with the fields"),
        (gzip.compress(b"hello", mtime=0), "neither JSON nor XML"),
        (gzip.compress(b'[{"id": "x"}]' * 100, mtime=0)[:40], "damaged or cut short"),
        (b"\x1f\x8bnot gzip", "damaged or cut short"),
    ],
)
def test_a_file_that_is_no_paper_list_says_what_it_is(file, content, says):
    with pytest.raises(UnreadableFile, match=says) as caught:
        read(file(content))
    assert str(caught.value).startswith("anything.txt: ")


def test_errors_of_services_saved_to_disk_are_errors(data):
    with pytest.raises(UnreadableFile, match="incorrect id format"):
        read(data / "arxiv_api_error.xml")
    with pytest.raises(UnreadableFile, match="Bad subject class"):
        read(data / "arxiv_rss_error.xml")
    with pytest.raises(UnreadableFile, match="CODE"):
        read(data / "oai_error.xml")


def test_a_missing_file_and_a_folder_say_so(tmp_path):
    with pytest.raises(UnreadableFile, match=r"gone\.json: cannot be read: No such file"):
        read(tmp_path / "gone.json")
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read(tmp_path)


def test_an_empty_list_is_a_list(file):
    assert read(file("[]")) == ([], [])


def test_lines_that_break_off_keep_what_came_before(file):
    line = json.dumps({"id": "2401.00001", "title": "Whole", "published": "2024-01-02"})
    sightings, rejected = read(file(f"{line}\n{line[:30]}"))
    assert len(sightings) == 1
    assert rejected[0].where == "line 2"


def test_packed_lines_that_break_off_keep_what_came_before(file):
    lines = "".join(
        json.dumps({"id": f"2401.{n:05}", "title": f"T{n * 7919}", "published": "2024-01-02"})
        + "\n"
        for n in range(20_000)
    )
    sightings, rejected = read(file(gzip.compress(lines.encode())[:-5_000]))
    assert len(sightings) >= 10_000
    assert "breaks off here" in rejected[-1].reason


def test_a_damaged_first_line_does_not_hide_the_rest(file):
    good = json.dumps({"id": "2401.00001", "title": "Fine", "published": "2024-01-02"})
    sightings, rejected = read(file(f"{{broken\n{good}\n"))
    assert (len(sightings), rejected[0].where) == (1, "line 1")


def test_a_pretty_list_of_one_line_is_a_list(file):
    good = json.dumps({"id": "2401.00001", "title": "Fine", "published": "2024-01-02"})
    assert len(read(file(f"[\n{good}\n]"))[0]) == 1


def test_records_of_a_list_are_named_by_number_and_id(file):
    content = json.dumps([{"id": "2401.00001", "title": "Fine"}, {"id": "2401.00002", "title": ""}])
    _, rejected = read(file(content))
    assert rejected[0].where == "record 2 (2401.00002)"


@pytest.mark.parametrize(
    "title",
    [
        "<!channel> free GPU",
        "</cmd:1> @here <@&1> <#1> <t:1:R>",
        "[arXiv](https://evil.example)",
        "'; DROP TABLE papers;--",
        "{{7*7}} ${x} %s",
    ],
)
def test_hostile_titles_are_text(file, title):
    record = {"id": "2401.00001", "title": title, "published": "2024-01-02"}
    (sighting,), _ = read(file(json.dumps([record])))
    assert sighting.paper.title == title


def test_enormous_fields_are_cut(file):
    record = {
        "id": "2401.00001",
        "title": "word " * 8_000,
        "abstract": "x" * 1_000_000,
        "authors": [f"Author {n}" for n in range(6_000)],
        "published": "9999-01-01",
        "updated": "2024-02-30",
        "hf_day": "0001-01-01",
        "url": "javascript:alert(1)",
        "code": "https://user:pass@example.org/",
    }
    (sighting,), _ = read(file(json.dumps([record])))
    paper = sighting.paper
    assert len(paper.title) <= 2_000
    assert len(paper.abstract) <= 50_000
    assert len(paper.authors) == 5_000
    assert (paper.published_on, paper.updated_on, sighting.on) == (None, None, date(2024, 1, 1))
    assert paper.code_url == ""
