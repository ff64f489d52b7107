"""/phannhom: customers by segment, lifecycle and heat; /kichhoat: who bought once and did not come back. All of it only reads."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from bot.domain.cycle import USUAL_CYCLE
from bot.domain.errors import DomainError
from bot.domain.segments import Standing, standing_of
from bot.messages import Reply
from bot.turn import Handler, Turn
from bot.views import segments as views
from bot.views.segments import GROUPS, PAGE, Group, Page


async def overview(turn: Turn) -> Reply:
    """/phannhom and `segments`: how many there are of each; `/phannhom nóng` goes straight to the list."""
    if said := views.group_said(turn.words):
        return replace(await _group_list(turn, *said, 0), replaces=False)
    counts: Counter[Group] = Counter()
    total = 0
    async for standing in _standings(turn):
        total += 1
        counts.update(_groups_of(standing))
    return views.overview(turn.t, counts, total, replaces=bool(turn.incoming.choice))


async def group_list(turn: Turn) -> Reply:
    """`segments.list:<kind>:<group>:<offset>`."""
    kind, value = turn.args[:2] if len(turn.args) == 3 else ("", "")
    if kind not in GROUPS or value not in list(GROUPS[kind]):
        raise DomainError("old_button")
    return await _group_list(turn, kind, GROUPS[kind](value), turn.arg(2))


async def _group_list(turn: Turn, kind: str, group: Group, offset: int) -> Reply:
    page = await _page(turn, lambda standing: group in _groups_of(standing), offset)
    return views.group_list(turn.t, kind, group, page)


async def winback(turn: Turn) -> Reply:
    """/kichhoat."""
    return views.winback(turn.t, await _page(turn, lambda standing: standing.is_winback, 0), replaces=False)


async def winback_page(turn: Turn) -> Reply:
    """`winback:<offset>`."""
    page = await _page(turn, lambda standing: standing.is_winback, turn.arg(0))
    return views.winback(turn.t, page, replaces=True)


async def _standings(turn: Turn) -> AsyncIterator[Standing]:
    """Where every customer stands whom the member may see; others have their turn between two pages."""
    company = await turn.company()
    usual = USUAL_CYCLE[company.trade]
    async for page in turn.uow.standings.all(turn.member):
        for facts in page:
            yield standing_of(facts, turn.today, company.high_value_vnd, usual)
        await asyncio.sleep(0)


def _groups_of(standing: Standing) -> list[Group]:
    heat = standing.facts.heat
    return [*standing.segments, standing.lifecycle, *([heat] if heat else [])]


async def _page(turn: Turn, belongs: Callable[[Standing], bool], offset: int) -> Page:
    """A page of those who belong, the most valuable first; the last one where there are fewer by now."""
    found = [standing async for standing in _standings(turn) if belongs(standing)]
    found.sort(key=lambda standing: standing.worth)
    start = min(offset, max(0, len(found) - 1)) // PAGE * PAGE
    shown = found[start : start + PAGE]
    return Page(shown, len(found), start, await _owners(turn), await turn.company(), turn.today)


async def _owners(turn: Turn) -> dict[int, str]:
    """The names of the others whose customers the member sees too."""
    if not turn.member.manages:
        return {}
    return {member.id: member.name for member in await turn.uow.members.all_ever() if member.id != turn.member.id}


CHOICES: dict[str, Handler] = {"segments": overview, "segments.list": group_list, "winback": winback_page}
READING = ("/phannhom", "/kichhoat", *CHOICES)
