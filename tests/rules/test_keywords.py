"""Word lists people bring along become filters that mean the same."""

import json

import pytest

from bot.model.errors import BadFilter, BadOption
from bot.rules.keywords import filters_of
from bot.rules.parse import MOST_TERMS, parse_filter


def canonical(**topic):
    return [parse_filter(text).canonical for text in filters_of(topic)]


def test_a_list_is_any_of_its_terms_but_none_of_the_excluded():
    topic = {"terms": ["SLAM", "Visual Odometry"], "exclude": ["survey"], "categories": ["cs.RO"]}
    assert canonical(**topic) == ['("visual odometry" | slam) cat:cs.RO -survey']


def test_a_long_list_becomes_several_filters_that_together_hold_it_all():
    terms = [f"term number {number}" for number in range(120)]
    texts = filters_of({"terms": terms})
    assert len(texts) > 1
    assert all(text.count('"') // 2 <= MOST_TERMS for text in texts)
    assert sum(text.count('"') // 2 for text in texts) == 120


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("ti:rings ANDNOT abs:survey", "title:rings -abs:survey"),
        ('all:"reward model" AND (cat:cs.CL OR cat:cs.LG)', '"reward model" cat:(cs.CL|cs.LG)'),
        ('"(abs:multi AND abs:cloud) AND cat:cs.DC"', "abs:multi abs:cloud cat:cs.DC"),
        ("au:leike AND ti:%22reward model%22", 'author:leike title:"reward model"'),
    ],
)
def test_an_arxiv_query_is_read_in_our_language(query, meant):
    (text,) = filters_of({"kind": "boolean", "query": query})
    assert parse_filter(text).key == parse_filter(meant).key


@pytest.mark.parametrize(
    "topic", [{}, {"terms": []}, {"terms": ["x"] * 1 + [f"t{n}" for n in range(501)]}]
)
def test_an_empty_or_endless_list_is_refused(topic):
    with pytest.raises(BadOption):
        filters_of(topic)


@pytest.mark.corpus
def test_real_word_lists_can_nearly_all_be_imported(corpus):
    tried, failed = 0, []
    for line in (corpus / "data" / "topics.jsonl").read_text(encoding="utf-8").splitlines():
        topic = json.loads(line)
        if topic["kind"] not in {"keywords", "boolean"}:
            continue
        tried += 1
        try:
            assert filters_of(topic)
        except (BadFilter, BadOption) as error:
            failed.append((topic["kind"], topic.get("query") or topic["terms"], str(error)))
    assert tried > 300
    assert len(failed) <= 0.03 * tried, failed
