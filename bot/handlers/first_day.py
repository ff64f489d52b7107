"""An owner's first day: three short questions, each of which can wait, and then the team."""

from collections.abc import Mapping

from bot.domain.company import Trade
from bot.domain.errors import DomainError, NotFound
from bot.domain.first_day import Habit, said_habit, said_trade
from bot.domain.people import Role
from bot.domain.pipeline import PRESETS, Pipeline
from bot.domain.understanding import Intent
from bot.handlers.company import decide, name_in, trade_of
from bot.messages import Reply
from bot.turn import Handler, Turn, address_of
from bot.views import company as views
from bot.views import welcome

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
        return await _ask_habit(turn)
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
    return await _ask_habit(turn)


async def keep_name(turn: Turn) -> Reply:
    """`setup.keep`: the name that it has, or that the operator gave."""
    await _demand_first_day(turn)
    await decide(turn, name=await turn.org_name())
    return await _ask_habit(turn)


async def ask_other_name(turn: Turn) -> Reply:
    """`setup.rename`: the first question again, for what was understood wrongly."""
    await _demand_first_day(turn)
    await turn.ask("setup.name")
    return views.first_question(turn.t, turn.member, await turn.org_name())


async def _ask_habit(turn: Turn, *, again: bool = False) -> Reply:
    """The second question, with the name that was kept; it may be typed too."""
    await turn.ask("setup.habit")
    name = (await turn.uow.company.read()).name or turn.org
    return views.second_question(turn.t, name, again=again, replaces=_was_tapped(turn))


def _was_tapped(turn: Turn) -> bool:
    return bool(turn.incoming.choice)


async def habit_told(turn: Turn) -> Reply:
    """`setup.habit:<habit>`: a piece of advice, and the third."""
    await _demand_first_day(turn)
    habit = next((habit for habit in Habit if turn.args[:1] == [habit.value]), None)
    if habit is None:
        raise DomainError("old_button")
    return await _ask_trade(turn, habit)


async def habit_typed(turn: Turn) -> Reply:
    """The same in the owner's words."""
    await _demand_first_day(turn)
    if habit := said_habit(turn.words):
        return await _ask_trade(turn, habit)
    await _demand_no_customer(turn)
    return await _ask_habit(turn, again=True)


async def _ask_trade(turn: Turn, habit: Habit | None) -> Reply:
    await turn.ask("setup.trade")
    return views.third_question(turn.t, habit, replaces=_was_tapped(turn))


async def trade_told(turn: Turn) -> Reply:
    """`setup.trade:<trade>`: playbook and sales steps follow from it. Where there are customers already, the steps stay theirs."""
    await _demand_first_day(turn)
    return await _set_up(turn, trade_of(turn))


async def trade_typed(turn: Turn) -> Reply:
    """The same in the owner's words."""
    await _demand_first_day(turn)
    if trade := said_trade(turn.words):
        return await _set_up(turn, trade)
    await _demand_no_customer(turn)
    return await _ask_trade(turn, None)


async def _demand_no_customer(turn: Turn) -> None:
    """Raises NotFound where the text is no answer but a message about a customer: as such it is taken."""
    said = await turn.understand(turn.words)
    if said.phones or (said.intent is Intent.CUSTOMER and said.name):
        raise NotFound


async def _set_up(turn: Turn, trade: Trade) -> Reply:
    changes: dict[str, object] = {"trade": trade, "set_up_at": turn.now}
    if not await _has_customers(turn):
        changes["pipeline"] = _PIPELINES[trade]
    company = await decide(turn, **changes)
    return views.all_set(turn.t, company, company.name or turn.org, replaces=_was_tapped(turn))


async def _has_customers(turn: Turn) -> bool:
    everybody = [member.id for member in await turn.uow.members.all_ever()]
    return any(load.customers for load in (await turn.uow.teams.loads(everybody, turn.today)).values())


async def later(turn: Turn) -> Reply:
    """`setup.later`: the next /start asks again."""
    await _demand_first_day(turn)
    return welcome.greeting(turn.t, turn.member, await turn.org_name(), turn.incoming.peer.channel)


CHOICES: dict[str, Handler] = {
    "setup.keep": keep_name,
    "setup.rename": ask_other_name,
    "setup.habit": habit_told,
    "setup.trade": trade_told,
    "setup.later": later,
}
QUESTIONS: dict[str, Handler] = {"setup.name": name_typed, "setup.habit": habit_typed, "setup.trade": trade_typed}
