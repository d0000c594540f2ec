"""What the bot needs from the world, one Protocol per concern.

Every store operation is one whole transaction: it either happened or it did not, and no network
call can stand inside it, because its body never leaves the store. Every datetime is aware, UTC.
"""

from bot.ports.installations import Installations
from bot.ports.leases import Leases
from bot.ports.ledger import MatchLedger
from bot.ports.limits import RateLimits
from bot.ports.messenger import Messenger, Renderer
from bot.ports.meter import Meter, Unmetered
from bot.ports.outbox import Outbox
from bot.ports.papers import PaperShelf
from bot.ports.posted import Posted
from bot.ports.sources import Lookup, PaperSource
from bot.ports.store import Clock, Store
from bot.ports.subscriptions import SubscriptionBook
from bot.ports.upkeep import SourceLog, Upkeep

__all__ = [
    "Clock",
    "Installations",
    "Leases",
    "Lookup",
    "MatchLedger",
    "Messenger",
    "Meter",
    "Outbox",
    "PaperShelf",
    "PaperSource",
    "Posted",
    "RateLimits",
    "Renderer",
    "SourceLog",
    "Store",
    "SubscriptionBook",
    "Unmetered",
    "Upkeep",
]
