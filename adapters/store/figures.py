"""The store in figures, for metrics: only what partial indexes answer at once."""

from sqlalchemy import Connection, func, select

from adapters.store import schema, tables
from adapters.store.places import pairs
from bot.model.delivery import FINAL_STATES, DeliveryState
from bot.model.figures import Figures

OPEN_STATES = tuple(state.value for state in DeliveryState if state not in FINAL_STATES)


def figures(connection: Connection) -> Figures:
    """See `bot.ports.Upkeep.figures`."""
    deliveries, lanes = tables.deliveries.c, tables.lanes.c
    # Written as the partial index `ix_deliveries_open` is, so that old rows cost nothing.
    is_open = deliveries.state.in_(OPEN_STATES)
    depth = select(deliveries.state, func.count()).where(is_open).group_by(deliveries.state)
    waiting = (
        select(func.min(deliveries.not_before))
        .join(tables.lanes, lanes.channel_id == deliveries.channel_id)
        .where(is_open, lanes.paused.is_(None))
    )
    by_state = select(lanes.paused.is_(None), func.count()).group_by(lanes.paused.is_(None))
    counted = pairs(connection, by_state)
    whole, held = tables.circuits.c.workspace == "", tables.circuits.c.open_until.is_not(None)
    breakers = pairs(connection, select(whole, func.count()).where(held).group_by(whole))
    return Figures(
        depth=dict.fromkeys(OPEN_STATES, 0) | pairs(connection, depth),
        oldest_due_at=connection.scalar(waiting),
        lanes={"running": counted.get(True, 0), "paused": counted.get(False, 0)},
        breakers={"platform": breakers.get(True, 0), "workspace": breakers.get(False, 0)},
        schema=schema.revision(connection),
    )
