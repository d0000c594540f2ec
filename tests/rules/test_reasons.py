"""What a card says about why a paper came, and `why` about why it did not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.paper import Event, Metrics, Paper
from bot.model.topic import Or
from bot.rules import reasons as asked
from bot.rules.canonical import canonical_filter
from bot.rules.document import document
from bot.rules.excerpts import stretch
from bot.rules.failures import Failure, first_failure
from bot.rules.fold import fold_exact
from bot.rules.matching import expand, matches
from bot.rules.parse import parse_filter
from bot.rules.reasons import MOST_REASONS, reasons
from tests.rules.filters import TODAY, events, papers, trees

PAPER = Paper(
    key="arxiv:2611.00001",
    url="https://arxiv.org/abs/2611.00001",
    title="A Survey of Fine-tuned LLM Agents: Behaviour & “Alignment”",
    abstract="We use reinforcement learning from human feedback (RLHF) for C++ agents.",
    authors=("Jan M. Leike", "Ada Adams"),
    categories=("cs.CL", "stat.ML"),
    organization="Google DeepMind",
    announced_on=date(2026, 11, 20),
    metrics=Metrics(upvotes=42),
    sources=frozenset({"hf_daily"}),
)


def why(text):
    return reasons(parse_filter(text), document(PAPER), PAPER)


def why_not(text, event=Event.NEW):
    return first_failure(parse_filter(text), document(PAPER), PAPER, event=event, today=TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alignment", ["matched “Alignment” in the title"]),
        ("agents", ["matched “Agents” in the title"]),
        ("abs:agents", ["matched “agents” in the abstract"]),
        ('"fine tuned llms"', ["matched “Fine-tuned LLM” in the title"]),
        ("finetuned", ["matched “Fine-tuned” in the title (for “finetuned”)"]),
        ("behav*", ["matched “Behaviour” in the title"]),
        ("c++", ["matched “C++” in the abstract"]),
        ('"large language model"', ["matched “LLM” in the title (for “large language model”)"]),
        ("rlhf | dpo", ["matched “RLHF” in the abstract"]),
        ("author:leike", ["author Jan M. Leike"]),
        ("org:deepmind", ["organisation Google DeepMind"]),
        ("cat:stat.*", ["category stat.ML"]),
        ("upvotes:>=20", ["42 upvotes (≥ 20)"]),
        ("upvotes:5..50", ["42 upvotes (5 to 50)"]),
        ("source:hf", ["seen in hf"]),
        ("alignment -diffusion since:7d", ["matched “Alignment” in the title"]),
        (
            "upvotes:>1 cat:cs.CL rlhf author:adams alignment",
            [
                "matched “Alignment” in the title",
                "author Ada Adams",
                "matched “RLHF” in the abstract",
                "category cs.CL",
            ],
        ),
    ],
)
def test_a_reason_shows_the_words_of_the_paper_strongest_first(text, expected):
    assert list(why(text)) == expected


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("diffusion", Failure("diffusion", "“diffusion” is not in title or abstract")),
        ("title:rlhf", Failure("title:rlhf", "“rlhf” is not in the title")),
        (
            "alignment -survey",
            Failure("-survey", "“Survey” stands in the title", "A Survey of Fine-tuned…"),
        ),
        (
            'alignment -"human feedback"',
            Failure(
                '-"human feedback"',
                "“human feedback” stands in the abstract",
                "…reinforcement learning from human feedback (RLHF) for C++…",
            ),
        ),
        (
            'alignment -"large language models"',
            Failure(
                '-"large language model"',
                "“LLM” stands in the title",
                "…of Fine-tuned LLM Agents: Behaviour & “Alignment”",
            ),
        ),
        ("author:hinton", Failure("author:hinton", "no author “hinton”")),
        ("org:meta", Failure("org:meta", "its organisation is Google DeepMind")),
        ("cat:cs.RO", Failure("cat:cs.RO", "its categories are cs.CL, stat.ML")),
        ("upvotes:>=50", Failure("upvotes:>=50", "42 upvotes, not at least 50")),
        ("since:2d", Failure("since:2d", "announced on 2026-11-20")),
        (
            "alignment (dpo | ppo)",
            Failure("dpo | ppo", "neither “dpo” nor “ppo” is in title or abstract"),
        ),
        (
            "dpo | ppo | title:sft",
            Failure(
                "dpo | ppo | title:sft",
                "“dpo” is not in title or abstract; “ppo” is not in title or abstract; "
                "“sft” is not in the title",
            ),
        ),
        (
            "cat:(cs.RO | cs.SY)",
            Failure("cat:(cs.RO | cs.SY)", "its categories are cs.CL, stat.ML"),
        ),
        (
            "cat:cs.RO | dpo alignment | ppo | sft | vae",
            Failure(
                "ppo | sft | vae | cat:cs.RO | alignment dpo",
                "“ppo” is not in title or abstract; “sft” is not in title or abstract; "
                "“vae” is not in title or abstract; and so for 2 more",
            ),
        ),
        (
            "cs.RO | alignment dpo -survey",
            Failure(
                '"cs ro" | alignment dpo -survey',
                "“cs.RO” is not in title or abstract; “dpo” is not in title or abstract",
            ),
        ),
        ("alignment -author:adams", Failure("-author:adams", "left out: author Ada Adams")),
        ("alignment -cat:stat.*", Failure("-cat:stat.*", "left out: category stat.ML")),
        ("alignment -upvotes:>=9", Failure("-upvotes:>=9", "left out: 42 upvotes (≥ 9)")),
        ("alignment -source:hf", Failure("-source:hf", "left out: papers seen in hf")),
        ("alignment version:replace", Failure("version:replace", "it was announced")),
    ],
)
def test_why_not_names_the_first_part_that_fails(text, failure):
    found = why_not(text)
    assert found is not None
    assert (found.clause, found.why) == (failure.clause, failure.why)
    assert found.excerpt == failure.excerpt


def test_a_replacement_is_silent_because_nobody_asked_for_it():
    found = why_not("alignment", Event.REPLACE)
    assert found is not None
    assert "version:replace" in found.why
    assert why_not("alignment version:replace", Event.REPLACE) is None


@given(trees, papers, events)
def test_either_a_paper_matches_or_there_is_a_failure(tree, paper, event):
    topic, folded = canonical_filter(tree), document(paper)
    matched = matches(expand(topic.root), folded, event=event, today=TODAY)
    failure = first_failure(topic, folded, paper, event=event, today=TODAY)
    assert matched == (failure is None)
    assert len(reasons(topic, folded, paper)) <= MOST_REASONS


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Fine-tuned, models", "tuned", "tuned"),
        ("O’Brien's “C++” guide", "obrien", "O’Brien's"),
        ("强化学习方法", "学", "学"),
        ("e\u0301cole normale", "ecole", "e\u0301cole"),
        ("see \\textit{this} word", "word", "word"),
        ("multi-agent games in $n$ moves", "agent", "agent"),
        ("a 'large-scale' study of teachers' models", "large", "large"),
        ("what the model's prior says", "model", "model's"),
    ],
)
def test_tokens_lead_back_to_the_words_as_written(text, word, expected):
    position = fold_exact(text).index(word)
    assert stretch(text, position, position + 1) == expected


@given(st.lists(trees, min_size=2, max_size=4), papers)
def test_alternatives_that_are_not_looked_for_have_nothing_to_say(alternatives, paper):
    either, folded = Or(tuple(alternatives)), document(paper)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asked, "sign_of", lambda _: None)
        all_looked_for = asked.Reasons(either).of(folded, paper)
    assert asked.Reasons(either).of(folded, paper) == all_looked_for
