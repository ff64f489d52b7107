"""Follow-ups by hand: /nhac, the *Hẹn* button, and the date where the message left it open."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.customers import Customer
from bot.domain.errors import DomainError
from bot.domain.followups import When
from bot.domain.understanding import Due, Intent, Problem, parse_due
from bot.handlers import capture, due
from bot.handlers.drafts import Answers
from bot.i18n import mark
from bot.messages import Reply
from bot.turn import Handler, Turn, address_of
from bot.views import captures

remind = capture.command(
    Intent.FOLLOWUP,
    "followup.new",
    "followup.ask",
    mark("Whom shall I remind you about? Choose, or type for example <code>call Ms Lan tomorrow</code>."),
)


async def ask(turn: Turn) -> Reply:
    """`followup.ask:<customer>`."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    await turn.ask("followup.when", customer=customer.id, text="")
    return captures.ask_when(turn.t, customer)


# A message of one of these is complete in itself, whatever day it names.
_COMPLETE = (Intent.SALE, Intent.CUSTOMER, Intent.FEEDBACK)


async def when(turn: Turn) -> Answers:
    """The typed day; what cannot be a day is asked again with what was wrong, a message in its own right is taken as one."""
    customer = await turn.uow.customers.get(turn.member, int(turn.data["customer"]))
    text = str(turn.data["text"])
    said = await turn.understand(turn.words)
    found = parse_due(turn.words, turn.local_now)
    if said.intent in _COMPLETE or (said.intent is Intent.NOTE and said.name and not isinstance(found, Due)):
        return await capture.text(turn)
    if not isinstance(found, Due):
        await turn.ask("followup.when", customer=customer.id, text=text)
        wrong = captures.problem_line(turn.t, found) if isinstance(found, Problem) else captures.no_day(turn.t)
        return captures.ask_when(turn.t, customer, wrong)
    task = said.due.task if said.due and said.due.task else text or turn.words
    return await _plan(turn, customer, task, When(found.on, found.at))


async def in_days(turn: Turn) -> Reply:
    """`followup.in:<customer>:<days>`."""
    return await _tapped(turn, When(turn.today + timedelta(days=min(turn.arg(1), 365))))


async def on_day(turn: Turn) -> Reply:
    """`followup.on:<customer>:<YYYYMMDD>[:<HHMM>]`."""
    try:
        day = datetime.strptime(turn.args[1], "%Y%m%d").date()  # noqa: DTZ007 - a calendar date
        at = datetime.strptime(turn.args[2], "%H%M").time() if len(turn.args) > 2 else None  # noqa: DTZ007
    except (IndexError, ValueError):
        raise DomainError("old_button") from None
    return await _tapped(turn, When(day, at))


async def _tapped(turn: Turn, day: When) -> Reply:
    """The day of a tap, for the text that the question kept. A second tap finds no question any more, and nothing is done twice."""
    customer = await turn.uow.customers.get(turn.member, turn.arg(0))
    address = address_of(turn.incoming.peer)
    waiting = await turn.uow.questions.waiting(address)
    if waiting is None or waiting.name != "followup.when" or waiting.data["customer"] != customer.id:
        raise DomainError("old_button")
    await turn.uow.questions.forget(address)
    return replace(await _plan(turn, customer, str(waiting.data["text"]), day), replaces=True)


async def _plan(turn: Turn, customer: Customer, text: str, day: When) -> Reply:
    task = text or str(turn.t("Contact {name}", name=customer.called).unescape())
    followup = await due.plan_followup(turn, customer.id, task, day)
    filed = captures.Filed(
        customer, False, await turn.saved(customer.id), (await turn.company()).pipeline, followup=followup
    )
    return captures.filed_card(turn.t, filed, await turn.understand(task, Intent.FOLLOWUP), [])


CHOICES: dict[str, Handler] = {"followup.ask": ask, "followup.in": in_days, "followup.on": on_day}
QUESTIONS: dict[str, Handler] = {"followup.when": when, "followup.new": capture.forced(Intent.FOLLOWUP)}
