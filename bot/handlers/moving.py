"""Moving what is due (*Dời*) and dropping it, always with a reason."""

from datetime import date, datetime, timedelta

from bot.domain.errors import DomainError
from bot.domain.followups import FollowUp, FollowUpState
from bot.domain.timeline import InteractionKind
from bot.handlers.items import close, move, move_to, on_item, origin_of, reminder_of
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import care, moving
from bot.views.moving import DELAYS, DROP_REASONS, MONTHS_AHEAD, months_between
from bot.views.reminders import ALL, ONE, Held

HOURS = {"1h": 1, "2h": 2}


async def snooze(turn: Turn, held: Held) -> Reply:
    """`due.snooze`: move the card to when?"""
    reminder = await reminder_of(turn, held.customer, held.items, held.origin)
    return moving.choose_delay(turn.t, reminder, turn.member, turn.today)


async def later(turn: Turn, held: Held) -> Reply:
    """`due.later:…:<delay>:<one|all>`: what stands on the card moves together."""
    delay, items = _picked(turn, held)
    if delay not in DELAYS:
        raise DomainError("old_button")
    if delay in HOURS:
        moment = (turn.now + timedelta(hours=HOURS[delay])).replace(second=0, microsecond=0)
        return await _moved(turn, held, [await move_to(turn, item, moment) for item in items])
    return await _to_day(turn, held, items, moving.later(turn.today, delay))


async def month(turn: Turn, held: Held) -> Reply:
    """`due.month:…:<YYYYMM>:<one|all>`: a month to pick a day from, from this one on."""
    said, _ = _picked(turn, held)
    first_day = max(_date(said + "01"), turn.today.replace(day=1))
    if months_between(turn.today, first_day) > MONTHS_AHEAD:
        raise DomainError("old_button")
    return moving.month(turn.t, held, first_day, turn.today, turn.args[4])


async def on_day(turn: Turn, held: Held) -> Reply:
    """`due.on:…:<YYYYMMDD>:<one|all>`: the day that was picked; one that has passed since shows the month again."""
    said, items = _picked(turn, held)
    day = _date(said)
    if day < turn.today:
        toast = str(turn.t("This day has passed; please pick another one.").unescape())
        return moving.month(turn.t, held, turn.today.replace(day=1), turn.today, turn.args[4], toast)
    if months_between(turn.today, day) > MONTHS_AHEAD:
        raise DomainError("old_button")
    return await _to_day(turn, held, items, day)


def _picked(turn: Turn, held: Held) -> tuple[str, tuple[FollowUp, ...]]:
    """What was picked, and for which items of the card."""
    if len(turn.args) != 5 or turn.args[4] not in (ONE, ALL):
        raise DomainError("old_button")
    return turn.args[3], held.items if turn.args[4] == ALL else held.items[:1]


async def _to_day(turn: Turn, held: Held, items: tuple[FollowUp, ...], day: date) -> Reply:
    return await _moved(turn, held, [await move(turn, item, day) for item in items])


async def _moved(turn: Turn, held: Held, items: list[FollowUp]) -> Reply:
    return moving.moved(turn.t, held.customer, items, held.origin, await turn.saved(held.customer.id))


async def drop(turn: Turn, held: Held) -> Reply:
    """`due.drop`: why?"""
    return moving.choose_reason(turn.t, held.first, held.customer, held.origin)


async def dropped(turn: Turn, held: Held) -> Reply:
    """`due.dropped:…:<reason>`."""
    if len(turn.args) != 4 or turn.args[3] not in DROP_REASONS:
        raise DomainError("old_button")
    return await _drop(turn, held, held.items[:1], turn.args[3])


async def clear(turn: Turn) -> Reply:
    """`due.clear:<customer>:<origin>`: drop all that is planned for a customer who is not interested; a second tap finds nothing."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    open_items = await turn.uow.followups.of_customer(turn.member, customer.id)
    own = tuple(item for item in open_items if item.member_id == turn.member.id)
    if not own:
        raise DomainError("old_button")
    return await _drop(turn, Held(customer, own, origin_of(turn, 1)), own, "not_interested")


async def _drop(turn: Turn, held: Held, items: tuple[FollowUp, ...], reason: str) -> Reply:
    for item in items:
        await close(turn, item, state=FollowUpState.DROPPED)
    words = turn.t("Dropped ({reason}): {what}", reason=turn.t(DROP_REASONS[reason]), what=_words(turn, items))
    await turn.uow.timeline.add(turn.member, held.customer.id, InteractionKind.CHANGE, str(words.unescape()), turn.now)
    action_id = await turn.saved(held.customer.id)
    return moving.dropped(turn.t, held.customer, items, reason, held.origin, action_id)


def _words(turn: Turn, items: tuple[FollowUp, ...]) -> str:
    return "; ".join(str(care.step_words(turn.t, item).unescape()) for item in items)


def _date(digits: str) -> date:
    try:
        return datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 - a calendar date
    except ValueError:
        raise DomainError("old_button") from None


CHOICES: dict[str, Handler] = {
    "due.snooze": on_item(snooze),
    "due.later": on_item(later),
    "due.month": on_item(month),
    "due.on": on_item(on_day),
    "due.drop": on_item(drop),
    "due.dropped": on_item(dropped),
    "due.clear": clear,
}
