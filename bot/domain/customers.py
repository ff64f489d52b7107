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


class Stage(StrEnum):
    """How far a deal is; the last two end it."""

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


@dataclass(frozen=True, slots=True)
class Customer:
    """An individual or a company. `phones` are E.164, the one to call first; moments are UTC."""

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
    stage: Stage = Stage.CONSULTING
    potential: Potential | None = None
    interest: str | None = None

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
