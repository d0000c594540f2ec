"""What a topic filter may say."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import BadFilter
from bot.model.paper import Event
from bot.model.topic import (
    And,
    Author,
    Category,
    Count,
    FromSource,
    HasCode,
    Language,
    Metric,
    Not,
    Or,
    Organization,
    Saved,
    Scope,
    Since,
    Text,
    Version,
)
from bot.rules.canonical import canonical_filter
from bot.rules.parse import parse_filter, parse_stored
from bot.rules.quick import quick
from bot.rules.reading import reading
from tests.rules.filters import trees


def root(text):
    return parse_filter(text).root


def word(*tokens, **more):
    return Text(tokens, **more)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("alignment", word("alignment")),
        ("Agents", word("agent")),
        ("a b", And((word("a"), word("b")))),
        ("a AND b", And((word("a"), word("b")))),
        ("a | b", Or((word("a"), word("b")))),
        ("a OR b", Or((word("a"), word("b")))),
        ("a || b", Or((word("a"), word("b")))),
        ("a or b", And((word("a"), word("b"), word("or")))),
        ("a b | c", Or((word("c"), And((word("a"), word("b")))))),
        ("a (b | c)", And((word("a"), Or((word("b"), word("c")))))),
        ("a -b", And((word("a"), Not(word("b"))))),
        ("a NOT b", And((word("a"), Not(word("b"))))),
        ('a -"b c"', And((word("a"), Not(word("b", "c"))))),
        ('"reward models"', word("reward", "model")),
        ('"reward model"~3', word("reward", "model", near=3)),
        ("state-of-the-art", word("state", "of", "the", "art")),
        ("align*", word("align", prefix=True)),
        ('"reward mod*"', word("reward", "mod", prefix=True)),
        ("=Agents", word("agents", exact=True)),
        ('="Reward Models"', word("reward", "models", exact=True)),
        ("title:alignment", word("alignment", scope=Scope.TITLE)),
        ('abs:"reward model"', word("reward", "model", scope=Scope.ABSTRACT)),
        ("TITLE:(a | b)", Or((word("a", scope=Scope.TITLE), word("b", scope=Scope.TITLE)))),
        ("C++", word("cplusplus")),
        ("强化学习", word("强", "化", "学", "习")),
        ("author:leike", Author(("leike",))),
        ('author:"Jan Leike"', Author(("jan", "leike"))),
        ('author:"Leike, Jan"', Author(("jan", "leike"))),
        ("author:Adams", Author(("adams",))),
        ("author:lei*", Author(("lei",), prefix=True)),
        ("author:(a b)", And((Author(("a",)), Author(("b",))))),
        ('org:"Google DeepMind"', Organization(("google", "deepmind"))),
        ("cat:cs.CL", Category("cs.cl")),
        ("cat:CS.cl", Category("cs.cl")),
        ("cat:cs.*", Category("cs", archive=True)),
        ("cat:cs", Category("cs", archive=True)),
        ("cat:hep-th", Category("hep-th")),
        ("cat:hep-th.*", Category("hep-th")),
        ("cat:(cs.CL|cs.LG)", Or((Category("cs.cl"), Category("cs.lg")))),
        ("cat:cs.CL|cs.LG", Or((Category("cs.cl"), Category("cs.lg")))),
        ("cat:cs.CL|a", Or((word("a"), Category("cs.cl")))),
        ("source:hf_daily", FromSource("hf_daily")),
        ("source:arxiv_rss:cs.CL", FromSource("arxiv_rss:cs.cl")),
        ("upvotes:>=20", Count(Metric.UPVOTES, low=20)),
        ("upvotes:>20", Count(Metric.UPVOTES, low=21)),
        ("upvotes:≥20", Count(Metric.UPVOTES, low=20)),
        ("comments:<5", Count(Metric.COMMENTS, high=4)),
        ("stars:<=5", Count(Metric.STARS, high=5)),
        ("stars:=5", Count(Metric.STARS, 5, 5)),
        ("upvotes:5..20", Count(Metric.UPVOTES, 5, 20)),
        ("upvotes:5..", Count(Metric.UPVOTES, 5)),
        ("upvotes:..20", Count(Metric.UPVOTES, high=20)),
        ("code:yes", HasCode(wanted=True)),
        ("code:no", HasCode(wanted=False)),
        ("version:replace", Version(Event.REPLACE)),
        ("version:new|hot", Or((Version(Event.HOT), Version(Event.NEW)))),
        ("since:7d", Since(days=7)),
        ("since:2w", Since(days=14)),
        ("since:3m", Since(days=90)),
        ("since:2025-01-31", Since(on=date(2025, 1, 31))),
        ("lang:en", Language("en")),
        ("filter:my-topic", Saved("my-topic")),
    ],
)
def test_a_filter_is_read_as_written(text, tree):
    assert root(text) == tree


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("“reward model” –survey", '"reward model" -survey'),
        ("alignment\u00a0safety", "alignment safety"),
        ("«reward model» —survey", '"reward model" -survey'),
        ("（a｜b） c", "(a|b) c"),
        ("author：leike", "author:leike"),
        ("\u202ealign\u200bment", "alignment"),
        ("robots & people", "robots people"),
        ("Mamba – a survey!", "Mamba a survey"),
        ("DreamBooth: fine tuning", "dreambooth fine tuning"),
        ("'; DROP TABLE x;--", "drop table x"),
        ("(a+)+$", "a"),
        ("100% a_b \\c", '100 "a b" c'),
        ("{{7*7}} ${x} %s {0.__class__}", '"7 7" x s "0 class"'),
        ("@everyone <!here> <@U1>", "everyone here u1"),
    ],
)
def test_what_phones_and_copied_text_bring_along_is_understood(typed, meant):
    assert parse_filter(typed).key == parse_filter(meant).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a b", "b a"),
        ("a a b", "b a"),
        ("((a)) (b)", "a b"),
        ("a (b c)", "c b a"),
        ("NOT NOT a", "a"),
        ("-(-a)", "a"),
        ("c -(a | b)", "-b c -a"),
        ("c -(a b)", "c (-a | -b)"),
        ("a | a b", "a"),
        ("a (a | b)", "a"),
        ("upvotes:>=5 upvotes:<21", "upvotes:5..20"),
        ("upvotes:>4", "upvotes:>=5"),
        ("title:(a b)", "title:a title:b"),
        ("Behaviours OF Agents", "agent of behavior"),
        ("fine-tuning", '"fine tuning"'),
        ("since:1w", "since:7d"),
        ("cat:(cs.LG | cs.CL)", "cat:cs.CL | cat:cs.LG"),
    ],
)
def test_the_same_meaning_is_the_same_filter(one, other):
    assert parse_filter(one) == parse_filter(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a b", '"a b"'),
        ("a b", "a | b"),
        ("a", "=a"),
        ("ab", "ab*"),
        ("a", "title:a"),
        ("title:a", "abs:a"),
        ("author:a", "org:a"),
        ('"a b"', '"a b"~1'),
        ("a -b", "a b"),
        ("code:yes", "code:no"),
    ],
)
def test_another_meaning_is_another_filter(one, other):
    assert parse_filter(one).key != parse_filter(other).key


def test_the_canonical_text_is_readable():
    topic = parse_filter('-surveys cat:(cs.LG|cs.CL) author:"Jan LEIKE" "reward models"|RLHF')
    assert topic.canonical == 'rlhf | "reward model" author:"jan leike" cat:(cs.CL | cs.LG) -survey'
    assert len(topic.key) == 32


@given(trees)
def test_canonical_text_reads_back_as_the_same_filter(tree):
    topic = canonical_filter(tree)
    again = parse_stored(topic.canonical)
    assert again == topic
    assert reading(topic)


def bad_or_stable(text):
    """Parse `text`: either it reads back as the same filter, or its problem has a place."""
    try:
        topic = parse_filter(text)
    except BadFilter as bad:
        return bool(bad.problem.message) and 1 <= bad.problem.column <= len(text) + 1
    return parse_filter(topic.canonical) == topic


@given(st.text(max_size=80))
def test_any_text_is_a_filter_or_a_bad_filter(text):
    assert bad_or_stable(text)


SIGNS = 'a b - NOT OR | AND ( ) " title: cat: cs.CL ~2 * = upvotes: >=5 version:new author:x 强 –'
pieces = st.sampled_from([*SIGNS.split(" "), " ", "\u200b", "since:7d"])


@given(st.lists(pieces, max_size=25).map("".join))
def test_any_mixture_of_signs_is_a_filter_or_a_bad_filter(text):
    assert bad_or_stable(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "alignment cat:cs.CL -survey",
            "papers with “alignment” in title or abstract, in category cs.CL, but without “survey”",
        ),
        ("rlhf | dpo", "papers with “dpo” or “rlhf” in title or abstract"),
        (
            'title:Agents author:"Jan Leike" upvotes:>=20 -cat:cs.RO',
            "papers with “Agents” in the title, by “Jan Leike”, with at least 20 upvotes, "
            "but not in category cs.RO",
        ),
        (
            "a b | cat:cs.*",
            "papers either in category cs.*, or (with “a” and “b” in title or abstract)",
        ),
        (
            '=Agent "reward model"~2 align* since:7d code:no',
            "papers with “reward model” (with at most 2 other words in between), exactly “Agent” and "
            "“align…” in title or abstract, without known code, of the last 7 days",
        ),
        (
            "a b title:c abs:d title:e",
            "papers with “a” and “b” in title or abstract, with “c” and “e” in the title, "
            "with “d” in the abstract",
        ),
        (
            "a since:1d lang:en upvotes:>=1 comments:=1 stars:<1",
            "papers with “a” in title or abstract, with exactly 1 comment, with no stars, "
            "with at least 1 upvote, of the last day, in English",
        ),
        (
            "version:(new|replace|cross) upvotes:1..20",
            "papers with 1 to 20 upvotes, cross-listed, newly announced or replaced by a new version",
        ),
        ("a version:hot", "papers with “a” in title or abstract, with risen counters"),
    ],
)
def test_a_filter_is_said_in_plain_language(text, says):
    assert reading(parse_filter(text)) == says


@pytest.mark.corpus
def test_every_term_people_really_use_is_a_phrase(corpus, read_lines):
    asked, refused = 0, []
    for topic in read_lines(corpus / "data" / "topics.jsonl", 5_000):
        for term in topic.get("terms", []):
            asked += 1
            try:
                parse_filter('"' + re.sub('["“”]', " ", term) + '"')
            except BadFilter:
                refused.append(term)
    assert asked > 1_000
    assert refused == []


@given(trees)
def test_the_quick_reader_reads_what_the_parser_reads(tree):
    topic = canonical_filter(tree)
    assert quick(topic.canonical) in {None, topic.root}


@pytest.mark.parametrize(
    "text",
    [
        "alignment",
        "a b -c",
        'rlhf | "reward model"',
        '"reward model" -"a survey"',
        '(a | "b c") d -e',
        "author:leike",
        'author:"jan leike" rlhf -author:hinton',
        "align* x",
        "cat:cs.CL rlhf",
        "cat:cs.* rlhf -cat:cs.RO",
        "org:deepmind upvotes:>=20 rlhf",
        "=agents a",
        "title:a b",
        "cat:(cs.CL | cs.LG) a",
        'a b | c "d e"~2',
        "强化学习",
        "a | b -c",
        "a (b -c | d)",
    ],
)
def test_a_stored_filter_is_read_back_as_it_was(text):
    topic = parse_filter(text)
    assert parse_stored(topic.canonical) == topic


def test_a_stored_filter_goes_on_when_a_source_is_no_more():
    assert parse_stored("ring source:gone").canonical == "ring source:gone"
    assert parse_stored("source:gone:somewhere").root == FromSource("gone:somewhere")


def test_a_stored_word_that_is_folded_otherwise_by_now_is_folded_anew():
    assert parse_stored("behaviours -agents").root == parse_filter("behaviour -agent").root
