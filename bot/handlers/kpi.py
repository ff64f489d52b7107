"""/kpi: members against their targets of the month; a manager sets them in one message."""

import json
from collections.abc import Mapping

from bot.domain.audit import What
from bot.domain.errors import DomainError, NotFound
from bot.domain.people import Member
from bot.domain.periods import Period, PeriodKind, month_of
from bot.domain.targets import Measure, read_targets
from bot.handlers import drafts
from bot.handlers.month import said_period
from bot.handlers.week import company_today, only_managers_in_groups, period_arg
from bot.messages import Reply
from bot.reporting import read_scorecard
from bot.turn import Handler, Turn, address_of
from bot.views import kpi as views

_ALL = 0
# What a draft begins with that holds targets as they were.
_KEPT = "targets: "


async def kpi(turn: Turn) -> Reply:
    """/kpi: the month so far, /kpi truoc the one before, /kpi 10 October; a rep sees their own."""
    only_managers_in_groups(turn)
    said = said_period(turn, turn.words)
    period = said if said.kind is PeriodKind.MONTH else month_of(company_today(turn))
    if not turn.incoming.group:
        return await _show(turn, period, 0, replaces=False)
    card = await read_scorecard(turn.uow, turn.member, period, turn.zone, turn.now)
    linked = await turn.uow.group_chats.get(address_of(turn.incoming.peer))
    return views.in_group(turn.t, card, turn.link_to("kpi"), linked=linked is not None)


async def page(turn: Turn) -> Reply:
    """`kpi.page:<offset>`: of this month."""
    return await _show(turn, month_of(company_today(turn)), turn.arg(0), replaces=True)


async def month_page(turn: Turn) -> Reply:
    """`kpi.month:<period>:<offset>`: of any month."""
    return await _show(turn, month_of(period_arg(turn, 0).start), turn.arg(1), replaces=True)


async def _show(turn: Turn, period: Period, offset: int, *, replaces: bool) -> Reply:
    card = await read_scorecard(turn.uow, turn.member, period, turn.zone, turn.now)
    last = max(0, len(card.members) - 1) // views.PAGE * views.PAGE
    start = min(offset // views.PAGE * views.PAGE, last)
    return views.scorecard(turn.t, card, start, may_set=turn.member.manages, replaces=replaces)


# Setting targets --------------------------------------------------------------------------------------------------------


async def choose(turn: Turn) -> Reply:
    """`kpi.set`: whose targets?"""
    return views.choose_member(turn.t, await _led(turn))


async def ask(turn: Turn) -> Reply:
    """`kpi.for:<member or 0>`: 0 is everybody whom the manager leads."""
    name = await _name(turn, member_id := turn.arg(0))
    await turn.ask("kpi.targets", member=member_id)
    return views.ask_targets(turn.t, name)


async def answer(turn: Turn) -> Reply:
    """The targets typed; what is no target is said, and the rest counts."""
    member_id = int(turn.data["member"])
    name = await _name(turn, member_id)
    said = read_targets(turn.words)
    if not said.values:
        await turn.ask("kpi.targets", member=member_id)
        return views.ask_targets(turn.t, name, said.unclear)
    before = await turn.uow.targets.of([one.id for one in await _meant(turn, member_id)])
    kept = {one.id: {m: before.get(one.id, {}).get(m, 0) for m in said.values} for one in await _meant(turn, member_id)}
    await _set(turn, member_id, dict.fromkeys(kept, said.values))
    undo = await drafts.keep(turn, _KEPT + json.dumps([member_id, kept]))
    return views.targets_set(turn.t, name, said, undo)


async def _set(turn: Turn, about: int, targets: Mapping[int, Mapping[Measure, int]]) -> None:
    """Set these targets by member, and tell each of them; it was said `about` one, or all."""
    await turn.uow.audit.note(turn.member, What.DECIDED, now=turn.now, about_member=about or None, fields=["targets"])
    update = f"{turn.incoming.peer.channel}:{turn.incoming.update_id}"
    for member in await _meant(turn, about):
        if member.id in targets:
            await turn.uow.targets.change(member.id, targets[member.id])
            if member.id != turn.member.id:
                reply = views.told_targets(turn.translator_of(member), turn.member.name, targets[member.id])
                await turn.tell(member.id, f"targets:{member.id}:{update}", reply)


async def restore(turn: Turn) -> Reply:
    """`kpi.back:<draft>`: the targets as they were before, of those whom the member still leads."""
    kept = (await drafts.kept(turn, turn.arg(0))).text
    if not kept.startswith(_KEPT):
        raise DomainError("old_button")
    member_id, before = json.loads(kept.removeprefix(_KEPT))
    name = await _name(turn, member_id)
    await _set(
        turn,
        member_id,
        {int(one): {Measure(measure): value for measure, value in asked.items()} for one, asked in before.items()},
    )
    await drafts.drop(turn, turn.arg(0))
    return views.targets_restored(turn.t, name)


async def _meant(turn: Turn, member_id: int) -> list[Member]:
    return [member for member in await _led(turn) if member_id in (_ALL, member.id)]


async def _led(turn: Turn) -> list[Member]:
    """Whose targets the member sets. Raises NotFound for who leads nobody."""
    if not turn.member.manages:
        raise NotFound
    return [member for member in await turn.uow.members.everyone() if turn.member.leads(member)]


async def _name(turn: Turn, member_id: int) -> str:
    """Whom it is about. Raises NotFound for whom the member does not lead."""
    names = {member.id: member.name for member in await _led(turn)} | {_ALL: str(turn.t("all of them"))}
    if member_id not in names:
        raise NotFound
    return names[member_id]


CHOICES: dict[str, Handler] = {
    "kpi.page": page,
    "kpi.month": month_page,
    "kpi.set": choose,
    "kpi.for": ask,
    "kpi.back": restore,
}
QUESTIONS: dict[str, Handler] = {"kpi.targets": answer}
READING = frozenset({"/kpi", "kpi.page", "kpi.month"})
IN_GROUPS = frozenset({"/kpi"})
