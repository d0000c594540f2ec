"""How Alembic runs our migrations: always over a connection that `schema.py` opened."""

from alembic import context

from adapters.store import tables


def _ours(_object: object, name: str | None, kind: str, _reflected: object, _to: object) -> bool:
    # The search index is no table of the model; SQLite keeps shadow tables for it besides.
    return not (kind == "table" and (name or "").startswith("paper_index"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
    include_object=_ours,
)
with context.begin_transaction():
    context.run_migrations()
