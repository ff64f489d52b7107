"""Requests of customers about their own data: who hears of them and when; and what is left to do after an erasure.

A request is told at once to those who manage its customer, and again in the morning of its last days.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.consent import DataRequest, RequestKind
from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.repositories import Store, UnitOfWork
from bot.domain.rights import new_request, next_reminder
from bot.i18n import Translator
from bot.turn import send_to_member
from bot.views import privacy as views

Translators = Callable[[Member], Translator]

# Requests looked at in one tick; the next tick takes the rest.
MOST_A_TICK = 50


async def take_request(
    uow: UnitOfWork, customer: Customer, kind: RequestKind, now: datetime, zone: ZoneInfo, translators: Translators
) -> DataRequest:
    """Write down what the customer asks for, and tell who manages them; one that is open already stands."""
    request, is_new = await uow.requests.add(new_request(customer.id, kind, now, zone))
    if is_new:
        await _tell(uow, request, customer, "new", now, translators)
    return request


async def remind_of_requests(store: Store, now: datetime, translators: Translators, zone: ZoneInfo) -> int:
    """Tell managers again of the requests whose last days have come by `now` (UTC); returns how many messages were queued."""
    async with store.read() as uow:  # most ticks find nothing, and need not wait for the writers to know
        if not await uow.requests.due(now, 1):
            return 0
    queued = 0
    async with store.begin() as uow:
        for request, customer in await uow.requests.due(now, MOST_A_TICK):
            queued += await _tell(uow, request, customer, f"{now:%Y%m%d}", now, translators)
            await uow.requests.update(request, remind_at=next_reminder(request, now, zone))
        await uow.commit()
    return queued


async def clean_after_erasures(store: Store, now: datetime) -> bool:
    """Have the files hold no more of who was erased; whether something was cleaned. What is too busy is tried again."""
    async with store.read() as uow:
        if await uow.privacy.is_clean():
            return False
    if not await store.clean():
        return False
    async with store.begin() as uow:
        await uow.privacy.cleaned(now, now)
        await uow.commit()
    return True


async def _tell(
    uow: UnitOfWork, request: DataRequest, customer: Customer, when: str, now: datetime, translators: Translators
) -> int:
    queued = 0
    for manager in await _managers_of(uow, customer):
        reply = views.request_told(translators(manager), request, customer, is_new=when == "new")
        key = f"request:{request.id}:{when}:{manager.id}"
        queued += await send_to_member(uow, manager.id, key, "notice", reply, now)
    return queued


async def _managers_of(uow: UnitOfWork, customer: Customer) -> Sequence[Member]:
    owner = await uow.members.get(customer.owner_id)
    return [one for one in await uow.members.everyone() if one.manages and (one.sees_everyone or one.leads(owner))]
