"""Every table of the store. Rows are only stored and read here; values are checked in the model.

Dates and instants: see `bot.ports`. Lists are JSON text, so that both engines keep them alike.
The search index stands beside these tables: see `fulltext.py`.
"""

from sqlmodel import SQLModel

from adapters.store.tables.installed import (
    departures,
    install_states,
    installations,
    memberships,
)
from adapters.store.tables.leases import leases, uses
from adapters.store.tables.memory import absences, news, page_papers, pages, unfurls
from adapters.store.tables.outbox import circuits, deliveries, lanes, limits, shown, tallies
from adapters.store.tables.own import inbox, meta
from adapters.store.tables.papers import aliases, papers, sightings, sources
from adapters.store.tables.people import changes, channel_settings, mutes, recent, saved, votes
from adapters.store.tables.standing import (
    channels,
    filters,
    hits,
    occurrences,
    postings,
    subscriptions,
)

METADATA = SQLModel.metadata

__all__ = [
    "METADATA",
    "absences",
    "aliases",
    "changes",
    "channel_settings",
    "channels",
    "circuits",
    "deliveries",
    "departures",
    "filters",
    "hits",
    "inbox",
    "install_states",
    "installations",
    "lanes",
    "leases",
    "limits",
    "memberships",
    "meta",
    "mutes",
    "news",
    "occurrences",
    "page_papers",
    "pages",
    "papers",
    "postings",
    "recent",
    "saved",
    "shown",
    "sightings",
    "sources",
    "subscriptions",
    "tallies",
    "unfurls",
    "uses",
    "votes",
]
