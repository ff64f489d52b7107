"""The customer card: open it, page through its timeline and files, change what stands on it."""

from collections.abc import Awaitable, Callable

from markupsafe import Markup

from bot.conversation import Handler, Reply, Turn, address_of
from bot.domain.customers import Customer, Heat, Potential, Source, Stage
from bot.domain.errors import DomainError
from bot.domain.phones import find_phones, parse_phone
from bot.domain.sales import Purchases
from bot.domain.timeline import InteractionKind
from bot.views import cards, edits
from bot.views.words import HEATS, POTENTIALS, STAGES

MAX_NAME = 120


async def show(turn: Turn, customer_id: int, *, replaces: bool = False) -> Reply:
    """The card of a customer whom the member may see."""
    customer = await turn.uow.customers.get(turn.member, customer_id)
    latest, _ = await turn.uow.timeline.page(turn.member, customer_id, limit=3)
    view = cards.CustomerView(
        customer=customer,
        owner=turn.member if customer.owner_id == turn.member.id else await turn.uow.members.get(customer.owner_id),
        purchases=(await turn.uow.sales.purchases([customer_id])).get(customer_id, Purchases()),
        open_followups=await turn.uow.followups.of_customer(turn.member, customer_id),
        latest=latest,
    )
    await turn.talks_about(customer_id)
    return cards.customer_card(turn.t, view, turn.member, replaces=replaces)


async def open_card(turn: Turn) -> Reply:
    """`customer.open:<id>`: the card as a new message, the list or push stays."""
    return await show(turn, turn.arg(0))


async def show_in_place(turn: Turn) -> Reply:
    """`customer.show:<id>`: back to the card, in place."""
    return await show(turn, turn.arg(0), replaces=True)


async def _customer(turn: Turn) -> Customer:
    return await turn.uow.customers.get(turn.member, turn.arg(0))


async def more(turn: Turn) -> Reply:
    """`customer.more:<id>`."""
    return cards.more(turn.t, await _customer(turn))


async def timeline(turn: Turn) -> Reply:
    """`timeline:<id>:<offset>`."""
    customer = await _customer(turn)
    entries, total = await turn.uow.timeline.page(turn.member, customer.id, cards.TIMELINE_PAGE, turn.arg(1))
    return cards.timeline_page(turn.t, customer, entries, total, turn.arg(1))


async def entry(turn: Turn) -> Reply:
    """`entry:<id>`: one entry in full."""
    found = await turn.uow.timeline.get(turn.member, turn.arg(0))
    return cards.full_entry(turn.t, await turn.uow.customers.get(turn.member, found.customer_id), found)


async def files(turn: Turn) -> Reply:
    """`files:<id>:<offset>`."""
    customer = await _customer(turn)
    entries, total = await turn.uow.timeline.files(turn.member, customer.id, cards.PAGE, turn.arg(1))
    return cards.file_list(turn.t, customer, entries, total, turn.arg(1))


async def show_file(turn: Turn) -> Reply:
    """`file:<entry id>`: the file itself."""
    found = await turn.uow.timeline.get(turn.member, turn.arg(0))
    if found.file is None:
        raise DomainError("interaction_not_found")
    return Reply(Markup("{}").format(found.text or found.file.name), stored_file=found.file)


# Heat, stage, potential: one tap ---------------------------------------------------------------------------------------


def _chooser(view: Callable[..., Reply]) -> Handler:
    async def handler(turn: Turn) -> Reply:
        return view(turn.t, await _customer(turn))

    return handler


async def _change(turn: Turn, customer: Customer, what: Markup, **changes: object) -> Reply:
    """Set fields, write the change on the timeline, show the card in place; a second tap changes nothing."""
    if all(getattr(customer, name) == value for name, value in changes.items()):
        return await show(turn, customer.id, replaces=True)
    await turn.uow.customers.update(customer, **changes)
    await turn.uow.timeline.add(turn.member, customer.id, InteractionKind.CHANGE, str(what.unescape()), turn.now)
    action_id = await turn.saved(customer.id)
    return edits.changed(turn.t, await show(turn, customer.id, replaces=True), what, action_id)


def _value(turn: Turn, kind: type[Heat] | type[Stage] | type[Potential] | type[Source]) -> str:
    try:
        return kind(turn.args[1])
    except (IndexError, ValueError):
        raise DomainError("old_button") from None


async def set_heat(turn: Turn) -> Reply:
    """`heat.set:<id>:<heat>`."""
    customer, heat = await _customer(turn), Heat(_value(turn, Heat))
    return await _change(turn, customer, turn.t("Heat: {heat}", heat=turn.t(HEATS[heat])), heat=heat)


async def set_stage(turn: Turn) -> Reply:
    """`stage.set:<id>:<stage>`; won comes from a sale alone."""
    customer, stage = await _customer(turn), Stage(_value(turn, Stage))
    if stage is Stage.WON:
        raise DomainError("old_button")
    return await _change(turn, customer, turn.t("Stage: {stage}", stage=turn.t(STAGES[stage])), stage=stage)


async def set_potential(turn: Turn) -> Reply:
    """`potential.set:<id>:<potential>`."""
    customer, potential = await _customer(turn), Potential(_value(turn, Potential))
    what = turn.t("Repurchase potential: {potential}", potential=turn.t(POTENTIALS[potential]))
    return await _change(turn, customer, what, potential=potential)


async def set_source(turn: Turn) -> Reply:
    """`source.set:<id>:<source>`."""
    customer, source = await _customer(turn), Source(_value(turn, Source))
    return await _change(turn, customer, edits.source_words(turn.t, source), source=source)


# Edit: a field, then its new value -------------------------------------------------------------------------------------


async def edit(turn: Turn) -> Reply:
    """`edit:<id>`: the fields to choose from."""
    return edits.choose_field(turn.t, await _customer(turn))


async def edit_source(turn: Turn) -> Reply:
    """`source.ask:<id>`."""
    return edits.choose_source(turn.t, await _customer(turn))


async def edit_field(turn: Turn) -> Reply:
    """`edit.field:<id>:<field>`: ask for the new value."""
    customer = await _customer(turn)
    field = turn.args[1] if len(turn.args) > 1 else ""
    if field not in _EDITS:
        raise DomainError("old_button")
    await turn.ask("edit.value", customer=customer.id, field=field)
    return edits.ask_value(turn.t, customer, field)


async def edit_value(turn: Turn) -> Reply:
    """The typed value of a field; what cannot be that field is asked again, with an example."""
    customer = await turn.uow.customers.get(turn.member, int(turn.data["customer"]))
    field = str(turn.data["field"])
    changes = await _EDITS[field](turn)
    if not changes:
        await turn.ask("edit.value", customer=customer.id, field=field)
        return edits.ask_value(turn.t, customer, field, again=True)
    reply = await _change(turn, customer, edits.field_words(turn.t, field, turn.words), **changes)
    return edits.as_message(reply)


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


_EDITS: dict[str, Callable[[Turn], Awaitable[Changes]]] = {
    "name": _name,
    "phones": _phones,
    "email": _email,
    "company": _plain("company"),
    "interest": _plain("interest"),
    "referrer": _plain("referrer"),
}


async def cancel(turn: Turn) -> Reply:
    """/huy and *Bỏ*: leave the current form."""
    address = address_of(turn.incoming.peer)
    waiting = await turn.uow.questions.waiting(address)
    await turn.uow.questions.forget(address)
    if turn.incoming.choice:
        return Reply(turn.t("Left; nothing was saved."), replaces=True)
    return Reply(turn.t("Left the form; what was saved before stays.") if waiting else turn.t("No form is open."))


CHOICES: dict[str, Handler] = {
    "customer.open": open_card,
    "customer.show": show_in_place,
    "customer.more": more,
    "timeline": timeline,
    "entry": entry,
    "files": files,
    "file": show_file,
    "heat.ask": _chooser(cards.choose_heat),
    "heat.set": set_heat,
    "stage.ask": _chooser(cards.choose_stage),
    "stage.set": set_stage,
    "potential.ask": _chooser(cards.choose_potential),
    "potential.set": set_potential,
    "source.ask": edit_source,
    "source.set": set_source,
    "edit": edit,
    "edit.field": edit_field,
    "cancel": cancel,
}
QUESTIONS: dict[str, Handler] = {"edit.value": edit_value}
