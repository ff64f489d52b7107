"""Referrals: the personal link of a customer, and what both earn once the friend has bought (PRODUCT section 6)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

# What the personal link carries: `/start ref_<token>`. The token is no secret, it is there to be passed on; it only must not be a
# number that leads from one customer to the next.
PAYLOAD = "ref_"
_TOKEN_BYTES = 12


def new_token() -> str:
    """A token for a personal link."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def payload_of(token: str) -> str:
    """What the link with this token carries."""
    return f"{PAYLOAD}{token}"


@dataclass(frozen=True, slots=True)
class NewReward:
    """A gift about to be owed to `customer_id`, who brought `referred_id` or is them; since `earned_at` (UTC)."""

    customer_id: int
    referred_id: int
    earned_at: datetime


@dataclass(frozen=True, slots=True)
class Reward:
    """A gift owed to a customer; `given_at` (UTC) is when they got it. Each of the two who earn by one referral has their own."""

    id: int
    customer_id: int
    referred_id: int
    earned_at: datetime
    given_at: datetime | None = None

    @property
    def is_for_referrer(self) -> bool:
        """Whether it is for who brought the other, rather than for who was brought."""
        return self.customer_id != self.referred_id
