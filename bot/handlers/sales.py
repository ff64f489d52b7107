"""Sales by hand: /ban, the *Chốt đơn* button, and the amount where the message left it open."""

from dataclasses import replace

from bot.domain.sales import ABSURD_AMOUNT_VND, SMALL_AMOUNT_VND, Sale
from bot.domain.understanding import Intent, parse_amount
from bot.handlers import capture
from bot.handlers.drafts import Answers
from bot.i18n import mark
from bot.messages import Reply
from bot.turn import Handler, Turn, address_of
from bot.views import captures, forms

# What these tell of is no sale unless an amount is said.
_NO_SALE = (Intent.NOTE, Intent.FOLLOWUP, Intent.FEEDBACK, Intent.CUSTOMER)
# "khoảng 12tr5 anh nhé" is an amount; a longer text says more than that.
_LONGEST_AMOUNT = 6

sell = capture.command(
    Intent.SALE,
    "sale.new",
    "sale.ask",
    mark("Who has bought? Choose, or type for example <code>Ms Lan Pro plan 12tr5</code>."),
)


async def ask(turn: Turn) -> Reply:
    """`sale.ask:<customer>`."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    await turn.ask("sale.what", customer=customer.id)
    return forms.ask_sale(turn.t, customer)


async def what(turn: Turn) -> Answers:
    """What was sold and for how much, in one message; what tells of no sale is a message in its own right."""
    customer = await turn.uow.customers.get(turn.member, int(turn.data["customer"]))
    said = await turn.understand(turn.words)
    if said.intent in _NO_SALE and parse_amount(turn.words) is None:
        return await capture.text(turn)
    return await capture.file_words(turn, customer, Intent.SALE)


async def amount(turn: Turn) -> Answers:
    """The typed amount of a saved sale: the whole answer is the amount. An absurd one is asked to be confirmed, anything else is a
    message in its own right."""
    sale = await turn.uow.sales.get(turn.member, int(turn.data["sale"]))
    said = parse_amount(turn.words)
    if said is None or not await _is_bare_amount(turn):
        if said is None and (await turn.understand(turn.words)).intent in (Intent.OTHER, Intent.LOOKUP):
            return await _ask_again(turn, sale, captures.ask_amount(turn.t, sale.id, captures.no_amount(turn.t)))
        return await capture.text(turn)
    if said <= 0:
        return await _ask_again(turn, sale, captures.ask_amount(turn.t, sale.id, captures.odd_amount(turn.t, said)))
    if said > ABSURD_AMOUNT_VND:
        wrong = captures.odd_amount(turn.t, said)
        return await _ask_again(turn, sale, captures.confirm_amount(turn.t, sale.id, (said,), wrong))
    if said < SMALL_AMOUNT_VND:
        meant = (said * 1_000, said * 1_000_000)
        return await _ask_again(
            turn, sale, captures.confirm_amount(turn.t, sale.id, meant, captures.small_amount(turn.t, said))
        )
    return await _set(turn, sale, said)


async def _is_bare_amount(turn: Turn) -> bool:
    said = await turn.understand(turn.words)
    return len(turn.words.split()) <= _LONGEST_AMOUNT and not (said.name or said.company or said.phones or said.due)


async def _ask_again(turn: Turn, sale: Sale, question: Reply) -> Reply:
    await turn.ask("sale.amount", sale=sale.id, customer=sale.customer_id)
    return question


async def confirm(turn: Turn) -> Reply:
    """`sale.amount:<sale>:<đồng>`: an absurd amount is right after all."""
    sale = await turn.uow.sales.get(turn.member, turn.arg(0))
    if sale.amount_vnd is not None:
        return Reply(forms.sale_is(turn.t, sale), replaces=True)
    return replace(await _set(turn, sale, turn.amount(1)), replaces=True)


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
QUESTIONS: dict[str, Handler] = {"sale.what": what, "sale.amount": amount, "sale.new": capture.forced(Intent.SALE)}
