"""The tables. Migrations build them (a test holds the two together); everything here is what the queries are written with."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Time,
    UniqueConstraint,
    text,
)

from bot.domain.company import AssignmentRule, Trade
from bot.domain.customers import Heat, Potential, Source
from bot.domain.delivery import Audience, DeliveryState
from bot.domain.followups import FollowUpState, Outcome
from bot.domain.people import Role
from bot.domain.timeline import InteractionKind
from bot.domain.vocabulary import WordKind
from bot.storage.columns import Id, Key, OneOf, Phones, UtcDateTime, Weekdays, Whole, Words

metadata = MetaData()

teams = Table(
    "teams",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False),
    Column("role", OneOf(Role), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("locale", Words, nullable=False),
    Column("timezone", Words, nullable=False),
    Column("digest_at", Time, nullable=False),
    Column("quiet_from", Time, nullable=False),
    Column("quiet_until", Time, nullable=False),
    Column("days_off", Weekdays, nullable=False),
    Column("next_digest_at", UtcDateTime),
    Column("last_customer_id", Id),  # a bookmark, not a reference: undo may take that customer away
    Column("joined_at", UtcDateTime, nullable=False),
    Column("team_id", Id, ForeignKey("teams.id")),
    Column("next_week_at", UtcDateTime),
    Column("learning_since", UtcDateTime),
    Index("members_digest", "active", "next_digest_at"),
    Index("members_week", "active", "next_week_at"),
    Index("members_team", "team_id"),
)

identities = Table(
    "identities",
    metadata,
    Column("channel", Key, primary_key=True),
    Column("user_id", Key, primary_key=True),
    Column("chat_id", Key, nullable=False),
    Column("member_id", Id, ForeignKey("members.id")),
    Column("blocked_at", UtcDateTime),
    Column("interacted_at", UtcDateTime),
    Index("identities_member", "member_id"),
    Index("identities_chat", "channel", "chat_id"),
)

customers = Table(
    "customers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner_id", Id, ForeignKey("members.id"), nullable=False),
    Column("name", Words, nullable=False),
    Column("honorific", Words),
    Column("company", Words),
    Column("phones", Phones, nullable=False),
    Column("email", Words),
    Column("source", OneOf(Source)),
    Column("referrer", Words),
    Column("heat", OneOf(Heat)),
    Column("stage", Key, nullable=False),
    Column("potential", OneOf(Potential)),
    Column("interest", Words),
    Column("created_at", UtcDateTime, nullable=False),
    Column("stage_since", UtcDateTime),
    Column("expected_vnd", Whole),
    Column("lost_reason", Key),
    Column("stopped_reason", Key),
    Column("stopped_at", UtcDateTime),
    Column("erased_at", UtcDateTime),
    Column("referrer_id", Id, ForeignKey("customers.id")),
    # What search.py looks at: the name's words last to first, as typed and folded; and everything that can be found, folded.
    Column("spoken_key", Key, nullable=False),
    Column("name_key", Key, nullable=False),
    Column("search_text", Words, nullable=False),
    Index("customers_owner_name", "owner_id", "name_key", "spoken_key"),
    Index("customers_name", "name_key", "spoken_key"),
    Index("customers_owner_stage", "owner_id", "stage"),
    Index("customers_stage", "stage", "stage_since", "owner_id", "expected_vnd"),
    Index("customers_created", "created_at"),
    Index("customers_referrer", "referrer_id"),
    Index("customers_erased", "erased_at"),
    sqlite_autoincrement=True,
)

# Who has a number: `customers.phones`, one row a number.
customer_phones = Table(
    "customer_phones",
    metadata,
    Column("phone", Key, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Index("customer_phones_customer", "customer_id"),
)

# For typos: each word of a name or company, and what is left of it when any one letter is dropped.
spellings = Table(
    "spellings",
    metadata,
    Column("variant", Key, primary_key=True),
    Column("word", Key, primary_key=True),
)

sales = Table(
    "sales",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("sold_on", Date, nullable=False),
    Column("sold_at", UtcDateTime, nullable=False),
    Column("product", Words),
    Column("quantity", Whole),
    Column("amount_vnd", Whole),
    Index("sales_customer", "customer_id", "sold_at", "sold_on", "amount_vnd"),
    Index("sales_day", "sold_on", "amount_vnd"),
    sqlite_autoincrement=True,
)

interactions = Table(
    "interactions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("kind", OneOf(InteractionKind), nullable=False),
    Column("text", Words, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("details", JSON, nullable=False),
    Column("file", JSON(none_as_null=True)),
    Index("interactions_customer", "customer_id", "at", "kind"),
    sqlite_autoincrement=True,
)

followups = Table(
    "followups",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id"), nullable=False),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("text", Words, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("due_at", UtcDateTime),
    Column("state", OneOf(FollowUpState), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("step", Words),
    Column("checklist", Integer),
    Column("sale_id", Id, ForeignKey("sales.id")),
    Column("push_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("outcome", OneOf(Outcome)),
    Index("followups_member_due", "member_id", "state", "due_on"),
    Index("followups_customer_due", "customer_id", "state", "due_on"),
    Index("followups_push", "state", "push_at"),
    Index("followups_sale", "sale_id"),
    Index("followups_done", "done_at"),
    sqlite_autoincrement=True,
)

# What was saved in one go: `changes` is as `undo.Journal` writes it. No reference to the customer, who may have been taken back.
actions = Table(
    "actions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("customer_id", Id),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
    Column("changes", JSON, nullable=False),
    Index("actions_member", "member_id", "saved_at"),
)

questions = Table(
    "questions",
    metadata,
    Column("channel", Key, primary_key=True),
    Column("chat_id", Key, primary_key=True),
    Column("name", Words, nullable=False),
    Column("data", JSON, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
)

# What a member (0: everybody) calls a customer or a product; `key` is the word folded.
own_words = Table(
    "own_words",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, nullable=False),
    Column("kind", OneOf(WordKind), nullable=False),
    Column("key", Key, nullable=False),
    Column("said", Words, nullable=False),
    Column("meaning", Words, nullable=False),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE")),
    UniqueConstraint("member_id", "kind", "key", name="own_words_key"),
    sqlite_autoincrement=True,
)

# Changes whenever something changes that messages of a member (0: of everybody) are read against.
known_stamps = Table(
    "known_stamps",
    metadata,
    Column("owner_id", Id, primary_key=True, autoincrement=False),
    Column("stamp", Words, nullable=False),
)

# What was sent and is not yet filed: `data` is as the capture handler keeps it.
drafts = Table(
    "drafts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", Key, nullable=False),
    Column("chat_id", Key, nullable=False),
    Column("data", JSON, nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

inbox = Table(
    "inbox",
    metadata,
    Column("channel", Key, primary_key=True),
    Column("update_id", Key, primary_key=True),
    Column("taken_at", UtcDateTime, nullable=False),
    Index("inbox_taken", "taken_at"),
)

# The channels that tell when a message has reached its phone.
TOLD_OF = text("channel <> 'telegram'")

# `wake_at`: when somebody has to look at the row: its due time, or the end of its lease; NULL once its fate is settled.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dedupe_key", Key, nullable=False),
    Column("channel", Key, nullable=False),
    Column("chat_id", Key, nullable=False),
    Column("audience", OneOf(Audience), nullable=False),
    Column("kind", Words, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", OneOf(DeliveryState), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("wake_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    Column("owner", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("replace_ref", Words, nullable=False),
    Column("message_ref", Words, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("received_at", UtcDateTime),
    Column("seen_at", UtcDateTime),
    Column("last_error", Words, nullable=False),
    Column("customer_id", Id),  # the customer whom it is for
    UniqueConstraint("dedupe_key", name="outbox_dedupe_key"),
    Index("outbox_wake", "wake_at"),
    Index("outbox_state", "state", "due_at"),
    Index("outbox_message", "chat_id", "message_ref"),
    Index("outbox_receipts", "message_ref", sqlite_where=TOLD_OF, postgresql_where=TOLD_OF),
    sqlite_autoincrement=True,
)

# Every step that a customer's deal took, the first one with nothing before it.
stage_moves = Table(
    "stage_moves",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("from_stage", Key),
    Column("to_stage", Key, nullable=False),
    Column("reason", Key),
    Index("stage_moves_at", "at"),
    Index("stage_moves_customer", "customer_id", "at"),
    sqlite_autoincrement=True,
)

# What the company has decided; one row.
company = Table(
    "company",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words),
    Column("trade", OneOf(Trade), nullable=False),
    Column("pipeline", JSON, nullable=False),
    Column("rule", OneOf(AssignmentRule), nullable=False),
    Column("source_owners", JSON, nullable=False),
    Column("last_assigned_id", Id),
    Column("high_value_vnd", Whole, nullable=False),
    Column("set_up_at", UtcDateTime),
    Column("solve_limit_vnd", Whole),
)

# Invitations to join, or (with `member_id`) to link another account: only hashes of the token and of the code are kept.
invites = Table(
    "invites",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token_hash", Key, nullable=False, unique=True),
    Column("code_hash", Key, nullable=False, unique=True),
    Column("role", OneOf(Role)),
    Column("team_id", Id, ForeignKey("teams.id")),
    Column("member_id", Id, ForeignKey("members.id")),
    Column("created_by", Id, ForeignKey("members.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("used_by", Id, ForeignKey("members.id")),
    sqlite_autoincrement=True,
)

# Wrong tokens and codes of one person since a moment.
guesses = Table(
    "guesses",
    metadata,
    Column("channel", Key, primary_key=True),
    Column("user_id", Key, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("count", Integer, nullable=False),
)

# Group chats that get the week; without a team, the whole company's.
group_chats = Table(
    "group_chats",
    metadata,
    Column("channel", Key, primary_key=True),
    Column("chat_id", Key, primary_key=True),
    Column("title", Words, nullable=False),
    Column("team_id", Id, ForeignKey("teams.id")),
    Column("linked_by", Id, ForeignKey("members.id"), nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
    Column("next_week_at", UtcDateTime),
    Index("group_chats_week", "next_week_at"),
)

# What a member is to reach in a month.
targets = Table(
    "targets",
    metadata,
    Column("member_id", Id, ForeignKey("members.id"), primary_key=True),
    Column("measure", Key, primary_key=True),
    Column("value", Whole, nullable=False),
)

# A hand-over under way or done: `to_id` gets everything of `from_id`, a batch at a time.
handovers = Table(
    "handovers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("from_id", Id, ForeignKey("members.id"), nullable=False),
    Column("to_id", Id, ForeignKey("members.id"), nullable=False),
    Column("by_id", Id, ForeignKey("members.id"), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("total", Integer, nullable=False),
    Column("moved", Integer, nullable=False),
    Column("followups", Integer, nullable=False),
    Column("channel", Key, nullable=False),
    Column("chat_id", Key, nullable=False),
    Column("message_ref", Words, nullable=False),
    Index("handovers_unfinished", "finished_at"),
    sqlite_autoincrement=True,
)

handover_customers = Table(
    "handover_customers",
    metadata,
    Column("handover_id", Id, ForeignKey("handovers.id"), primary_key=True),
    Column("customer_id", Id, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Index("handover_customers_customer", "customer_id"),
)

# Who saw, changed, took what: only ever added to (triggers refuse the rest), and never a person's data, only which fields.
# `once` is unique: seeing the same customer again on the same day is one row.
audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("member_id", Id),
    Column("what", Key, nullable=False),
    Column("customer_id", Id),
    Column("about_member_id", Id),
    Column("details", JSON, nullable=False),
    Column("once", Key),
    UniqueConstraint("once", name="audit_once"),
    Index("audit_at", "at"),
    Index("audit_member", "member_id", "at"),
    Index("audit_customer", "customer_id", "at"),
    sqlite_autoincrement=True,
)
