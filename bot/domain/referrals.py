"""Referrals: the personal link of a customer, and what both earn once the friend has bought (PRODUCT section 6)."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.invites import ALPHABET, CODE_LETTERS, GROUP, read_code

# What the personal link carries: `/start ref_<token>`. The token is no secret, it is there to be passed on, and typed where a link
# carries nothing; it only must not be a number that leads from one customer to the next.
PAYLOAD = "ref_"
# "GT ABCD-EFGH-JKLM": the same, typed. Tokens made before could not be typed, only copied.
_TYPED = re.compile(r"\s*/?gt[\s:]+(?P<code>\S.{5,40}?)\s*", re.IGNORECASE)
_COPIED = re.compile(r"[A-Za-z0-9_-]{16}")
# Who came by themselves may say so long afterwards who sent them: following an account comes before writing to it.
MAY_COME_LATE = timedelta(days=1)


def new_token() -> str:
    """A token for a personal link, fit to be read out and typed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))


def is_token(text: str) -> bool:
    """Whether it could be the token of a personal link."""
    return read_code(text) == text != "" or _COPIED.fullmatch(text) is not None


def message_of(token: str) -> str:
    """What a friend writes to us where a link carries nothing: GT ABCD-EFGH-JKLM."""
    parts = [token[start : start + GROUP] for start in range(0, len(token), GROUP)]
    return f"GT {'-'.join(parts) if read_code(token) == token else token}"


def token_in(text: str) -> str:
    """The token that a message `GT <code>` carries; "" where it is none."""
    typed = _TYPED.fullmatch(text)
    if typed is None:
        return ""
    return read_code(typed["code"]) or (typed["code"] if _COPIED.fullmatch(typed["code"]) else "")


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
