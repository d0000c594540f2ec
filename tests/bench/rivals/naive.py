"""Every subscription asked about every paper: words and phrases as parts of a padded text."""

from collections.abc import Sequence
from datetime import date

from bot.model.paper import Event
from bot.model.topic import And, Node, Not, Or, Scope, Text
from bot.rules.document import Document
from bot.rules.matching import expand, holds


class Naive:
    name = "naive loop over subscriptions"

    def __init__(self, roots: dict[int, Node], subscriptions: Sequence[int]) -> None:
        """Take the filters, and which of them each subscription listens with."""
        self.trees = {number: expand(root) for number, root in roots.items()}
        self.subscriptions = subscriptions

    def match_all(self, documents: Sequence[Document], today: date) -> list[list[int]]:
        return [self._match(one, today) for one in documents]

    def _match(self, document: Document, today: date) -> list[int]:
        text = f" {' '.join(document.title)} \n {' '.join(document.abstract)} "
        trees = self.trees
        found = {one for one in self.subscriptions if _holds(trees[one], text, document, today)}
        return list(found)


def _holds(node: Node, text: str, document: Document, today: date) -> bool:
    match node:
        case Text(tokens, Scope.ANY, prefix, 0, False):
            return f" {' '.join(tokens)}{'' if prefix else ' '}" in text
        case And(parts):
            return all(_holds(part, text, document, today) for part in parts)
        case Or(parts):
            return any(_holds(part, text, document, today) for part in parts)
        case Not(part):
            return not _holds(part, text, document, today)
        case term:
            return holds(term, document, event=Event.NEW, today=today)
