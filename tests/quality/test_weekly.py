"""The weekly figures of `make eval` on a week whose answer is plain."""

import json
from datetime import date

from bot.model.paper import Event
from tests.builders import a_paper
from tests.quality.weekly import most_upvoted, put_under_topics, topics_of

PROFILE = """
- topic: AI Agents
  description: |
    Things such as:
    - Web browsing and tool use: agents that click.

- topic: Proofs
  description: |
    - Formal proof search: with Lean.
"""


def test_a_topic_becomes_a_filter_of_phrases_and_one_of_words():
    found = {key: topic.canonical for key, topic in topics_of(PROFILE).items()}
    assert found["AI Agents", "phrases"] == '"ai agent" | "tool use" | "web browsing"'
    assert found["AI Agents", "any word"] == "agent | browsing | tool"
    assert found["Proofs", "phrases"] == '"formal proof search" | proof'


def test_what_was_put_under_a_topic_is_compared_with_what_its_words_find(tmp_path):
    papers = {
        "1": a_paper("Proofs by Machines", upvotes=1),
        "2": a_paper("On Proofs of Rings", upvotes=99),
        "3": a_paper("Rings", abstract="We search.", upvotes=50),
    }
    (tmp_path / "p").write_text(
        json.dumps({"profile": "hf-weekly", "valid_from": "2025-01-01", "text": PROFILE}) + "\n"
    )
    week = {
        "week": "2025-02-07",
        "candidates": [{"id": one, "title": ""} for one in ("1", "2", "3", "unknown")],
        "topics": {"Proofs": ["1", "unknown"]},
    }
    (tmp_path / "w").write_text(json.dumps(week) + "\n")
    phrases, words = put_under_topics(papers, tmp_path / "p", tmp_path / "w")
    assert (phrases["filter"], phrases["candidates"], phrases["chosen"]) == ("phrases", 3, 1)
    assert (phrases["found"], phrases["precision"], phrases["recall"]) == (2, 0.5, 1.0)
    assert (words["found"], words["precision"]) == (3, 0.333)
    assert words["recall_in_first_10_by_digest"] == words["recall_in_any_10"] == 1.0


def test_a_digest_is_compared_with_the_most_upvoted_of_its_week():
    papers = {
        str(number): a_paper(
            f"Rings {number}",
            upvotes=number,
            announced_on=date(2025, 2, 3),
            events=frozenset({Event.LISTED}),
        )
        for number in range(30)
    }
    figure = most_upvoted(papers, "rings")
    assert figure["weeks"] == 1
    assert figure["share_of_most_upvoted_10_in_digest"] == 1.0
    assert most_upvoted(dict(list(papers.items())[:5]), "rings")["weeks"] == 0
