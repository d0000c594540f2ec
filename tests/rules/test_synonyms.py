"""Other forms of words."""

import pytest

from bot.model.topic import Not, Or, Text
from bot.rules.fold import fold
from bot.rules.parse import parse_filter
from bot.rules.synonyms import SYNONYMS, expand


def forms(text):
    root = expand(parse_filter(text).root)
    parts = root.parts if isinstance(root, Or) else (root,)
    return [" ".join(part.tokens) for part in parts if isinstance(part, Text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RLHF", ["rlhf", "reinforcement learning from human feedback"]),
        ("large-language-models", ["large language model", "llm", "largelanguagemodel"]),
        ("VLA", ["vla", "vision language action"]),
        ("vision-language-action", ["vision language action", "visionlanguageaction"]),
        ("fine-tuning", ["fine tuning", "finetuning"]),
        ("finetuning", ["finetuning", "fine tuning"]),
        ("datasets", ["dataset", "data set"]),
        ("GPT-4", ["gpt 4", "gpt4"]),
        ("BEV", ["bev", "bird eye view"]),
        ("alignment", ["alignment"]),
        ("=RLHF", ["rlhf"]),
        ('"reward model"~2', ["reward model"]),
        ('"state of the art"', ["state of the art"]),
        ("align*", ["align"]),
        ("studi*", ["studi", "study"]),
    ],
)
def test_a_word_stands_for_its_other_forms(text, expected):
    assert forms(text) == expected


def test_the_beginning_of_a_british_word_finds_the_american_one():
    assert {"optimize", "optimizing", "optimization"} <= set(forms("optimis*"))
    assert {"behavior", "behavioral"} <= set(forms("behaviou*"))


def test_an_exclusion_excludes_the_other_forms_too():
    assert expand(Not(Text(("rlhf",)))) == Not(
        Or((Text(("rlhf",)), Text(("reinforcement", "learning", "from", "human", "feedback"))))
    )


def test_the_place_of_a_word_is_the_place_of_its_forms():
    root = expand(parse_filter("title:RLHF").root)
    assert isinstance(root, Or)
    assert {part.scope for part in root.parts if isinstance(part, Text)} == {"title"}


def test_the_table_holds_folded_words_only():
    for tokens, others in SYNONYMS.items():
        for form in (tokens, *others):
            assert tuple(fold(" ".join(form))) == form
        assert tokens not in others
