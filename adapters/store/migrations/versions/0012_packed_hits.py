"""Hits as a row for each sighting with all its filters, and the same by filter."""

from array import array
from collections.abc import Iterator
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

BLOCK_BITS = 6
MOST_AT_ONCE = 1_000


def upgrade() -> None:
    connection = op.get_bind()
    op.create_index(
        "ix_subscriptions_instant",
        "subscriptions",
        ["filter_id"],
        sqlite_where=sa.text("every = 'instant'"),
        postgresql_where=sa.text("every = 'instant'"),
    )
    op.create_table(
        "postings",
        sa.Column("block", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("upto", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("block", "upto", name="pk_postings"),
    )
    op.rename_table("hits", "single_hits")
    if connection.dialect.name == "postgresql":  # where the names of keys are those of indexes
        op.execute("ALTER TABLE single_hits RENAME CONSTRAINT pk_hits TO pk_single_hits")
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "hits",
        sa.Column("id", big, sa.Identity(), nullable=False),
        sa.Column("paper_id", sa.BigInteger(), nullable=False),
        sa.Column("sighting_id", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("filters", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hits"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_hits_paper_id_papers"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hits_paper_id", "hits", ["paper_id"])
    _pack(connection)
    _go_on_counting(connection)
    op.drop_table("single_hits")


def _pack(connection: sa.Connection) -> None:
    """The hits there are, a row for each paper and sighting, under the first of their numbers.

    Numbers of one planning are neighbours, so that whoever had read up to a hit has read up to its
    row, and whoever had not has not.
    """
    hits = sa.table("hits", *map(sa.column, ("id", "paper_id", "sighting_id", "event", "filters")))
    postings = sa.table("postings", *map(sa.column, ("block", "upto", "packed")))
    for hit_id, (paper_id, sighting_id, event), filters in _rows(connection):
        connection.execute(
            sa.insert(hits),
            {
                "id": hit_id,
                "paper_id": paper_id,
                "sighting_id": sighting_id,
                "event": event,
                "filters": _little(array("I", filters)),
            },
        )
        rows = [
            {
                "block": block,
                "upto": hit_id,
                "packed": _little(array("Q", [one << 32 | hit_id for one in some])),
            }
            for block, some in groupby(filters, lambda one: one >> BLOCK_BITS)
        ]
        connection.execute(sa.insert(postings), rows)


def _rows(
    connection: sa.Connection,
) -> Iterator[tuple[int, tuple[int, int, str], list[int]]]:
    query = sa.text(
        "SELECT id, paper_id, sighting_id, event, filter_id FROM single_hits ORDER BY id"
    )
    rows = connection.execute(query, execution_options={"yield_per": MOST_AT_ONCE})
    for about, some in groupby(rows, lambda row: (row[1], row[2], row[3])):
        together = list(some)
        yield together[0][0], about, sorted(row[4] for row in together)


def _little(numbers: "array[int]") -> bytes:
    return b"".join(one.to_bytes(numbers.itemsize, "little") for one in numbers)


def _go_on_counting(connection: sa.Connection) -> None:
    """The next hit is numbered above all there ever were: subscriptions have read up to those."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text(
                "SELECT setval(pg_get_serial_sequence('hits', 'id'), "
                "nextval(pg_get_serial_sequence('single_hits', 'id')))"
            )
        )
        return
    connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'hits'"))
    connection.execute(
        sa.text(
            "INSERT INTO sqlite_sequence (name, seq) "
            "SELECT 'hits', seq FROM sqlite_sequence WHERE name = 'single_hits'"
        )
    )
