"""Who works here, as storage must offer it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.mailroom import Address
from bot.domain.people import Member, Role


class Members(Protocol):
    """The team."""

    async def by_identity(self, channel: str, user_id: str) -> Member | None:
        """The member behind a person of a channel, active or not; concurrent turns of the same person wait for each other here."""
        ...

    async def get(self, member_id: int) -> Member:
        """A member. Raises NotFound."""
        ...

    async def everyone(self) -> Sequence[Member]:
        """All active members, by id."""
        ...

    async def all_ever(self) -> Sequence[Member]:
        """All members, those who left too: the active first, by name."""
        ...

    async def owners(self) -> Sequence[Member]:
        """The active owners, locked until the commit."""
        ...

    async def add(
        self,
        name: str,
        role: Role,
        locale: str,
        timezone: str,
        now: datetime,
        *,
        next_digest_at: datetime | None = None,
    ) -> Member:
        """A new active member with the default hours."""
        ...

    async def link(self, member_id: int, channel: str, user_id: str, chat_id: str) -> None:
        """This person of a channel is this member, and is written to at `chat_id`."""
        ...

    async def update(self, member: Member, **changes: object) -> Member:
        """The member with fields changed."""
        ...

    async def address(self, member_id: int) -> Address | None:
        """Where a member is written to: Telegram before the Zalo bot, which knows no window, before Zalo; None when nowhere (never
        started, blocked the bot, or not active)."""
        ...

    async def interacted_at(self, address: Address) -> datetime | None:
        """When whoever is written to here last wrote, tapped or followed (UTC); None for never."""
        ...

    async def addresses(self, member_id: int) -> Sequence[Address]:
        """Every private chat of a member, active or not."""
        ...

    async def back(self, now: datetime) -> Sequence[tuple[Member, Address]]:
        """Active members who have written since something was kept for them, and where; locked until the commit."""
        ...

    async def digests_due(self, now: datetime, limit: int) -> Sequence[Member]:
        """Active members whose `next_digest_at` has come, locked until the commit."""
        ...

    async def weeks_due(self, now: datetime, limit: int) -> Sequence[Member]:
        """Active members who lead others and whose `next_week_at` has come or was never set, locked until the commit."""
        ...
