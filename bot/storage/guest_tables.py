"""The tables of customers who answer: who they are on the channels, and what they say, ask and agree to. See `tables.py`."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from bot.domain.consent import Purpose, RequestKind
from bot.domain.surveys import SurveyKind
from bot.domain.tickets import TicketKind, TicketState
from bot.storage.columns import Id, Key, OneOf, UtcDateTime, Whole, Words
from bot.storage.tables import metadata

# Who a customer is on a channel.
contacts = Table(
    "contacts",
    metadata,
    Column("channel", Key, primary_key=True),
    Column("user_id", Key, primary_key=True),
    Column("chat_id", Key, nullable=False),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
    Column("last_wrote_at", UtcDateTime),
    Column("blocked_at", UtcDateTime),
    Column("interacted_at", UtcDateTime),
    Index("contacts_customer", "customer_id"),
)

# Only the hash of a survey's token is kept.
survey_invitations = Table(
    "survey_invitations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("kind", OneOf(SurveyKind), nullable=False),
    Column("token_hash", Key, nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("sale_id", Id, ForeignKey("sales.id", ondelete="SET NULL")),
    Column("route", Key, nullable=False),
    Column("score", Integer),
    Column("comment", Words),
    Column("answered_at", UtcDateTime),
    Column("entry_id", Id, ForeignKey("interactions.id", ondelete="SET NULL")),
    Column("ticket_id", Id, ForeignKey("tickets.id", ondelete="SET NULL")),
    Index("survey_invitations_customer", "customer_id", "created_at"),
    Index("survey_invitations_answered", "answered_at"),
    Index("survey_invitations_entry", "entry_id"),
    Index("survey_invitations_ticket", "ticket_id"),
    sqlite_autoincrement=True,
)

# When a step of the playbook asks the customer by itself; gone once it has, or cannot.
survey_plans = Table(
    "survey_plans",
    metadata,
    Column("followup_id", Id, ForeignKey("followups.id", ondelete="CASCADE"), primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("kind", OneOf(SurveyKind), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Index("survey_plans_due", "due_at"),
    Index("survey_plans_customer", "customer_id"),
)

# How the company asks, where it does not ask in our words.
survey_wordings = Table(
    "survey_wordings",
    metadata,
    Column("kind", OneOf(SurveyKind), primary_key=True),
    Column("locale", Key, primary_key=True),
    Column("text", Words, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("kind", OneOf(TicketKind), nullable=False),
    Column("state", OneOf(TicketState), nullable=False),
    Column("assignee_id", Id, ForeignKey("members.id"), nullable=False),
    Column("text", Words, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("first_answer_at", UtcDateTime),
    Column("solved_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("solution", Words),
    Column("cost_vnd", Whole),
    Column("remind_at", UtcDateTime),
    Column("waiting_since", UtcDateTime, nullable=False),
    Column("entry_id", Id, ForeignKey("interactions.id", ondelete="SET NULL")),
    Column("followup_id", Id, ForeignKey("followups.id", ondelete="SET NULL")),
    Column("asked_solution", Words),
    Column("asked_cost_vnd", Whole),
    Index("tickets_customer", "customer_id"),
    Index("tickets_entry", "entry_id"),
    Index("tickets_followup", "followup_id"),
    Index("tickets_state", "state", "opened_at"),
    Index("tickets_opened", "opened_at"),
    Index("tickets_remind", "remind_at"),
    Index("tickets_answered", "first_answer_at"),
    Index("tickets_solved", "solved_at"),
    sqlite_autoincrement=True,
)

# A customer's personal link; no secret, since it is there to be passed on.
referral_links = Table(
    "referral_links",
    metadata,
    Column("token", Key, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, unique=True),
)

# What a referral earned both, once the referred customer has bought: a row each, `customer_id` is whose gift it is.
rewards = Table(
    "rewards",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("referred_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("earned_at", UtcDateTime, nullable=False),
    Column("given_at", UtcDateTime),
    Index("rewards_referral", "referred_id", "customer_id", unique=True),
    Index("rewards_customer", "customer_id"),
    sqlite_autoincrement=True,
)

testimonials = Table(
    "testimonials",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("invitation_id", Id, ForeignKey("survey_invitations.id", ondelete="CASCADE"), unique=True),
    Column("text", Words, nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    Index("testimonials_customer", "customer_id"),
    sqlite_autoincrement=True,
)

# What a customer wrote and who is to answer: until `answered_at` the rep, then the manager is reminded.
relays = Table(
    "relays",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("wrote_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("remind_at", UtcDateTime),
    Index("relays_customer", "customer_id", "answered_at"),
    Index("relays_remind", "remind_at"),
    sqlite_autoincrement=True,
)

faqs = Table(
    "faqs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("locale", Key, nullable=False),
    Column("question", Words, nullable=False),
    Column("answer", Words, nullable=False),
    sqlite_autoincrement=True,
)

# Questions that no answer was sure enough for; `key` is the question folded.
unanswered = Table(
    "unanswered",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Key, nullable=False, unique=True),
    Column("question", Words, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("count", Integer, nullable=False),
    Column("faq_id", Id, ForeignKey("faqs.id", ondelete="SET NULL")),
    Index("unanswered_faq", "faq_id"),
    sqlite_autoincrement=True,
)

# Who asked, until they have been answered.
askers = Table(
    "askers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("unanswered_id", Id, ForeignKey("unanswered.id", ondelete="CASCADE"), nullable=False),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Index("askers_unanswered", "unanswered_id"),
    Index("askers_customer", "customer_id"),
    sqlite_autoincrement=True,
)

# Answers that reps have had drafted: `text` is null until the draft is there, `claimed_until` while somebody fetches it.
reply_drafts = Table(
    "reply_drafts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("entry_id", Id, ForeignKey("interactions.id", ondelete="CASCADE"), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("text", Words),
    Index("reply_drafts_customer", "customer_id"),
    Index("reply_drafts_entry", "entry_id"),
    Index("reply_drafts_asked", "asked_at"),
    sqlite_autoincrement=True,
)

consents = Table(
    "consents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", OneOf(Purpose), nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("channel", Key, nullable=False),
    Column("wording", Words, nullable=False),
    Column("evidence", Words, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Index("consents_customer", "customer_id", "purpose"),
    sqlite_autoincrement=True,
)

# Requests outlive the person whom they were about: no reference.
data_requests = Table(
    "data_requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, nullable=False),
    Column("kind", OneOf(RequestKind), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("answer_by", UtcDateTime, nullable=False),
    Column("act_by", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("remind_at", UtcDateTime),
    Index("data_requests_done", "done_at", "act_by"),
    Index("data_requests_customer", "customer_id"),
    Index("data_requests_remind", "remind_at"),
    sqlite_autoincrement=True,
)

# Who was erased, to be erased again where an older copy of the database is brought back; until `cleaned_at` the file itself may still
# hold what is gone from the tables.
erasures = Table(
    "erasures",
    metadata,
    Column("customer_id", Id, primary_key=True, autoincrement=False),
    Column("erased_at", UtcDateTime, nullable=False),
    Column("cleaned_at", UtcDateTime),
    Index("erasures_cleaned", "cleaned_at"),
)

# Messages that customers did not ask for, for the caps; `about` is the kind.
unasked_messages = Table(
    "unasked_messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("about", Key, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("unasked_messages_customer", "customer_id", "at"),
    sqlite_autoincrement=True,
)
