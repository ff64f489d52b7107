"""Writing to a customer: by which way is decided for each message, and written on their timeline (PRODUCT section 6)."""

from collections.abc import Callable
from datetime import datetime

from markupsafe import Markup

from bot.domain.calendar import next_working_day
from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.delivery import Audience, NewDelivery
from bot.domain.followups import NewFollowUp
from bot.domain.mailroom import Address
from bot.domain.people import Member, Role
from bot.domain.reaching import A_MONTH, ANSWER_AWAITED, Contact, Reachable, Route, Unasked, Way, decide
from bot.domain.repositories import UnitOfWork
from bot.domain.timeline import InteractionKind
from bot.i18n import Translator
from bot.messages import Reply
from bot.turn import send_to_member
from bot.views import guests as views

Translators = Callable[[Member], Translator]


async def reach(
    uow: UnitOfWork,
    customer: Customer,
    kind: str,
    reply: Reply,
    now: datetime,
    *,
    key: str,
    asked: bool,
    translators: Translators,
    text_for_rep: Markup,
) -> Route | Unasked:
    """Send `reply` to a customer once for each `key`, or say why not; nothing is written then. Where no channel leads to them, the
    rep gets a task with `text_for_rep` (plain words, with the link) ready to copy. `kind` names what it is ("survey" …); `asked`: the
    customer waits for it, so it needs no consent and goes at any hour. What they did not ask for waits for the end of quiet hours
    and Tết, and STOP still withdraws it."""
    rep = await in_charge(uow, customer)
    way = decide(await _reachable(uow, customer, now), now, translators(rep).zone, asked=asked)
    if isinstance(way, Unasked):
        return way
    if way.contact:
        await _send(uow, customer, rep, kind, reply, now, way, way.contact, key, asked=asked)
    else:
        await _ask_rep(uow, customer, rep, translators(rep), kind, now, key, text_for_rep)
    return way.route


async def in_charge(uow: UnitOfWork, customer: Customer) -> Member:
    """Who acts for this customer: whose they are, or an owner of the company where that one has left."""
    owner = await uow.members.get(customer.owner_id)
    if owner.active:
        return owner
    team = await uow.members.everyone()
    return next((member for member in team if member.role is Role.OWNER), owner)


def key_to(customer_id: int, key: str, *, asked: bool) -> str:
    """The unique key of a message to a customer; those that they did not ask for begin so that STOP finds them."""
    return key if asked else f"unasked:{customer_id}:{key}"


async def withdraw_unasked(uow: UnitOfWork, customer_id: int, now: datetime) -> int:
    """Cancel what still waits for them and was not asked for; returns how many messages."""
    await uow.contacts.drop_unasked(customer_id, now)
    return await uow.outbox.cancel(key_to(customer_id, "", asked=False))


async def _reachable(uow: UnitOfWork, customer: Customer, now: datetime) -> Reachable:
    contacts = await uow.contacts.of_customer(customer.id)
    consent = await uow.consents.latest(customer.id, Purpose.CARE)
    wrote = [contact.last_wrote_at for contact in contacts]
    said = [moment for moment in (*wrote, await uow.relays.last_answer(customer.id)) if moment]
    waits_since = await uow.relays.waits_since(customer.id)
    if waits_since and now - waits_since < ANSWER_AWAITED:
        said.append(now)
    return Reachable(
        contacts,
        agreed=consent is not None and consent.withdrawn_at is None,
        refused=consent is not None and consent.withdrawn_at is not None,
        last_said_at=max(said, default=None),
        unasked=await uow.contacts.unasked(customer.id, now - A_MONTH),
    )


async def _send(
    uow: UnitOfWork,
    customer: Customer,
    rep: Member,
    kind: str,
    reply: Reply,
    now: datetime,
    way: Way,
    contact: Contact,
    key: str,
    *,
    asked: bool,
) -> None:
    delivery = NewDelivery(
        key_to(customer.id, key, asked=asked),
        contact.channel,
        contact.chat_id,
        Audience.CUSTOMER,
        kind,
        reply.to_record(),
        due_at=way.due_at,
    )
    if not await uow.outbox.queue(delivery):
        return
    if asked:
        await end_survey_talk(uow, contact)
    else:
        await uow.contacts.note_unasked(customer.id, kind, way.due_at)
    details = {"direction": "out", "route": way.route.value, "about": kind}
    words = Markup(reply.text).striptags()
    await uow.timeline.add(rep, customer.id, InteractionKind.CHANGE, words, now, details=details)


async def end_survey_talk(uow: UnitOfWork, contact: Contact) -> None:
    """Somebody has answered them: what they write next is for that person, and no comment on a score."""
    await uow.questions.forget(Address(contact.channel, contact.chat_id))


async def _ask_rep(
    uow: UnitOfWork,
    customer: Customer,
    rep: Member,
    t: Translator,
    kind: str,
    now: datetime,
    key: str,
    text_for_rep: Markup,
) -> None:
    words = str(text_for_rep.unescape())
    task = views.task_to_pass_on(t, customer, words)
    if not await send_to_member(uow, rep.id, f"task:{key}", kind, task, now):
        return
    due_on = next_working_day(rep.today(now), rep.days_off)
    await uow.followups.add(NewFollowUp(customer.id, rep.id, views.to_pass_on(t, words), due_on), now)
    details = {"direction": "out", "route": Route.TASK.value, "about": kind}
    await uow.timeline.add(rep, customer.id, InteractionKind.CHANGE, words, now, details=details)
