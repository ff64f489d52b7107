"""The Zalo Official Account as the company uses it: its tokens, and what it has cost."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain.reaching import Route


@dataclass(frozen=True, slots=True)
class ZaloTokens:
    """A pair of tokens. The refresh token works once; a new pair kills the old one at once. `expires_at` is the access token's (UTC);
    `begun_with` tells the operator's refresh token that the pair descends from, as a hash; `died_at` is when Zalo refused it."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    begun_with: str
    died_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """Whether Zalo lets us in: until when the access token is good, and since when the consent is gone (UTC)."""

    expires_at: datetime
    died_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """What the operator's settings have put in service: the names of channels, and whether customers may be written to where it
    costs."""

    channels: Collection[str] = ("telegram",)
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    """What a route has cost: how many messages, and whole đồng."""

    route: Route
    messages: int
    amount_vnd: int
