"""Sales by hand: /ban, the *Chốt đơn* button, and the amount where the message left it open."""

from dataclasses import replace

from bot.conversation import Handler, Reply, Turn, address_of
from bot.domain.errors import DomainError
from bot.domain.sales import ABSURD_AMOUNT_VND, Sale
from bot.domain.understanding import Intent, parse_amount
from bot.handlers import capture
from bot.handlers.drafts import Answers
from bot.handlers.followups import is_another_matter
from bot.views import captures, forms

_take_sale = capture.forced(Intent.SALE)


async def sell(turn: Turn) -> Answers:
    """/ban chị Lan gói Pro 12tr5; alone it asks whom."""
    if turn.words:
        return await _take_sale(turn)
    recent = await turn.uow.customers.recent(turn.member, forms.RECENT)
    await turn.ask("sale.new")
    question = turn.t("Who has bought? Tap, or type for example <code>Ms Lan Pro plan 12tr5</code>.")
    return forms.ask_whom(turn.t, question, recent, "sale.ask")


async def ask(turn: Turn) -> Reply:
    """`sale.ask:<customer>`."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    await turn.ask("sale.what", customer=customer.id)
    return forms.ask_sale(turn.t, customer)


async def what(turn: Turn) -> Answers:
    """What was sold and for how much, in one message."""
    customer = await turn.uow.customers.get(turn.member, int(turn.data["customer"]))
    return await capture.file_words(turn, customer, Intent.SALE)


async def amount(turn: Turn) -> Answers:
    """The typed amount of a saved sale; one that cannot be is asked again, an absurd one to be confirmed."""
    sale = await turn.uow.sales.get(turn.member, int(turn.data["sale"]))
    customer = await turn.uow.customers.get(turn.member, sale.customer_id)
    said = parse_amount(turn.words)
    if said is None:
        if is_another_matter(await turn.understand(turn.words), customer):
            return await capture.text(turn)
        await turn.ask("sale.amount", sale=sale.id)
        return captures.ask_amount(turn.t, sale.id, captures.no_amount(turn.t))
    if said <= 0 or said > ABSURD_AMOUNT_VND:
        await turn.ask("sale.amount", sale=sale.id)
        wrong = captures.odd_amount(turn.t, said)
        return (
            captures.confirm_amount(turn.t, sale.id, said, wrong)
            if said > 0
            else captures.ask_amount(turn.t, sale.id, wrong)
        )
    return await _set(turn, sale, said)


async def confirm(turn: Turn) -> Reply:
    """`sale.amount:<sale>:<đồng>`: an absurd amount is right after all."""
    sale = await turn.uow.sales.get(turn.member, turn.arg(0))
    if len(turn.args) < 2 or not turn.args[1].isdigit() or len(turn.args[1]) > 18:
        raise DomainError("old_button")
    if sale.amount_vnd is not None:
        return Reply(forms.sale_is(turn.t, sale), replaces=True)
    return replace(await _set(turn, sale, int(turn.args[1])), replaces=True)


async def unknown(turn: Turn) -> Reply:
    """`sale.unknown:<sale>`: the amount stays open."""
    sale = await turn.uow.sales.get(turn.member, turn.arg(0))
    await _no_longer_asked(turn, sale)
    return Reply(forms.sale_is(turn.t, sale), replaces=True)


async def _set(turn: Turn, sale: Sale, amount_vnd: int) -> Reply:
    await _no_longer_asked(turn, sale)
    sale = await turn.uow.sales.update(sale, amount_vnd=amount_vnd)
    return forms.amount_saved(turn.t, sale, await turn.saved(sale.customer_id))


async def _no_longer_asked(turn: Turn, sale: Sale) -> None:
    address = address_of(turn.incoming.peer)
    waiting = await turn.uow.questions.waiting(address)
    if waiting and waiting.name == "sale.amount" and waiting.data["sale"] == sale.id:
        await turn.uow.questions.forget(address)


CHOICES: dict[str, Handler] = {"sale.ask": ask, "sale.amount": confirm, "sale.unknown": unknown}
QUESTIONS: dict[str, Handler] = {"sale.what": what, "sale.amount": amount, "sale.new": _take_sale}
