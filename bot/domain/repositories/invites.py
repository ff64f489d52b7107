"""Invitations and guesses, as storage must offer them."""

from datetime import datetime
from typing import Protocol

from bot.domain.invites import Invite, NewInvite, Secrets


class Invites(Protocol):
    """Invitations: only hashes of their secrets are kept."""

    async def add(self, invite: NewInvite, given_out: Secrets) -> Invite:
        """Write it down."""
        ...

    async def use(self, secret: str, now: datetime) -> Invite | None:
        """The invitation that this token or code opens, used up from now on: of two who present it at once one gets it. None for a
        wrong, expired, used or withdrawn one."""
        ...

    async def used_by(self, invite: Invite, member_id: int) -> None:
        """Who it was."""
        ...

    async def withdraw(self, invite_id: int, created_by: int, now: datetime) -> bool:
        """Nobody can use it any more; False when somebody has, it is withdrawn already, or another member's."""
        ...

    async def withdraw_all(self, created_by: int, now: datetime) -> int:
        """All that a member has given out and nobody has used; returns how many."""
        ...

    async def guesses(self, channel: str, user_id: str, now: datetime) -> int:
        """How many wrong ones this person has presented in the hour since the first; their turns wait for each other here."""
        ...

    async def guessed_wrong(self, channel: str, user_id: str) -> None:
        """One more; to be called after `guesses`."""
        ...
