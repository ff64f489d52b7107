"""*Sửa* on the card of what was just saved: whose it is, the day, the amount, the product, or any field of the customer, by one tap
or one typed word."""

from dataclasses import replace

from bot.domain.calendar import moment_of
from bot.domain.customers import Customer
from bot.domain.errors import DomainError
from bot.domain.names import folded
from bot.domain.sales import ABSURD_AMOUNT_VND, Sale
from bot.domain.understanding import Capture, Due, Intent, parse_amount, parse_due
from bot.handlers import capture, drafts, editing, search
from bot.handlers.drafts import Answers
from bot.handlers.filing import matches_of
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import captures, edits, forms
from bot.views.captures import Fixable

# A product or a name is said in so many words; more is a message.
LONGEST_CORRECTION = 5


async def menu(turn: Turn) -> Reply:
    """`fix:<customer>:<entry>:<followup>:<sale>:<action>` (0 for none): what can be put right; a typed word is taken as well."""
    what = Fixable(*(turn.arg(index) for index in range(5)))
    customer = await turn.uow.customers.get(turn.member, what.customer_id)
    await turn.ask("fix.word", customer=what.customer_id, followup=what.followup_id, sale=what.sale_id)
    return edits.choose_fix(turn.t, customer, what)


async def to_another(turn: Turn) -> Reply:
    """`fix.whom:<entry>:<action>`: it is about somebody else: taken back, and asked whose it is."""
    entry = await turn.uow.timeline.get(turn.member, turn.arg(0))
    action = await turn.uow.actions.get(turn.member, turn.arg(1))
    await turn.uow.actions.revert(turn.member, action, turn.now)
    draft_id = await drafts.keep(turn, entry.text, at=entry.at)
    others = [c for c in await turn.last_talked_about() if c.id != entry.customer_id]
    return replace(await drafts.ask_whom(turn, draft_id, others), replaces=True)


async def ask_day(turn: Turn) -> Reply:
    """`fix.due:<followup>`."""
    followup = await turn.uow.followups.get(turn.member, turn.arg(0))
    await turn.ask("fix.word", customer=followup.customer_id, followup=followup.id, sale=0)
    return edits.ask_fix(turn.t, "day")


async def ask_amount(turn: Turn) -> Reply:
    """`fix.amount:<sale>`."""
    sale = await turn.uow.sales.get(turn.member, turn.arg(0))
    await turn.ask("fix.word", customer=sale.customer_id, followup=0, sale=sale.id)
    return edits.ask_fix(turn.t, "amount")


async def ask_product(turn: Turn) -> Reply:
    """`fix.product:<sale>`."""
    sale = await turn.uow.sales.get(turn.member, turn.arg(0))
    await turn.ask("fix.product", customer=sale.customer_id, sale=sale.id)
    return edits.ask_fix(turn.t, "product")


async def product(turn: Turn) -> Reply:
    """The typed product of a sale."""
    sale = await turn.uow.sales.get(turn.member, int(turn.data["sale"]))
    return await _product(turn, sale)


async def word(turn: Turn) -> Answers:
    """One typed word: what kind it is says which field it puts right. A name of somebody else, or a message, is no correction."""
    customer = await turn.uow.customers.get(turn.member, int(turn.data["customer"]))
    said = await turn.understand(turn.words, Intent.CUSTOMER)
    for put_right in (_amount, _day, _field):
        if reply := await put_right(turn, customer, said):
            return reply
    if await _is_no_correction(turn):
        return await capture.text(turn)
    if sale_id := int(turn.data["sale"]):
        return await _product(turn, await turn.uow.sales.get(turn.member, sale_id))
    meant = " ".join(turn.words.split())
    reply = await editing.change(turn, customer, edits.field_words(turn.t, "interest", meant), interest=meant)
    return edits.as_message(reply, await editing.learn_product(turn, customer.interest, meant))


async def _is_no_correction(turn: Turn) -> bool:
    """Whether the words tell or ask something, or name a customer: then they are for the capture, not for this card."""
    said = await turn.understand(turn.words)
    if len(turn.words.split()) > LONGEST_CORRECTION or said.intent not in (Intent.OTHER, Intent.LOOKUP):
        return True
    found, _ = await turn.uow.customers.find(turn.member, turn.words, 1)
    return bool(found) and found[0].score >= search.SURE


async def _amount(turn: Turn, _: Customer, __: Capture) -> Reply | None:
    amount = parse_amount(turn.words)
    if not int(turn.data["sale"]) or amount is None or not 0 < amount <= ABSURD_AMOUNT_VND:
        return None
    sale = await turn.uow.sales.get(turn.member, int(turn.data["sale"]))
    sale = await turn.uow.sales.update(sale, amount_vnd=amount)
    return forms.amount_saved(turn.t, sale, await turn.saved(sale.customer_id))


async def _day(turn: Turn, customer: Customer, _: Capture) -> Reply | None:
    when = parse_due(turn.words, turn.local_now)
    if not int(turn.data["followup"]) or not isinstance(when, Due):
        return None
    followup = await turn.uow.followups.get(turn.member, int(turn.data["followup"]))
    if not followup.is_open:
        raise DomainError("old_button")
    at = moment_of(turn.member, when.on, when.at) if when.at else None
    followup = await turn.uow.followups.update(followup, due_on=when.on, due_at=at, push_at=at)
    return captures.day_saved(turn.t, customer, followup, await turn.saved(customer.id))


async def _field(turn: Turn, customer: Customer, said: Capture) -> Reply | None:
    """A phone, e-mail, heat, source or a name with its form of address."""
    changes: dict[str, object] = {}
    if said.phones:
        changes = {"phones": said.phones}
    elif said.email:
        changes = {"email": said.email}
    elif said.heat:
        changes = {"heat": said.heat}
    elif said.source:
        changes = {"source": said.source}
    else:
        changes = await _name(turn, customer, said)
    if not changes:
        return None
    field = next(iter(changes))
    what = edits.field_words(turn.t, field, turn.words)
    return edits.as_message(await editing.change(turn, customer, what, **changes))


async def _name(turn: Turn, customer: Customer, said: Capture) -> dict[str, object]:
    """A name with its form of address and nothing else, of nobody known; or the customer's own name with its marks."""
    words = turn.words.split()
    if folded(turn.words) == folded(customer.name):
        return {"name": " ".join(words)}
    somebody_else = any(c.id != customer.id for c in await matches_of(turn, said))
    if not said.name or not said.honorific or somebody_else or len(words) != len(said.name.split()) + 1:
        return {}
    return {"name": " ".join(words[1:]), "honorific": said.honorific}


async def _product(turn: Turn, sale: Sale) -> Reply:
    meant = " ".join(turn.words.split())[: editing.MAX_NAME]
    told = await editing.learn_product(turn, sale.product, meant)
    sale = await turn.uow.sales.update(sale, product=meant)
    return forms.product_saved(turn.t, sale, await turn.saved(sale.customer_id), told)


CHOICES: dict[str, Handler] = {
    "fix": menu,
    "fix.whom": to_another,
    "fix.due": ask_day,
    "fix.amount": ask_amount,
    "fix.product": ask_product,
}
QUESTIONS: dict[str, Handler] = {"fix.word": word, "fix.product": product}
