"""What a report needs to know, read for one scope: handlers answer with it, the weekly push sends it."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.advice import best_record, things_to_do
from bot.domain.cycle import USUAL_CYCLE
from bot.domain.metrics import MemberFigures, as_of, summarise
from bot.domain.people import Member
from bot.domain.periods import DAY, Period
from bot.domain.reports import Report, Review, Scorecard
from bot.domain.repositories import UnitOfWork
from bot.domain.segments import CustomerFacts, is_about_to_buy, score
from bot.domain.targets import Measure, Standing, standings, working_days_passed
from bot.domain.worklists import Listed, Worklist

# So many periods stand in the picture.
COURSE = 8
# How many people of a list are named in a review.
NAMED = 3


async def scope_of(uow: UnitOfWork, reader: Member) -> Collection[int] | None:
    """Whose figures a member's report tells: everybody's (None), the team's (with who has left it), or their own."""
    if reader.sees_everyone:
        return None
    return [member.id for member in await uow.members.all_ever() if reader.leads(member)]


async def read_report(
    uow: UnitOfWork, reader: Member, period: Period, zone: ZoneInfo, now: datetime, org: str
) -> Report:
    """The report of a period for what the reader may see."""
    scope = await scope_of(uow, reader)
    company = await uow.company.read()
    rows = await uow.figures.summary_rows(period, zone, scope, now)
    summary = summarise(rows, period, company.pipeline, now)
    everyone = await uow.members.all_ever()
    return Report(
        summary=summary,
        course=await _course(uow, period, scope),
        names={member.id: member.name for member in everyone},
        pipeline=company.pipeline,
        org=company.name or org,
        last_day=as_of(period, zone, now) - DAY,
        things=things_to_do(summary),
        best=best_record(summary.members) if reader.manages else None,
        member=None if reader.manages else reader,
    )


async def _course(uow: UnitOfWork, period: Period, scope: Collection[int] | None) -> Sequence[tuple[Period, int]]:
    periods = [period]
    while len(periods) < COURSE:
        periods.append(periods[-1].previous())
    by_day = await uow.worklists.revenue_by_day(periods[-1].start, period.end, scope)
    return [(one, sum(amount for day, amount in by_day if day in one)) for one in reversed(periods)]


# The people behind the figures ------------------------------------------------------------------------------------------


async def read_list(
    uow: UnitOfWork,
    reader: Member,
    worklist: Worklist,
    period: Period,
    zone: ZoneInfo,
    now: datetime,
    *,
    limit: int,
    offset: int = 0,
    owner_id: int | None = None,
    stage: str | None = None,
) -> tuple[Sequence[Listed], int]:
    """A page of the people behind a figure, and how many there are; only those whom the reader may see."""
    if worklist in (Worklist.COMING, Worklist.REFERRERS):
        found = (await _standing_lists(uow, reader, now.astimezone(zone).date()))[worklist]
        return found[offset : offset + limit], len(found)
    return await uow.worklists.page(
        reader, worklist, period, zone, now, limit=limit, offset=offset, owner_id=owner_id, stage=stage
    )


async def _standing_lists(uow: UnitOfWork, reader: Member, today: date) -> Mapping[Worklist, list[Listed]]:
    """Who is about to buy again (best score first) and who has brought others (most first): one pass over all customers."""
    company = await uow.company.read()
    cycle = USUAL_CYCLE[company.trade]
    coming: list[tuple[int, CustomerFacts]] = []
    referrers: list[CustomerFacts] = []
    async for page in uow.standings.all(reader):
        for facts in page:
            if is_about_to_buy(facts, today, cycle):
                coming.append((score(facts, today, company.high_value_vnd, cycle), facts))
            if facts.referred:
                referrers.append(facts)
        await asyncio.sleep(0)
    coming.sort(key=lambda scored: (-scored[0], -scored[1].total_vnd, scored[1].customer_id))
    referrers.sort(key=lambda facts: (-facts.referred, facts.customer_id))
    return {
        Worklist.COMING: [_listed(facts) for _, facts in coming],
        Worklist.REFERRERS: [_listed(facts) for facts in referrers],
    }


def _listed(facts: CustomerFacts) -> Listed:
    return Listed(
        facts.customer_id,
        facts.name,
        facts.honorific,
        facts.owner_id,
        facts.last_sold_on,
        facts.last_product or "",
        facts.referred,
        facts.total_vnd,
    )


async def read_review(
    uow: UnitOfWork, reader: Member, period: Period, zone: ZoneInfo, now: datetime, org: str
) -> Review:
    """The period's figures and the answers to the four questions, with the first names of each."""
    report = await read_report(uow, reader, period, zone, now, org)
    standing = await _standing_lists(uow, reader, now.astimezone(zone).date())
    uncared = await uow.worklists.page(reader, Worklist.UNCARED, period, zone, now, limit=NAMED)
    complaints = await uow.worklists.page(reader, Worklist.COMPLAINTS, period, zone, now, limit=NAMED)
    answers = {
        Worklist.UNCARED: uncared,
        **{worklist: (people[:NAMED], len(people)) for worklist, people in standing.items()},
        Worklist.COMPLAINTS: complaints,
    }
    return Review(report, answers)


# Targets ----------------------------------------------------------------------------------------------------------------


async def read_scorecard(uow: UnitOfWork, reader: Member, period: Period, zone: ZoneInfo, now: datetime) -> Scorecard:
    """Each member of the reader's scope against their targets."""
    company = await uow.company.read()
    rows = await uow.figures.summary_rows(period, zone, await scope_of(uow, reader), now)
    figures = {one.member_id: one for one in summarise(rows, period, company.pipeline, now).members}
    members = [member for member in await uow.members.everyone() if reader.leads(member)]
    targets = await uow.targets.of([member.id for member in members])
    today = now.astimezone(zone).date()
    cards: list[tuple[Member, MemberFigures, tuple[Standing, ...]]] = []
    for member in members:
        own = figures.get(member.id, MemberFigures(member.id))
        asked: Mapping[Measure, int] = targets.get(member.id, {})
        cards.append((member, own, standings(own, asked, period, today)))
    passed, whole = working_days_passed(period, today)
    return Scorecard(period, cards, passed, whole)
