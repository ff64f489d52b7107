"""Own words of members and of the company, and the stamps by which what messages are read against is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "own_words",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("member_id", _ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", _KEY, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("meaning", sa.Text, nullable=False),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE")),
        sa.UniqueConstraint("member_id", "kind", "key", name="own_words_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "known_stamps",
        sa.Column("owner_id", _ID, primary_key=True, autoincrement=False),
        sa.Column("stamp", sa.Text, nullable=False),
    )
