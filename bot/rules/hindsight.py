"""Matches of the past ranked by their figures alone: a whole paper is made of those shown only.

Points and order are those of `ranking` and `studying`, which is proved with previews that are
posted afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from bot.model.looking_back import Glimpse
from bot.model.paper import Event, Paper
from bot.model.topic import Node
from bot.rules.digests import Ranked
from bot.rules.document import document
from bot.rules.ranking import (
    Part,
    Standing,
    explained,
    listing_points,
    parts_without_words,
    positive_texts,
    standing,
    tasted_all,
    total,
)
from bot.rules.sifting import Sieve
from bot.rules.studying import placed_apart, put_back
from bot.rules.synonyms import expand
from bot.rules.taste import NO_TASTE, Taste
from bot.rules.variety import MOST_PLACED, Rank


class Match(NamedTuple):
    """A paper that would have matched, once: what brought it, and when.

    said: everything said about it if that is more than this, so that what came later does not
    count yet.
    """

    glimpse: Glimpse
    at: datetime
    said: Sequence[tuple[datetime, Event]] = ()

    def events_at(self, now: datetime) -> frozenset[Event]:
        """What had been said about the paper by then."""
        if not self.said:
            return self.glimpse.events
        known = {event for at, event in self.said if at <= now}
        return self.glimpse.events - ({event for at, event in self.said if at > now} - known)


class Hindsight:
    """Ranks what one filter matched.

    papers: by number. most: how many of each digest are wanted; None: all.
    """

    def __init__(
        self,
        root: Node,
        sieve: Sieve,
        papers: Mapping[int, Paper],
        taste: Taste = NO_TASTE,
        most: int | None = None,
    ) -> None:
        """Take the filter's words out of its tree."""
        texts = tuple(positive_texts(expand(root)))
        self._papers = papers
        self._spread = sieve.spread(texts)
        self._own_words = frozenset(token for one in texts for token in one.tokens)
        self._taste = taste.without(self._own_words)
        self._most = most

    def best(self, matches: Sequence[Match], due: datetime, day: date) -> tuple[Ranked, ...]:
        """The best of what one digest chooses from, best first. day: the digest's date."""
        told: Sequence[Sequence[Part]] = [()] * len(matches)
        if self._taste is not NO_TASTE:
            told = tasted_all([self._standing(one, due, day) for one in matches], self._taste)

        def title(place: int) -> str:
            return self._papers[matches[place].glimpse.number].title

        def ranked(place: int, above: Sequence[int]) -> Ranked:
            one = self._standing(matches[place], due, day)
            found = self._spread.of(matches[place].glimpse.number)
            score = explained(found, one, told[place])
            return Ranked(one.paper, put_back(score, map(title, above)), ())

        ranks = self._ranks(matches, due, day, told)
        most, placed = self._most or len(matches), self._most or MOST_PLACED
        best = placed_apart(ranks, title, self._own_words, most, placed)
        return tuple(ranked(place, above) for place, above in best)

    def _ranks(
        self, matches: Sequence[Match], due: datetime, day: date, told: Sequence[Sequence[Part]]
    ) -> list[tuple[Rank, int]]:
        found = self._spread.of
        ages: dict[date | None, tuple[int, int]] = {None: (0, 0)}
        ranks: list[tuple[Rank, int]] = []
        for place, match in enumerate(matches):
            one = match.glimpse
            if one.day is not None and one.day not in ages:
                ages[one.day] = max((day - one.day).days, 0), -one.day.toordinal()
            age, newest = ages[one.day]
            listed = listing_points(match.events_at(due))
            _, points = parts_without_words(one.upvotes or 0, age, listed, one.event)
            worth = total(found(one.number), points, told[place])
            ranks.append(((-worth, newest, one.key), place))
        return ranks

    def _standing(self, match: Match, due: datetime, day: date) -> Standing:
        paper = self._papers[match.glimpse.number]
        if match.said:
            paper = replace(paper, events=match.events_at(due))
        return standing(paper, document(paper), day, match.glimpse.event, counted=True)
