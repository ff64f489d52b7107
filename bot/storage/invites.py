"""Invitations by the hashes of their secrets, and who guesses."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import and_, case, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.invites import GUESSES_WITHIN, Invite, NewInvite, Secrets, hashed
from bot.storage.columns import columns_of
from bot.storage.tables import guesses, invites
from bot.storage.transaction import Sql

_UNUSED = invites.c.used_at.is_(None)


class SqlInvites:
    """`Invites` in tables."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def add(self, invite: NewInvite, given_out: Secrets) -> Invite:
        """Write it down: the secrets themselves are not."""
        values = asdict(invite)
        hashes = {"token_hash": hashed(given_out.token), "code_hash": hashed(given_out.code)}
        invite_id = await self._sql.scalar(insert(invites).returning(invites.c.id), values | hashes)
        return Invite(**values, id=invite_id)

    async def use(self, secret: str, now: datetime) -> Invite | None:
        """The invitation that this token or code opens, used up from now on; None where there is none."""
        secret_hash = hashed(secret)
        opened = or_(invites.c.token_hash == secret_hash, invites.c.code_hash == secret_hash)
        # one statement, so that it happens to one person only
        use = update(invites).where(opened, _UNUSED, invites.c.expires_at > now).values(used_at=now)
        row = await self._sql.row(use.returning(*columns_of(invites, Invite)))
        return None if row is None else Invite(*row)

    async def used_by(self, invite: Invite, member_id: int) -> None:
        """Who it was."""
        await self._sql.change(update(invites).where(invites.c.id == invite.id).values(used_by=member_id))

    async def withdraw(self, invite_id: int, created_by: int, now: datetime) -> bool:
        """Nobody can use it any more; False when somebody has, it is withdrawn already, or another member's."""
        theirs = and_(invites.c.id == invite_id, invites.c.created_by == created_by)
        return await self._sql.change(update(invites).where(theirs, _UNUSED).values(used_at=now)) == 1

    async def withdraw_all(self, created_by: int, now: datetime) -> int:
        """All that a member has given out and nobody has used; returns how many."""
        theirs = update(invites).where(invites.c.created_by == created_by, _UNUSED)
        return await self._sql.change(theirs.values(used_at=now))

    async def guesses(self, channel: str, user_id: str, now: datetime) -> int:
        """How many wrong ones this person has presented in the hour since the first."""
        who = {"channel": channel, "user_id": user_id}
        is_over = guesses.c.since <= now - GUESSES_WITHIN
        counted = {
            "since": case((or_(is_over, guesses.c.count == 0), now), else_=guesses.c.since),
            "count": case((is_over, 0), else_=guesses.c.count),
        }
        start = upsert(guesses).values(**who, since=now, count=0)
        await self._sql.change(start.on_conflict_do_update(index_elements=["channel", "user_id"], set_=counted))
        this_one = (guesses.c.channel == channel, guesses.c.user_id == user_id)
        count: int = await self._sql.scalar(select(guesses.c.count).where(*this_one))
        return count

    async def guessed_wrong(self, channel: str, user_id: str) -> None:
        """One more; to be called after `guesses`."""
        this_one = (guesses.c.channel == channel, guesses.c.user_id == user_id)
        await self._sql.change(update(guesses).where(*this_one).values(count=guesses.c.count + 1))
