"""Customers who answer: who they are on the channels, surveys, tickets, referrals, the question list, consent and requests."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_contacts()
    _create_tickets()
    _create_survey_invitations()
    _create_survey_plans()
    _create_survey_wordings()
    _create_referral_links()
    _create_rewards()
    _create_testimonials()
    _create_relays()
    _create_faqs()
    _create_unanswered()
    _create_reply_drafts()
    _create_consents()
    _create_data_requests()
    _create_erasures()
    _create_unasked_messages()
    op.add_column("customers", sa.Column("erased_at", _MOMENT))
    op.create_index("customers_erased", "customers", ["erased_at"])
    op.add_column("company", sa.Column("solve_limit_vnd", sa.BigInteger))
    op.create_index("outbox_message", "outbox", ["chat_id", "message_ref"])


def _create_contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("channel", _KEY, primary_key=True),
        sa.Column("user_id", _KEY, primary_key=True),
        sa.Column("chat_id", _KEY, nullable=False),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("linked_at", _MOMENT, nullable=False),
        sa.Column("last_wrote_at", _MOMENT),
        sa.Column("blocked_at", _MOMENT),
    )
    op.create_index("contacts_customer", "contacts", ["customer_id"])


def _create_survey_invitations() -> None:
    op.create_table(
        "survey_invitations",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("member_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("token_hash", _KEY, nullable=False, unique=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("sale_id", _ID, sa.ForeignKey("sales.id", ondelete="SET NULL")),
        sa.Column("route", _KEY, nullable=False),
        sa.Column("score", sa.Integer),
        sa.Column("comment", sa.Text),
        sa.Column("answered_at", _MOMENT),
        sa.Column("entry_id", _ID, sa.ForeignKey("interactions.id", ondelete="SET NULL")),
        sa.Column("ticket_id", _ID, sa.ForeignKey("tickets.id", ondelete="SET NULL")),
        sqlite_autoincrement=True,
    )
    op.create_index("survey_invitations_answered", "survey_invitations", ["answered_at"])
    op.create_index("survey_invitations_entry", "survey_invitations", ["entry_id"])
    op.create_index("survey_invitations_ticket", "survey_invitations", ["ticket_id"])
    op.create_index("survey_invitations_customer", "survey_invitations", ["customer_id", "created_at"])


def _create_survey_plans() -> None:
    op.create_table(
        "survey_plans",
        sa.Column("followup_id", _ID, sa.ForeignKey("followups.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
    )
    op.create_index("survey_plans_customer", "survey_plans", ["customer_id"])
    op.create_index("survey_plans_due", "survey_plans", ["due_at"])


def _create_survey_wordings() -> None:
    op.create_table(
        "survey_wordings",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("locale", _KEY, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )


def _create_tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("assignee_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("first_answer_at", _MOMENT),
        sa.Column("solved_at", _MOMENT),
        sa.Column("closed_at", _MOMENT),
        sa.Column("solution", sa.Text),
        sa.Column("cost_vnd", sa.BigInteger),
        sa.Column("remind_at", _MOMENT),
        sa.Column("waiting_since", _MOMENT, nullable=False),
        sa.Column("entry_id", _ID, sa.ForeignKey("interactions.id", ondelete="SET NULL")),
        sa.Column("followup_id", _ID, sa.ForeignKey("followups.id", ondelete="SET NULL")),
        sa.Column("asked_solution", sa.Text),
        sa.Column("asked_cost_vnd", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("tickets_entry", "tickets", ["entry_id"])
    op.create_index("tickets_followup", "tickets", ["followup_id"])
    op.create_index("tickets_answered", "tickets", ["first_answer_at"])
    op.create_index("tickets_solved", "tickets", ["solved_at"])
    op.create_index("tickets_state", "tickets", ["state", "opened_at"])
    op.create_index("tickets_customer", "tickets", ["customer_id"])
    op.create_index("tickets_opened", "tickets", ["opened_at"])
    op.create_index("tickets_remind", "tickets", ["remind_at"])


def _create_referral_links() -> None:
    op.create_table(
        "referral_links",
        sa.Column("token", _KEY, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, unique=True),
    )


def _create_rewards() -> None:
    op.create_table(
        "rewards",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("referred_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("earned_at", _MOMENT, nullable=False),
        sa.Column("given_at", _MOMENT),
        sqlite_autoincrement=True,
    )
    op.create_index("rewards_referral", "rewards", ["referred_id", "customer_id"], unique=True)
    op.create_index("rewards_customer", "rewards", ["customer_id"])


def _create_testimonials() -> None:
    op.create_table(
        "testimonials",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("invitation_id", _ID, sa.ForeignKey("survey_invitations.id", ondelete="CASCADE"), unique=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kept_at", _MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("testimonials_customer", "testimonials", ["customer_id"])


def _create_relays() -> None:
    op.create_table(
        "relays",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("member_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("wrote_at", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT),
        sa.Column("remind_at", _MOMENT),
        sqlite_autoincrement=True,
    )
    op.create_index("relays_customer", "relays", ["customer_id", "answered_at"])
    op.create_index("relays_remind", "relays", ["remind_at"])


def _create_faqs() -> None:
    op.create_table(
        "faqs",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("locale", _KEY, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )


def _create_unanswered() -> None:
    op.create_table(
        "unanswered",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("key", _KEY, nullable=False, unique=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("faq_id", _ID, sa.ForeignKey("faqs.id", ondelete="SET NULL")),
        sqlite_autoincrement=True,
    )
    op.create_index("unanswered_faq", "unanswered", ["faq_id"])
    op.create_table(
        "askers",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("unanswered_id", _ID, sa.ForeignKey("unanswered.id", ondelete="CASCADE"), nullable=False),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("askers_unanswered", "askers", ["unanswered_id"])
    op.create_index("askers_customer", "askers", ["customer_id"])


def _create_reply_drafts() -> None:
    op.create_table(
        "reply_drafts",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("member_id", _ID, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("entry_id", _ID, sa.ForeignKey("interactions.id", ondelete="CASCADE"), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("claimed_until", _MOMENT),
        sa.Column("text", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("reply_drafts_customer", "reply_drafts", ["customer_id"])
    op.create_index("reply_drafts_entry", "reply_drafts", ["entry_id"])
    op.create_index("reply_drafts_asked", "reply_drafts", ["asked_at"])


def _create_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.Column("channel", _KEY, nullable=False),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("withdrawn_at", _MOMENT),
        sqlite_autoincrement=True,
    )
    op.create_index("consents_customer", "consents", ["customer_id", "purpose"])


def _create_data_requests() -> None:
    op.create_table(
        "data_requests",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("customer_id", _ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("answer_by", _MOMENT, nullable=False),
        sa.Column("act_by", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT),
        sa.Column("done_at", _MOMENT),
        sa.Column("remind_at", _MOMENT),
        sqlite_autoincrement=True,
    )
    op.create_index("data_requests_done", "data_requests", ["done_at", "act_by"])
    op.create_index("data_requests_customer", "data_requests", ["customer_id"])
    op.create_index("data_requests_remind", "data_requests", ["remind_at"])


def _create_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("customer_id", _ID, primary_key=True, autoincrement=False),
        sa.Column("erased_at", _MOMENT, nullable=False),
        sa.Column("cleaned_at", _MOMENT),
    )
    op.create_index("erasures_cleaned", "erasures", ["cleaned_at"])


def _create_unasked_messages() -> None:
    op.create_table(
        "unasked_messages",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("customer_id", _ID, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("about", _KEY, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("unasked_messages_customer", "unasked_messages", ["customer_id", "at"])
