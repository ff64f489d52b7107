"""What is due: /homnay, /lich, what is planned for one customer, the card, *Xong* with its outcome."""

from datetime import time, timedelta

from bot.domain.agenda import agenda_entries
from bot.domain.calendar import moment_of, next_working_day
from bot.domain.care import Asks
from bot.domain.customers import Customer
from bot.domain.errors import DomainError
from bot.domain.followups import FollowUp, FollowUpState, NewFollowUp, Outcome, When
from bot.domain.timeline import InteractionKind
from bot.handlers import moving
from bot.handlers.items import (
    asks,
    close,
    move,
    on_item,
    origin_of,
    read_together,
    reminder_of,
    show_card,
)
from bot.handlers.referrals import read_chain
from bot.messages import Reply
from bot.reminding import customer_ids, read_next, read_today
from bot.ticketing import answered
from bot.turn import Handler, Turn
from bot.views import care, due_lists, reminders
from bot.views.moving import call_again
from bot.views.reminders import ALL, ONE, PUSHED, Held

AGENDA_DAYS = 7


async def plan_followup(turn: Turn, customer_id: int, text: str, when: When) -> FollowUp:
    """A follow-up by hand. With a clock time it is pushed exactly then, even in quiet hours; without one the digest brings it."""
    at = moment_of(turn.member, when.on, when.at) if when.at else None
    return await turn.uow.followups.add(
        NewFollowUp(customer_id, turn.member.id, text, when.on, at), turn.now, push_at=at
    )


# Lists ----------------------------------------------------------------------------------------------------------------


async def today(turn: Turn) -> Reply:
    """/homnay."""
    return await show_today(turn, 0, replaces=False)


async def today_page(turn: Turn) -> Reply:
    """`due.today:<offset>`: as it stands now, in place."""
    return await show_today(turn, turn.arg(0), replaces=True)


async def show_today(turn: Turn, offset: int, *, replaces: bool) -> Reply:
    """The list of today; a single entry is shown as its card at once."""
    entries = await read_today(turn.uow, turn.member, turn.today)
    if not entries:
        upcoming = await read_next(turn.uow, turn.member, turn.today)
        has_done = await turn.uow.followups.any_done(turn.member, moment_of(turn.member, turn.today, time()))
        return due_lists.nothing_today(turn.t, upcoming, replaces=replaces, has_done=has_done)
    if len(entries) == 1:
        return await show_card(turn, entries[0].customer, entries[0].items, PUSHED, replaces=replaces)
    return due_lists.today_list(turn.t, entries, turn.today, _page_start(offset, len(entries)), replaces=replaces)


async def agenda(turn: Turn) -> Reply:
    """/lich."""
    return await _show_agenda(turn, 0, replaces=False)


async def agenda_page(turn: Turn) -> Reply:
    """`due.agenda:<offset>`."""
    return await _show_agenda(turn, turn.arg(0), replaces=True)


async def _show_agenda(turn: Turn, offset: int, *, replaces: bool) -> Reply:
    items = await turn.uow.followups.due(turn.member, until=turn.today + timedelta(days=AGENDA_DAYS - 1))
    ahead = [item for item in items if item[0].due_on >= turn.today]
    entries = agenda_entries(ahead, await turn.uow.sales.purchases(customer_ids(ahead)))
    overdue = len(items) - len(ahead)
    offset = _page_start(offset, len(entries))
    return due_lists.agenda(turn.t, entries, turn.today, overdue, offset, replaces=replaces)


async def customer_page(turn: Turn) -> Reply:
    """`due.customer:<customer>[:<offset>]`: all that is planned for a customer, and the way to the checklist of their last sale."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    everything = await turn.uow.followups.of_customer(turn.member, customer.id, only_open=False)
    planned = [item for item in everything if item.is_open]
    sales = [item.sale_id for item in everything if item.sale_id is not None and item.checklist is not None]
    offset = _page_start(turn.arg(1) if len(turn.args) > 1 else 0, len(planned))
    await turn.talks_about(customer.id)
    return due_lists.of_customer(turn.t, customer, planned, turn.today, offset, max(sales, default=None))


def _page_start(offset: int, total: int) -> int:
    """The page that a button asks for, or the last one when the list has become shorter."""
    last = max(0, total - 1) // due_lists.PAGE * due_lists.PAGE
    return min(offset // due_lists.PAGE * due_lists.PAGE, last)


async def nothing(_: Turn) -> Reply:
    """`due.none`: a button that is only there to be read."""
    return Reply()


# The card of one customer ---------------------------------------------------------------------------------------------


async def open_card(turn: Turn) -> Reply:
    """`due.open:<id>:<origin>`: the card in place of the list, or back from a choice."""
    followup = await turn.uow.followups.get(turn.member, turn.arg(0))
    customer = await turn.uow.customers.get(turn.member, followup.customer_id)
    origin = origin_of(turn, 1)
    if not followup.is_open:
        return reminders.settled(turn.t, customer, followup, origin)
    await turn.talks_about(customer.id)
    return await show_card(turn, customer, await read_together(turn, followup), origin, replaces=True)


# Done -----------------------------------------------------------------------------------------------------------------


async def done(turn: Turn, held: Held) -> Reply:
    """`due.done`: what came of it; with several items on the card, of which one first."""
    if len(held.items) == 1:
        return await done_one(turn, held)
    reminder = await reminder_of(turn, held.customer, held.items, held.origin)
    return reminders.choose_item(turn.t, reminder, len(_of_outcome(held.items)))


async def done_one(turn: Turn, held: Held) -> Reply:
    """`due.one`: this item alone; what it asks for is in its step."""
    match asks(held.first):
        case Asks.FEEDBACK:
            await turn.ask("checklist.feedback", step=held.first.id)
            return care.ask_feedback(turn.t, held.first, held.customer)
        case Asks.POTENTIAL:
            return care.ask_potential(turn.t, held.first, held.customer)
        case Asks.GIFT if (chain := await read_chain(turn, held.customer)).owed:
            return reminders.ask_gift(turn.t, chain, held.first, held.origin)
        case Asks.OUTCOME | Asks.GIFT:
            return reminders.choose_outcome(turn.t, held.customer, held.items[:1], held.origin, ONE)


async def done_all(turn: Turn, held: Held) -> Reply:
    """`due.all`: one outcome for all items of the card that an outcome settles."""
    return reminders.choose_outcome(turn.t, held.customer, _settling(held), held.origin, ALL)


async def outcome(turn: Turn, held: Held) -> Reply:
    """`due.outcome:…:<one|all>:<outcome>`: written on the timeline; nobody answered: it comes again on the next working day."""
    scope, came = turn.args[3:5] if len(turn.args) == 5 else ("", "")
    if scope not in (ONE, ALL) or came not in list(Outcome):
        raise DomainError("old_button")
    result = Outcome(came)
    items = _settling(held) if scope == ALL else held.items[:1]
    kind = InteractionKind.MESSAGE if result is Outcome.MESSAGED else InteractionKind.CALL
    await _write_down(turn, held.customer, items, kind, {"outcome": str(result)})
    if result is Outcome.NO_ANSWER:
        return await _call_again(turn, held, items)
    settled = [await close(turn, item, state=FollowUpState.DONE, outcome=result) for item in items]
    await answered(turn.uow, held.customer, turn.now)
    await turn.uow.relays.answered(held.customer.id, turn.now)
    action_id = await turn.saved(held.customer.id)
    if result is Outcome.BOUGHT:
        await turn.ask("sale.what", customer=held.customer.id)
    remaining = await _remaining(turn, held, result, {item.id for item in settled})
    return reminders.finished(turn.t, held.customer, settled, result, remaining, held.origin, action_id)


async def _call_again(turn: Turn, held: Held, items: tuple[FollowUp, ...]) -> Reply:
    day = next_working_day(turn.today + timedelta(days=1), turn.member.days_off)
    moved = [await move(turn, item, day) for item in items]
    action_id = await turn.saved(held.customer.id)
    reminder = await reminder_of(turn, held.customer, items, held.origin)
    _, copy = care.ready_to_send(turn.t, reminder.message)
    return call_again(turn.t, held.customer, moved, turn.today, held.origin, action_id, copy)


async def _remaining(turn: Turn, held: Held, result: Outcome, settled: set[int]) -> list[FollowUp]:
    """What is left for this customer: on this card, or at all when they are not interested."""
    if result is not Outcome.NOT_INTERESTED:
        return [item for item in held.items if item.id not in settled]
    open_items = await turn.uow.followups.of_customer(turn.member, held.customer.id)
    return [item for item in open_items if item.member_id == turn.member.id]


def _of_outcome(items: tuple[FollowUp, ...]) -> tuple[FollowUp, ...]:
    return tuple(item for item in items if asks(item) is Asks.OUTCOME)


def _settling(held: Held) -> tuple[FollowUp, ...]:
    """The items that one outcome settles; at least the one that the button is about."""
    return _of_outcome(held.items) or held.items[:1]


async def _write_down(
    turn: Turn, customer: Customer, items: tuple[FollowUp, ...], kind: InteractionKind, details: dict[str, str]
) -> None:
    what = "; ".join(str(care.step_words(turn.t, item).unescape()) for item in items)
    await turn.uow.timeline.add(turn.member, customer.id, kind, what, turn.now, details=details)


CHOICES: dict[str, Handler] = {
    "due.today": today_page,
    "due.agenda": agenda_page,
    "due.customer": customer_page,
    "due.none": nothing,
    "due.open": open_card,
    "due.done": on_item(done),
    "due.one": on_item(done_one),
    "due.all": on_item(done_all),
    "due.outcome": on_item(outcome),
    **moving.CHOICES,
}
QUESTIONS: dict[str, Handler] = {}
