"""*Sửa* on the card of what was just saved: whose it is, the day, the amount, the product, or any field of the customer, by one tap
or one typed word."""

from dataclasses import replace

from markupsafe import Markup

from bot.conversation import Handler, Turn
from bot.domain.calendar import moment_of
from bot.domain.customers import Customer
from bot.domain.errors import DomainError
from bot.domain.sales import ABSURD_AMOUNT_VND, Sale
from bot.domain.understanding import Capture, Due, Intent, parse_amount, parse_due
from bot.handlers import drafts, editing
from bot.handlers.drafts import Answers
from bot.messages import Reply
from bot.views import captures, edits, forms
from bot.views.captures import Fixable


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
    await turn.uow.actions.revert(action, turn.now)
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
    """One typed word: what kind it is says which field it puts right."""
    customer = await turn.uow.customers.get(turn.member, int(turn.data["customer"]))
    said = await turn.understand(turn.words, Intent.CUSTOMER)
    for put_right in (_amount, _day, _field):
        if reply := await put_right(turn, customer, said):
            return reply
    if sale_id := int(turn.data["sale"]):
        return await _product(turn, await turn.uow.sales.get(turn.member, sale_id))
    meant = " ".join(turn.words.split())[: editing.MAX_NAME]
    reply = await editing.change(turn, customer, edits.field_words(turn.t, "interest", meant), interest=meant)
    return edits.as_message(reply, await editing.learn_product(turn, customer.interest, meant))


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
    elif said.name and said.honorific:
        changes = {"name": said.name, "honorific": said.honorific}
    if not changes:
        return None
    what = Markup("{}").format(" ".join(turn.words.split()))
    return edits.as_message(await editing.change(turn, customer, what, **changes))


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
