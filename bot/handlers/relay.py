"""The rep's side of the talk with a customer: answers by replying or by *Trả lời*, and what the customer agreed to, by their word."""

from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.delivery import RELAY, Audience, NewDelivery
from bot.domain.errors import DomainError
from bot.domain.reaching import first_open
from bot.domain.relays import ANSWER_KEY
from bot.domain.timeline import Interaction, InteractionKind, StoredFile
from bot.messages import Reply
from bot.reaching import end_survey_talk, withdraw_unasked
from bot.ticketing import answered
from bot.turn import Handler, Turn, address_of
from bot.views import guests as views

BY_WORD = "told to"


async def ask(turn: Turn) -> Reply:
    """`relay.answer:<customer>`, and `relay.write:<customer>` where nothing was said before."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    if await _wants_silence(turn, customer):
        return views.wants_silence(turn.t, customer)
    await turn.ask("relay.text", customer=customer.id)
    return views.ask_answer(turn.t, customer)


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
    return await send(turn, int(turn.data["customer"]), turn.incoming.text, turn.incoming.file)


async def replied(turn: Turn) -> Reply | None:
    """A message that answers a customer's, or a file where their answer is waited for; None for anything else."""
    incoming, address = turn.incoming, address_of(turn.incoming.peer)
    if incoming.contact or not (incoming.text or incoming.file):
        return None
    if incoming.reply_to:
        customer_id = await turn.uow.relays.talked_about(address, incoming.reply_to)
        if customer_id is not None:
            return await send(turn, customer_id, incoming.text, incoming.file)
    if incoming.file is None:
        return None
    waiting = await turn.uow.questions.waiting(address)
    if waiting is None or waiting.name != "relay.text":
        return None
    await turn.uow.questions.forget(address)
    return await send(turn, int(waiting.data["customer"]), incoming.text, incoming.file)


async def send(turn: Turn, customer_id: int, text: str, file: StoredFile | None = None) -> Reply:
    """What the rep wants to say, to the customer and onto the timeline."""
    customer = await turn.uow.customers.get(turn.member, customer_id)
    way = first_open(await turn.uow.contacts.of_customer(customer.id), turn.now)
    if way is None:
        return views.not_linked(turn.t, customer, text)
    if await _wants_silence(turn, customer):
        return views.wants_silence(turn.t, customer)
    details = {"direction": "out", "route": way.route.value}
    entry = await turn.uow.timeline.add(
        turn.member, customer.id, InteractionKind.MESSAGE, text, turn.now, details=details, file=file
    )
    await _queue(turn, customer, entry, str(entry.id))
    await turn.uow.relays.answered(customer.id, turn.now)
    await answered(turn.uow, customer, turn.now)
    await turn.saved(customer.id)
    return views.answered(turn.t, customer)


async def _queue(turn: Turn, customer: Customer, entry: Interaction, key: str) -> None:
    way = first_open(await turn.uow.contacts.of_customer(customer.id), turn.now)
    if way is None or way.contact is None:
        raise DomainError("not_sent_again")
    await end_survey_talk(turn.uow, way.contact)
    reply = views.from_rep(turn.member, entry.text, entry.file)
    await turn.uow.outbox.queue(
        NewDelivery(
            f"{ANSWER_KEY}{key}",
            way.contact.channel,
            way.contact.chat_id,
            Audience.CUSTOMER,
            RELAY,
            reply.to_record(),
            due_at=turn.now,
        )
    )


async def send_again(turn: Turn) -> Reply:
    """`relay.again:<entry>`: an answer that did not arrive, once for each tap on another message."""
    entry = await turn.uow.timeline.get(turn.member, turn.arg(0))
    if entry.kind is not InteractionKind.MESSAGE or entry.details.get("direction") != "out":
        raise DomainError("old_button")
    customer = await turn.uow.customers.get(turn.member, entry.customer_id)
    await _queue(turn, customer, entry, f"{entry.id}:{turn.incoming.message_ref}")
    return views.answered(turn.t, customer)


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
    "consent.ask": consent,
    "consent.set": set_consent,
}
QUESTIONS: dict[str, Handler] = {"relay.text": answer}
