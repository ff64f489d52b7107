"""Sales: deals closed as won."""

from dataclasses import dataclass
from datetime import date, datetime

# PRODUCT section 9: an amount over this is asked to be confirmed.
ABSURD_AMOUNT_VND = 100_000_000_000
# Nothing is sold for less: `12` is short for thousands or millions, and which is asked.
SMALL_AMOUNT_VND = 1_000


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale. `amount_vnd` is whole đồng, None while it is not known; `sold_on` is the seller's local date."""

    id: int
    customer_id: int
    member_id: int
    sold_on: date
    sold_at: datetime
    product: str | None = None
    quantity: int | None = None
    amount_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class NewSale:
    """A sale about to be written down; fields as in `Sale`."""

    customer_id: int
    member_id: int
    sold_on: date
    sold_at: datetime
    product: str | None = None
    quantity: int | None = None
    amount_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class Purchases:
    """What a customer bought so far: how many sales, their total in đồng and the last one."""

    count: int = 0
    total_vnd: int = 0
    last: Sale | None = None
