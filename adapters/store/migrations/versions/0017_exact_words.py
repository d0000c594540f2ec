"""Tokens in the search index that tell a word as it is written from its other forms."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.execute("DELETE FROM meta WHERE name = 'search_index_outdated'")
    op.execute("INSERT INTO meta (name, value) VALUES ('search_index_outdated', 'yes')")
