"""What all tables share: names of constraints, and columns that both engines keep alike."""

from sqlalchemy import BigInteger, Identity, Integer, Table
from sqlalchemy import Column as SaColumn
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Set before any table exists: constraints take their names when their table is defined.
SQLModel.metadata.naming_convention = NAMING

# SQLite gives rows their number only where the column is called INTEGER, of any size.
BIG = BigInteger().with_variant(Integer, "sqlite")
# Without this SQLite gives out the number of a row again once the newest row is gone.
FRESH = {"sqlite_autoincrement": True}


def number() -> SaColumn[int]:
    """A primary key that grows and is never given out twice."""
    return SaColumn(BIG, Identity(), primary_key=True)


def table_of(row: type[SQLModel]) -> Table:
    """The table of a row class, for statements."""
    return SQLModel.metadata.tables[str(row.__tablename__)]
