"""Which hits a digest chose from, and sightings by date for looking back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    for name in ("filter_id", "hit_after", "hit_upto"):
        # Digests of before chose from hits nobody wrote down: 0 to 0 is none of them.
        op.add_column(
            "occurrences", sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
        )
    op.create_index("ix_sightings_seen_on", "sightings", ["seen_on"])
