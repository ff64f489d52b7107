"""No query of a turn or a tick goes through a whole table: each has its index, on both databases."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from bot.domain.customers import Customer, NewCustomer
from bot.domain.delivery import LEASE, Audience, DeliveryState, NewDelivery
from bot.domain.followups import NewFollowUp
from bot.domain.mailroom import Address
from bot.domain.people import Member, Role
from bot.domain.tickets import NewTicket, TicketKind
from bot.domain.timeline import InteractionKind
from bot.storage.engine import Engines
from bot.storage.store import SqlStore
from bot.storage.tables import metadata
from tests.storage.team import NOW, customer, in_team, member

# Small for ever: the team itself, and who of it handed over to whom.
SMALL = {"members", "identities", "handovers", "zalo_templates", "alembic_version"}
Statement = tuple[str, Any]


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """The statements executed meanwhile."""
    statements: list[Statement] = []

    def record(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if re.match(r"SELECT|UPDATE|DELETE", statement):
            statements.append((statement, parameters[0] if many else parameters))

    event.listen(Engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", record)


async def _a_day(store: SqlStore, rep: Member, lead: Member, boss: Member) -> None:
    """Everything that happens every day."""
    lan = await customer(store, rep, "Nguyễn Thị Lan", "+84912345678")
    delivery = NewDelivery("followup:1:a", "telegram", "70", Audience.MEMBER, "push", {}, NOW)
    async with store.begin() as uow:
        await uow.inbox.take("telegram", "1", NOW)
        await uow.members.by_identity("telegram", "7")
        await uow.questions.waiting(Address("telegram", "7"))
        await uow.timeline.add(rep, lan.id, InteractionKind.NOTE, "ghi", NOW)
        call = await uow.followups.add(NewFollowUp(lan.id, rep.id, "gọi", date(2026, 11, 21)), NOW, push_at=NOW)
        call = await uow.followups.update(call, text="gọi lại")
        lan = await uow.customers.update(lan, phones=("+84987654321",))
        await uow.followups.get(rep, call.id)
        await uow.followups.pushes_due(NOW, 10)
        await uow.members.digests_due(NOW, 10)
        await uow.actions.record(rep, lan.id, NOW)
        last = await uow.actions.last(rep, NOW - timedelta(days=1))
        assert last
        await uow.outbox.queue(delivery)
        await uow.outbox.cancel("followup:9:")
        await uow.actions.revert(rep, last, NOW)
        await uow.customers.add(rep, NewCustomer("Hoa"), NOW)
    await _tickets(store, rep, lan)
    async with store.read() as uow:
        for actor in (rep, lead, boss):
            await uow.tickets.unsolved(actor, 5)
            for query in ("lan", "nguyen thi", "nguyne", "0912", "KH1"):
                await uow.customers.find(actor, query, 5)
            await uow.customers.named(actor, "Lan", "chị")
            await uow.customers.by_phone(actor, "+84912345678")
            await uow.timeline.page(actor, lan.id, 5)
            await uow.followups.of_customer(actor, lan.id)
            await uow.followups.due(actor, date(2026, 11, 21))
            await uow.followups.of_sale(actor, 1)
            await uow.followups.any_done(actor, NOW)
        await uow.requests.due(NOW, 1)
        await uow.requests.waiting(lead)
        await uow.privacy.is_clean()
        await uow.customers.duplicate_of(rep, ["+84912345678"])
        await uow.sales.purchases([lan.id])
        await uow.followups.next_push()
    for claimed in await store.ledger.claim(NOW, 10, "w", NOW + LEASE):
        await store.ledger.sending(claimed, "w", NOW, NOW + LEASE)
        await store.ledger.settle(claimed, DeliveryState.DUE, "", NOW)
        await store.ledger.sent([(claimed.id, "m")], NOW)
    await store.ledger.next_due()
    await store.ledger.prune(NOW)


async def _tickets(store: SqlStore, rep: Member, lan: Customer) -> None:
    """One opened, and reminded of."""
    async with store.begin() as uow:
        ticket = await uow.tickets.add(NewTicket(lan.id, TicketKind.COMPLAINT, rep.id, "giao trễ", NOW, NOW))
        await uow.tickets.update(await uow.tickets.get(rep, ticket.id), remind_at=NOW)
        await uow.tickets.of_guest(lan, ticket.id)
        await uow.tickets.of_entry(1)
        await uow.tickets.unsolved_of(lan.id)
        await uow.tickets.reminders_due(NOW, 5)
        await uow.commit()


async def _a_hand_over(store: SqlStore, rep: Member, lead: Member) -> None:
    """A batch of a hand-over, its end, and one customer given."""
    hoa, mai = await customer(store, rep, "Hoa"), await customer(store, lead, "Mai")
    async with store.begin() as uow:
        for about in (hoa, mai):
            await uow.followups.add(NewFollowUp(about.id, rep.id, "gọi", date(2026, 11, 21)), NOW)
        holding = await uow.handovers.holding(lead, rep.id, date(2026, 11, 21))
        handover = await uow.handovers.start(lead, holding, lead, Address("telegram", "70"), "m", NOW)
        assert await uow.handovers.under_way() == handover
        handover = await uow.handovers.move_some(handover, 5, "sang", NOW)
        handover = await uow.handovers.move_some(handover, 5, "sang", NOW)
        assert await uow.handovers.is_empty(handover)
        await uow.handovers.finish(handover, NOW)
        await uow.handovers.customers(lead, handover.id, 3)
        await uow.timeline.last_complaint(lead, hoa.id)
        await uow.customers.update(await uow.customers.get(lead, hoa.id), owner_id=rep.id)
        await uow.followups.next_push()
        await uow.commit()


async def _plans(database_url: str, statements: list[Statement]) -> dict[str, str]:
    explain = "EXPLAIN QUERY PLAN " if database_url.startswith("sqlite") else "EXPLAIN "

    def plan(connection: Connection) -> dict[str, str]:
        if not database_url.startswith("sqlite"):
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # on so few rows it would always scan
        return {
            statement: "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, parameters))
            for statement, parameters in statements
        }

    engines = Engines(database_url)
    async with engines.writing() as sql:
        plans = await sql.run(plan)
    await engines.close()
    return plans


async def test_no_daily_statement_scans_a_table(store: SqlStore, database_url: str) -> None:
    boss = await member(store, "Minh", Role.OWNER)
    rep, lead = await in_team(store, await member(store), await member(store, "Trang", Role.MANAGER))
    with recorded() as statements:
        await _a_day(store, rep, lead, boss)
        await _a_hand_over(store, rep, lead)
    plans = await _plans(database_url, statements)
    assert len(plans) > 40
    due = next(plan for statement, plan in plans.items() if "customers.name" in statement and "due_on <=" in statement)
    # PostgreSQL may as well walk in from the customers: which index is cheaper turns on how full its statistics find the tables.
    assert ("followups_member_due" if database_url.startswith("sqlite") else "followups_") in due
    for statement, plan in plans.items():
        scanned = set(re.findall(r"(?:SCAN|Seq Scan on) (\w+)", plan)) & metadata.tables.keys() - SMALL
        assert not scanned, f"{scanned} in the plan of {statement}\n{plan}"
