"""The first schema: the team, customers and their timeline, follow-ups, sales, the journal, and the boxes in and out."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# How each database spells the types of `tables.py`, written down here because a migration must not change with it.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_people()
    _create_business()
    _create_turns()
    _create_outbox()
    _create_search()


def _create_people() -> None:
    op.create_table(
        "members",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("digest_at", sa.Time, nullable=False),
        sa.Column("quiet_from", sa.Time, nullable=False),
        sa.Column("quiet_until", sa.Time, nullable=False),
        sa.Column("days_off", sa.SmallInteger, nullable=False),
        sa.Column("next_digest_at", _MOMENT),
        sa.Column("last_customer_id", _ID),
        sa.Column("joined_at", _MOMENT, nullable=False),
    )
    op.create_index("members_digest", "members", ["active", "next_digest_at"])
    op.create_table(
        "identities",
        sa.Column("channel", _KEY, primary_key=True),
        sa.Column("user_id", _KEY, primary_key=True),
        sa.Column("chat_id", _KEY, nullable=False),
        sa.Column("member_id", _ID, sa.ForeignKey("members.id")),
        sa.Column("blocked_at", _MOMENT),
    )
    op.create_index("identities_member", "identities", ["member_id"])
    op.create_index("identities_chat", "identities", ["channel", "chat_id"])


def _create_business() -> None:
    op.create_table(
        "customers",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("owner_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("honorific", sa.Text),
        sa.Column("company", sa.Text),
        sa.Column("phones", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("referrer", sa.Text),
        sa.Column("heat", sa.Text),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("potential", sa.Text),
        sa.Column("interest", sa.Text),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("spoken_key", _KEY, nullable=False),
        sa.Column("name_key", _KEY, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
        # a code that was given once is never given again: undo takes the newest customer away
        sqlite_autoincrement=True,
    )
    op.create_index("customers_owner_name", "customers", ["owner_id", "name_key", "spoken_key"])
    op.create_index("customers_name", "customers", ["name_key", "spoken_key"])
    op.create_table(
        "customer_phones",
        sa.Column("phone", _KEY, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("customer_phones_customer", "customer_phones", ["customer_id"])
    op.create_table(
        "sales",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id"), nullable=False),
        sa.Column("member_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("sold_on", sa.Date, nullable=False),
        sa.Column("sold_at", _MOMENT, nullable=False),
        sa.Column("product", sa.Text),
        sa.Column("quantity", sa.BigInteger),
        sa.Column("amount_vnd", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("sales_customer", "sales", ["customer_id", "sold_at"])
    op.create_table(
        "interactions",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id"), nullable=False),
        sa.Column("member_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("file", sa.JSON),
        sqlite_autoincrement=True,
    )
    op.create_index("interactions_customer", "interactions", ["customer_id", "at"])
    op.create_table(
        "followups",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id"), nullable=False),
        sa.Column("member_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("due_at", _MOMENT),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("step", sa.Text),
        sa.Column("checklist", sa.Integer),
        sa.Column("sale_id", _ID, sa.ForeignKey("sales.id")),
        sa.Column("push_at", _MOMENT),
        sa.Column("done_at", _MOMENT),
        sa.Column("outcome", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("followups_member_due", "followups", ["member_id", "state", "due_on"])
    op.create_index("followups_customer_due", "followups", ["customer_id", "state", "due_on"])
    op.create_index("followups_push", "followups", ["state", "push_at"])
    op.create_index("followups_sale", "followups", ["sale_id"])


def _create_turns() -> None:
    op.create_table(
        "actions",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("member_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("customer_id", _ID),
        sa.Column("saved_at", _MOMENT, nullable=False),
        sa.Column("undone_at", _MOMENT),
        sa.Column("changes", sa.JSON, nullable=False),
    )
    op.create_index("actions_member", "actions", ["member_id", "saved_at"])
    op.create_table(
        "questions",
        sa.Column("channel", _KEY, primary_key=True),
        sa.Column("chat_id", _KEY, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "drafts",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("channel", _KEY, nullable=False),
        sa.Column("chat_id", _KEY, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("kept_at", _MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "inbox",
        sa.Column("channel", _KEY, primary_key=True),
        sa.Column("update_id", _KEY, primary_key=True),
        sa.Column("taken_at", _MOMENT, nullable=False),
    )
    op.create_index("inbox_taken", "inbox", ["taken_at"])


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("dedupe_key", _KEY, nullable=False),
        sa.Column("channel", _KEY, nullable=False),
        sa.Column("chat_id", _KEY, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("wake_at", _MOMENT),
        sa.Column("expires_at", _MOMENT),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("replace_ref", sa.Text, nullable=False),
        sa.Column("message_ref", sa.Text, nullable=False),
        sa.Column("sent_at", _MOMENT),
        sa.Column("last_error", sa.Text, nullable=False),
        sa.UniqueConstraint("dedupe_key", name="outbox_dedupe_key"),
    )
    op.create_index("outbox_wake", "outbox", ["wake_at"])
    op.create_index("outbox_state", "outbox", ["state", "due_at"])


def _create_search() -> None:
    op.create_table(
        "spellings",
        sa.Column("variant", _KEY, primary_key=True),
        sa.Column("word", _KEY, primary_key=True),
    )
    if op.get_bind().dialect.name == "sqlite":
        _create_fts_table()
    else:
        _create_trigram_index()


def _create_fts_table() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE customers_search USING fts5(search_text, content='customers', content_rowid='id', tokenize='trigram')"
    )
    add = "INSERT INTO customers_search (rowid, search_text) VALUES (new.id, new.search_text);"
    drop = "INSERT INTO customers_search (customers_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);"
    op.execute(f"CREATE TRIGGER customers_search_add AFTER INSERT ON customers BEGIN {add} END")
    op.execute(f"CREATE TRIGGER customers_search_drop AFTER DELETE ON customers BEGIN {drop} END")
    op.execute(
        "CREATE TRIGGER customers_search_change AFTER UPDATE OF search_text ON customers "
        f"WHEN old.search_text <> new.search_text BEGIN {drop} {add} END"
    )

    # a member's own customers, for what is too common to be looked up (PostgreSQL combines its indexes instead)
    op.create_index("customers_search_own", "customers", ["owner_id", "search_text"])


def _create_trigram_index() -> None:
    """Search works without the extension too, only slower: some hosts do not offer it."""
    connection = op.get_bind()
    offered = connection.exec_driver_sql("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'").first()
    if not offered:
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except sa.exc.ProgrammingError:  # this database user may not
        return
    op.create_index(
        "customers_search",
        "customers",
        ["search_text"],
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
        # or every search would go through what was added last
        postgresql_with={"fastupdate": "off"},
    )
