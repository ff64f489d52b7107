"""Somebody of the team cannot be reached any more: the owners hear of it."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.mailroom import Address
from bot.domain.people import Member, Role
from bot.domain.repositories import Store
from bot.i18n import Translator
from bot.messages import Reply
from bot.turn import send_to_member


async def tell_owners_of_blocked(
    store: Store, address: Address, translator_of: Callable[[Member], Translator], now: datetime
) -> None:
    """Queue a word to every owner that the member at `address` blocked the bot or is gone; once a person and day.
    Raises StorageUnavailable."""
    async with store.read() as uow:
        gone = await uow.members.by_identity(address.channel, address.chat_id)
        owners = [member for member in await uow.members.everyone() if member.role is Role.OWNER]
    if gone is None:
        return
    async with store.begin() as uow:
        for owner in owners:
            t = translator_of(owner)
            text = t(
                "<b>{name}</b> cannot be written to any more: blocked the bot or closed the account.", name=gone.name
            )
            key = f"blocked:{address.channel}:{address.chat_id}:{now:%Y-%m-%d}:{owner.id}"
            await send_to_member(uow, owner.id, key, "alarm", Reply(text), now)
        await uow.commit()
