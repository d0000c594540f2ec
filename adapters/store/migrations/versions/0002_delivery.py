"""Messages that change or answer an earlier one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Defaults, so that a process of the version before can still owe messages meanwhile.
    for name, default in (("kind", "post"), ("about", "")):
        op.add_column(
            "deliveries", sa.Column(name, sa.Text(), nullable=False, server_default=default)
        )
