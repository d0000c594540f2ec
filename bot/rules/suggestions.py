"""The smallest change of a filter that would let one paper through."""

from collections.abc import Iterator
from datetime import date

from bot.model.paper import QUIET_EVENTS, Event, Paper
from bot.model.topic import And, Category, Node, Or, Scope, Text, TopicFilter, Version
from bot.rules.alerts import alerts
from bot.rules.canonical import canonical_filter, is_anchored
from bot.rules.document import Document
from bot.rules.matching import expand
from bot.rules.reading import quoted
from bot.rules.variants import Variant, looser
from bot.rules.writing import write

SHORTEST_STEM = 4
SHARED_PART = 0.6
MOST_WORDS = 3
LOUD_EVENTS = tuple(event for event in Event if event not in QUIET_EVENTS and event != Event.HOT)


def one_change(
    topic: TopicFilter, document: Document, paper: Paper, *, event: Event, today: date
) -> Variant | None:
    """A filter that differs at one place and would have been alerted; None if it takes more.

    event: what was said of the paper. Preferred: a word more for what is missing, then one clause
    less.
    """
    for variant in (*_wider(topic, document, paper, event), *looser(topic)):
        if alerts(expand(variant.topic.root), document, event, today):
            return variant
    return None


def _wider(topic: TopicFilter, document: Document, paper: Paper, event: Event) -> Iterator[Variant]:
    if event in QUIET_EVENTS:
        asked = Or(tuple(map(Version, (*LOUD_EVENTS, event))))
        yield Variant(canonical_filter(And((topic.root, asked))), f"with version:{event} asked for")
    for words, root in _at_one_place(topic.root, document, paper):
        changed = canonical_filter(root)
        if changed.key != topic.key and is_anchored(changed.root):
            yield Variant(changed, words)


def _at_one_place(node: Node, document: Document, paper: Paper) -> Iterator[tuple[str, Node]]:
    match node:
        case And(parts) | Or(parts):
            kind = type(node)
            for place, part in enumerate(parts):
                for words, changed in _at_one_place(part, document, paper):
                    yield words, kind((*parts[:place], changed, *parts[place + 1 :]))
        case Text((_,)) if not node.exact and not node.prefix:
            others = [Text((word,), node.scope, shown=word) for word in _akin(node, document)]
            yield from (
                (f"with {quoted(node)} OR {quoted(one)}", Or((node, one))) for one in others
            )
        case Category() if paper.categories:
            own = Category(paper.categories[0].lower())
            yield f"with {write(own)} too", Or((node, own))
        case _:
            return


def _akin(term: Text, document: Document) -> list[str]:
    """Words of the paper that begin as the term does: aligned for alignment."""
    (token,) = term.tokens
    texts = {Scope.TITLE: document.title, Scope.ABSTRACT: document.abstract}
    words = texts.get(term.scope, [*document.title, *document.abstract])
    need = max(SHORTEST_STEM, round(SHARED_PART * len(token)))
    begin = token[:need]
    if len(token) < SHORTEST_STEM:
        return []
    found = dict.fromkeys(word for word in words if word.startswith(begin) and word != token)
    return list(found)[:MOST_WORDS]
