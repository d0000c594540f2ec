"""However people write the same wish, it is one stored filter."""

import json
import random

from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import BadFilter
from bot.model.topic import And, Node, Not, Or, Text
from bot.rules.canonical import canonical_filter, simplified
from bot.rules.document import document
from bot.rules.matching import expand, matches
from bot.rules.outline import as_values, outline
from bot.rules.parse import parse_filter
from bot.rules.writing import write
from tests.rules.filters import TODAY, events, papers, trees


def rewritten(node: Node, dice: random.Random) -> str:
    """`node` as somebody else would type it: other order, brackets, signs, doubles, negations."""
    match node:
        case And(parts):
            words = [rewritten(one, dice) for one in parts]
            words += [words[0]] if dice.random() < 0.2 else []
            dice.shuffle(words)
            if dice.random() < 0.15 and all(not isinstance(one, Not) for one in parts):
                return "-(" + " | ".join(f"-({word})" for word in words) + ")"
            return dice.choice([" ", "  ", " AND "]).join(f"({word})" for word in words)
        case Or(parts):
            words = [rewritten(one, dice) for one in parts]
            words += [words[-1]] if dice.random() < 0.2 else []
            dice.shuffle(words)
            return dice.choice([" | ", " OR ", "||"]).join(f"({word})" for word in words)
        case Not(part):
            sign = dice.choice(["-", "NOT ", "--", "NOT NOT NOT "])
            return f"{sign if sign != '--' else '- '.strip()}({rewritten(part, dice)})"
        case Text() if not node.exact and not node.prefix and dice.random() < 0.5:
            text = write(node)
            return text.upper() if "~" not in text and ":" not in text else text
        case term:
            return f"({write(term)})" if dice.random() < 0.3 else write(term)


@given(trees, st.integers())
def test_every_common_rewrite_is_one_stored_filter(tree, seed):
    topic = canonical_filter(tree)
    typed = rewritten(topic.root, random.Random(seed))
    if "(" * 9 in typed or len(typed) > 512 or typed.count('"') > 60:
        return
    try:
        assert parse_filter(typed).key == topic.key
    except BadFilter as bad:
        # Limits, and filters that only leave things out, are refused however they are written.
        said = bad.problem.message
        assert any(part in said for part in ("at most", "something to look for", "Nothing can"))


@given(trees, papers, events)
def test_canonical_form_keeps_the_meaning(tree, paper, event):
    folded = document(paper)
    before = matches(expand(tree), folded, event=event, today=TODAY)
    assert matches(expand(simplified(tree)), folded, event=event, today=TODAY) == before


@given(trees)
def test_every_tree_can_be_drawn_and_put_into_json(tree):
    topic = canonical_filter(tree)
    drawn = outline(topic.root)
    assert len(drawn) == _nodes(topic.root)
    assert json.loads(json.dumps(as_values(topic.root)))["kind"]


def _nodes(node: Node) -> int:
    match node:
        case And(parts) | Or(parts):
            return 1 + sum(map(_nodes, parts))
        case Not(part):
            return 1 + _nodes(part)
        case _:
            return 1


def test_the_drawing_shows_other_forms_and_groups():
    assert outline(parse_filter("(rlhf | dpo) -survey").root) == (
        "all of",
        "├─ any of",
        "│  ├─ with “dpo” in title or abstract; also “direct preference optimization”",
        "│  └─ with “rlhf” in title or abstract; also “reinforcement learning from human feedback”",
        "└─ not",
        "   └─ with “survey” in title or abstract",
    )
