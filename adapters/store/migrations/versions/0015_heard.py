"""Until when a subscription was served by a database that was lost and restored."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("heard_until", sa.DateTime(timezone=True)))
