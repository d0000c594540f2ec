"""What sources announced by an index: it is matched before papers that were imported."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    announced = sa.text("planned_at IS NULL AND source <> 'import'")
    op.create_index(
        "ix_sightings_announced",
        "sightings",
        ["id"],
        sqlite_where=announced,
        postgresql_where=announced,
    )
