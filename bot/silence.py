"""Members whom only an Official Account leads to: it may write for a while after they last wrote. What is for who has been silent for
longer is kept, and who leads them hears of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.domain.delivery import Audience, NewDelivery, Trouble
from bot.domain.mailroom import Address
from bot.domain.people import Member, managers_over
from bot.domain.repositories import Store, UnitOfWork
from bot.domain.windows import Window
from bot.i18n import Translator
from bot.messages import Reply

# They are asked for a word when the window is open for less than this.
ASKS_WITHIN = timedelta(hours=24)
_NOT_TRIED = f"{Trouble.WINDOW_CLOSED}: not tried"


async def through_window(uow: UnitOfWork, member_id: int, delivery: NewDelivery, now: datetime) -> bool:
    """Queue what is for a member on a channel with a window: with the request for a word where the window closes soon, and kept where
    it is closed. False when its key was queued before."""
    address = Address(delivery.channel, delivery.chat_id)
    window = Window(await uow.members.interacted_at(address))
    closes_at = window.closes_at(paid=(await uow.zalo.service()).paid)
    if closes_at is None or closes_at <= now:
        kept = await uow.outbox.hold(delivery, _NOT_TRIED)
        await _tell_leads(uow, await uow.members.get(member_id), address, now)
        return kept
    if closes_at - now < ASKS_WITHIN:
        delivery = replace(delivery, payload=_asking(await uow.members.get(member_id), delivery).to_record())
    return await uow.outbox.queue(delivery)


def _asking(member: Member, delivery: NewDelivery) -> Reply:
    reply = Reply.from_record(delivery.payload)
    t = _words_of(member)
    one_word = t("Answer with any word, so that I can go on reminding you on Zalo.")
    return replace(reply, text=Markup("\n\n").join([reply.text, Markup("<i>{}</i>").format(one_word)]))


async def note_silence(store: Store, address: Address, now: datetime) -> None:
    """The channel says that whoever is at `address` has been silent for too long. Raises StorageUnavailable."""
    async with store.begin() as uow:
        await uow.contacts.silent(address, since=now)
        member = await uow.members.by_identity(address.channel, address.chat_id)
        if member is not None and member.active:
            await _tell_leads(uow, member, address, now)
        await uow.commit()


async def _tell_leads(uow: UnitOfWork, member: Member, address: Address, now: datetime) -> None:
    """Once a silence: until they write again, what was kept first stays the first."""
    first = await uow.outbox.first_held(address)
    if first is None:
        return
    for lead in managers_over(member, await uow.members.everyone()):
        told_at = await uow.members.address(lead.id)
        if told_at is None:
            continue
        t = _words_of(lead)
        text = t(
            "🔕 My reminders do not reach <b>{name}</b> any more: on Zalo I may only write for a while after somebody has written. "
            "Please ask {name} to send me any word on Zalo, or to link Telegram.",
            name=member.name,
        )
        told = NewDelivery(
            f"silent:{first}:{lead.id}", told_at.channel, told_at.chat_id, Audience.MEMBER, "alarm", {}, due_at=now
        )
        await uow.outbox.queue(replace(told, payload=Reply(text).to_record()))


def _words_of(member: Member) -> Translator:
    return Translator(member.locale, member.timezone)
