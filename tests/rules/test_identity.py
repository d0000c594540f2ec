"""One work has one key, however its id is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.identity import (
    ArxivId,
    arxiv_id,
    doi,
    doi_in_address,
    page_of,
    paper_key,
    schemed_id,
    strongest,
    url_key,
    web_url,
)

SAME_PAPER = [
    "2403.09472",
    "2403.09472v2",
    " 2403.09472 ",
    "arXiv:2403.09472",
    "arXiv: 2403.09472v1",
    "ARXIV:2403.09472",
    "oai:arXiv.org:2403.09472v3",
    "https://arxiv.org/abs/2403.09472",
    "http://arxiv.org/abs/2403.09472v2",
    "arxiv.org/abs/2403.09472",
    "https://www.arxiv.org/pdf/2403.09472v2.pdf",
    "https://export.arxiv.org/pdf/2403.09472",
    "https://arxiv.org/html/2403.09472v1#S3",
    "https://arxiv.org/abs/2403.09472?context=cs.CL",
    "https://huggingface.co/papers/2403.09472",
    "https://huggingface.co/papers/2403.09472.md",
    "https://hf.co/papers/2403.09472",
    "https://www.alphaxiv.org/abs/2403.09472",
    "https://www.alphaxiv.org/overview/2403.09472v1",
    "https://papers.cool/arxiv/2403.09472",
    "https://ar5iv.org/abs/2403.09472",
    "https://ar5iv.labs.arxiv.org/html/2403.09472",
    "10.48550/arXiv.2403.09472",
    "doi:10.48550/arxiv.2403.09472",
    "https://doi.org/10.48550/arXiv.2403.09472",
    "<https://arxiv.org/abs/2403.09472>",
    "<https://arxiv.org/abs/2403.09472|the paper>",
]


@pytest.mark.parametrize("written", SAME_PAPER)
def test_every_way_to_write_an_arxiv_id_gives_one_key(written):
    assert paper_key(written) == "arxiv:2403.09472"
    assert schemed_id(written) == "arxiv:2403.09472"


@pytest.mark.parametrize(
    ("written", "id_"),
    [
        ("hep-th/9901001", "hep-th/9901001"),
        ("arXiv:math.GT/0309136", "math/0309136"),
        ("CS/0501076", "cs/0501076"),
        ("https://arxiv.org/abs/quant-ph/0201082v1", "quant-ph/0201082"),
        ("oai:arXiv.org:math/0306266", "math/0306266"),
        ("https://arxiv.org/pdf/astro-ph/0601001v1.pdf", "astro-ph/0601001"),
        ("0704.0156", "0704.0156"),
    ],
)
def test_ids_from_before_2007_lose_subject_class_and_capitals(written, id_):
    found = arxiv_id(written)
    assert found is not None
    assert found.id == id_


def test_the_version_is_read_beside_the_id():
    assert arxiv_id("oai:arXiv.org:2604.21935v12") == ArxivId("2604.21935", 12)
    assert arxiv_id("2604.21935") == ArxivId("2604.21935", None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "../..",
        "2611.99999v0",
        "2613.00001",
        "0000.0000",
        "24030.9472",
        "2403.094720",
        "2403 .09472",
        "hep-th/9913001",
        "owner/9901001",
        "alignment",
        "2403.09472 and more",
        "https://example.org/abs/2403.09472",
        "https://arxiv.org/list/cs.CL/recent",
        "٢٤٠٣.٠٩٤٧٢",  # Arabic digits
        "2403.09472\x00",
        "x" * 100_000,
        "title:2403.09472",
    ],
)
def test_what_is_no_arxiv_id_is_not_taken_for_one(text):
    assert arxiv_id(text) is None


@pytest.mark.parametrize("query", ["title:attention", "cat:cs.CL", "alignment", "10 papers", "a:b"])
def test_a_query_is_no_id(query):
    assert paper_key(query) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("10.1016/J.PATTER.2022.100568", "10.1016/j.patter.2022.100568"),
        ("doi: 10.1000/182", "10.1000/182"),
        ("https://doi.org/10.1000/182.", "10.1000/182"),
        ("http://dx.doi.org/10.1002/(SICI)1097-4571", "10.1002/(sici)1097-4571"),
        ("https://doi.org/10.1000%2F182", "10.1000/182"),
    ],
)
def test_a_doi_is_the_same_in_any_case_and_with_any_resolver(written, name):
    assert doi(written) == name
    assert paper_key(written) == f"doi:{name}"


@pytest.mark.parametrize("text", ["10.48550/arXiv.2403.09472", "10.1/x", "10.1000/", "10.1000/a b"])
def test_what_is_no_doi_is_not_taken_for_one(text):
    assert doi(text) is None


def test_a_preprint_page_carries_its_doi_without_version():
    assert (
        doi_in_address("https://www.biorxiv.org/content/10.1101/2026.01.02.573v2?rss=1")
        == "10.1101/2026.01.02.573"
    )
    assert (
        doi_in_address("https://www.biorxiv.org/content/10.1101/2026.01.02.573v1.full.pdf")
        == "10.1101/2026.01.02.573"
    )
    assert doi_in_address("https://example.org/blog/10-things") is None


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("https://openreview.net/forum?id=0UK8c2kg7c", "openreview:0UK8c2kg7c"),
        ("https://openreview.net/pdf?id=0UK8c2kg7c&x=1", "openreview:0UK8c2kg7c"),
        ("https://pubmed.ncbi.nlm.nih.gov/12345678/", "pmid:12345678"),
        ("https://aclanthology.org/2020.acl-main.567/", "acl:2020.acl-main.567"),
        ("https://www.aclweb.org/anthology/P19-1001.pdf", "acl:P19-1001"),
        ("acl:2020.acl-main.567", "acl:2020.acl-main.567"),
        ("conf:colm2024:0UK8c2kg7c", "conf:colm2024:0UK8c2kg7c"),
    ],
)
def test_other_catalogues_have_keys_of_their_own(written, key):
    assert paper_key(written) == key


def test_records_may_bring_any_scheme_but_no_address():
    assert schemed_id("dblp:conf/nips/Vaswani17") == "dblp:conf/nips/Vaswani17"
    for bad in ("https://example.org/x", "javascript:alert(1)", "12345", "a b:c", "x:", "arxiv:?"):
        assert schemed_id(bad) is None


def test_the_strongest_id_becomes_the_key():
    ids = ["url:00", "acl:P19-1001", "doi:10.1000/182", "arxiv:2403.09472", "dblp:x"]
    assert strongest(ids) == "arxiv:2403.09472"
    assert strongest(ids[:3]) == "doi:10.1000/182"
    assert strongest(["url:00", "dblp:x"]) == "dblp:x"
    with pytest.raises(ValueError, match="at least one id"):
        strongest([])


def test_an_address_stays_one_work_through_tracking_and_https():
    key = url_key("https://blog.example.org/post?id=7&page=2")
    assert key is not None
    assert key.startswith("url:")
    for same in (
        "http://blog.example.org/post?id=7&page=2",
        "https://BLOG.example.org:443/post/?page=2&id=7",
        "https://blog.example.org/post?utm_source=rss&id=7&page=2&fbclid=x#top",
    ):
        assert url_key(same) == key
    assert url_key("https://blog.example.org/post?id=8&page=2") != key
    assert url_key("javascript:alert(1)") is None


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org/x",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org:99999/",
        "https://example.org/a\nb",
        "https://example.org/a b",
        'https://example.org/"onclick',
        "https://[::1/",
        "https://example.org/" + "x" * 3_000,
        "https://example.org/\u202egnp.exe",
    ],
)
def test_an_unsafe_address_never_becomes_a_link(address):
    assert web_url(address) == ""


def test_a_safe_address_is_kept_and_shows_look_alike_letters():
    assert web_url(" https://github.com/a/b ") == "https://github.com/a/b"
    assert web_url("https://example.org:443/x?y=1#z") == "https://example.org/x?y=1#z"
    assert web_url("https://аrxiv.org/abs/1") == "https://xn--rxiv-43d.org/abs/1"
    assert web_url("http://[2001:db8::1]:8080/") == "http://[2001:db8::1]:8080/"


def test_pages_are_built_from_ids():
    assert page_of("arxiv:math/0309136") == "https://arxiv.org/abs/math/0309136"
    assert page_of("doi:10.1000/182") == "https://doi.org/10.1000/182"
    assert page_of("url:abc") == ""


@given(st.text(max_size=200))
def test_any_text_is_an_id_or_none(text):
    for read in (paper_key, schemed_id, web_url, url_key, doi, doi_in_address):
        read(text)
