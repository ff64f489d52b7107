"""By which way a customer is written to, decided for each message (PRODUCT section 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.calendar import is_tet


class Route(StrEnum):
    """How a message goes to a customer. A `TASK` is the rep's: the text and link ready to copy."""

    TELEGRAM = "telegram"
    ZALO = "zalo"
    ZALO_TEMPLATE = "zalo_template"
    EMAIL = "email"
    SMS = "sms"
    TASK = "task"


class Unasked(StrEnum):
    """Why a message that the customer did not ask for is not sent."""

    NO_CONSENT = "no_consent"
    TOO_MANY = "too_many"
    TALKING = "talking"


# PRODUCT section 6: at most one unasked message a day and three a month; a survey never interrupts a running conversation.
MOST_A_DAY = 1
MOST_A_MONTH = 3
A_MONTH = timedelta(days=30)
CONVERSATION_LASTS = timedelta(hours=2)
# Who waits for our answer is not asked how satisfied they are; after so long it was given by some other way.
ANSWER_AWAITED = timedelta(days=1)
# How the keys of messages begin that nobody asked for: the customer's number follows.
UNASKED_KEY = "unasked:"
# When customers are left alone, on the company's clock.
QUIET_FROM, QUIET_UNTIL = time(21), time(7)
# The channels in the order in which they are tried, and the route that each is.
CHANNELS: Mapping[str, Route] = {"telegram": Route.TELEGRAM}


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer's identity on a channel; moments are UTC."""

    channel: str
    user_id: str
    chat_id: str
    customer_id: int
    linked_at: datetime
    last_wrote_at: datetime | None = None
    blocked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reachable:
    """What decides about a message to a customer. `agreed`: they said yes to care messages; `refused`: they withdrew it;
    `last_said_at`: when they or we last spoke on a channel; `unasked`: when messages that they did not ask for went, or will go."""

    contacts: Sequence[Contact]
    agreed: bool
    refused: bool
    last_said_at: datetime | None
    unasked: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class Way:
    """The route chosen, where it leads (None: to the rep), and when the message may go (UTC)."""

    route: Route
    contact: Contact | None
    due_at: datetime


def decide(customer: Reachable, now: datetime, zone: ZoneInfo, *, asked: bool) -> Way | Unasked:
    """How a message goes to a customer at `now` (UTC), or why it does not. `asked`: it answers something of theirs, and so goes at
    once. `zone` is the company's."""
    contact = first_open(customer.contacts)
    if asked:
        return Way(CHANNELS[contact.channel], contact, now) if contact else Way(Route.TASK, None, now)
    if customer.refused:
        return Unasked.NO_CONSENT
    if contact is None:
        return Way(Route.TASK, None, now)
    if not customer.agreed:
        return Unasked.NO_CONSENT
    if customer.last_said_at and now - customer.last_said_at < CONVERSATION_LASTS:
        return Unasked.TALKING
    due_at = next_open_moment(now, zone)
    if too_many(customer.unasked, due_at, zone):
        return Unasked.TOO_MANY
    return Way(CHANNELS[contact.channel], contact, due_at)


def first_open(contacts: Sequence[Contact]) -> Contact | None:
    """The first contact by the order of the channels who has not blocked us; of several on a channel, who wrote last."""
    usable = [contact for contact in contacts if contact.channel in CHANNELS and contact.blocked_at is None]
    order = list(CHANNELS)
    last = {contact: contact.last_wrote_at or contact.linked_at for contact in usable}
    return min(usable, key=lambda c: (order.index(c.channel), -last[c].timestamp()), default=None)


def next_open_moment(now: datetime, zone: ZoneInfo) -> datetime:
    """`now` (aware), or when the quiet hours and Tết are over: UTC."""
    local = now.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM and not is_tet(local.date()):
        return now.astimezone(UTC)
    day = local.date() + timedelta(days=local.time() >= QUIET_UNTIL)
    while is_tet(day):
        day += timedelta(days=1)
    return datetime.combine(day, QUIET_UNTIL, zone).astimezone(UTC)


def too_many(before: Sequence[datetime], due_at: datetime, zone: ZoneInfo) -> bool:
    """Whether one more at `due_at` would be more than a customer should have of us."""
    day = due_at.astimezone(zone).date()
    same_day = [moment for moment in before if moment.astimezone(zone).date() == day]
    same_month = [moment for moment in before if abs(due_at - moment) < A_MONTH]
    return len(same_day) >= MOST_A_DAY or len(same_month) >= MOST_A_MONTH
