"""Tables of the channels: what came in, Zalo's tokens, its templates, what messages cost."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint, text

from bot.domain.reaching import Route
from bot.domain.zalo_templates import TemplateKind
from bot.storage.columns import Id, Key, OneOf, UtcDateTime, Whole, Words
from bot.storage.tables import metadata

_WAITS = text("wake_at IS NOT NULL")

# What a channel handed over, answered for before it is worked off; once it is, its text is forgotten and its key remembered.
arrivals = Table(
    "arrivals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", Key, nullable=False),
    Column("key", Key, nullable=False),
    Column("person", Key, nullable=False),
    Column("body", Words, nullable=False),
    Column("arrived_at", UtcDateTime, nullable=False),
    Column("interacted_at", UtcDateTime),  # of an act of the person's that opens their window
    Column("wake_at", UtcDateTime),  # null once it is worked off
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("channel", "key", name="arrivals_key"),
    Index("arrivals_wake", "channel", "wake_at"),
    # only of what waits: of somebody who writes much, most is worked off
    Index("arrivals_person", "channel", "person", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    sqlite_autoincrement=True,
)

# Which channels the operator has put in service.
channels = Table(
    "channels",
    metadata,
    Column("name", Key, primary_key=True),
    Column("paid", Boolean, nullable=False),
)

# One row for each app. `owner` has the sole right to refresh until `owned_until`.
zalo_tokens = Table(
    "zalo_tokens",
    metadata,
    Column("app_id", Key, primary_key=True),
    Column("access_token", Words, nullable=False),
    Column("refresh_token", Words, nullable=False),
    Column("expires_at", UtcDateTime),  # null until there is a pair
    Column("begun_with", Words, nullable=False),
    Column("died_at", UtcDateTime),
    Column("owner", Words, nullable=False),
    Column("owned_until", UtcDateTime),
)

# Which approved template stands for which kind of message, and what fills its fields.
zalo_templates = Table(
    "zalo_templates",
    metadata,
    Column("kind", OneOf(TemplateKind), primary_key=True),
    Column("template_id", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("values", JSON, nullable=False),
    Column("price_phone_vnd", Whole),
    Column("price_user_vnd", Whole),
    Column("by_user", Boolean, nullable=False),
    Column("by_phone", Boolean, nullable=False),
    Column("checked_at", UtcDateTime),
)

# Templates that members are choosing: asked about until they are described.
template_checks = Table(
    "template_checks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, unique=True),
    Column("kind", OneOf(TemplateKind), nullable=False),
    Column("template_id", Words, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("values", JSON, nullable=False),
    Column("description", JSON(none_as_null=True)),
    sqlite_autoincrement=True,
)

# What messages have cost.
charges = Table(
    "charges",
    metadata,
    Column("delivery_id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("route", OneOf(Route), nullable=False),
    Column("kind", Words, nullable=False),
    Column("amount_vnd", Whole, nullable=False),
    Index("charges_at", "at"),
)
