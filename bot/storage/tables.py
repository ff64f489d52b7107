"""The tables. Migrations build them (a test holds the two together); everything here is what the queries are written with."""

from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

from bot.domain.customers import Heat, Potential, Source, Stage
from bot.domain.delivery import Audience, DeliveryState
from bot.domain.followups import FollowUpState, Outcome
from bot.domain.people import Role
from bot.domain.timeline import InteractionKind
from bot.domain.vocabulary import WordKind


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on the way in and out. Refuses naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def storable(text: str) -> str:
    """`text` without what only one of the databases would store: NUL, half a surrogate pair."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


class Words(TypeDecorator[str]):
    """Text, the same on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class Key(Words):
    """Text that is compared byte by byte, so that a range of a prefix means the same on both databases."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Text(collation="C" if dialect.name == "postgresql" else None))


class Whole(TypeDecorator[int]):
    """A whole number of 64 bits. Refuses what SQLite would take and PostgreSQL would not, and fractions."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, _dialect: Dialect) -> int | None:
        if value is not None and (type(value) is not int or not -(2**63) <= value < 2**63):
            raise ValueError("not a whole number of 64 bits")
        return value


class Id(Whole):
    """The number of a row; SQLite counts up only in a column that is plainly INTEGER."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class OneOf(TypeDecorator[StrEnum]):
    """A word of an enumeration, stored as its text."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, _dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, _dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


class Weekdays(TypeDecorator[frozenset[int]]):
    """A set of `date.weekday()` numbers, as the bits of a small number."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: frozenset[int] | None, _dialect: Dialect) -> int | None:
        return None if value is None else sum(1 << day for day in value)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> frozenset[int] | None:
        return None if value is None else frozenset(day for day in range(7) if value >> day & 1)


class Phones(TypeDecorator[tuple[str, ...]]):
    """E.164 numbers, the one to call first, with blanks between."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: Dialect) -> str | None:
        return None if value is None else " ".join(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(value.split())


def columns_of(table: Table, entity: type) -> list[Column[Any]]:
    """The columns that an entity (a dataclass) is made of, in the order of its fields."""
    return [table.c[field.name] for field in fields(entity)]


metadata = MetaData()

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
    Index("members_digest", "active", "next_digest_at"),
)

identities = Table(
    "identities",
    metadata,
    Column("channel", Key, primary_key=True),
    Column("user_id", Key, primary_key=True),
    Column("chat_id", Key, nullable=False),
    Column("member_id", Id, ForeignKey("members.id")),
    Column("blocked_at", UtcDateTime),
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
    Column("stage", OneOf(Stage), nullable=False),
    Column("potential", OneOf(Potential)),
    Column("interest", Words),
    Column("created_at", UtcDateTime, nullable=False),
    # What search.py looks at: the name's words last to first, as typed and folded; and everything that can be found, folded.
    Column("spoken_key", Key, nullable=False),
    Column("name_key", Key, nullable=False),
    Column("search_text", Words, nullable=False),
    Index("customers_owner_name", "owner_id", "name_key", "spoken_key"),
    Index("customers_name", "name_key", "spoken_key"),
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
    Index("sales_customer", "customer_id", "sold_at"),
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
    Index("interactions_customer", "customer_id", "at"),
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
    Column("last_error", Words, nullable=False),
    UniqueConstraint("dedupe_key", name="outbox_dedupe_key"),
    Index("outbox_wake", "wake_at"),
    Index("outbox_state", "state", "due_at"),
)
