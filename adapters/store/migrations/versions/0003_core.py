"""Layouts, feedback, settings, the log of changes, living cards, and those who left."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0006"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)


def some(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **more)


def maybe(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def texts(names: str) -> list[sa.Column[Any]]:
    return [some(name, sa.Text) for name in names.split()]


def number() -> sa.Column[int]:
    return sa.Column("id", BIG, sa.Identity(always=False), nullable=False)


def key(table: str, columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns.split(), name=f"pk_{table}")


def foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")


def upgrade() -> None:
    _subscriptions()
    _people()
    _channels()
    _memory()


def _subscriptions() -> None:
    # What exists was made when there was one layout only, and keeps it.
    op.add_column("subscriptions", some("layout", sa.Text, server_default="digest"))
    op.add_column("subscriptions", some("empty", sa.Text, server_default="silent"))


def _people() -> None:
    op.create_table(
        "votes",
        some("channel_id", sa.BigInteger),
        some("paper_id", sa.BigInteger),
        *texts("member"),
        some("verdict", sa.Integer),
        some("voted_at", WHEN),
        foreign("votes", "channel_id", "channels"),
        foreign("votes", "paper_id", "papers"),
        key("votes", "channel_id paper_id member"),
    )
    op.create_index("ix_votes_paper_id", "votes", ["paper_id"])
    op.create_index("ix_votes_member", "votes", ["member"])
    op.create_table(
        "mutes",
        *texts("member term platform workspace"),
        maybe("until", WHEN),
        some("muted_at", WHEN),
        key("mutes", "member term"),
    )
    op.create_table(
        "saved",
        *texts("member"),
        some("paper_id", sa.BigInteger),
        *texts("platform workspace"),
        some("saved_at", WHEN),
        foreign("saved", "paper_id", "papers"),
        key("saved", "member paper_id"),
    )
    op.create_index("ix_saved_paper_id", "saved", ["paper_id"])
    op.create_table(
        "recent",
        *texts("member query platform workspace"),
        some("asked_at", WHEN),
        key("recent", "member query"),
    )


def _channels() -> None:
    op.create_table(
        "changes",
        number(),
        some("channel_id", sa.BigInteger),
        *texts("who what"),
        some("at", WHEN),
        *texts("touched"),
        maybe("undone_at", WHEN),
        foreign("changes", "channel_id", "channels"),
        key("changes", "id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_channel_id_id", "changes", ["channel_id", "id"])
    op.create_table(
        "channel_settings",
        some("channel_id", sa.BigInteger, autoincrement=False),
        *(maybe(name, sa.Text) for name in ("zone", "mode", "layout", "empty")),
        *texts("managers listed"),
        *(some(name, sa.Boolean) for name in ("tally", "threads", "publish")),
        maybe("is_public", sa.Boolean),
        foreign("channel_settings", "channel_id", "channels"),
        key("channel_settings", "channel_id"),
    )
    op.create_table(
        "absences",
        *texts("platform workspace channel reason"),
        some("since", WHEN),
        maybe("purge_at", WHEN),
        key("absences", "platform workspace channel"),
    )
    op.create_index("ix_absences_purge_at", "absences", ["purge_at"])


def _memory() -> None:
    op.create_table(
        "pages",
        some("delivery_id", sa.BigInteger, autoincrement=False),
        some("channel_id", sa.BigInteger),
        *texts("message"),
        some("edits", sa.Integer),
        some("told_upto", sa.BigInteger),
        some("composed_at", WHEN),
        foreign("pages", "delivery_id", "deliveries"),
        foreign("pages", "channel_id", "channels"),
        key("pages", "delivery_id"),
    )
    op.create_index("ix_pages_channel_id", "pages", ["channel_id"])
    op.create_index("ix_pages_composed_at", "pages", ["composed_at"])
    op.create_table(
        "page_papers",
        some("delivery_id", sa.BigInteger),
        some("paper_id", sa.BigInteger),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["pages.delivery_id"], name="fk_page_papers_delivery_id_pages"
        ),
        foreign("page_papers", "paper_id", "papers"),
        key("page_papers", "delivery_id paper_id"),
    )
    op.create_index("ix_page_papers_paper_id", "page_papers", ["paper_id"])
    op.create_table(
        "news",
        number(),
        some("paper_id", sa.BigInteger),
        *texts("what"),
        some("at", WHEN),
        foreign("news", "paper_id", "papers"),
        key("news", "id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_news_paper_id", "news", ["paper_id"])
    op.create_table(
        "unfurls",
        some("channel_id", sa.BigInteger),
        some("paper_id", sa.BigInteger),
        some("at", WHEN),
        *texts("message_id"),
        foreign("unfurls", "channel_id", "channels"),
        foreign("unfurls", "paper_id", "papers"),
        key("unfurls", "channel_id paper_id"),
    )
    op.create_index("ix_unfurls_paper_id", "unfurls", ["paper_id"])
