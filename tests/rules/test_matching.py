"""What a filter means for a paper."""

from datetime import date

import pytest
from hypothesis import given

from bot.model.paper import Event, Metrics, Paper
from bot.rules.canonical import simplified
from bot.rules.document import document
from bot.rules.matching import expand, matches
from bot.rules.parse import parse_filter
from tests.rules.filters import TODAY, events, papers, trees

PAPER = Paper(
    key="arxiv:2611.00001",
    url="https://arxiv.org/abs/2611.00001",
    title="A Survey of Fine-tuned Agents: Behaviour & Alignment",
    abstract="We train reward-based world models with reinforcement learning from human feedback. "
    "Erdős graphs and C++ code, $\\alpha$-divergence.",
    authors=("Jan M. Leike", "Ada Adams"),
    categories=("cs.CL", "stat.ML"),
    organization="University of Edinburgh",
    code_url="https://example.org/code",
    announced_on=date(2026, 11, 20),
    version=1,
    metrics=Metrics(upvotes=42),
    sources=frozenset({"arxiv_rss:cs.CL", "hf_daily"}),
    events=frozenset({Event.LISTED}),
)


def is_match(text, event=None, paper=PAPER):
    return matches(expand(parse_filter(text).root), document(paper), event=event, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "alignment",
        "survey agent behavior",
        "RLHF",
        "finetuned",
        '"fine tuned agents"',
        '"reward model"~2',
        '"train models"~3',
        "=agents",
        '="fine tuned"',
        "align*",
        '"world mod*"',
        "title:survey abs:reward",
        "erdos c++ alpha",
        "author:leike",
        'author:"Jan Leike"',
        'author:"Leike, Jan"',
        "author:lei*",
        "author:(leike adams)",
        "org:edinburgh",
        'org:"university edinburgh"',
        "cat:cs.CL",
        "cat:cs.*",
        "cat:stat",
        "cat:(cs.LG|cs.CL)",
        "source:hf_daily",
        "source:arxiv",
        "source:hf",
        "source:arxiv_rss",
        "source:arxiv_rss:cs.CL",
        "upvotes:>=42",
        "upvotes:40..50",
        "comments:<1",
        "code:yes",
        "version:new",
        "version:listed",
        "since:3d",
        "since:2026-11-20",
        "lang:en",
        "nothing | alignment",
        "alignment -nothing",
        "alignment -title:reward",
        "alignment -=agent",
    ],
)
def test_a_filter_matches_what_it_asks_for(text):
    assert is_match(text)


@pytest.mark.parametrize(
    "text",
    [
        "nothing",
        "alignment nothing",
        "alignment -survey",
        "alignment -LLM -RLHF",
        '"agents fine"',
        '"alignment we"',
        '"reward model"~1',
        '"models train"~3',
        "=agent",
        "=behavior",
        "alig",
        "title:reward",
        "abs:survey",
        "author:jan author:hinton",
        'author:"Leike Jan"',
        'author:"Jan Adams"',
        "author:adam",
        "author:lei",
        "org:deepmind",
        "cat:cs.LG",
        "cat:math",
        "upvotes:>42",
        "comments:>=1",
        "code:no",
        "version:replace",
        "since:2d",
        "lang:de",
        "filter:unknown",
        "аlignment",  # its first letter is Cyrillic
    ],
)
def test_a_filter_does_not_match_what_is_not_there(text):
    assert not is_match(text)


@pytest.mark.parametrize(
    ("text", "event", "expected"),
    [
        ("alignment", Event.NEW, True),
        ("alignment", Event.CROSS, True),
        ("alignment", Event.LISTED, True),
        ("alignment", Event.HOT, True),
        ("alignment", Event.REPLACE, False),
        ("alignment", Event.REPLACE_CROSS, False),
        ("alignment", Event.WITHDRAWN, False),
        ("alignment version:replace", Event.REPLACE, True),
        ("alignment version:replace", Event.REPLACE_CROSS, True),
        ("alignment version:replace", Event.NEW, False),
        ("alignment version:(new|replace)", Event.NEW, True),
        ("alignment version:(new|replace)", Event.WITHDRAWN, False),
        ("alignment version:withdrawn", Event.WITHDRAWN, True),
        ("alignment version:new", Event.CROSS, False),
        ("alignment -version:cross", Event.CROSS, False),
        ("alignment -version:cross", Event.NEW, True),
        ("alignment -version:cross", Event.REPLACE, False),
        ("alignment | nothing version:replace", Event.REPLACE, False),
        ("nothing | alignment version:replace", Event.REPLACE, True),
        ("alignment | nothing version:replace", Event.NEW, True),
    ],
)
def test_a_quiet_event_alerts_only_where_it_is_asked_for(text, event, expected):
    assert is_match(text, event) is expected


def test_a_phrase_does_not_run_from_the_title_into_the_abstract():
    paper = Paper(key="k", url="u", title="Reward", abstract="model")
    assert is_match("reward model", paper=paper)
    assert not is_match('"reward model"', paper=paper)


def test_a_paper_without_a_date_is_not_recent():
    assert not is_match("since:1y", paper=Paper(key="k", url="u", title="x"))


def test_the_language_is_that_of_the_abstract():
    paper = Paper(key="k", url="u", title="RLHF", abstract="我们提出一种新的强化学习方法")
    assert is_match("lang:zh", paper=paper)
    german = Paper(
        key="k", url="u", title="t", abstract="Wir zeigen, dass das Modell mit der Zeit lernt"
    )
    assert is_match("lang:de", paper=german)


@given(trees, papers, events)
def test_the_canonical_form_matches_the_same_papers(tree, paper, event):
    folded = document(paper)
    typed = matches(expand(tree), folded, event=event, today=TODAY)
    canonical = matches(expand(simplified(tree)), folded, event=event, today=TODAY)
    assert typed == canonical
