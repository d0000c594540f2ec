"""More room for new words of the search index before SQLite writes them to disk."""

from alembic import op

revision = "0007"
down_revision = "0003"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Bytes of memory while papers are stored. With the usual 1 MiB a large import wrote four
        # times as many segments, only to merge them: a quarter of its time in the index.
        op.execute("INSERT INTO paper_index(paper_index, rank) VALUES ('hashsize', 4194304)")
