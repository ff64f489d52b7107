"""The item that a button is about: still open and due as the button says, or shown as it stands; and what changes an item."""

import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime

from bot.domain.agenda import due_together
from bot.domain.calendar import moment_of
from bot.domain.care import Asks, step_of
from bot.domain.customers import Customer
from bot.domain.followups import FollowUp, FollowUpState, Outcome
from bot.domain.pipeline import Part
from bot.messages import Reply
from bot.reminding import read_reminder
from bot.turn import Handler, Turn
from bot.views import reminders
from bot.views.reminders import PUSHED, Held, Reminder

_ORIGIN = re.compile(r"[tac]\d{1,5}", re.ASCII)


def on_item(answer: Callable[[Turn, Held], Awaitable[Reply]]) -> Handler:
    """A handler of `due.<verb>:<id>:<stamp>:<origin>…`. An old button or a second tap shows how things stand and does nothing."""

    async def handler(turn: Turn) -> Reply:
        followup = await turn.uow.followups.get(turn.member, turn.arg(0))
        customer = await turn.uow.customers.get(turn.member, followup.customer_id)
        origin = origin_of(turn, 2)
        if not followup.is_open:
            return reminders.settled(turn.t, customer, followup, origin)
        held = Held(customer, await read_together(turn, followup), origin)
        if len(turn.args) < 2 or turn.args[1] != reminders.stamp(followup):
            toast = str(turn.t("This has changed: here is how it stands.").unescape())
            return await show_card(turn, customer, held.items, origin, replaces=True, toast=toast)
        return await answer(turn, held)

    return handler


async def show_card(
    turn: Turn, customer: Customer, items: tuple[FollowUp, ...], origin: str, *, replaces: bool, toast: str = ""
) -> Reply:
    """The card of these items."""
    reminder = await reminder_of(turn, customer, items, origin)
    return reminders.card(turn.t, reminder, turn.today, replaces=replaces, toast=toast)


async def reminder_of(turn: Turn, customer: Customer, items: tuple[FollowUp, ...], origin: str) -> Reminder:
    """What stands on the card of these items."""
    return await read_reminder(turn.uow, turn.member, turn.t, await turn.org_name(), customer, items, origin)


async def read_together(turn: Turn, followup: FollowUp) -> tuple[FollowUp, ...]:
    """The item, and what else stands on the same card."""
    open_items = await turn.uow.followups.of_customer(turn.member, followup.customer_id)
    return due_together(followup, open_items, turn.today)


def origin_of(turn: Turn, index: int) -> str:
    """Which list the card was opened from, as part `index` of the choice says."""
    said = turn.args[index] if index < len(turn.args) else PUSHED
    return said if _ORIGIN.fullmatch(said) else PUSHED


def asks(followup: FollowUp) -> Asks:
    """What finishing it asks the rep for."""
    step = step_of(followup.step)
    return step.asks if step else Asks.OUTCOME


# What changes an item -------------------------------------------------------------------------------------------------


async def close(turn: Turn, followup: FollowUp, *, state: FollowUpState, outcome: Outcome | None = None) -> FollowUp:
    """It waits no more; a push of it that was queued but not sent yet is cancelled."""
    await turn.uow.outbox.cancel(f"followup:{followup.id}:")
    changes = {"state": state, "done_at": turn.now, "outcome": outcome, "push_at": None}
    if state is FollowUpState.DONE and followup.sale_id is not None:
        await _enter_care(turn, followup.customer_id)
    return await turn.uow.followups.update(followup, **changes)


async def _enter_care(turn: Turn, customer_id: int) -> None:
    """The first thing done after a sale brings the customer to the step of care, where the company has one."""
    pipeline = (await turn.company()).pipeline
    if care := pipeline.after_won(Part.CARE):
        customer = await turn.uow.customers.get(turn.member, customer_id)
        if customer.stage == pipeline.won.key:
            await turn.uow.customers.move(turn.member, customer, care.key, turn.now)


async def move(turn: Turn, followup: FollowUp, day: date) -> FollowUp:
    """To another day, by hand: a clock time stays, unless it would lie in the past."""
    local = turn.member.local(followup.due_at) if followup.due_at else None
    at = moment_of(turn.member, day, local.time()) if local else None
    return await _due(turn, followup, day, at if at and at > turn.now else None)


async def move_to(turn: Turn, followup: FollowUp, moment: datetime) -> FollowUp:
    """To a moment (UTC), by hand: pushed exactly then."""
    return await _due(turn, followup, turn.member.local(moment).date(), moment)


async def _due(turn: Turn, followup: FollowUp, day: date, at: datetime | None) -> FollowUp:
    await turn.uow.outbox.cancel(f"followup:{followup.id}:")
    return await turn.uow.followups.update(followup, due_on=day, due_at=at, push_at=at)
