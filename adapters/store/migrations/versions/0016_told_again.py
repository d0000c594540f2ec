"""When a match was taken in, and for whom it is news only because they began later."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("hits", sa.Column("seen_at", sa.DateTime(timezone=True)))
    op.add_column("hits", sa.Column("told_at", sa.DateTime(timezone=True)))
    op.create_index("ix_subscriptions_created_at", "subscriptions", ["created_at"])
    op.execute(
        "UPDATE hits SET seen_at ="
        " (SELECT first_seen_at FROM sightings WHERE sightings.id = hits.sighting_id)"
    )
