"""The team at work together: teams, invitations, hand-overs, pipeline and stage moves, targets, group chats, and the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_teams()
    _extend_customers()
    _create_stage_moves()
    _create_company()
    _create_invites()
    _create_reports()
    _create_handovers()
    _create_audit()
    _index_for_figures()
    op.create_index("followups_done", "followups", ["done_at"])


def _index_for_figures() -> None:
    """What is counted over everything is read from the index alone."""
    op.drop_index("sales_customer", "sales")
    op.create_index("sales_customer", "sales", ["customer_id", "sold_at", "sold_on", "amount_vnd"])
    op.create_index("sales_day", "sales", ["sold_on", "amount_vnd"])
    op.drop_index("interactions_customer", "interactions")
    op.create_index("interactions_customer", "interactions", ["customer_id", "at", "kind"])


def _create_teams() -> None:
    op.create_table("teams", sa.Column("id", _ID, primary_key=True), sa.Column("name", sa.Text, nullable=False))
    # In words that both databases take, without the copy of the table that alembic would make for SQLite.
    op.execute("ALTER TABLE members ADD COLUMN team_id BIGINT REFERENCES teams (id)")
    op.add_column("members", sa.Column("next_week_at", _MOMENT))
    op.add_column("members", sa.Column("learning_since", _MOMENT))
    op.create_index("members_week", "members", ["active", "next_week_at"])
    op.create_index("members_team", "members", ["team_id"])


def _extend_customers() -> None:
    op.add_column("customers", sa.Column("stage_since", _MOMENT))
    op.add_column("customers", sa.Column("expected_vnd", sa.BigInteger))
    op.add_column("customers", sa.Column("lost_reason", _KEY))
    op.add_column("customers", sa.Column("stopped_reason", _KEY))
    op.add_column("customers", sa.Column("stopped_at", _MOMENT))
    op.execute("ALTER TABLE customers ADD COLUMN referrer_id BIGINT REFERENCES customers (id)")
    op.create_index("customers_stage", "customers", ["stage", "stage_since", "owner_id", "expected_vnd"])
    op.create_index("customers_created", "customers", ["created_at"])
    op.create_index("customers_owner_stage", "customers", ["owner_id", "stage"])
    op.create_index("customers_referrer", "customers", ["referrer_id"])
    op.execute("UPDATE customers SET stage_since = created_at")


def _create_stage_moves() -> None:
    op.create_table(
        "stage_moves",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("member_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("from_stage", _KEY),
        sa.Column("to_stage", _KEY, nullable=False),
        sa.Column("reason", _KEY),
        sqlite_autoincrement=True,
    )
    op.create_index("stage_moves_at", "stage_moves", ["at"])
    op.create_index("stage_moves_customer", "stage_moves", ["customer_id", "at"])
    # What is known of those who are there: where they stand, since they were written down.
    op.execute(
        "INSERT INTO stage_moves (customer_id, member_id, at, to_stage) SELECT id, owner_id, created_at, stage FROM customers"
    )


def _create_company() -> None:
    op.create_table(
        "company",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("trade", sa.Text, nullable=False),
        sa.Column("pipeline", sa.JSON, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("source_owners", sa.JSON, nullable=False),
        sa.Column("last_assigned_id", _ID),
        sa.Column("high_value_vnd", sa.BigInteger, nullable=False),
        sa.Column("set_up_at", _MOMENT),
    )


def _create_invites() -> None:
    op.create_table(
        "invites",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("token_hash", _KEY, nullable=False, unique=True),
        sa.Column("code_hash", _KEY, nullable=False, unique=True),
        sa.Column("role", sa.Text),
        sa.Column("team_id", _ID, sa.ForeignKey("teams.id")),
        sa.Column("member_id", _ID, sa.ForeignKey("members.id")),
        sa.Column("created_by", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT),
        sa.Column("used_by", _ID, sa.ForeignKey("members.id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "guesses",
        sa.Column("channel", _KEY, primary_key=True),
        sa.Column("user_id", _KEY, primary_key=True),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )


def _create_reports() -> None:
    op.create_table(
        "group_chats",
        sa.Column("channel", _KEY, primary_key=True),
        sa.Column("chat_id", _KEY, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("team_id", _ID, sa.ForeignKey("teams.id")),
        sa.Column("linked_by", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("linked_at", _MOMENT, nullable=False),
        sa.Column("next_week_at", _MOMENT),
    )
    op.create_index("group_chats_week", "group_chats", ["next_week_at"])
    op.create_table(
        "targets",
        sa.Column("member_id", _ID, sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("measure", _KEY, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )


def _create_handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("from_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("to_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("by_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("moved", sa.Integer, nullable=False),
        sa.Column("followups", sa.Integer, nullable=False),
        sa.Column("channel", _KEY, nullable=False),
        sa.Column("chat_id", _KEY, nullable=False),
        sa.Column("message_ref", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("handovers_unfinished", "handovers", ["finished_at"])
    op.create_table(
        "handover_customers",
        sa.Column("handover_id", _ID, sa.ForeignKey("handovers.id"), primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("handover_customers_customer", "handover_customers", ["customer_id"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("member_id", _ID),
        sa.Column("what", _KEY, nullable=False),
        sa.Column("customer_id", _ID),
        sa.Column("about_member_id", _ID),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("once", _KEY),
        sa.UniqueConstraint("once", name="audit_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("audit_at", "audit", ["at"])
    op.create_index("audit_member", "audit", ["member_id", "at"])
    op.create_index("audit_customer", "audit", ["customer_id", "at"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit is only ever added to'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_kept()"
        )
