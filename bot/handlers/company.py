"""The company's page: its name and trade, and the ways to its sales steps and to who gets new customers."""

from markupsafe import Markup

from bot.domain.audit import What
from bot.domain.company import Company, Trade
from bot.domain.errors import DomainError, NotFound
from bot.domain.first_day import name_said
from bot.domain.sales import ABSURD_AMOUNT_VND
from bot.domain.understanding.amounts import parse_amount
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import company as views

LONGEST_NAME = 60


async def show(turn: Turn) -> Reply:
    """`company`."""
    _demand_all(turn)
    return _page(turn, await turn.company())


def _demand_all(turn: Turn) -> None:
    """What holds for all is for who sees the whole company to decide, as are teams and the assignment rule. Raises NotFound."""
    if not turn.member.sees_everyone:
        raise NotFound


def _page(turn: Turn, company: Company, note: Markup = Markup()) -> Reply:
    org = company.name or turn.org
    return views.page(turn.t, company, org, note=note, replaces=bool(turn.incoming.choice))


async def ask(turn: Turn) -> Reply:
    """`company.ask:<name, trade or limit>`."""
    _demand_all(turn)
    if turn.args[:1] == ["name"]:
        await turn.ask("company.name")
        return views.ask_name(turn.t)
    if turn.args[:1] == ["trade"]:
        return views.choose_trade(turn.t, (await turn.company()).trade)
    if turn.args[:1] == ["limit"]:
        await turn.ask("company.limit")
        return views.ask_limit(turn.t, (await turn.company()).solve_limit_vnd)
    raise DomainError("old_button")


async def limit_typed(turn: Turn) -> Reply:
    """How much a rep may spend on solving a ticket without asking; 0 is nothing."""
    _demand_all(turn)
    limit_vnd = 0 if turn.words.strip() == "0" else parse_amount(turn.words)
    if limit_vnd is None or not 0 <= limit_vnd <= ABSURD_AMOUNT_VND:
        await turn.ask("company.limit")
        return views.ask_limit(turn.t, (await turn.company()).solve_limit_vnd, again=True)
    return _page(turn, await decide(turn, solve_limit_vnd=limit_vnd), turn.t("✅ Saved"))


async def name_typed(turn: Turn) -> Reply:
    """Another name."""
    _demand_all(turn)
    name = name_in(turn.words)
    if not name:
        await turn.ask("company.name")
        return views.ask_name(turn.t, again=True)
    return _page(turn, await decide(turn, name=name), turn.t("✅ Saved"))


async def set_trade(turn: Turn) -> Reply:
    """`company.trade:<trade>`: sales from now on are cared for by its playbook."""
    _demand_all(turn)
    return _page(turn, await decide(turn, trade=trade_of(turn)), turn.t("✅ Saved"))


def name_in(text: str) -> str:
    """A company's name as it was typed; "" for what is none."""
    name = name_said(text)
    return name if len(name) <= LONGEST_NAME else ""


def trade_of(turn: Turn) -> Trade:
    """The choice's first part. Raises DomainError when somebody forged it."""
    trade = next((trade for trade in Trade if turn.args[:1] == [trade.value]), None)
    if trade is None:
        raise DomainError("old_button")
    return trade


async def decide(turn: Turn, **changes: object) -> Company:
    """Decide anew for the company, and write down who did."""
    await turn.uow.audit.note(turn.member, What.DECIDED, now=turn.now, fields=sorted(changes))
    return await turn.uow.company.change(**changes)


CHOICES: dict[str, Handler] = {"company": show, "company.ask": ask, "company.trade": set_trade}
QUESTIONS: dict[str, Handler] = {"company.name": name_typed, "company.limit": limit_typed}
