"""`filter:name`: using one subscription's filter inside another."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import chain

from bot.model.errors import BadFilter, BadOption, FilterProblem, NotFound
from bot.model.topic import And, Node, Not, Or, Saved, TopicFilter
from bot.rules.canonical import canonical_filter, contradiction
from bot.rules.lexer import Kind, lexemes
from bot.rules.parse import parse_filter

MOST_WRITTEN = 20_000
"""Characters of a filter with others put in, so that taking over what took over stays small."""


def read_filter(text: str, named: Mapping[str, TopicFilter], itself: str = "") -> TopicFilter:
    """The filter that `text` says, with what each `filter:name` in it stands for now.

    itself: the name of the subscription whose filter this shall be. Raises BadFilter.
    """
    topic = parse_filter(text)
    there = {name.lower(): one for name, one in named.items() if name.lower() != itself.lower()}
    for name in names_in(topic.root):
        if name not in there:
            raise BadFilter(text, _missing(text, name, there, itself))
    try:
        whole = resolve(topic, there)
    except BadOption as error:
        raise BadFilter(text, FilterProblem(str(error), 1)) from None
    both = contradiction(whole.root)
    if both:
        raise BadFilter(text, FilterProblem(f"Nothing can match: {both}.", 1))
    return whole


def _missing(text: str, name: str, there: Mapping[str, TopicFilter], itself: str) -> FilterProblem:
    column = _column(text, name)
    if name == itself.lower():
        return FilterProblem(f"“{name}” cannot take its filter from itself.", column)
    near = next(iter(get_close_matches(name, there, n=1)), "")
    if near:
        hint = f"Did you mean filter:{near}?"
    elif there:
        hint = f"It has {' and '.join(f'“{one}”' for one in there)}."
    else:
        hint = "It has none yet; `subscribe` makes one."
    said = f"This channel has no subscription “{name}” to take a filter from."
    return FilterProblem(said, column, hint)


def _column(text: str, name: str) -> int:
    """Where the name stands after `filter:`."""
    is_after = False
    for one in lexemes(text):
        is_after = is_after or (one.kind is Kind.FIELD and one.text.lower() == "filter")
        if is_after and one.text.strip().lower() == name:
            return one.column
    return 1


def resolve(topic: TopicFilter, named: Mapping[str, TopicFilter]) -> TopicFilter:
    """`topic` with every `filter:name` replaced by the tree of that name.

    Taken over as it stands now: a later change of the named one does not reach into this one.
    Raises NotFound for a name the channel does not have, BadOption where too much comes together.
    """
    others = {name.lower(): one for name, one in named.items()}
    sizes = [len(others[name].canonical) for name in _named(topic.root) if name in others]
    if sizes and len(topic.canonical) + sum(sizes) > MOST_WRITTEN:
        raise BadOption(
            f"With what it takes over by filter:name this filter would have "
            f"{len(topic.canonical) + sum(sizes):,} characters; at most {MOST_WRITTEN:,} are possible.",
            "filter",
        )
    root = _replace(topic.root, {name: one.root for name, one in others.items()})
    return topic if root == topic.root else canonical_filter(root)


def _replace(node: Node, trees: Mapping[str, Node]) -> Node:
    match node:
        case Saved(name):
            if name.lower() not in trees:
                raise NotFound(f"This channel has no subscription “{name}” to take a filter from.")
            return trees[name.lower()]
        case Not(part):
            return Not(_replace(part, trees))
        case And(parts):
            return And(tuple(_replace(part, trees) for part in parts))
        case Or(parts):
            return Or(tuple(_replace(part, trees) for part in parts))
        case _:
            return node


def names_in(node: Node) -> tuple[str, ...]:
    """The names a filter takes other filters from, each once."""
    return tuple(dict.fromkeys(_named(node)))


def _named(node: Node) -> Iterator[str]:
    match node:
        case Saved(name):
            yield name.lower()
        case Not(part):
            yield from _named(part)
        case And(parts) | Or(parts):
            yield from chain.from_iterable(map(_named, parts))
        case _:
            return
