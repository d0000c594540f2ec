"""Which filters an event about a paper alerts: the rules above matching, for all filters at once.

A risen counter is news only to filters that a counter decides: those that match now and would not
if no counter had ever been observed. They are asked again at each rise, and only they, so that
nothing has to be remembered of papers that have not crossed a threshold yet, and a filter that
came later misses nothing: docs/decisions/thresholds-asked-again.md.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from bot.model.errors import BadFilter
from bot.model.paper import Event
from bot.model.record import StoredFilter
from bot.model.topic import Node
from bot.rules.document import Document, uncounted
from bot.rules.index import MatchIndex
from bot.rules.matching import has_threshold, matches
from bot.rules.parse import stored_tree

log = logging.getLogger(__name__)

HOT_FOR = timedelta(days=14)
"""How long after its announcement a paper can become hot."""

Happened = tuple[Document, Event]


def alerts(tree: Node, document: Document, event: Event, today: date) -> bool:
    """Whether one expanded tree is alerted; what `AlertIndex` says of all, said once and slowly."""
    if not matches(tree, document, event=event, today=today):
        return False
    return event is not Event.HOT or not matches(
        tree, uncounted(document), event=event, today=today
    )


class AlertIndex:
    """All filters in use, by id."""

    def __init__(
        self, filters: Iterable[StoredFilter] = (), shares: Mapping[str, float] | None = None
    ) -> None:
        """Take the filters there are; for `shares` see `MatchIndex`."""
        counting: list[tuple[int, Node]] = []
        self._all = MatchIndex.build(_trees(filters, counting), shares)
        self._counting = MatchIndex.build(counting, shares)

    def __len__(self) -> int:
        return len(self._all)

    @property
    def worn(self) -> bool:
        """Whether so much has come and gone that building anew pays."""
        return self._all.worn

    def add(self, stored: StoredFilter) -> None:
        """Take one in, or anew."""
        counting: list[tuple[int, Node]] = []
        for filter_id, root in _trees([stored], counting):
            self._all.add(filter_id, root)
        for filter_id, root in counting:
            self._counting.add(filter_id, root)

    def remove(self, filter_id: int) -> None:
        """Forget one; nothing happens if it is not there."""
        self._all.remove(filter_id)
        self._counting.remove(filter_id)

    def match_all(self, happened: Sequence[Happened], *, today: date) -> list[Sequence[int]]:
        """For each event about a paper the ids of the filters it alerts, each once."""
        risen = [one for one in happened if one[1] is Event.HOT]
        other = [one for one in happened if one[1] is not Event.HOT]
        by_risen = iter(self._risen(risen, today))
        by_other = iter(self._all.match_all(other, today=today))
        return [next(by_risen if event is Event.HOT else by_other) for _, event in happened]

    def _risen(self, happened: Sequence[Happened], today: date) -> Iterator[list[int]]:
        if not happened:
            return
        now = self._counting.match_all(happened, today=today)
        without = self._counting.match_all(
            [(uncounted(document), event) for document, event in happened], today=today
        )
        for found, anyway in zip(now, without, strict=True):
            yield list({*found} - {*anyway})


def _trees(
    filters: Iterable[StoredFilter], counting: list[tuple[int, Node]]
) -> Iterator[tuple[int, Node]]:
    """The filters as trees; those that compare a counter are put into `counting` besides."""
    for one in filters:
        try:
            root = stored_tree(one.canonical)
        except BadFilter:
            # Only a damaged row can be the cause; it must not silence everybody else's filters.
            log.exception("filter %d cannot be read and matches nothing", one.id)
            continue
        if ":" in one.canonical and has_threshold(root):  # a counter is a field
            counting.append((one.id, root))
        yield one.id, root
