"""By which way a customer is written to, decided for each message (PRODUCT section 6)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.calendar import is_tet
from bot.domain.mailroom import Address
from bot.domain.windows import Opening, Window


class Route(StrEnum):
    """How a message goes to a customer. A `TASK` is the rep's: the text and link ready to copy."""

    TELEGRAM = "telegram"
    ZALO = "zalo"
    ZALO_BOT = "zalo_bot"
    ZALO_PAID = "zalo_paid"
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
# The channels in the order in which they are tried, and the route that each is where it costs nothing.
CHANNELS: Mapping[str, Route] = {"telegram": Route.TELEGRAM, "zalo": Route.ZALO, "zalo_bot": Route.ZALO_BOT}
# The Official Account. It may write only within a window that the person's last interaction opens.
OFFICIAL = "zalo"
WITH_WINDOW = frozenset((OFFICIAL,))
# The outbox's channel of approved templates. Their chat is an account there or a phone number (84912345678).
TEMPLATES = "zalo_template"
TO_ACCOUNT, TO_PHONE = "user:", "phone:"


class Shut(StrEnum):
    """Why no channel leads to a customer in our own words just now."""

    NO_CHANNEL = "no_channel"
    BLOCKED = "blocked"
    SILENT = "silent"  # for longer than the window of their channel is open
    COSTS = "costs"  # it is open against a fee that the operator does not pay


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
    interacted_at: datetime | None = None

    def opening(self, at: datetime) -> Opening:
        """What may be written to them here at this moment (UTC)."""
        return Window(self.interacted_at).opening(at) if self.channel in WITH_WINDOW else Opening.FREE


@dataclass(frozen=True, slots=True)
class Means:
    """What we have to reach customers by: the channels in service, whether those with a window may be used where that costs, and
    whether an approved template exists for this message, to an account and to a phone number."""

    channels: Collection[str] = tuple(CHANNELS)
    paid: bool = False
    template_by_user: bool = False
    template_by_phone: bool = False


DEFAULT_MEANS = Means()


@dataclass(frozen=True, slots=True)
class Reachable:
    """What decides about a message to a customer. `phone` (E.164) is the one to call first, "" for none; `agreed`: they said yes to
    care messages; `refused`: they withdrew it; `last_said_at`: when they or we last spoke on a channel; `unasked`: when messages that
    they did not ask for went, or will go."""

    contacts: Sequence[Contact]
    agreed: bool
    refused: bool
    last_said_at: datetime | None
    unasked: Sequence[datetime]
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """The route chosen, where it leads (neither a contact nor a phone: to the rep), and when the message may go (UTC)."""

    route: Route
    contact: Contact | None
    due_at: datetime
    phone: str = ""

    @property
    def address(self) -> Address | None:
        """Where it leads; None to the rep."""
        if self.route is Route.ZALO_TEMPLATE:
            to = f"{TO_ACCOUNT}{self.contact.user_id}" if self.contact else f"{TO_PHONE}{self.phone.removeprefix('+')}"
            return Address(TEMPLATES, to)
        return Address(self.contact.channel, self.contact.chat_id) if self.contact else None


def decide(
    customer: Reachable, now: datetime, zone: ZoneInfo, *, asked: bool, means: Means = DEFAULT_MEANS
) -> Way | Unasked:
    """How a message goes to a customer at `now` (UTC), or why it does not. `asked`: it answers something of theirs, and so goes at
    once. `zone` is the company's."""
    if asked:
        return _way(customer, now, means)
    if customer.refused:
        return Unasked.NO_CONSENT
    due_at = next_open_moment(now, zone)
    way = _way(customer, due_at, means)
    if not customer.agreed:
        # Whom no channel leads to is the rep's own: they call, and ask.
        return Unasked.NO_CONSENT if _usable(customer.contacts, means.channels) else Way(Route.TASK, None, now)
    if way.route is Route.TASK:
        return replace(way, due_at=now)
    if customer.last_said_at and now - customer.last_said_at < CONVERSATION_LASTS:
        return Unasked.TALKING
    return Unasked.TOO_MANY if too_many(customer.unasked, due_at, zone) else way


def _way(customer: Reachable, at: datetime, means: Means) -> Way:
    """The first way that is open at this moment (UTC)."""
    contacts = _usable(customer.contacts, means.channels)
    for contact in contacts:
        if contact.opening(at) is Opening.FREE:
            return Way(CHANNELS[contact.channel], contact, at)
    on_zalo = next((contact for contact in contacts if contact.channel in WITH_WINDOW), None)
    if on_zalo and means.paid and on_zalo.opening(at) is Opening.PAID:
        return Way(Route.ZALO_PAID, on_zalo, at)
    if on_zalo and means.template_by_user:
        return Way(Route.ZALO_TEMPLATE, on_zalo, at)
    has_blocked = any(one.channel in WITH_WINDOW and one.blocked_at for one in customer.contacts)
    if customer.phone and means.template_by_phone and not has_blocked:
        return Way(Route.ZALO_TEMPLATE, None, at, customer.phone)
    return Way(Route.TASK, None, at)


def first_open(contacts: Sequence[Contact], at: datetime, means: Means = DEFAULT_MEANS) -> Way | None:
    """The way by which somebody who talks with us is answered in words at this moment (UTC): where they wrote last, as long as it
    costs nothing, else the first that is open; None where none is."""
    free = [one for one in _usable(contacts, means.channels) if one.opening(at) is Opening.FREE and one.last_wrote_at]
    if free:
        there = max(free, key=lambda one: one.last_wrote_at or one.linked_at)
        return Way(CHANNELS[there.channel], there, at)
    way = _way(
        Reachable(contacts, agreed=True, refused=False, last_said_at=None, unasked=()),
        at,
        Means(means.channels, means.paid),
    )
    return way if way.contact else None


def why_shut(contacts: Sequence[Contact], at: datetime, means: Means = DEFAULT_MEANS) -> Shut:
    """Why none of the ways of `first_open` is open at this moment (UTC)."""
    usable = _usable(contacts, means.channels)
    if any(one.opening(at) is Opening.PAID for one in usable):
        return Shut.COSTS
    if usable:
        return Shut.SILENT
    return Shut.BLOCKED if any(one.blocked_at for one in contacts) else Shut.NO_CHANNEL


def _usable(contacts: Sequence[Contact], channels: Collection[str]) -> list[Contact]:
    """Who has not blocked us, by the order of the channels; of several on a channel, who wrote last comes first."""
    usable = [one for one in contacts if one.channel in CHANNELS and one.channel in channels and one.blocked_at is None]
    order = list(CHANNELS)
    last = {contact: contact.last_wrote_at or contact.linked_at for contact in usable}
    return sorted(usable, key=lambda c: (order.index(c.channel), -last[c].timestamp()))


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
