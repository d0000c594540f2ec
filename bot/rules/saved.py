"""`filter:name`: using one subscription's filter inside another."""

from collections.abc import Mapping

from bot.model.errors import NotFound
from bot.model.topic import And, Node, Not, Or, Saved, TopicFilter
from bot.rules.canonical import canonical_filter


def resolve(topic: TopicFilter, named: Mapping[str, TopicFilter]) -> TopicFilter:
    """`topic` with every `filter:name` replaced by the tree of that name.

    Taken over as it stands now: a later change of the named one does not reach into this one.
    Raises NotFound for a name the channel does not have.
    """
    trees = {name.lower(): one.root for name, one in named.items()}
    root = _replace(topic.root, trees)
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
    match node:
        case Saved(name):
            return (name.lower(),)
        case Not(part):
            return names_in(part)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(name for part in parts for name in names_in(part)))
        case _:
            return ()
