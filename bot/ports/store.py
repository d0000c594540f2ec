"""Everything the bot remembers, and the clock."""

from datetime import datetime
from typing import Protocol

from bot.ports.absences import Absences
from bot.ports.feedback import Feedback
from bot.ports.hints import Hints
from bot.ports.installations import Installations
from bot.ports.leases import Leases
from bot.ports.ledger import MatchLedger
from bot.ports.limits import RateLimits
from bot.ports.living import Living
from bot.ports.memory import Memory
from bot.ports.outbox import Outbox
from bot.ports.papers import PaperShelf
from bot.ports.people import People
from bot.ports.policy import Policy
from bot.ports.posted import Posted
from bot.ports.subscriptions import SubscriptionBook
from bot.ports.upkeep import SourceLog, Upkeep


class Store(Protocol):
    """Everything the bot remembers."""

    @property
    def papers(self) -> PaperShelf: ...
    @property
    def subscriptions(self) -> SubscriptionBook: ...
    @property
    def ledger(self) -> MatchLedger: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def feedback(self) -> Feedback: ...
    @property
    def people(self) -> People: ...
    @property
    def policy(self) -> Policy: ...
    @property
    def living(self) -> Living: ...
    @property
    def memory(self) -> Memory: ...
    @property
    def absences(self) -> Absences: ...
    @property
    def sources(self) -> SourceLog: ...
    @property
    def limits(self) -> RateLimits: ...
    @property
    def upkeep(self) -> Upkeep: ...
    @property
    def leases(self) -> Leases: ...
    @property
    def posted(self) -> Posted: ...
    @property
    def hints(self) -> Hints: ...
    @property
    def installations(self) -> Installations: ...


class Clock(Protocol):
    """The only one who knows what time it is."""

    def now(self) -> datetime:
        """The current instant, aware, UTC."""
        ...
