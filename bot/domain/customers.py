"""Customers: who they are, how warm, where they came from and how far along."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Heat(StrEnum):
    """How interested a customer is before buying."""

    HOT = "hot"
    WARM = "warm"
    COLD = "cold"


class Source(StrEnum):
    """Where a customer came from."""

    FACEBOOK = "facebook"
    ZALO = "zalo"
    WEBSITE = "website"
    TIKTOK = "tiktok"
    GOOGLE = "google"
    SHOPEE = "shopee"
    REFERRAL = "referral"
    EVENT = "event"
    HOTLINE = "hotline"
    WALKIN = "walkin"
    TELEGRAM = "telegram"


class Stage(StrEnum):
    """The steps of a deal that we have words for; a company's own pipeline may hold others. The last two end a deal."""

    CONSULTING = "consulting"
    QUOTED = "quoted"
    DEMO = "demo"
    NEGOTIATING = "negotiating"
    WON = "won"
    LOST = "lost"


class Potential(StrEnum):
    """How likely a buyer is to buy again."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class LostReason(StrEnum):
    """Why a deal was lost; a reason may also be in the member's own words."""

    PRICE = "price"
    COMPETITOR = "competitor"
    NO_NEED = "no_need"
    NO_CONTACT = "no_contact"
    PRODUCT = "product"
    SERVICE = "service"


class StopReason(StrEnum):
    """Why a buyer buys no more; a reason may also be in the member's own words."""

    MOVED = "moved"
    COMPETITOR = "competitor"
    PRICE = "price"
    UNHAPPY = "unhappy"
    NO_NEED = "no_need"


@dataclass(frozen=True, slots=True)
class Customer:
    """An individual or a company. `phones` are E.164, the one to call first; moments are UTC.

    `stage` is a step of the company's pipeline, or LOST with a `lost_reason`; `expected_vnd` what the deal may bring, in đồng;
    `stopped_reason` is why a buyer buys no more. Both are a `LostReason`, a `StopReason`, or words. `referrer` is who sent them as it
    was said, `referrer_id` the customer that this is, where it is known.
    """

    id: int
    name: str
    owner_id: int
    created_at: datetime
    honorific: str | None = None
    company: str | None = None
    phones: tuple[str, ...] = ()
    email: str | None = None
    source: Source | None = None
    referrer: str | None = None
    heat: Heat | None = None
    stage: str = Stage.CONSULTING
    potential: Potential | None = None
    interest: str | None = None
    stage_since: datetime | None = None
    expected_vnd: int | None = None
    lost_reason: str | None = None
    stopped_reason: str | None = None
    stopped_at: datetime | None = None
    referrer_id: int | None = None

    @property
    def code(self) -> str:
        """The customer's own code, `KH000123`."""
        return customer_code(self.id)

    @property
    def called(self) -> str:
        """How a colleague would speak of them: `chị Lan`."""
        return f"{self.honorific} {self.name}" if self.honorific else self.name


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """What is known of a customer who is about to be written down."""

    name: str
    honorific: str | None = None
    company: str | None = None
    phones: tuple[str, ...] = ()
    email: str | None = None
    source: Source | None = None
    referrer: str | None = None
    heat: Heat | None = None
    interest: str | None = None
    stage: str = Stage.CONSULTING
    expected_vnd: int | None = None
    referrer_id: int | None = None


def customer_code(customer_id: int) -> str:
    """`KH000123` for 123."""
    return f"KH{customer_id:06d}"


def customer_id_of(code: str) -> int | None:
    """123 for `KH000123`, `kh123` or `KH 123`; None where the text is no code."""
    compact = code.replace(" ", "").upper()
    digits = compact.removeprefix("KH")
    # ten digits would not fit the id column of either database
    if digits == compact or not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return None
    return int(digits)
