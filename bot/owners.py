"""The owners whom the operator names are members from the start: somebody has to be able to invite the others."""

from datetime import datetime

from bot.domain.calendar import next_digest
from bot.domain.people import Role
from bot.domain.repositories import Address, Store
from bot.i18n import Translator
from bot.settings import Settings


async def ensure_owners(store: Store, settings: Settings, t: Translator, now: datetime) -> None:
    """Make each of `OWNER_IDS` an active owner. Until they write for the first time, nothing can be sent to them."""
    for channel, user_id in settings.owner_ids:
        async with store.read() as uow:
            member = await uow.members.by_identity(channel, user_id)
        if member and member.active and member.role is Role.OWNER:
            continue
        async with store.begin() as uow:
            if member:
                await uow.members.update(member, role=Role.OWNER, active=True)
            else:
                name = str(t("Owner"))
                new = await uow.members.add(name, Role.OWNER, settings.default_locale, settings.timezone, now)
                await uow.members.update(new, next_digest_at=next_digest(new, now))
                # On both channels a private chat has the person's own id.
                await uow.members.link(new.id, channel, user_id, chat_id=user_id)
            await uow.commit()
        if member is None:
            await store.ledger.block(Address(channel, user_id), now)
