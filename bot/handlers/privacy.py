"""A customer's rights: what they ask is written down and done in time (/yeucau), all that is held goes out as a file, and they are
erased for good. Any member writes down what a customer asks of them; the rest is for owners and managers."""

import logging

from bot.deadlines import take_request
from bot.domain.audit import What
from bot.domain.consent import DataRequest, Purpose, RequestKind
from bot.domain.customers import Customer, customer_id_of
from bot.domain.errors import DomainError, NotFound
from bot.domain.rights import next_reminder
from bot.messages import Reply
from bot.reaching import withdraw_unasked
from bot.turn import Handler, Turn
from bot.views import dossiers
from bot.views import privacy as views

log = logging.getLogger(__name__)


async def page(turn: Turn) -> Reply:
    """`privacy:<customer>`: what can be done about their data."""
    customer = await _customer(turn)
    return views.page(turn.t, customer, turn.member)


async def asked(turn: Turn) -> Reply:
    """`privacy.asked:<customer>:<kind>`: the customer has asked for it."""
    customer = await _customer(turn)
    kind = next((kind for kind in RequestKind if turn.args[1:] == [kind.value]), None)
    if kind is None:
        raise DomainError("old_button")
    request = await take_request(turn.uow, customer, kind, turn.now, turn.zone, turn.translator_of)
    if kind is RequestKind.WITHDRAW:
        request = await _withdraw(turn, request)
    await turn.uow.audit.note(turn.member, What.REQUESTED, now=turn.now, customer=customer.id, kind=kind.value)
    return views.noted(turn.t, request, customer)


async def _withdraw(turn: Turn, request: DataRequest) -> DataRequest:
    """What is withdrawn counts no more from now on; nothing is left to be done."""
    for purpose in Purpose:
        await turn.uow.consents.withdraw(request.customer_id, purpose, turn.now)
    await withdraw_unasked(turn.uow, request.customer_id, turn.now)
    return await turn.uow.requests.update(request, answered_at=turn.now, done_at=turn.now, remind_at=None)


async def export(turn: Turn) -> Reply:
    """`privacy.export:<customer>`: all that is held, as a file."""
    customer = await _customer_of_manager(turn)
    names = {member.id: member.name for member in await turn.uow.members.all_ever()}
    held = await turn.uow.privacy.everything(turn.member, customer.id)
    company = await turn.company()
    await turn.uow.audit.note(turn.member, What.EXPORTED, now=turn.now, customer=customer.id)
    return dossiers.dossier(turn.t, customer, held, names, company.pipeline, turn.now)


async def ask_to_erase(turn: Turn) -> Reply:
    """`privacy.erase:<customer>`: only by typing the code."""
    customer = await _customer_of_manager(turn)
    await turn.ask("privacy.code", customer=customer.id)
    return views.ask_to_erase(turn.t, customer)


async def erase(turn: Turn) -> Reply:
    """The typed code, and nothing else, erases."""
    customer_id = int(turn.data["customer"])
    _demand_manager(turn)
    customer = await turn.uow.customers.get(turn.member, customer_id)
    if customer_id_of(turn.words.strip()) != customer_id:
        return views.not_erased(turn.t, customer)
    await turn.uow.privacy.erase(customer, turn.now)
    await turn.uow.audit.note(turn.member, What.ERASED, now=turn.now, customer=customer.id)
    if turn.member.last_customer_id == customer.id:
        turn.member = await turn.uow.members.get(turn.member.id)
    log.info("customer %s was erased", customer.code)
    return views.erased(turn.t, customer.code)


async def requests(turn: Turn) -> Reply:
    """/yeucau."""
    return await _list(turn, 0, replaces=bool(turn.incoming.choice))


async def requests_page(turn: Turn) -> Reply:
    """`requests:<offset>`."""
    return await _list(turn, turn.arg(0), replaces=True)


async def answered(turn: Turn) -> Reply:
    """`requests.answered:<request>`: the customer has heard from us."""
    _demand_manager(turn)
    request, customer = await turn.uow.requests.get(turn.member, turn.arg(0))
    if request.answered_at is None and request.done_at is None:
        request = await turn.uow.requests.update(request, answered_at=turn.now)
        await turn.uow.requests.update(request, remind_at=next_reminder(request, turn.now, turn.zone))
        await turn.uow.audit.note(turn.member, What.REQUESTED, now=turn.now, customer=customer.id, fields=["answered"])
    return await _list(turn, 0, replaces=True)


async def done(turn: Turn) -> Reply:
    """`requests.done:<request>`: what they asked for has happened. Deleting is done by erasing."""
    _demand_manager(turn)
    request, customer = await turn.uow.requests.get(turn.member, turn.arg(0))
    if request.kind is RequestKind.DELETE:
        return views.ask_how_to_delete(turn.t, customer)
    if request.done_at is None:
        over = {"answered_at": request.answered_at or turn.now, "done_at": turn.now, "remind_at": None}
        await turn.uow.requests.update(request, **over)
        await turn.uow.audit.note(turn.member, What.REQUESTED, now=turn.now, customer=customer.id, fields=["done"])
    return await _list(turn, 0, replaces=True)


async def _list(turn: Turn, offset: int, *, replaces: bool) -> Reply:
    _demand_manager(turn)
    waiting = await turn.uow.requests.waiting(turn.member)
    return views.request_list(turn.t, waiting, offset, turn.now, replaces=replaces)


async def _customer(turn: Turn) -> Customer:
    return await turn.uow.customers.get(turn.member, turn.arg(0))


async def _customer_of_manager(turn: Turn) -> Customer:
    _demand_manager(turn)
    return await _customer(turn)


def _demand_manager(turn: Turn) -> None:
    if not turn.member.manages:
        raise NotFound


CHOICES: dict[str, Handler] = {
    "privacy": page,
    "privacy.asked": asked,
    "privacy.export": export,
    "privacy.erase": ask_to_erase,
    "requests": requests_page,
    "requests.answered": answered,
    "requests.done": done,
}
QUESTIONS: dict[str, Handler] = {"privacy.code": erase}
READING = ("privacy.export", "/yeucau", "requests")
