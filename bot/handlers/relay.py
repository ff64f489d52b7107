"""The rep's side of the talk with a customer: answers by replying or by *Trả lời*, and what the customer agreed to, by their word."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.delivery import RELAY, Audience, NewDelivery
from bot.domain.errors import DomainError
from bot.domain.reaching import Route, Way, first_open, why_shut
from bot.domain.relays import ANSWER_KEY, Talk
from bot.domain.timeline import Interaction, InteractionKind, StoredFile
from bot.domain.zalo_templates import TemplateKind
from bot.handlers import drafts
from bot.messages import Reply
from bot.reaching import Message, end_survey_talk, in_form, means_for, template_way, withdraw_unasked
from bot.ticketing import answered
from bot.turn import Handler, Turn, address_of
from bot.views import guests as views
from bot.views.ways import reach_line

BY_WORD = "told to"


async def ask(turn: Turn) -> Reply:
    """`relay.answer:<customer>`, and `relay.write:<customer>` where nothing was said before."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    if await _wants_silence(turn, customer):
        return views.wants_silence(turn.t, customer)
    entry_id = turn.arg(1) if len(turn.args) > 1 else None
    await turn.ask("relay.text", customer=customer.id, entry=entry_id)
    contacts, means = await turn.uow.contacts.of_customer(customer.id), await means_for(turn.uow)
    way = first_open(contacts, turn.now, means)
    reach = reach_line(turn.t, customer, contacts, turn.now, means)
    return views.ask_answer(turn.t, customer, way.route if way else None, reach)


async def _wants_silence(turn: Turn, customer: Customer) -> bool:
    """Whether they asked for no more messages and have not written since: who writes again wants an answer."""
    consent = await turn.uow.consents.latest(customer.id, Purpose.CARE)
    if consent is None or consent.withdrawn_at is None:
        return False
    contacts = await turn.uow.contacts.of_customer(customer.id)
    wrote = max((contact.last_wrote_at for contact in contacts if contact.last_wrote_at), default=None)
    return wrote is None or wrote <= consent.withdrawn_at


async def answer(turn: Turn) -> Reply:
    """The words asked for, all of them: whatever they are about, they are for this customer."""
    return await send(turn, _asked_about(turn.data), turn.incoming.text, turn.incoming.file)


def _asked_about(data: Mapping[str, Any]) -> Talk:
    return Talk(int(data["customer"]), data.get("entry"))


async def replied(turn: Turn) -> Reply | None:
    """A message that answers a customer's, or a file where their answer is waited for; None for anything else."""
    incoming, address = turn.incoming, address_of(turn.incoming.peer)
    if incoming.contact or not (incoming.text or incoming.file):
        return None
    if incoming.reply_to:
        talk = await turn.uow.relays.talked_about(address, incoming.reply_to)
        if talk is not None:
            return await send(turn, talk, incoming.text, incoming.file)
    if incoming.file is None:
        return None
    waiting = await turn.uow.questions.waiting(address)
    if waiting is None or waiting.name != "relay.text":
        return None
    await turn.uow.questions.forget(address)
    return await send(turn, _asked_about(waiting.data), incoming.text, incoming.file)


async def send(turn: Turn, talk: Talk, text: str, file: StoredFile | None = None) -> Reply:
    """What the rep wants to say, to the customer and onto the timeline."""
    customer = await turn.uow.customers.get(turn.member, talk.customer_id)
    way = await _way(turn, customer)
    if way is None:
        return await _nowhere(turn, customer, text)
    if await _wants_silence(turn, customer):
        return views.wants_silence(turn.t, customer)
    await _say(turn, customer, way, text, file, await _quoted(turn, talk, way))
    return views.answered(turn.t, customer, costs=way.route is Route.ZALO_PAID)


async def _quoted(turn: Turn, talk: Talk, way: Way) -> str:
    """The customer's message that is answered, as their channel calls it; "" where it came by another, or is not one alone."""
    if talk.entry_id is None or way.contact is None:
        return ""
    entry = await turn.uow.timeline.get(turn.member, talk.entry_id)
    channel, _, ref = str(entry.details.get("ref", "")).partition(":")
    return ref if entry.customer_id == talk.customer_id and channel == way.contact.channel else ""


async def _say(
    turn: Turn, customer: Customer, way: Way, text: str, file: StoredFile | None = None, quotes: str = ""
) -> None:
    """The words go this way and onto the timeline; the customer waits no more."""
    details = {"direction": "out", "route": way.route.value}
    entry = await turn.uow.timeline.add(
        turn.member, customer.id, InteractionKind.MESSAGE, text, turn.now, details=details, file=file
    )
    await _queue(turn, customer, entry, str(entry.id), way, quotes)
    await turn.uow.relays.answered(customer.id, turn.now)
    await answered(turn.uow, customer, turn.now)
    await turn.saved(customer.id)


async def _way(turn: Turn, customer: Customer) -> Way | None:
    contacts = await turn.uow.contacts.of_customer(customer.id)
    return first_open(contacts, turn.now, await means_for(turn.uow))


async def _nowhere(turn: Turn, customer: Customer, text: str) -> Reply:
    """No channel is open to the customer just now: why, the words to copy, and the template that may carry them."""
    contacts = await turn.uow.contacts.of_customer(customer.id)
    why = why_shut(contacts, turn.now, await means_for(turn.uow))
    offered = None
    if text and not await _wants_silence(turn, customer):
        found = await template_way(turn.uow, customer, turn.now, turn.translator_of)
        if found:
            draft_id = await drafts.keep(turn, text)
            offered = views.by_template(turn.t, f"relay.template:{customer.id}:{draft_id}", found.price_vnd)
    return views.not_linked(turn.t, customer, text, why, offered)


async def _queue(turn: Turn, customer: Customer, entry: Interaction, key: str, way: Way, quotes: str = "") -> None:
    reply = replace(views.from_rep(turn.member, entry.text, entry.file), quotes=quotes)
    words = Markup("{}").format(entry.text)
    message = Message(RELAY, key, reply, words, asked=True, template=TemplateKind.ANSWER)
    if way.contact:
        await end_survey_talk(turn.uow, way.contact)
    formed = await in_form(turn.uow, customer, turn.member, message, turn.now, way, turn.t)
    address = way.address
    assert address
    await turn.uow.outbox.queue(
        NewDelivery(
            f"{ANSWER_KEY}{key}",
            address.channel,
            address.chat_id,
            Audience.CUSTOMER,
            message.kind,
            formed.to_record(),
            due_at=turn.now,
            customer_id=customer.id,
        )
    )


async def send_again(turn: Turn) -> Reply:
    """`relay.again:<entry>`: an answer that did not arrive, once for each tap on another message."""
    entry = await turn.uow.timeline.get(turn.member, turn.arg(0))
    if entry.kind is not InteractionKind.MESSAGE or entry.details.get("direction") != "out":
        raise DomainError("old_button")
    customer = await turn.uow.customers.get(turn.member, entry.customer_id)
    way = await _way(turn, customer)
    if way is None:
        return await _nowhere(turn, customer, entry.text)
    await _queue(turn, customer, entry, f"{entry.id}:{turn.incoming.message_ref}", way)
    return views.answered(turn.t, customer, costs=way.route is Route.ZALO_PAID)


async def send_by_template(turn: Turn) -> Reply:
    """`relay.template:<customer>:<draft>`: words that no channel took go as an approved template."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    draft = await drafts.kept(turn, turn.arg(1))
    reply, has_gone = await _in_template(turn, customer, draft.text)
    if has_gone:
        await drafts.drop(turn, turn.arg(1))
    return reply


async def send_again_by_template(turn: Turn) -> Reply:
    """`relay.retemplate:<entry>`: an answer that came back goes as an approved template."""
    entry = await turn.uow.timeline.get(turn.member, turn.arg(0))
    if entry.kind is not InteractionKind.MESSAGE or entry.details.get("direction") != "out":
        raise DomainError("old_button")
    customer = await turn.uow.customers.get(turn.member, entry.customer_id)
    return (await _in_template(turn, customer, entry.text, again=entry))[0]


async def _in_template(
    turn: Turn, customer: Customer, text: str, again: Interaction | None = None
) -> tuple[Reply, bool]:
    """The words as a template, or as themselves where a channel is open by now; and whether they have gone."""
    if await _wants_silence(turn, customer):
        return views.wants_silence(turn.t, customer), False
    way = await _way(turn, customer)
    if way is None:
        found = await template_way(turn.uow, customer, turn.now, turn.translator_of)
        if found is None:
            return await _nowhere(turn, customer, text), False
        way = found.way
    if again:
        await _queue(turn, customer, again, f"{again.id}:{turn.incoming.message_ref}", way)
        await turn.uow.timeline.update(again, details={**again.details, "route": way.route.value})
    else:
        await _say(turn, customer, way, text)
    if way.route is Route.ZALO_TEMPLATE:
        return views.sent_as_template(turn.t, customer), True
    return views.answered(turn.t, customer, costs=way.route is Route.ZALO_PAID), True


# Consent by the rep's word ----------------------------------------------------------------------------------------------


async def consent(turn: Turn) -> Reply:
    """`consent.ask:<customer>`."""
    return await _consent_page(turn, await turn.uow.customers.get(turn.member, turn.arg(0)))


async def set_consent(turn: Turn) -> Reply:
    """`consent.set:<customer>:<yes or no>`: what the customer said to the rep."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    if list(turn.args[1:]) not in (["yes"], ["no"]):
        raise DomainError("old_button")
    if turn.args[1] == "yes":
        wording = str(views.consent_wording(turn.t, await turn.org_name()).unescape())
        evidence = f"{BY_WORD} {turn.member.name}"
        await turn.uow.consents.give(customer.id, Purpose.CARE, "", wording, evidence, turn.now)
    else:
        await turn.uow.consents.withdraw(customer.id, Purpose.CARE, turn.now)
        await withdraw_unasked(turn.uow, customer.id, turn.now)
    return await _consent_page(turn, customer)


async def _consent_page(turn: Turn, customer: Customer) -> Reply:
    return views.consent_page(turn.t, customer, await turn.uow.consents.latest(customer.id, Purpose.CARE))


CHOICES: dict[str, Handler] = {
    "relay.answer": ask,
    "relay.write": ask,
    "relay.again": send_again,
    "relay.template": send_by_template,
    "relay.retemplate": send_again_by_template,
    "consent.ask": consent,
    "consent.set": set_consent,
}
QUESTIONS: dict[str, Handler] = {"relay.text": answer}
