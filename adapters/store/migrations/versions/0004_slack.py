"""Workspaces that installed the app."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0005"

WHEN = sa.DateTime(timezone=True)


def texts(names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names.split()]


def upgrade() -> None:
    op.create_table(
        "installations",
        *texts("platform tenant workspace organisation name bot_user scopes token refresh_token"),
        sa.Column("expires_at", WHEN, nullable=True),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("renewing_until", WHEN, nullable=True),
        sa.Column("installed_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("platform", "tenant", name="pk_installations"),
    )
    op.create_table(
        "memberships",
        *texts("platform workspace organisation"),
        sa.PrimaryKeyConstraint("platform", "workspace", name="pk_memberships"),
    )
    op.create_index("ix_memberships_organisation", "memberships", ["organisation"])
    op.create_table(
        "departures",
        *texts("platform workspace"),
        sa.Column("left_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("platform", "workspace", name="pk_departures"),
    )
    op.create_index("ix_departures_left_at", "departures", ["left_at"])
    op.create_table(
        "install_states",
        *texts("state"),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("state", name="pk_install_states"),
    )
