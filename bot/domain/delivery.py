"""The fate of one message to one person: its states and what a failure means for it (RELIABILITY rules 3-5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class DeliveryState(StrEnum):
    """due -> claimed -> sending -> sent | failed | unknown | cancelled | expired."""

    DUE = "due"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Audience(StrEnum):
    """Who gets it: members at least once, customers at most once."""

    MEMBER = "member"
    CUSTOMER = "customer"


class Trouble(StrEnum):
    """Why a channel could not deliver."""

    NEVER_SENT = "never_sent"  # connection refused: the channel saw nothing
    SLOW_DOWN = "slow_down"  # 429, with its retry_after
    AMBIGUOUS = "ambiguous"  # timeout, reset, 5xx, HTML 502: it may have arrived
    FORBIDDEN = "forbidden"  # blocked or deactivated: stop writing to that chat
    REFUSED = "refused"  # 400: the same message will never be accepted
    MOVED = "moved"  # the chat has a new id
    UNAUTHORIZED = "unauthorized"  # 401: our own token is dead
    WINDOW_CLOSED = "window_closed"  # the person has been silent for too long: another way may lead to them
    LATER = "later"  # their or our quota is used up: not before `retry_after`, while others are written to
    NOT_IN_ORDER = (
        "not_in_order"  # money, a right or a verification is missing: the operator must act, another way may do
    )


class NotCarried(StrEnum):
    """Why a file cannot go from one channel to another; the detail of a REFUSED."""

    TOO_BIG = "file_too_big"
    GONE = "file_gone"
    KIND = "file_kind"  # the other channel takes none of this kind


class Undeliverable(Exception):
    """A channel could not deliver. `retry_after` is seconds; `moved_to` the chat's new id; `detail` for the ledger."""

    def __init__(self, trouble: Trouble, detail: str = "", *, retry_after: float = 0.0, moved_to: str = "") -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail
        self.retry_after = retry_after
        self.moved_to = moved_to


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the outbox: a reply (as `Reply.to_record`) on its way to one chat. Moments are UTC."""

    id: int
    channel: str
    chat_id: str
    audience: Audience
    kind: str
    payload: dict[str, object]
    state: DeliveryState
    due_at: datetime
    attempts: int = 0
    expires_at: datetime | None = None
    replace_ref: str = ""
    message_ref: str = ""
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A row about to be queued. `dedupe_key` is unique: a second one with the same key is not queued. `customer_id` is the
    customer whom it is for, where it answers nothing that they did here a moment ago."""

    dedupe_key: str
    channel: str
    chat_id: str
    audience: Audience
    kind: str
    payload: dict[str, object]
    due_at: datetime
    expires_at: datetime | None = None
    replace_ref: str = ""
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery after a failure; `due_at` only when it is tried again."""

    state: DeliveryState
    due_at: datetime | None = None


# The kind of a delivery that is forgotten, but for the fact, as soon as it has arrived.
SECRET = "secret"
# The kind of what a person says to another through us: what is typed next answers it, and chooses nothing that stands above it.
RELAY = "relay"

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 8


def after_failure(failure: Undeliverable, audience: Audience, attempts: int, now: datetime) -> Verdict:
    """RELIABILITY rule 5: what to do with a delivery that failed for the `attempts`-th time at `now` (UTC)."""
    match failure.trouble:
        case Trouble.NEVER_SENT | Trouble.UNAUTHORIZED:
            return Verdict(DeliveryState.DUE, now + _backoff(attempts))
        case Trouble.SLOW_DOWN | Trouble.LATER:
            return Verdict(DeliveryState.DUE, now + timedelta(seconds=max(failure.retry_after, 1.0)))
        case Trouble.MOVED:
            return Verdict(DeliveryState.DUE, now)
        case Trouble.AMBIGUOUS if audience is Audience.MEMBER and attempts < MAX_ATTEMPTS:
            return Verdict(DeliveryState.DUE, now + _backoff(attempts))
        case Trouble.AMBIGUOUS:
            return Verdict(DeliveryState.UNKNOWN)
        case Trouble.FORBIDDEN | Trouble.REFUSED | Trouble.WINDOW_CLOSED | Trouble.NOT_IN_ORDER:
            return Verdict(DeliveryState.FAILED)


def _backoff(attempts: int) -> timedelta:
    return timedelta(seconds=min(2.0 ** min(attempts, 10), 300.0))
