"""/tim: find a customer by name, phone, code or company."""

from bot.domain.phones import national
from bot.domain.understanding import Intent
from bot.handlers import customers, drafts
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import buttons, cards

SURE = 90.0


async def find(turn: Turn) -> Reply:
    """/tim <words>; alone it asks."""
    if not turn.words:
        await turn.ask("find.query")
        return Reply(
            turn.t("Whom are you looking for? A name, any part of the phone number, or a code."),
            ((buttons.cancel(turn.t),),),
        )
    return await show_results(turn, turn.words)


async def show_results(turn: Turn, query: str) -> Reply:
    """The hits; a single sure one opens its card."""
    found, total = await turn.uow.customers.find(turn.member, query, cards.PAGE)
    if total == 1 and found[0].score >= SURE:
        return await customers.show(turn, found[0].customer.id)
    draft_id = await drafts.keep(turn, query)
    return cards.found_list(turn.t, query, found, total, 0, draft_id, replaces=False)


async def page(turn: Turn) -> Reply:
    """`find.page:<draft>:<offset>`: another page of the same search."""
    query = (await drafts.kept(turn, turn.arg(0))).text
    found, total = await turn.uow.customers.find(turn.member, query, cards.PAGE, turn.arg(1))
    return cards.found_list(turn.t, query, found, total, turn.arg(1), turn.arg(0), replaces=True)


async def by_name(turn: Turn, words: str) -> Reply | None:
    """The card or list for a name typed alone; None when nobody is called so."""
    found, _ = await turn.uow.customers.find(turn.member, words, cards.PAGE)
    sure = [hit for hit in found if hit.score >= SURE]
    if not sure:
        return None
    exact = [hit for hit in sure if hit.score >= 100]
    if len(exact or sure) == 1:
        return await customers.show(turn, (exact or sure)[0].customer.id)
    return await show_results(turn, words)


async def nobody_with_phone(turn: Turn, phone: str) -> Reply:
    """A number typed alone that nobody has: offered as a new customer, the number kept."""
    draft_id = await drafts.keep(turn, national(phone), Intent.CUSTOMER)
    return cards.unknown_phone(turn.t, phone, draft_id)


CHOICES: dict[str, Handler] = {"find.page": page}
QUESTIONS: dict[str, Handler] = {"find.query": find}
