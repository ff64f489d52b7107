"""Zalo, the second channel: what came in, tokens, templates, costs, and when somebody last interacted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table in ("contacts", "identities"):
        op.add_column(table, sa.Column("interacted_at", _MOMENT))
    for column in ("received_at", "seen_at"):
        op.add_column("outbox", sa.Column(column, _MOMENT))
    if op.get_bind().dialect.name == "sqlite":
        # From now on the number of a message is told outside, and must never be another's, whatever was erased.
        with op.batch_alter_table("outbox", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass
    told_of = sa.text("channel <> 'telegram'")
    op.create_index("outbox_receipts", "outbox", ["message_ref"], sqlite_where=told_of, postgresql_where=told_of)
    op.add_column("outbox", sa.Column("customer_id", _ID))
    _create_arrivals()
    op.create_table(
        "channels",
        sa.Column("name", _KEY, primary_key=True),
        sa.Column("paid", sa.Boolean, nullable=False),
    )
    _create_tokens()
    _create_templates()
    op.create_table(
        "charges",
        sa.Column("delivery_id", _ID, primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("amount_vnd", sa.BigInteger, nullable=False),
    )
    op.create_index("charges_at", "charges", ["at"])


def _create_arrivals() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("channel", _KEY, nullable=False),
        sa.Column("key", _KEY, nullable=False),
        sa.Column("person", _KEY, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("arrived_at", _MOMENT, nullable=False),
        sa.Column("interacted_at", _MOMENT),
        sa.Column("wake_at", _MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.UniqueConstraint("channel", "key", name="arrivals_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("arrivals_wake", "arrivals", ["channel", "wake_at"])
    waits = sa.text("wake_at IS NOT NULL")
    columns = ["channel", "person", "id"]
    op.create_index("arrivals_person", "arrivals", columns, sqlite_where=waits, postgresql_where=waits)


def _create_tokens() -> None:
    op.create_table(
        "zalo_tokens",
        sa.Column("app_id", _KEY, primary_key=True),
        sa.Column("access_token", sa.Text, nullable=False),
        sa.Column("refresh_token", sa.Text, nullable=False),
        sa.Column("expires_at", _MOMENT),
        sa.Column("begun_with", sa.Text, nullable=False),
        sa.Column("died_at", _MOMENT),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("owned_until", _MOMENT),
    )


def _create_templates() -> None:
    op.create_table(
        "zalo_templates",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("template_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("values", sa.JSON, nullable=False),
        sa.Column("price_phone_vnd", sa.BigInteger),
        sa.Column("price_user_vnd", sa.BigInteger),
        sa.Column("by_user", sa.Boolean, nullable=False),
        sa.Column("by_phone", sa.Boolean, nullable=False),
        sa.Column("checked_at", _MOMENT),
    )
    op.create_table(
        "template_checks",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("member_id", _ID, sa.ForeignKey("members.id"), nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("template_id", sa.Text, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("claimed_until", _MOMENT),
        sa.Column("values", sa.JSON, nullable=False),
        sa.Column("description", sa.JSON),
        sqlite_autoincrement=True,
    )
