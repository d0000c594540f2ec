"""Recorded replies of the real services, read as a person reading the file would."""

import gzip
import json
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from adapters.sources import atom_entries, hf_rows, oai_records
from adapters.sources.arxiv_text import is_withdrawn
from adapters.sources.feed_entries import read_entries
from adapters.sources.feed_reader import read_feed
from adapters.sources.files import read_papers
from adapters.sources.huggingface import HuggingFaceDaily
from adapters.sources.xml_tree import parse
from bot.model.errors import SourceRefused, UnreadableFile
from bot.model.paper import Event, Status
from bot.rules.identity import ArxivId, arxiv_id

pytestmark = pytest.mark.corpus
D = date.fromisoformat


def read(path):
    batches = list(read_papers(path))
    sightings = [one for batch in batches for one in batch.sightings]
    return sightings, [one for batch in batches for one in batch.rejected]


def api(corpus, name):
    """The body inside a recorded wrapper, as bytes of the wire."""
    recorded = json.loads((corpus / "samples/arxiv/api-new" / name).read_text())
    return parse(recorded["body"].encode("latin-1"))


# file, papers, authors of the first, then of one row: id, published, listed, upvotes, comments,
# stars, organisation, whether it has code, whether it has a machine-written blurb, keywords
DAYS = [
    ("2024-05-27", 13, 9, "2405.15574", "2024-05-24", 28, 1, None, "", False, False, 0),
    ("2024-10-01", 11, 23, "2409.18943", "2024-09-27", 14, 1, None, "", False, False, 0),
    ("2025-01-27", 4, 664, "2501.14492", "2025-01-24", 5, 1, None, "", False, False, 0),
    ("2025-03-17", 12, 2, "2503.11647", "2025-03-14", 45, 3, None, "", False, False, 8),
    ("2025-06-03", 29, 18, "2506.00469", "2025-05-31", 0, 1, None, "", True, True, 8),
    ("2025-09-30", 50, 13, "2509.23102", "2025-09-27", 46, 1, None, "Stanford NLP", False, True, 17),
    ("2025-12-02", 28, 71, "2511.20785", "2025-11-25", 77, 1, 21, "LMMs-Lab", True, True, 18),
    ("2026-04-10", 35, 8, "2603.27070", "2026-03-28", 0, 1, 0, "Northeastern University", True, True, 8),
    ("2026-04-16", 22, 171, "2604.11626", "2026-04-13", 64, 1, 33, "", True, True, 12),
    ("2026-05-13", 50, 58, "2605.09530", "2026-05-10", 88, 3, 31, "MemTensor", True, True, 11),
    ("2026-05-14", 37, 11, "2605.13779", "2026-05-13", 66, 1, 17, "Mind Lab", True, True, 26),
    ("2026-06-16", 34, 15, "2606.11176", "2026-06-09", 82, 3, 34, "University of Oxford", True, True, 7),
    ("2026-07-15", 2, 6, "2607.11111", "2026-07-13", 3, 1, None, "Shanghai Jiao Tong University", False, False, 0),
    ("2026-07-20", 18, 34, "2607.14530", "2026-07-16", 37, 1, 21, "rednote-hilab", True, False, 0),
    ("2026-08-21", 17, 17, "2608.18580", "2026-08-19", 54, 2, 8,
     "university of science and technology of china", True, True, 10),
]  # fmt: skip


@pytest.mark.parametrize("day", DAYS, ids=lambda row: row[0])
def test_recorded_days_of_daily_papers(corpus, day):
    listed, papers, authors, id_, published, upvotes, comments, stars, org, code, blurb, keys = day
    sightings, rejected = read(corpus / f"samples/hf/daily_papers_{listed}.json")
    assert (len(sightings), rejected) == (papers, [])
    assert len({one.paper.key for one in sightings}) == papers
    assert len(sightings[0].paper.authors) == authors
    sighting = next(one for one in sightings if one.source_key == id_)
    paper = sighting.paper
    assert sighting.event is Event.LISTED
    assert sighting.on == D(listed)
    assert (paper.key, paper.published_on) == (f"arxiv:{id_}", D(published))
    assert (paper.metrics.upvotes, paper.metrics.comments, paper.metrics.stars) == (
        upvotes,
        comments,
        stars,
    )
    assert paper.organization == org
    assert (bool(paper.code_url), bool(paper.blurb)) == (code, blurb)
    assert len(paper.keywords) == keys


def test_titles_and_names_of_daily_papers(corpus):
    def paper(day, id_):
        sightings, _ = read(corpus / f"samples/hf/daily_papers_{day}.json")
        return next(one.paper for one in sightings if one.source_key == id_)

    assert paper("2025-01-27", "2501.14249").title == "Humanity's Last Exam"
    assert paper("2026-07-20", "2607.14530").title == "xHC: Expanded Hyper-Connections"
    assert paper("undated_2026-07-31", "2607.27958").title.startswith("Σ-Mem: ")
    wrapped = paper("2025-03-17", "2503.07677")
    assert wrapped.title.startswith(
        "PLADIS: Pushing the Limits of Attention in Diffusion Models at"
    )
    assert "\n" not in wrapped.title + wrapped.abstract
    assert paper("2025-06-03", "2506.00469").code_url == "https://github.com/MaLA-LM/emma-500/"


def test_a_paper_listed_twice_is_one_paper_with_newer_counters(corpus):
    first, second = (
        next(
            one for one in read(corpus / f"samples/hf/{name}.json")[0] if "07429" in one.source_key
        )
        for name in ("daily_papers_2026-04-10", "daily_papers_2026-04-16")
    )
    assert first.paper.key == second.paper.key == "arxiv:2604.07429"
    assert (first.paper.metrics.upvotes, second.paper.metrics.upvotes) == (2, 42)
    assert (first.on, second.on) == (D("2026-04-10"), D("2026-04-16"))


def test_other_answers_of_hugging_face(corpus):
    folder = corpus / "samples/hf"
    undated, _ = read(folder / "daily_papers_undated_2026-07-31.json")
    assert [one.on for one in undated] == [D("2026-07-31")] * 5
    (detail,), _ = read(folder / "paper_detail_2605.15141_2026-05-18.json")
    assert (detail.paper.key, detail.event, detail.on) == (
        "arxiv:2605.15141",
        Event.LISTED,
        D("2026-05-15"),
    )
    assert (detail.paper.metrics.upvotes, detail.paper.metrics.comments) == (84, None)
    herd, rejected = read(folder / "papers_search_llama3herd_2025-05.json")
    assert (len(herd), rejected, len(herd[0].paper.authors)) == (11, [], 533)
    assert herd[0].paper.title == "The Llama 3 Herd of Models"
    kazakh, rejected = read(folder / "papers_search_kazakh_2025-05.json")
    assert (len(kazakh), rejected) == (9, [])
    assert kazakh[0].paper.key == "arxiv:2404.04487"
    # Found, not listed: nobody put them on a list that day.
    assert {one.event for one in herd + kazakh} == {Event.NEW}


API_NEW = {
    "id_0000.0000_s0_m100_8b51d9633a68.json": [],
    "id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af.json": [
        ("1707.08567", 1, "2017-07-27", None, 34, ("cs.IT",)),
    ],
    "id_1605.08386_s0_m100_199195aa31ad.json": [
        ("1605.08386", 1, "2016-05-26", None, 2, ("math.CO", "math.ST")),
    ],
    "id_2104.12255v1_s0_m100_6ae69987ffe1.json": [
        ("2104.12255", 1, "2021-04-20", None, 1, ("cs.CR",)),
    ],
    "id_astro-ph_0601001_s0_m100_3150dca9dc76.json": [
        ("astro-ph/0601001", 1, "2006-01-02", None, 4, ("astro-ph",)),
    ],
    "id_quant-ph_0201082v1_s0_m100_86989fe779ef.json": [
        ("quant-ph/0201082", 1, "2002-01-18", None, 1, ("quant-ph", "cs.PL")),
    ],
}


@pytest.mark.parametrize("name", API_NEW)
def test_the_new_query_api(corpus, name):
    found = atom_entries.read_entries(api(corpus, name), "api")
    assert found.rejected == []
    assert [
        (
            one.paper.key.removeprefix("arxiv:"),
            one.paper.version,
            str(one.paper.published_on),
            one.paper.updated_on,
            len(one.paper.authors),
            one.paper.categories,
        )
        for one in found.sightings
    ] == API_NEW[name]


def test_a_page_of_a_hundred_of_the_new_query_api(corpus):
    found = atom_entries.read_entries(api(corpus, "q_testing_s0_m100_cfe7536492ca.json"), "api")
    papers = [one.paper for one in found.sightings]
    assert (len(papers), found.rejected) == (100, [])
    assert sum("/" in paper.key for paper in papers) == 3
    assert sum(len(paper.ids) > 1 for paper in papers) == 32
    assert sum((paper.version or 0) > 1 for paper in papers) == 36
    second, third = papers[1:3]
    assert second.authors[:3] == ("Aurora Ramírez", "Mario Berrios", "José Raúl Romero")
    assert third.ids == ("arxiv:2005.14124", "doi:10.1145/3395363.3397376")
    assert (third.published_on, third.updated_on) == (D("2020-05-28"), D("2020-07-16"))
    assert third.categories == ("cs.SE", "cs.CR", "cs.LG")


def test_a_title_that_is_zero_is_a_title(corpus):
    found = atom_entries.read_entries(api(corpus, "id_2104.12255v1_s0_m100_6ae69987ffe1.json"), "a")
    assert found.sightings[0].paper.title == "0"
    assert found.sightings[0].paper.authors == ("Quan Thoi Minh Nguyen",)


def test_error_feeds_of_the_query_api(corpus):
    with pytest.raises(SourceRefused, match="incorrect id format for abc"):
        atom_entries.read_entries(api(corpus, "id_abc_s0_m100_b79c8dcf6bc3.json"), "api")
    with pytest.raises(UnreadableFile, match=r"incorrect id format for 2202\.016"):
        read(corpus / "samples/arxiv/api-old/slackbot_error_response_2025-02-02.xml")


ATOM = {
    "api-new/rsxiv_query_2025-11-11.xml": (10, "nucl-ex/0408020", "2004-08-18", 9, "nucl-ex"),
    "api-old/rsxiv_query_2025-08.xml": (10, "astro-ph/9904306", "1999-04-22", None, "astro-ph"),
    "api-new/rsxiv_query_missing_id_2025-11-11.xml": (1, "2201.13452", "2022-01-31", 2, "math.AP"),
    "api-old/rsxiv_query_missing_id_2025-08.xml": (1, "2201.13452", "2022-01-31", 2, "math.AP"),
    "api-old/xiv_cat_query_2025-10-17.xml": (2, "2510.14968", "2025-10-16", 4, "cs.RO"),
    "api-old/slackbot_one_response_2025-02-02.xml": (1, "2202.01615", "2022-02-03", 8, "cs.CY"),
    "api-old/slackbot_two_response_2025-02-02.xml": (2, "2202.01615", "2022-02-03", 8, "cs.CY"),
    "api-old/arxivbot_advanced_2016-04-15.xml": (1, "1311.6008", "2013-11-23", 4, "quant-ph"),
}


@pytest.mark.parametrize("name", ATOM)
def test_replies_of_the_query_api_of_ten_years(corpus, name):
    papers, id_, published, authors, primary = ATOM[name]
    sightings, rejected = read(corpus / "samples/arxiv" / name)
    assert (len(sightings), rejected) == (papers, [])
    first = sightings[0]
    assert (first.event, first.on) == (Event.NEW, D(published))
    assert first.paper.key == f"arxiv:{id_}"
    assert first.paper.published_on == D(published)
    assert authors is None or len(first.paper.authors) == authors
    assert first.paper.categories[0] == primary
    assert first.paper.title == " ".join(first.paper.title.split())


def test_two_services_tell_of_one_paper_alike(corpus):
    folder = corpus / "samples/arxiv"
    (new,), _ = read(folder / "api-new/rsxiv_query_missing_id_2025-11-11.xml")
    (old,), _ = read(folder / "api-old/rsxiv_query_missing_id_2025-08.xml")
    for field in ("key", "title", "abstract", "authors", "categories", "comment", "version"):
        assert getattr(new.paper, field) == getattr(old.paper, field), field


def test_details_of_old_query_replies(corpus):
    folder = corpus / "samples/arxiv/api-old"
    fair = read(folder / "slackbot_two_response_2025-02-02.xml")[0][1].paper
    assert (fair.key, fair.version) == ("arxiv:2110.00857", 3)
    assert fair.title == "FairFed: Enabling Group Fairness in Federated Learning"
    assert (fair.published_on, fair.updated_on) == (D("2021-10-02"), D("2022-11-23"))
    (one,), _ = read(folder / "slackbot_one_response_2025-02-02.xml")
    assert one.paper.ids == ("arxiv:2202.01615", "doi:10.1016/j.patter.2022.100568")
    (oldest,), _ = read(folder / "arxivbot_advanced_2016-04-15.xml")
    assert oldest.paper.journal_ref == "Phys. Rev. A 89, 042124 (2014)"
    assert oldest.paper.version == 2


@pytest.mark.parametrize(
    "name", ["api-new/rsxiv_query_empty_2025-11-11.xml", "api-old/rsxiv_query_empty_2025-08.xml"]
)
def test_unknown_ids_give_nothing(corpus, name):
    assert read(corpus / "samples/arxiv" / name) == ([], [])


RSS = {
    "rss_cs.AI_2026-04-27.xml": (["2604.21935", "2604.21936", "2604.21937"], 2, "cs.AI"),
    "rss_cs.CL_2026-04-27.xml": (["2604.22002", "2604.22027", "2604.22038"], 5, "cs.CL"),
    "rss_cs.LG_2026-04-27.xml": (["2604.21952", "2604.21953", "2604.21956"], 6, "cs.LG"),
}


@pytest.mark.parametrize("name", RSS)
def test_announcements_as_rss(corpus, name):
    ids, authors, primary = RSS[name]
    sightings, rejected = read(corpus / "samples/arxiv/rss" / name)
    assert rejected == []
    assert [one.paper.key for one in sightings] == [f"arxiv:{id_}" for id_ in ids]
    assert {(one.event, one.on) for one in sightings} == {(Event.NEW, D("2026-04-27"))}
    first = sightings[0].paper
    assert (len(first.authors), first.categories[0], first.version) == (authors, primary, 1)
    assert not first.abstract.startswith(("arXiv:", "Abstract"))
    assert first.license.startswith("http")


def test_announcements_as_atom(corpus):
    sightings, rejected = read(corpus / "samples/arxiv/rss/atom_cs.AI_2025-08-20.xml")
    assert (len(sightings), rejected) == (7, [])
    assert [one.event for one in sightings] == [Event.CROSS] * 5 + [Event.NEW] * 2
    assert {one.on for one in sightings} == {D("2025-08-20")}
    assert sightings[2].paper.authors == ("Paulo André Lima de Castro",)
    assert sightings[2].paper.categories == ("q-fin.CP", "cs.AI")
    assert sightings[-1].paper.authors == ("Carol White", "Dave Brown")


def test_an_author_after_two_blanks_is_an_author(corpus):
    sightings, _ = read(corpus / "samples/arxiv/rss/rss_cs.CL_2026-04-27.xml")
    assert sightings[0].paper.authors[2:4] == ("Deepti", "Sheza Munir")


def test_a_saturday_has_no_announcements(corpus):
    assert read(corpus / "samples/arxiv/rss/rss_cs.CL_weekend_empty_2026-08-01.xml") == ([], [])


OAI: dict[str, list[tuple[str, str | None, str | None, int | None, str | None]]] = {
    "listrecords_arXiv_newendpoint_2026-09-20.xml": [
        ("2504.11237", "2025-04-15", None, 3, "physics.atom-ph"),
        ("2508.21012", None, "2025-12-16", 1, "physics.comp-ph"),
        ("2510.07502", None, "2025-12-31", 12, "physics.plasm-ph"),
    ],
    "listrecords_arXiv_hep-th_2017-12-14.xml": [
        ("1412.8323", "2014-12-29", "2017-12-13", 1, "quant-ph"),
        ("1507.07790", "2015-07-28", "2016-03-04", None, "hep-th"),
        ("1607.01710", "2016-07-06", "2016-10-13", None, "hep-th"),
    ],
    "listrecords_arXiv_hep-ex_2017.xml": [
        ("1706.05371", "2017-06-16", "2017-12-12", 13, "physics.ins-det"),
        ("1706.09418", "2017-06-28", "2017-11-26", None, "hep-ph"),
        ("1707.00874", "2017-07-04", "2017-12-13", None, "hep-ph"),
    ],
    "listrecords_oai_dc_2023-01-25.xml": [
        ("1009.1022", "2010-09-06", None, 2, None),
        ("1305.6404", "2013-05-28", None, 1, None),
        ("1412.1417", "2014-12-03", "2023-01-23", 4, None),
    ],
    "record_oai_dc_math_0306266.xml": [("math/0306266", "2003-06-18", None, 1, None)],
    "record_oai_dc_1711.05739.xml": [("1711.05739", "2017-11-15", None, 3, "astro-ph")],
    "listrecords_arXivRaw_2015-01-06.xml": [
        ("0704.0471", "2007-04-03", None, 3, "nucl-ex"),
        ("0704.0716", "2007-04-05", "2008-11-14", 1, "math-ph"),
        ("0704.0874", "2007-04-06", "2014-11-20", 1, "math.AG"),
        ("0704.1109", "2007-04-09", "2008-01-29", 2, "gr-qc"),
        ("0704.1114", "2007-04-09", None, 1, "astro-ph"),
        ("0704.1586", "2007-04-12", None, 2, "nucl-th"),
    ],
    "getrecord_arXivRaw_2015.xml": [("1302.2146", "2013-02-08", "2013-04-02", 4, "hep-ph")],
}


@pytest.mark.parametrize("name", OAI)
def test_records_of_oai(corpus, name):
    sightings, rejected = read(corpus / "samples/arxiv/oai" / name)
    assert (len(sightings), rejected) == (len(OAI[name]), [])
    for sighting, (id_, published, updated, authors, primary) in zip(
        sightings, OAI[name], strict=True
    ):
        paper = sighting.paper
        assert paper.key == f"arxiv:{id_}"
        assert paper.published_on == (published and D(published))
        assert paper.updated_on == (updated and D(updated))
        assert authors is None or len(paper.authors) == authors
        assert next(iter(paper.categories), None) == primary
        assert paper.abstract
        assert not paper.abstract.startswith(" ")


def test_details_of_oai_records(corpus):
    folder = corpus / "samples/arxiv/oai"
    raw, _ = read(folder / "listrecords_arXivRaw_2015-01-06.xml")
    assert raw[0].paper.ids == (
        "arxiv:0704.0471",
        "doi:10.1103/physrevc.76.024606",
        "doi:10.1103/physrevc.76.039902",
    )
    assert raw[0].paper.authors == ("D.V. Shetty", "S.J. Yennello", "G.A. Souliotis")
    assert [one.paper.version for one in raw] == [1, 4, 3, 2, 1, 1]
    assert raw[0].on == D("2014-11-18")
    (one,), _ = read(folder / "getrecord_arXivRaw_2015.xml")
    assert one.paper.authors == (
        "Joshua Berger",
        "Maxim Perelstein",
        "Michael Saelim",
        "Philip Tanedo",
    )
    (lovasz,), _ = read(folder / "record_oai_dc_math_0306266.xml")
    assert lovasz.paper.authors == ("Amin Coja-Oghlan",)
    assert lovasz.paper.ids == ("arxiv:math/0306266", "doi:10.1017/s0963548305006826")
    (trappist,), _ = read(folder / "record_oai_dc_1711.05739.xml")
    assert trappist.paper.comment.startswith("36 pages, 25 figures.")
    assert trappist.paper.authors[0] == "Rodrigo Luger"
    new, _ = read(folder / "listrecords_arXiv_newendpoint_2026-09-20.xml")
    assert new[0].paper.authors == ("Chunhai Lyu", "Christoph H. Keitel", "Zoltán Harman")
    assert any(name.endswith("O'Donnell") for name in new[2].paper.authors)


def test_oai_tells_new_from_replaced_by_versions(corpus):
    raw = parse((corpus / "samples/arxiv/oai/listrecords_arXivRaw_2015-01-06.xml").read_bytes())
    found = oai_records.read_records(raw, D("2014-11-18"))
    events = {one.source_key[-9:]: (one.event, one.on.year) for one in found.sightings}
    assert events["0704.0874"] == (Event.REPLACE, 2014)  # its v3 came that week
    assert events["0704.1109"] == (Event.REPLACE, 2008)  # only its metadata moved
    assert events["0704.0471"] == (Event.NEW, 2007)  # likewise, with one version


@pytest.mark.parametrize("name", ["BadArgument", "BadResumptionToken", "IdDoesNotExist"])
def test_errors_of_oai(corpus, name):
    with pytest.raises(UnreadableFile, match=name[1:]):
        read(corpus / f"samples/arxiv/oai/error_{name}.xml")


def test_no_records_is_no_error(corpus):
    assert read(corpus / "samples/arxiv/oai/error_NoRecordsMatch.xml") == ([], [])


def test_the_wording_of_withdrawals(corpus):
    for name in ("0704.0156", "0704.0213"):
        text = (corpus / f"samples/arxiv/abs/withdrawn_{name}.abs").read_text()
        comments = text.partition("Comments: ")[2].partition("\n\\\\")[0]
        assert is_withdrawn(" ".join(comments.split()))


FEEDS = {
    "reader_full.atom": (2, 3, "2003-12-13", "Atom-Powered Robots Run Amok", ("John Doe",)),
    "reader_full.rss": (2, 3, "2009-09-06", "Example entry", ("Example editor",)),
    "reader_full.json": (2, 0, "2020-01-02", "Title", ()),
    "reader_empty.json": (1, 0, None, "content", ()),
    "reader_empty.atom": (0, 1, None, None, None),
    "reader_empty.rss": (0, 1, None, None, None),
    "reader_invalid.json": (1, 7, None, "float id", ()),
    "reader_relative.atom": (1, 0, None, "one two three", ()),
    "feedparser_jsonfeed_example.json": (2, 0, None, "post 2", ()),
    "blog_deepmind_blog.xml": (
        3, 0, "2026-04-27", "Announcing our partnership with the Republic of Korea", (),
    ),
    "blog_huggingface_blog.xml": (
        3, 0, "2026-04-27", "How to build scalable web apps with OpenAI's Privacy Filter", (),
    ),
    "blog_openai_blog.xml": (
        3, 0, "2026-04-27", "The next phase of the Microsoft OpenAI partnership", (),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FEEDS)
def test_feeds_of_any_kind(corpus, name):
    good, bad, published, title, authors = FEEDS[name]
    sightings, rejected = read(corpus / "samples/generic" / name)
    assert (len(sightings), len(rejected)) == (good, bad)
    if sightings:
        first = sightings[0].paper
        assert first.title == title
        assert first.authors == authors
        assert first.published_on == (published and D(published))
        assert first.key.startswith("url:")


def test_relative_links_are_completed(corpus):
    body = (corpus / "samples/generic/reader_relative.atom").read_bytes()
    feed = read_feed(body, "https://example.org/sub/feed.atom")
    found = read_entries(feed["entries"], feed["link"], D("2026-01-01"))
    assert found.sightings[0].paper.url == "https://example.org/sub/entries/entry.html"


def test_days_before_march_2025_are_told_by_the_evening_they_began(corpus):
    right = wrong = 0
    for path in sorted((corpus / "data/hf_daily").glob("hf_daily_202[45]-*.jsonl.gz")):
        with gzip.open(path) as lines:
            for recorded in map(json.loads, lines):
                outer = recorded["record"]["publishedAt"]
                if outer >= recorded["record"]["paper"]["publishedAt"] and outer < "2025-03-10":
                    told = hf_rows.sighting_of(recorded["record"]).on.isoformat()
                    right += told == recorded["day"]
                    wrong += told != recorded["day"]
    assert right > 2_700
    assert wrong <= 3


def test_every_recorded_daily_paper_reads(corpus):
    total = 0
    for path in sorted((corpus / "data/hf_daily").glob("hf_daily_*.jsonl.gz")):
        sightings, rejected = read(path)
        assert rejected == []
        with gzip.open(path) as lines:
            recorded = [json.loads(line) for line in lines]
        assert [(one.source_key, one.on.isoformat()) for one in sightings] == [
            (row["record"]["paper"]["id"], row["day"]) for row in recorded
        ]
        assert all(one.paper.title and one.paper.url for one in sightings)
        total += len(sightings)
    assert total == 5_685


def test_every_normalised_paper_reads(corpus):
    sightings, rejected = read(corpus / "data/papers.jsonl.gz")
    assert (len(sightings), rejected) == (73_411, [])
    schemes = Counter(one.paper.key.partition(":")[0] for one in sightings)
    assert schemes == {"arxiv": 61_648, "acl": 9_325, "conf": 2_438}
    assert sum(one.event is Event.LISTED for one in sightings) == 5_685
    assert sum(one.paper.status is Status.WITHDRAWN for one in sightings) == 69
    assert sum(bool(one.paper.authors) for one in sightings) == 72_946


async def test_a_recorded_day_through_the_live_source(corpus, site, fetcher):
    body = (corpus / "samples/hf/daily_papers_2026-04-16.json").read_bytes()
    site.on("/api/daily_papers", site.reply("[]"))
    site.on("/api/daily_papers?date=2026-04-16&limit=100", site.reply(body))
    now = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)
    announced = await HuggingFaceDaily(fetcher, site.url).fetch(None, now)
    assert len(announced.sightings) == 22
    assert announced.sightings[0].paper.key == "arxiv:2604.14148"
    assert announced.cursor is not None


def test_ids_are_recognised_wherever_they_stand(corpus):
    ids = set()
    with gzip.open(corpus / "data/arxiv_feed.jsonl.gz") as lines:
        for line in lines:
            ids.update(json.loads(line)["ids"])
    assert len(ids) == 26_538
    assert all(arxiv_id(id_) == ArxivId(id_) for id_ in ids)
