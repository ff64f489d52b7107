"""Somebody of the team, or a group, cannot be reached any more, or a channel is not in order: the owners hear of it."""

from collections.abc import Callable
from datetime import datetime

from markupsafe import Markup

from bot.domain.mailroom import Address
from bot.domain.people import Member, Role
from bot.domain.repositories import Store, UnitOfWork
from bot.i18n import Translator
from bot.messages import Reply
from bot.turn import send_to_member


async def tell_owners_of_blocked(
    store: Store, address: Address, translator_of: Callable[[Member], Translator], now: datetime
) -> None:
    """Queue a word to every owner that the member at `address` blocked the bot or is gone, or that the group there put it out, which
    ends its weeks; once an address and day. Raises StorageUnavailable."""
    async with store.read() as uow:
        words = await _what_is_lost(uow, address)
        owners = [member for member in await uow.members.everyone() if member.role is Role.OWNER]
    if words is None:
        return
    async with store.begin() as uow:
        await uow.group_chats.unlink(address)
        for owner in owners:
            key = f"blocked:{address.channel}:{address.chat_id}:{now:%Y-%m-%d}:{owner.id}"
            await send_to_member(uow, owner.id, key, "alarm", Reply(words(translator_of(owner))), now)
        await uow.commit()


async def tell_owners_of_disorder(
    store: Store, channel: str, translator_of: Callable[[Member], Translator], now: datetime
) -> None:
    """Queue a word to every owner that Zalo takes no messages from us (`channel`) until money, a right or a verification is put in
    order; once a day. Raises StorageUnavailable."""
    async with store.begin() as uow:
        for owner in await uow.members.owners():
            t = translator_of(owner)
            text = t(
                "⚠️ Zalo refuses some of our messages: the Official Account lacks money, a package or a right. They go another way, or "
                "come back to the reps. Please have whoever runs the bot look at the account."
            )
            key = f"not_in_order:{channel}:{now:%Y-%m-%d}:{owner.id}"
            await send_to_member(uow, owner.id, key, "alarm", Reply(text), now)
        await uow.commit()


async def _what_is_lost(uow: UnitOfWork, address: Address) -> Callable[[Translator], Markup] | None:
    """What to say of who is gone; None where nobody need hear of it."""
    if group := await uow.group_chats.get(address):
        return lambda t: t(
            "I am not in the group <b>{name}</b> any more, so its week is not sent there. To have it back, add me to the group "
            "and type /week there.",
            name=group.title,
        )
    if gone := await uow.members.by_identity(address.channel, address.chat_id):
        return lambda t: t(
            "<b>{name}</b> cannot be written to any more: blocked the bot or closed the account.", name=gone.name
        )
    return None
