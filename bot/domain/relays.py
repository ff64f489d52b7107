"""What a customer wrote and who is to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.delivery import DeliveryState, NotCarried, Trouble
from bot.domain.mailroom import Address
from bot.domain.working_time import after_working_minutes

# Working minutes until whoever is to answer is reminded, and until those who lead them hear of it.
REMIND_AFTER = 30
ESCALATE_AFTER = 120


@dataclass(frozen=True, slots=True)
class Relay:
    """Words of a customer that wait for an answer, or waited until `answered_at`. `wrote_at`: the first of them; `remind_at`: when
    somebody is told next that they wait, None where all have been. Moments are UTC."""

    id: int
    customer_id: int
    member_id: int
    wrote_at: datetime
    answered_at: datetime | None = None
    remind_at: datetime | None = None


# The verb of the button under everything that shows a customer's talk with us: whoever replies to it answers the customer.
ANSWER = "relay.answer:"
# Keys of answers to customers begin so, then comes the entry of the timeline.
ANSWER_KEY = "relay_out:"


@dataclass(frozen=True, slots=True)
class Talk:
    """What a message of ours to a member shows: a customer, and the entry of their timeline with their words, where it is just one."""

    customer_id: int
    entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """What a customer was sent and did not receive, or nobody knows: who wrote it, or whose customer they are. `entry_id`: the
    timeline's entry of a member's own words, which can be sent again; None for all else. The rest is as it stands in the outbox."""

    delivery_id: int
    state: DeliveryState
    trouble: Trouble | None
    entry_id: int | None
    customer_id: int
    member_id: int
    words: str
    address: Address
    key: str
    kind: str
    record: Mapping[str, Any]
    due_at: datetime
    not_carried: NotCarried | None = None  # their file could not go there


def remind_rep_at(wrote_at: datetime, zone: ZoneInfo) -> datetime:
    """When whoever is to answer is reminded: UTC."""
    return after_working_minutes(wrote_at, REMIND_AFTER, zone)


def escalate_at(wrote_at: datetime, zone: ZoneInfo) -> datetime:
    """When those who lead them hear that nobody has answered: UTC."""
    return after_working_minutes(wrote_at, ESCALATE_AFTER, zone)
