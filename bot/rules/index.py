"""The match index: which of many filters does a paper match."""

from dataclasses import dataclass, field
from datetime import date

from bot.model.paper import Event
from bot.model.topic import Node
from bot.rules.document import Document
from bot.rules.matching import matches


@dataclass(slots=True)
class MatchIndex:
    """Distinct filters by id; always answers what `matches` would."""

    _trees: dict[int, Node] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._trees)

    def add(self, filter_id: int, root: Node) -> None:
        """Take in an expanded tree; an id already there is replaced."""
        self._trees[filter_id] = root

    def remove(self, filter_id: int) -> None:
        """Forget a filter; one that is not there is none of our business."""
        self._trees.pop(filter_id, None)

    def match(self, document: Document, *, event: Event | None, today: date) -> list[int]:
        """Ids of the filters the paper matches, in ascending order."""
        return sorted(
            filter_id
            for filter_id, root in self._trees.items()
            if matches(root, document, event=event, today=today)
        )
