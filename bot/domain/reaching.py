"""By which way a customer is written to, decided for each message (PRODUCT section 6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Route(StrEnum):
    """How a message goes to a customer. A `TASK` is the rep's: the text and link ready to copy."""

    TELEGRAM = "telegram"
    ZALO = "zalo"
    ZALO_TEMPLATE = "zalo_template"
    EMAIL = "email"
    SMS = "sms"
    TASK = "task"


class Unasked(StrEnum):
    """Why a message that the customer did not ask for is not sent, or not yet."""

    NO_CONSENT = "no_consent"
    TOO_MANY = "too_many"
    QUIET_HOURS = "quiet_hours"
    TALKING = "talking"


# PRODUCT section 6: at most one unasked message a day and three a month; a survey never interrupts a running conversation.
MOST_A_DAY = 1
MOST_A_MONTH = 3
CONVERSATION_LASTS = timedelta(hours=2)


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
