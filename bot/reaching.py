"""Writing to a customer: by which way is decided for each message, and written on their timeline (PRODUCT section 6)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from bot.domain.calendar import next_working_day
from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.delivery import RELAY, SECRET, Audience, NewDelivery
from bot.domain.followups import NewFollowUp
from bot.domain.mailroom import Address
from bot.domain.people import Member, Role
from bot.domain.reaching import (
    A_MONTH,
    ANSWER_AWAITED,
    OFFICIAL,
    TEMPLATES,
    Contact,
    Means,
    Reachable,
    Route,
    Shut,
    Unasked,
    Way,
    decide,
    why_shut,
)
from bot.domain.repositories import UnitOfWork
from bot.domain.surveys import SurveyKind
from bot.domain.timeline import InteractionKind
from bot.domain.zalo_templates import TemplateKind
from bot.filling import filled
from bot.i18n import Translator
from bot.messages import Reply
from bot.turn import send_to_member
from bot.views import guests as views

Translators = Callable[[Member], Translator]
# Which template may stand for a survey.
TEMPLATE_OF = {SurveyKind.CSAT: TemplateKind.CSAT, SurveyKind.NPS: TemplateKind.NPS}


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say to a customer. `kind` names what it is ("survey" …) and `key` is its own. `asked`: the customer waits for it,
    so it needs no consent and goes at any hour. `for_rep` is the same in plain words, which the rep passes on with the `link` where no
    channel leads to them; `template` is the kind of approved template that may stand for it. `is_planned`: the rep has a task for it
    anyhow. `but_not` is the channel that has refused it."""

    kind: str
    key: str
    reply: Reply
    for_rep: Markup
    asked: bool
    template: TemplateKind | None = None
    link: str = ""
    is_planned: bool = False
    but_not: str = ""


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
    template: TemplateKind | None = None,
    link: str = "",
) -> Route | Unasked:
    """Send `reply` to a customer once for each `key`, or say why not; nothing is written then. Where no channel leads to them, the
    rep gets a task with `text_for_rep` (plain words) and the `link` ready to copy. `kind` names what it is ("survey" …); `asked`: the
    customer waits for it, so it needs no consent and goes at any hour. What they did not ask for waits for the end of quiet hours
    and Tết, and STOP still withdraws it. `template` is the kind of approved template that may stand for it."""
    message = Message(kind, key, reply, text_for_rep, asked, template, link)
    way = await way_for(uow, customer, message, now, translators)
    return way if isinstance(way, Unasked) else await go(uow, customer, message, way, now, translators)


async def way_for(
    uow: UnitOfWork, customer: Customer, message: Message, now: datetime, translators: Translators
) -> Way | Unasked:
    """By which way a message goes at `now` (UTC), or why it does not."""
    rep = await in_charge(uow, customer)
    means = await means_for(uow, message.template, but_not=message.but_not)
    reachable = await _reachable(uow, customer, now)
    return decide(reachable, now, translators(rep).zone, asked=message.asked, means=means)


async def means_for(uow: UnitOfWork, template: TemplateKind | None = None, *, but_not: str = "") -> Means:
    """What there is to reach customers by; `template` is the kind of template that may be used, `but_not` a channel that may not."""
    service = await uow.zalo.service()
    means = Means([name for name in service.channels if name != but_not], service.paid)
    if template is None or OFFICIAL not in service.channels or but_not == TEMPLATES:
        return means
    ours = await uow.zalo.template(template)
    if ours is None or not ours.is_ready:
        return means
    return replace(means, template_by_user=ours.by_user, template_by_phone=ours.by_phone)


@dataclass(frozen=True, slots=True)
class TemplateWay:
    """A way by template, and what it costs."""

    way: Way
    price_vnd: int


async def template_way(
    uow: UnitOfWork, customer: Customer, now: datetime, translators: Translators
) -> TemplateWay | None:
    """How a member's own words can go as an approved template; None where they cannot."""
    answer = Message(RELAY, "", Reply(), Markup(), asked=True, template=TemplateKind.ANSWER)
    way = await way_for(uow, customer, answer, now, translators)
    template = await uow.zalo.template(TemplateKind.ANSWER)
    if isinstance(way, Unasked) or way.route is not Route.ZALO_TEMPLATE or template is None:
        return None
    return TemplateWay(way, (template.price_user_vnd if way.contact else template.price_phone_vnd) or 0)


async def go(
    uow: UnitOfWork, customer: Customer, message: Message, way: Way, now: datetime, translators: Translators
) -> Route:
    """Send it this way, once; on the timeline stands which."""
    rep = await in_charge(uow, customer)
    if way.address is None:
        why = why_shut(await uow.contacts.of_customer(customer.id), now, await means_for(uow))
        await _ask_rep(uow, customer, rep, translators(rep), message, now, why)
    else:
        await _send(uow, customer, rep, message, now, way, way.address, translators(rep))
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
        phone=customer.phones[0] if customer.phones else "",
    )


async def _send(
    uow: UnitOfWork,
    customer: Customer,
    rep: Member,
    message: Message,
    now: datetime,
    way: Way,
    address: Address,
    t: Translator,
) -> None:
    words = str(Markup(message.reply.text).striptags())
    delivery = NewDelivery(
        key_to(customer.id, message.key, asked=message.asked),
        address.channel,
        address.chat_id,
        Audience.CUSTOMER,
        message.kind,
        (await in_form(uow, customer, rep, message, now, way, t)).to_record(),
        due_at=way.due_at,
        customer_id=customer.id,
    )
    if not await uow.outbox.queue(delivery):
        return
    if not message.asked:
        await uow.contacts.note_unasked(customer.id, message.kind, way.due_at)
    elif way.contact:
        await end_survey_talk(uow, way.contact)
    await _note(uow, customer, rep, message, way.route, words, now)


async def in_form(
    uow: UnitOfWork, customer: Customer, rep: Member, message: Message, now: datetime, way: Way, t: Translator
) -> Reply:
    """The reply as it goes this way: a template where it goes as one."""
    template = await uow.zalo.template(message.template) if message.template else None
    if way.route is not Route.ZALO_TEMPLATE or template is None:
        return message.reply
    words, by_phone, link = str(message.for_rep.unescape()), way.contact is None, message.link
    form = await filled(uow, template, customer, rep, now, t=t, words=words, link=link, by_phone=by_phone)
    return replace(message.reply, template=form)


async def _note(
    uow: UnitOfWork, customer: Customer, rep: Member, message: Message, route: Route, words: str, now: datetime
) -> None:
    """The choice, on the timeline."""
    details = {"direction": "out", "route": route.value, "about": message.kind}
    await uow.timeline.add(rep, customer.id, InteractionKind.CHANGE, words, now, details=details)


async def end_survey_talk(uow: UnitOfWork, contact: Contact) -> None:
    """Somebody has answered them: what they write next is for that person, and no comment on a score."""
    await uow.questions.forget(Address(contact.channel, contact.chat_id))


async def _ask_rep(
    uow: UnitOfWork, customer: Customer, rep: Member, t: Translator, message: Message, now: datetime, why: Shut
) -> None:
    words = str(message.for_rep.unescape())
    to_copy = f"{words}\n{message.link}" if message.link else words
    task = views.task_to_pass_on(t, customer, to_copy, why)
    # who has the link may answer in the customer's name, so that it is told this once and not kept
    kind = SECRET if message.link else message.kind
    if not await send_to_member(uow, rep.id, f"task:{message.key}", kind, task, now):
        return
    if not message.is_planned:
        due_on = next_working_day(rep.today(now), rep.days_off)
        await uow.followups.add(NewFollowUp(customer.id, rep.id, views.to_pass_on(t, words), due_on), now)
    await _note(uow, customer, rep, message, Route.TASK, words, now)
