"""The owners whom the operator names are members from the start: somebody has to be able to invite the others. They hear what only the
operator can mend."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.calendar import next_digest
from bot.domain.mailroom import Address
from bot.domain.people import Member, Role
from bot.domain.repositories import Store, UnitOfWork
from bot.i18n import Translator
from bot.messages import Reply
from bot.settings import Settings
from bot.turn import send_to_member


async def ensure_owners(store: Store, settings: Settings, t: Translator, now: datetime) -> None:
    """Make each of `OWNER_IDS` an active owner. Until they write for the first time, nothing can be sent to them."""
    async with store.read() as uow:
        known = {owner: await uow.members.by_identity(*owner) for owner in settings.owner_ids}
    lacking = {owner: member for owner, member in known.items() if not _is_owner(member)}
    if not lacking:
        return
    async with store.begin() as uow:
        for owner, member in lacking.items():
            await _make_owner(uow, owner, member, settings, t, now)
        await uow.commit()
    for owner, member in lacking.items():
        if member is None:
            await store.ledger.block(Address(*owner), now)


async def tell_owners(store: Store, key: str, reply_for: Callable[[Member], Reply], now: datetime) -> None:
    """Queue a warning to every owner; once for each `key`. Raises StorageUnavailable."""
    async with store.begin() as uow:
        for member in await uow.members.everyone():
            if member.role is Role.OWNER:
                await send_to_member(uow, member.id, f"{key}:{member.id}", "alarm", reply_for(member), now)
        await uow.commit()


def _is_owner(member: Member | None) -> bool:
    return member is not None and member.active and member.role is Role.OWNER


async def _make_owner(
    uow: UnitOfWork, owner: tuple[str, str], member: Member | None, settings: Settings, t: Translator, now: datetime
) -> None:
    if member:
        await uow.members.update(member, role=Role.OWNER, active=True)
        return
    channel, user_id = owner
    new = await uow.members.add(str(t("Owner")), Role.OWNER, settings.default_locale, settings.timezone, now)
    await uow.members.update(new, next_digest_at=next_digest(new, now))
    # On both channels a private chat has the person's own id.
    await uow.members.link(new.id, channel, user_id, chat_id=user_id)
