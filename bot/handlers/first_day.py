"""An owner's first day: three short questions, each of which can wait, and then the team."""

from collections.abc import Mapping

from bot.domain.company import Trade
from bot.domain.errors import DomainError, NotFound
from bot.domain.people import Role
from bot.domain.pipeline import PRESETS, Pipeline
from bot.handlers.company import decide, name_in, trade_of
from bot.messages import Reply
from bot.turn import Handler, Turn, address_of
from bot.views import company as views
from bot.views import welcome
from bot.views.company import Habit

# Goods that are bought again soon need few steps, services an experience that is talked about, contracts many.
_PIPELINES: Mapping[Trade, Pipeline] = {
    Trade.GENERAL: PRESETS["5"],
    Trade.RETAIL: PRESETS["4"],
    Trade.SERVICE: PRESETS["6"],
    Trade.B2B: PRESETS["10"],
}


async def is_ahead(turn: Turn) -> bool:
    """Whether the member is an owner whose company is not set up yet."""
    return turn.member.role is Role.OWNER and (await turn.company()).set_up_at is None


async def begin(turn: Turn) -> Reply:
    """The first question, or the second where the company has its name."""
    company = await turn.company()
    if company.name:
        return views.second_question(turn.t, replaces=False)
    await turn.ask("setup.name")
    return views.first_question(turn.t, turn.member, turn.org)


async def _demand_first_day(turn: Turn) -> None:
    if turn.member.role is not Role.OWNER:
        raise NotFound
    if not await is_ahead(turn):
        raise DomainError("old_button")
    await turn.uow.questions.forget(address_of(turn.incoming.peer))


async def name_typed(turn: Turn) -> Reply:
    """The answer to the first."""
    await _demand_first_day(turn)
    name = name_in(turn.words)
    if not name:
        await turn.ask("setup.name")
        return views.first_question(turn.t, turn.member, turn.org, again=True)
    await decide(turn, name=name)
    return views.second_question(turn.t, replaces=False)


async def keep_name(turn: Turn) -> Reply:
    """`setup.keep`: the name that the operator gave."""
    await _demand_first_day(turn)
    await decide(turn, name=turn.org)
    return views.second_question(turn.t, replaces=True)


async def habit_told(turn: Turn) -> Reply:
    """`setup.habit:<habit>`: a piece of advice, and the third."""
    await _demand_first_day(turn)
    habit = next((habit for habit in Habit if turn.args[:1] == [habit.value]), None)
    if habit is None:
        raise DomainError("old_button")
    return views.third_question(turn.t, habit)


async def trade_told(turn: Turn) -> Reply:
    """`setup.trade:<trade>`: playbook and sales steps follow from it. Where there are customers already, the steps stay theirs."""
    await _demand_first_day(turn)
    trade = trade_of(turn)
    changes: dict[str, object] = {"trade": trade, "set_up_at": turn.now}
    if not await _has_customers(turn):
        changes["pipeline"] = _PIPELINES[trade]
    company = await decide(turn, **changes)
    return views.all_set(turn.t, company, company.name or turn.org)


async def _has_customers(turn: Turn) -> bool:
    everybody = [member.id for member in await turn.uow.members.all_ever()]
    return any(load.customers for load in (await turn.uow.teams.loads(everybody, turn.today)).values())


async def later(turn: Turn) -> Reply:
    """`setup.later`: the next /start asks again."""
    await _demand_first_day(turn)
    return welcome.greeting(turn.t, turn.member, await turn.org_name())


CHOICES: dict[str, Handler] = {
    "setup.keep": keep_name,
    "setup.habit": habit_told,
    "setup.trade": trade_told,
    "setup.later": later,
}
QUESTIONS: dict[str, Handler] = {"setup.name": name_typed}
