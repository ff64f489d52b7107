"""Changing what stands on a customer's card: one tap, or a field and its new value. A corrected product is remembered as a word."""

from collections.abc import Awaitable, Callable

from markupsafe import Markup

from bot.domain.customers import Customer, Heat, Potential, Source
from bot.domain.errors import DomainError
from bot.domain.phones import find_phones, parse_phone
from bot.domain.sales import ABSURD_AMOUNT_VND, SMALL_AMOUNT_VND
from bot.domain.timeline import InteractionKind
from bot.domain.understanding import parse_amount
from bot.domain.vocabulary import product_word
from bot.handlers import customers
from bot.handlers.referrers import referrer_of
from bot.messages import Reply
from bot.referring import start_referral
from bot.turn import Handler, Turn
from bot.views import captures, cards, edits
from bot.views.words import HEATS, POTENTIALS

MAX_NAME = 120


async def customer_of(turn: Turn) -> Customer:
    """The customer of a choice's first part."""
    return await turn.uow.customers.get(turn.member, turn.arg(0))


# Heat, potential, source: one tap ---------------------------------------------------------------------------------------


def _chooser(view: Callable[..., Reply]) -> Handler:
    async def handler(turn: Turn) -> Reply:
        return view(turn.t, await customer_of(turn))

    return handler


async def change(turn: Turn, customer: Customer, what: Markup, **changes: object) -> Reply:
    """Set fields, write the change on the timeline, show the card in place; a second tap changes nothing."""
    if all(getattr(customer, name) == value for name, value in changes.items()):
        return await customers.show(turn, customer.id, replaces=True)
    after = await turn.uow.customers.update(customer, **changes)
    if after.referrer_id not in (None, customer.referrer_id):
        await start_referral(turn.uow, after, turn.now, turn.translator_of)
    return await changed(turn, customer.id, what)


async def changed(turn: Turn, customer_id: int, what: Markup) -> Reply:
    """All that this turn changed of a customer is one action, noted on the timeline; the card in place."""
    await turn.uow.timeline.add(turn.member, customer_id, InteractionKind.CHANGE, str(what.unescape()), turn.now)
    action_id = await turn.saved(customer_id)
    return edits.changed(turn.t, await customers.show(turn, customer_id, replaces=True), what, action_id)


def _value(turn: Turn, kind: type[Heat] | type[Potential] | type[Source]) -> str:
    try:
        return kind(turn.args[1])
    except (IndexError, ValueError):
        raise DomainError("old_button") from None


async def set_heat(turn: Turn) -> Reply:
    """`heat.set:<id>:<heat>`."""
    customer, heat = await customer_of(turn), Heat(_value(turn, Heat))
    return await change(turn, customer, turn.t("Heat: {heat}", heat=turn.t(HEATS[heat])), heat=heat)


async def set_potential(turn: Turn) -> Reply:
    """`potential.set:<id>:<potential>`."""
    customer, potential = await customer_of(turn), Potential(_value(turn, Potential))
    what = turn.t("Repurchase potential: {potential}", potential=turn.t(POTENTIALS[potential]))
    return await change(turn, customer, what, potential=potential)


async def set_source(turn: Turn) -> Reply:
    """`source.set:<id>:<source>`."""
    customer, source = await customer_of(turn), Source(_value(turn, Source))
    return await change(turn, customer, edits.source_words(turn.t, source), source=source)


# Edit: a field, then its new value -------------------------------------------------------------------------------------


async def edit(turn: Turn) -> Reply:
    """`edit:<id>`: the fields to choose from."""
    return edits.choose_field(turn.t, await customer_of(turn))


async def edit_source(turn: Turn) -> Reply:
    """`source.ask:<id>`."""
    return edits.choose_source(turn.t, await customer_of(turn))


async def edit_field(turn: Turn) -> Reply:
    """`edit.field:<id>:<field>`: ask for the new value."""
    customer = await customer_of(turn)
    field = turn.args[1] if len(turn.args) > 1 else ""
    if field not in EDITS:
        raise DomainError("old_button")
    await turn.ask("edit.value", customer=customer.id, field=field)
    return edits.ask_value(turn.t, customer, field)


async def edit_value(turn: Turn) -> Reply:
    """The typed value of a field; what cannot be that field is asked again, with an example."""
    customer = await turn.uow.customers.get(turn.member, int(turn.data["customer"]))
    field = str(turn.data["field"])
    changes = await EDITS[field](turn)
    if not changes:
        await turn.ask("edit.value", customer=customer.id, field=field)
        return edits.ask_value(turn.t, customer, field, again=True)
    reply = await change(turn, customer, edits.field_words(turn.t, field, turn.words), **changes)
    told = await learn_product(turn, customer.interest, str(changes["interest"])) if field == "interest" else Markup()
    return edits.as_message(reply, told)


Changes = dict[str, object]


async def _name(turn: Turn) -> Changes:
    capture = await turn.understand(turn.words)
    whole = " ".join(turn.words.split())
    if not whole or len(whole) > MAX_NAME:
        return {}
    if capture.honorific and capture.name and len(capture.name.split()) == len(whole.split()) - 1:
        return {"name": whole.split(" ", 1)[1], "honorific": capture.honorific}
    return {"name": whole}


async def _phones(turn: Turn) -> Changes:
    found = tuple(dict.fromkeys(phone.e164 for phone in find_phones(turn.words)))
    if not found and (one := parse_phone(turn.words)):
        found = (one,)
    return {"phones": found} if found else {}


async def _email(turn: Turn) -> Changes:
    found = (await turn.understand(turn.words)).email
    return {"email": found} if found else {}


def _plain(name: str) -> Callable[[Turn], Awaitable[Changes]]:
    async def change(turn: Turn) -> Changes:
        words = " ".join(turn.words.split())
        return {name: words} if 0 < len(words) <= MAX_NAME else {}

    return change


async def _referrer(turn: Turn) -> Changes:
    words = " ".join(turn.words.split())
    if not 0 < len(words) <= MAX_NAME:
        return {}
    return {"referrer": words, "referrer_id": await referrer_of(turn, words, int(turn.data["customer"]))}


async def _expected(turn: Turn) -> Changes:
    said = parse_amount(turn.words)
    return {"expected_vnd": said} if said and SMALL_AMOUNT_VND <= said <= ABSURD_AMOUNT_VND else {}


EDITS: dict[str, Callable[[Turn], Awaitable[Changes]]] = {
    "name": _name,
    "phones": _phones,
    "email": _email,
    "company": _plain("company"),
    "interest": _plain("interest"),
    "referrer": _referrer,
    "expected": _expected,
}


async def learn_product(turn: Turn, said: str | None, meant: str) -> Markup:
    """A product that was understood as `said` is `meant`: remembered for the next message; what to tell of it."""
    word = product_word(said or "", meant)
    if word is None:
        return Markup()
    await turn.uow.vocabulary.learn(turn.member, word, shared=turn.member.manages)
    return captures.learned_line(turn.t, word)


CHOICES: dict[str, Handler] = {
    "heat.ask": _chooser(cards.choose_heat),
    "heat.set": set_heat,
    "potential.ask": _chooser(cards.choose_potential),
    "potential.set": set_potential,
    "source.ask": edit_source,
    "source.set": set_source,
    "edit": edit,
    "edit.field": edit_field,
}
QUESTIONS: dict[str, Handler] = {"edit.value": edit_value}
