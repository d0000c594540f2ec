"""Papers, subscriptions and the outbox."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)


def number() -> sa.Column[int]:
    return sa.Column("id", BIG, sa.Identity(always=False), nullable=False)


def some(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def texts(names: str) -> list[sa.Column[Any]]:
    return [some(name, sa.Text) for name in names.split()]


def maybe(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    _papers()
    _subscriptions()
    _outbox()
    _upkeep()
    _index()


def _papers() -> None:
    op.create_table(
        "papers",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        *texts("key title url abstract authors categories"),
        maybe("published_on", sa.Date),
        maybe("updated_on", sa.Date),
        some("announced_on", sa.Date),
        maybe("version", sa.Integer),
        *texts(
            "ids organization blurb blurb_origin comment journal_ref license keywords code_url project_url thumbnail_url status"
        ),
        maybe("upvotes", sa.BigInteger),
        maybe("comments", sa.BigInteger),
        maybe("stars", sa.BigInteger),
        *texts("events sources"),
        some("rank", sa.Integer),
        some("added_at", WHEN),
        sa.PrimaryKeyConstraint("id", name="pk_papers"),
        sa.UniqueConstraint("key", name="uq_papers_key"),
    )
    op.create_index("ix_papers_announced_on", "papers", ["announced_on"])
    op.create_table(
        "aliases",
        some("alias", sa.Text),
        some("paper_id", sa.BigInteger),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_aliases_paper_id_papers"),
        sa.PrimaryKeyConstraint("alias", name="pk_aliases"),
    )
    op.create_index("ix_aliases_paper_id", "aliases", ["paper_id"])
    op.create_table(
        "sightings",
        number(),
        some("paper_id", sa.BigInteger),
        some("source", sa.Text),
        some("event", sa.Text),
        some("version", sa.Integer),
        some("seen_on", sa.Date),
        some("source_key", sa.Text),
        some("late", sa.Boolean),
        some("first_seen_at", WHEN),
        maybe("planned_at", WHEN),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_sightings_paper_id_papers"),
        sa.PrimaryKeyConstraint("id", name="pk_sightings"),
        sa.UniqueConstraint(
            "paper_id",
            "source",
            "event",
            "version",
            name="uq_sightings_paper_id_source_event_version",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_sightings_unplanned",
        "sightings",
        ["id"],
        **only("planned_at IS NULL"),
    )
    op.create_table(
        "sources",
        some("name", sa.Text),
        maybe("cursor", sa.Text),
        maybe("next_poll_at", WHEN),
        maybe("last_try_at", WHEN),
        maybe("last_success_at", WHEN),
        maybe("last_new_at", WHEN),
        some("failures", sa.Integer),
        some("problem", sa.Text),
        sa.PrimaryKeyConstraint("name", name="pk_sources"),
    )


def _subscriptions() -> None:
    op.create_table(
        "channels",
        number(),
        *texts("platform workspace channel"),
        sa.PrimaryKeyConstraint("id", name="pk_channels"),
        sa.UniqueConstraint(
            "platform", "workspace", "channel", name="uq_channels_platform_workspace_channel"
        ),
    )
    op.create_table(
        "filters",
        number(),
        some("key", sa.Text),
        some("canonical", sa.Text),
        some("uses", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_filters"),
        sa.UniqueConstraint("key", name="uq_filters_key"),
    )
    op.create_index(
        "ix_filters_in_use",
        "filters",
        ["id"],
        **only("uses > 0"),
    )
    op.create_table(
        "subscriptions",
        number(),
        some("channel_id", sa.BigInteger),
        some("name", sa.Text),
        some("filter_id", sa.BigInteger),
        some("typed", sa.Text),
        some("every", sa.Text),
        maybe("at", sa.Text),
        maybe("weekday", sa.Integer),
        some("zone", sa.Text),
        some("top", sa.Integer),
        some("mode", sa.Text),
        some("created_at", WHEN),
        some("created_by", sa.Text),
        maybe("next_due_at", WHEN),
        some("hit_cursor", sa.BigInteger),
        maybe("paused_until", WHEN),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name="fk_subscriptions_channel_id_channels"
        ),
        sa.ForeignKeyConstraint(
            ["filter_id"], ["filters.id"], name="fk_subscriptions_filter_id_filters"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("channel_id", "name", name="uq_subscriptions_channel_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_filter_id", "subscriptions", ["filter_id"])
    op.create_index("ix_subscriptions_next_due_at", "subscriptions", ["next_due_at"])
    op.create_table(
        "occurrences",
        some("subscription_id", sa.BigInteger),
        some("period", sa.Text),
        some("composed_at", WHEN),
        sa.PrimaryKeyConstraint("subscription_id", "period", name="pk_occurrences"),
    )
    op.create_table(
        "hits",
        number(),
        some("paper_id", sa.BigInteger),
        some("filter_id", sa.BigInteger),
        some("sighting_id", sa.BigInteger),
        some("event", sa.Text),
        sa.ForeignKeyConstraint(["filter_id"], ["filters.id"], name="fk_hits_filter_id_filters"),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_hits_paper_id_papers"),
        sa.PrimaryKeyConstraint("id", name="pk_hits"),
        sa.UniqueConstraint("paper_id", "filter_id", name="uq_hits_paper_id_filter_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hits_filter_id_id", "hits", ["filter_id", "id"])


def _outbox() -> None:
    op.create_table(
        "lanes",
        sa.Column("channel_id", BIG, autoincrement=False, nullable=False),
        maybe("paused", sa.Text),
        maybe("paused_at", WHEN),
        maybe("ready_at", WHEN),
        maybe("next_at", WHEN),
        maybe("busy_with", sa.BigInteger),
        some("lease_owner", sa.Text),
        maybe("lease_until", WHEN),
        some("generation", sa.BigInteger),
        some("next_seq", sa.BigInteger),
        maybe("last_ok_at", WHEN),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name="fk_lanes_channel_id_channels"
        ),
        sa.PrimaryKeyConstraint("channel_id", name="pk_lanes"),
    )
    op.create_index(
        "ix_lanes_busy",
        "lanes",
        ["lease_until"],
        **only("busy_with IS NOT NULL"),
    )
    op.create_index(
        "ix_lanes_ready",
        "lanes",
        ["ready_at"],
        **only("ready_at IS NOT NULL"),
    )
    op.create_table(
        "deliveries",
        number(),
        some("channel_id", sa.BigInteger),
        some("seq", sa.BigInteger),
        *texts("dedupe_key payload marker state"),
        some("attempt", sa.Integer),
        some("generation", sa.BigInteger),
        some("created_at", WHEN),
        some("not_before", WHEN),
        some("expires_at", WHEN),
        maybe("first_try_at", WHEN),
        maybe("finished_at", WHEN),
        some("message_id", sa.Text),
        some("problem", sa.Text),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name="fk_deliveries_channel_id_channels"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("dedupe_key", name="uq_deliveries_dedupe_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_channel_id", "deliveries", ["channel_id"])
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["expires_at"],
        **only("state IN ('queued', 'sending', 'unknown')"),
    )
    op.create_index("ix_deliveries_state_finished_at", "deliveries", ["state", "finished_at"])
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["channel_id", "seq"],
        **only("state = 'queued'"),
    )
    op.create_table(
        "shown",
        some("channel_id", sa.BigInteger),
        some("paper_id", sa.BigInteger),
        some("delivery_id", sa.BigInteger),
        some("subscription", sa.Text),
        some("promised_at", WHEN),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name="fk_shown_channel_id_channels"
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name="fk_shown_delivery_id_deliveries"
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_shown_paper_id_papers"),
        sa.PrimaryKeyConstraint("channel_id", "paper_id", name="pk_shown"),
    )
    op.create_index("ix_shown_delivery_id", "shown", ["delivery_id"])
    op.create_index("ix_shown_paper_id", "shown", ["paper_id"])


def _upkeep() -> None:
    op.create_table(
        "inbox",
        some("scope", sa.Text),
        some("key", sa.Text),
        some("seen_at", WHEN),
        sa.PrimaryKeyConstraint("scope", "key", name="pk_inbox"),
    )
    op.create_index("ix_inbox_seen_at", "inbox", ["seen_at"])
    op.create_table(
        "meta",
        some("name", sa.Text),
        some("value", sa.Text),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )


def _index() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE paper_index USING fts5("
            "title, abstract, authors, org, keys, content='', tokenize='ascii')"
        )
        op.execute(
            "INSERT INTO paper_index(paper_index, rank) VALUES ('rank', 'bm25(10, 3, 2, 0, 0)')"
        )
        # Merging later makes imports a fifth quicker; `Upkeep.tidy` merges what is left over.
        op.execute("INSERT INTO paper_index(paper_index, rank) VALUES ('automerge', 8)")
        return
    op.execute(
        "CREATE TABLE paper_index ("
        "paper_id BIGINT CONSTRAINT pk_paper_index PRIMARY KEY, "
        "words TSVECTOR NOT NULL, "
        "CONSTRAINT fk_paper_index_paper_id_papers FOREIGN KEY (paper_id) "
        "REFERENCES papers (id) ON DELETE CASCADE)"
    )
    op.execute("CREATE INDEX ix_paper_index_words ON paper_index USING gin (words)")
