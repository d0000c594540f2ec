"""A token in the search index for each abbreviation and all that it stands for."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute("INSERT INTO meta (name, value) VALUES ('search_index_outdated', 'yes')")
