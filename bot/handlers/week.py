"""/tuan: a week's figures, the people behind them, and the week that comes to a group by itself."""

import re
from datetime import date, datetime

from bot.domain.calendar import next_monday
from bot.domain.errors import DomainError
from bot.domain.groups import HEARD_AT, GroupChat
from bot.domain.names import folded
from bot.domain.periods import Period, PeriodKind, period_of, week_of
from bot.domain.worklists import Worklist
from bot.messages import Reply
from bot.reporting import read_list, read_report
from bot.turn import Handler, Turn, address_of
from bot.views import reports, worklists

# Periods of other years are somebody's invention.
EARLIEST, YEARS_AHEAD = 2000, 1
_BEFORE, _JUST_OVER = frozenset({"truoc", "last", "qua"}), "vua roi"
_FIGURES = re.compile(r"\b(?:bao cao|doanh thu|doanh so|so lieu|tong ket|report|revenue|figures)\b")
_WEEKS = 52  # that every year has
_KINDS = {kind.value[0]: kind for kind in PeriodKind}


async def week(turn: Turn) -> Reply:
    """/tuan: this week's summary; /tuan truoc: last week's; /tuan 47: the latest week of that number."""
    return await _show(turn, _said_week(turn.words, company_today(turn)))


def _said_week(words: str, today: date) -> Period:
    """What is not understood means this week."""
    said, this_week = folded(words), week_of(today)
    if _BEFORE & set(said.split()) or _JUST_OVER in said:
        return this_week.previous()
    number = next((int(word) for word in said.split() if word.isascii() and word.isdigit()), 0)
    if not 1 <= number <= _WEEKS:
        return this_week
    year, present, _ = today.isocalendar()
    return week_of(date.fromisocalendar(year if number <= present else year - 1, number, 1))


def asked_for(turn: Turn, text: str) -> Period | None:
    """The week whose figures a plain sentence asks for ("báo cáo tuần này"); None where it asks for none."""
    said = folded(text)
    if not (_FIGURES.search(said) and re.search(r"\b(?:tuan|week)\b", said)):
        return None
    return _said_week(text, company_today(turn))


async def show(turn: Turn) -> Reply:
    """`week.show:<period>`: another week."""
    return await _show(turn, period_arg(turn, 0))


async def _show(turn: Turn, period: Period) -> Reply:
    only_managers_in_groups(turn)
    report = await read_report(turn.uow, turn.member, period, turn.zone, turn.now, turn.org)
    in_group = bool(turn.incoming.group)
    if in_group:
        linked = await turn.uow.group_chats.get(address_of(turn.incoming.peer))
        rows = reports.group_rows(turn.t, turn.link_to("tuan"), linked=linked is not None)
    else:
        rows = (*reports.advice_rows(turn.t, report), *reports.before_row(turn.t, report, "week.show"))
    if report.is_empty:
        return reports.nothing_yet(turn.t, report, rows)
    return reports.week(turn.t, report, rows, in_group=in_group)


def company_today(turn: Turn) -> date:
    """The date by which weeks and months are told."""
    return turn.now.astimezone(turn.zone).date()


def only_managers_in_groups(turn: Turn) -> None:
    """A rep's own figures are nothing for a group. Raises DomainError."""
    if turn.incoming.group and not turn.member.manages:
        raise DomainError("not_in_a_group")


def period_arg(turn: Turn, index: int) -> Period:
    """The choice's part `index` as a period (`w20261116`). Raises DomainError when somebody forged it."""
    code = turn.args[index] if index < len(turn.args) else ""
    kind, digits = _KINDS.get(code[:1]), code[1:]
    if kind is None or len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        raise DomainError("old_button")
    try:
        day = datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 - a calendar date
    except ValueError:
        raise DomainError("old_button") from None
    if not EARLIEST <= day.year <= company_today(turn).year + YEARS_AHEAD:
        raise DomainError("old_button")
    return period_of(kind, day)


# The people behind a figure ---------------------------------------------------------------------------------------------


async def who(turn: Turn) -> Reply:
    """`report.who:<worklist>:<period>:<member or 0>:<step>:<offset>`: a new message, the summary stays."""
    return await _people(turn, replaces=False)


async def page(turn: Turn) -> Reply:
    """`report.page:…`: another page, in place."""
    return await _people(turn, replaces=True)


async def _people(turn: Turn, *, replaces: bool) -> Reply:
    if not turn.args or turn.args[0] not in list(Worklist):
        raise DomainError("old_button")
    worklist, period = Worklist(turn.args[0]), period_arg(turn, 1)
    member_id, step, offset = turn.arg(2), turn.arg(3), turn.arg(4)
    steps = (await turn.company()).pipeline.stages
    listed, total = await read_list(
        turn.uow,
        turn.member,
        worklist,
        period,
        turn.zone,
        turn.now,
        limit=worklists.PAGE,
        offset=offset // worklists.PAGE * worklists.PAGE,
        owner_id=member_id or None,
        stage=steps[step].key if step < len(steps) else None,
    )
    names = {member.id: member.name for member in await turn.uow.members.all_ever()} if turn.member.manages else {}
    prefix = f"report.page:{worklist}:{reports.period_code(period)}:{member_id}:{step}"
    return worklists.people(
        turn.t,
        worklist,
        period,
        listed,
        total,
        offset // worklists.PAGE * worklists.PAGE,
        names,
        prefix,
        replaces=replaces,
    )


# Groups -----------------------------------------------------------------------------------------------------------------


async def weekly(turn: Turn) -> Reply:
    """`group.weekly`: the week comes to this group every Monday, for the team of who asks."""
    await _demand_leader(turn)
    peer = turn.incoming.peer
    team_id = None if turn.member.sees_everyone else turn.member.team_id
    first = next_monday(HEARD_AT, turn.zone, turn.now)
    group = GroupChat(peer.channel, peer.chat_id, turn.incoming.group, team_id, turn.member.id, turn.now, first)
    await turn.uow.group_chats.link(group)
    return reports.group_linked(turn.t, group.title)


async def stop(turn: Turn) -> Reply:
    """`group.stop`: no more."""
    await _demand_leader(turn)
    await turn.uow.group_chats.unlink(address_of(turn.incoming.peer))
    return reports.group_stopped(turn.t)


async def _demand_leader(turn: Turn) -> None:
    """What a group gets is for a manager to decide who leads all whose figures it gets now. Raises DomainError."""
    if not turn.incoming.group:
        raise DomainError("old_button")
    linked = await turn.uow.group_chats.get(address_of(turn.incoming.peer))
    leads_all = turn.member.sees_everyone or linked is None or linked.team_id == turn.member.team_id
    if not turn.member.manages or not leads_all:
        raise DomainError("managers_only")


CHOICES: dict[str, Handler] = {
    "week.show": show,
    "report.who": who,
    "report.page": page,
    "group.weekly": weekly,
    "group.stop": stop,
}
READING = frozenset({"/tuan", "week.show", "report.who", "report.page"})
IN_GROUPS = frozenset({"/tuan", "group.weekly", "group.stop"})
