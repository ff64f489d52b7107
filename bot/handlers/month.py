"""/thang: the monthly review of existing customers, the agenda of its meeting, and decisions that become follow-ups."""

from collections.abc import Sequence

from bot.domain.calendar import moment_of
from bot.domain.customers import Customer, customer_id_of
from bot.domain.decisions import Unclear, Why, decision_lines, named_first, without_when
from bot.domain.errors import DomainError, NotFound
from bot.domain.followups import FollowUp, NewFollowUp
from bot.domain.names import folded
from bot.domain.people import Member
from bot.domain.periods import Period, PeriodKind, month_of, period_of
from bot.domain.understanding import Capture, Intent
from bot.handlers.filing import known_by_phone
from bot.handlers.week import company_today, only_managers_in_groups, period_arg
from bot.messages import Reply
from bot.reporting import read_review
from bot.turn import Handler, Turn, address_of
from bot.views import reports, reviews
from bot.views.words import called

_LONGER = {"quy": PeriodKind.QUARTER, "quarter": PeriodKind.QUARTER, "nam": PeriodKind.YEAR, "year": PeriodKind.YEAR}
_BEFORE = frozenset({"truoc", "last", "qua"})


async def month(turn: Turn) -> Reply:
    """/thang: this month; /thang truoc, /thang 10, /thang quy, /thang nam (each with truoc too)."""
    return await _show(turn, said_period(turn, turn.words))


async def show(turn: Turn) -> Reply:
    """`month.show:<period>`."""
    return await _show(turn, period_arg(turn, 0))


def said_period(turn: Turn, words: str) -> Period:
    """The month, quarter or year that the words after /thang mean; what they do not say is this month."""
    said = folded(words).split()
    today = company_today(turn)
    kind = next((_LONGER[word] for word in said if word in _LONGER), PeriodKind.MONTH)
    period = period_of(kind, today)
    if _BEFORE & set(said):
        return period.previous()
    number = next((int(word) for word in said if word.isascii() and word.isdigit() and 1 <= int(word) <= 12), None)
    if kind is PeriodKind.MONTH and number is not None:
        year = today.year if number <= today.month else today.year - 1
        return month_of(today.replace(year=year, month=number, day=1))
    return period


async def _show(turn: Turn, period: Period) -> Reply:
    only_managers_in_groups(turn)
    found = await read_review(turn.uow, turn.member, period, turn.zone, turn.now, turn.org)
    in_group = bool(turn.incoming.group)
    if in_group:
        linked = await turn.uow.group_chats.get(address_of(turn.incoming.peer))
        rows = reports.group_rows(turn.t, turn.link_to("thang"), linked=linked is not None)
    else:
        rows = reviews.review_rows(turn.t, found.report)
    return reviews.review(turn.t, found, rows, in_group=in_group)


async def agenda(turn: Turn) -> Reply:
    """`month.agenda:<period>`: half an hour, item by item."""
    _demand_manager(turn)
    found = await read_review(turn.uow, turn.member, period_arg(turn, 0), turn.zone, turn.now, turn.org)
    return reviews.agenda(turn.t, found)


def _demand_manager(turn: Turn) -> None:
    if not turn.member.manages:
        raise DomainError("old_button")


# Decisions --------------------------------------------------------------------------------------------------------------


async def decide(turn: Turn) -> Reply:
    """`month.decide`: what is typed next is what was decided."""
    _demand_manager(turn)
    await turn.ask("month.decisions")
    return reviews.ask_decisions(turn.t)


async def decisions(turn: Turn) -> Reply:
    """Each line becomes a follow-up of the colleague it names, else of whoever looks after the customer; who it is for is told. What
    is not understood is asked again. Raises NotFound for who leads nobody any more: what they type is a message like any other."""
    if not turn.member.manages:
        raise NotFound
    team = [member for member in await turn.uow.members.everyone() if turn.member.leads(member)]
    planned: list[tuple[FollowUp, Customer]] = []
    unclear: list[Unclear] = []
    for line in decision_lines(turn.words):
        made = await _plan(turn, line, team)
        if isinstance(made, Unclear):
            unclear.append(made)
        else:
            planned.append(made)
    if not planned and not unclear:
        return await decide(turn)
    action_id = None
    if planned:
        action_id = (await turn.uow.actions.record(turn.member, None, turn.now)).id
        await _tell(turn, planned, team, action_id)
    if unclear:
        await turn.ask("month.decisions")
    names = {member.id: member.name for member in team}
    return reviews.decided(turn.t, planned, unclear, names, action_id)


async def _plan(turn: Turn, line: str, team: Sequence[Member]) -> tuple[FollowUp, Customer] | Unclear:
    colleagues, rest = named_first(line, team)
    if len(colleagues) > 1:
        return Unclear(line, Why.SEVERAL_COLLEAGUES)
    said = await turn.understand(rest, Intent.FOLLOWUP)
    matches = await _customers(turn, said, colleagues)
    if len(matches) != 1:
        codes = ", ".join(f"{customer.code} ({called(turn.t, customer)})" for customer in matches)
        return Unclear(line, Why.SEVERAL, codes) if matches else Unclear(line, Why.NO_CUSTOMER)
    if said.due is None:
        return Unclear(line, Why.NO_DAY)
    owner = await turn.uow.members.get(matches[0].owner_id)
    doer = colleagues[0] if colleagues else owner if owner.active else turn.member
    if not doer.leads(owner):
        return Unclear(line, Why.NOT_THEIRS, owner.name)
    at = moment_of(doer, said.due.on, said.due.at) if said.due.at else None
    text = said.due.task or without_when(rest, said.due.phrase)
    new = NewFollowUp(matches[0].id, doer.id, text, said.due.on, at)
    return await turn.uow.followups.add(new, turn.now, push_at=at), matches[0]


async def _customers(turn: Turn, said: Capture, colleagues: Sequence[Member]) -> Sequence[Customer]:
    """Who is meant: by code, by phone, by name, the named colleague's own first."""
    if said.code and (customer_id := customer_id_of(said.code)) is not None:
        try:
            return [await turn.uow.customers.get(turn.member, customer_id)]
        except NotFound:
            return []
    if matches := await known_by_phone(turn, said):
        return matches
    named = said.name or said.company
    if not named:
        return []
    everyone = await turn.uow.members.all_ever()
    led = {member.id for member in everyone if turn.member.leads(member)}  # a colleague may see more than the member
    for reader in (*colleagues, turn.member):
        found = await turn.uow.customers.named(reader, named, said.honorific)
        if matches := [customer for customer in found if customer.owner_id in led]:
            return matches
    return []


async def _tell(
    turn: Turn, planned: Sequence[tuple[FollowUp, Customer]], team: Sequence[Member], action_id: int
) -> None:
    for member in team:
        theirs = [(item, customer) for item, customer in planned if item.member_id == member.id]
        if theirs and member.id != turn.member.id:
            reply = reviews.entrusted(turn.translator_of(member), turn.member.name, theirs)
            await turn.tell(member.id, f"decided:{action_id}:{member.id}", reply)


CHOICES: dict[str, Handler] = {"month.show": show, "month.agenda": agenda, "month.decide": decide}
QUESTIONS: dict[str, Handler] = {"month.decisions": decisions}
READING = frozenset({"/thang", "month.show", "month.agenda"})
IN_GROUPS = frozenset({"/thang"})
