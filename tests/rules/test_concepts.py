"""One token of the search index for a phrase and its other forms."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.topic import Scope, Text
from bot.rules.concepts import concept_of, concepts
from bot.rules.document import document
from bot.rules.fold import fold
from bot.rules.matching import expand, matches
from bot.rules.synonyms import SYNONYMS
from tests.builders import a_paper
from tests.rules.filters import TODAY

FORMS = sorted({*SYNONYMS, *chain.from_iterable(SYNONYMS.values())})
ASKED = st.sampled_from(FORMS).map(Text)
"""All that has a token of its own."""

PIECES = st.one_of(
    st.sampled_from(FORMS).map(" ".join),
    st.sampled_from(sorted(set(chain.from_iterable(FORMS)))),
    st.sampled_from(["reinforcementlearning", "=", ",", "deeper"]),
)


@given(st.lists(PIECES, max_size=9).map(" ".join), st.lists(ASKED, min_size=1, max_size=5))
def test_a_text_has_a_concept_exactly_if_it_holds_one_of_its_forms(text, asked):
    folded = document(a_paper(text, abstract=""))
    found = concepts(folded.title)
    for term in (*asked, *(Text(tuple(fold(word))) for word in text.split() if fold(word))):
        concept = concept_of(term)
        if concept:
            held = matches(expand(term), folded, event=None, today=TODAY)
            assert (concept in found) == held, (text, term)


@pytest.mark.parametrize(
    ("text", "asked", "times"),
    [
        ("Large language models and LLMs: a large-language-model survey", "llm", 3),
        ("Deep reinforcement learning", "reinforcement learning", 1),
        ("Deep reinforcement learning", "drl", 1),
        ("Reinforcement without learning", "rl", 0),
        ("Reinforcementlearning", "reinforcement learning", 1),
        ("Reinforcementlearning", "rl", 0),
        ("Pre-training, pretraining, pre training", "pretraining", 3),
        ("A large", "llm", 0),
        ("", "llm", 0),
    ],
)
def test_a_concept_stands_as_often_as_its_forms(text, asked, times):
    concept = concept_of(Text(tuple(fold(asked))))
    assert concept
    assert concepts(fold(text)).count(concept) == times


@pytest.mark.parametrize(
    "term",
    [
        Text(("llm",), exact=True),
        Text(("reinforcement", "learning"), near=2),
        Text(("rl",), prefix=True),
        Text(("alignment",)),
        Text(("reward", "model")),
    ],
)
def test_what_stands_for_itself_alone_or_for_anything_near_has_no_concept(term):
    assert concept_of(term) == ""


def test_a_concept_is_no_word_of_any_text():
    for form in FORMS:
        concept = concept_of(Text(form, Scope.TITLE))
        assert concept
        assert fold(concept) != [concept]
