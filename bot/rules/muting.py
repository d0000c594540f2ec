"""Leaving out what a member mutes."""

from collections.abc import Callable, Iterable
from datetime import date

from bot.model.errors import BadFilter
from bot.model.paper import Paper
from bot.rules.document import document
from bot.rules.matching import matches
from bot.rules.parse import parse_stored
from bot.rules.synonyms import expand


def hidden_by(terms: Iterable[str], today: date) -> Callable[[Paper], bool]:
    """Whether a paper matches one of these canonical filters; one not understood hides nothing."""
    roots = []
    for term in terms:
        try:
            roots.append(expand(parse_stored(term).root))
        except BadFilter:
            continue

    def hides(paper: Paper) -> bool:
        folded = document(paper)
        return any(matches(root, folded, event=None, today=today) for root in roots)

    return hides if roots else lambda _: False
