"""How long the week's summary takes in a large company, and whether the chat answers meanwhile, on both databases.

    python -m benchmarks.reports [--customers 100000] [--only sqlite|postgresql]

Ten interactions, five follow-ups, three steps of a deal and up to four sales a customer, over a year. The baseline, in the same
run, is one plain pass over the interactions (`SELECT kind, count(*) … GROUP BY kind`): machines drift, the ratio is what counts.
"""

import argparse
import asyncio
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, func, insert, select

from benchmarks.storage import NOW, REPS, TODAY, note, postgres, say
from bot.domain.customers import Source, Stage
from bot.domain.followups import FollowUpState
from bot.domain.metrics import Summary, summarise
from bot.domain.people import Role
from bot.domain.periods import Period, month_of, week_of, year_of
from bot.domain.pipeline import STANDARD
from bot.domain.timeline import InteractionKind
from bot.storage import search
from bot.storage.store import SqlStore, create_store
from bot.storage.tables import customers, followups, interactions, sales, stage_moves

HOME = ZoneInfo("Asia/Ho_Chi_Minh")
SLICE = 5_000
INTERACTIONS, FOLLOWUPS = 10, 5
PATH = (None, Stage.CONSULTING, Stage.QUOTED, Stage.WON)
TURN_EVERY_SECONDS, TURNS = 0.02, 300
ROUNDS = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench"))
    try:
        if options.only != "postgresql":
            asyncio.run(measure(f"sqlite+aiosqlite:///{folder}/bench.db", options.customers))
        if options.only != "sqlite":
            with postgres(folder) as url:
                asyncio.run(measure(url, options.customers))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def measure(url: str, count: int) -> None:
    """All figures of one database."""
    say(f"\n{url.split(':')[0]}: {count} customers, {count * INTERACTIONS} interactions")
    store = create_store(url)
    await store.migrate()
    await fill(store, count)
    baseline = await timed("baseline: one pass over the interactions", lambda: one_pass(store))
    for period in (week_of(TODAY), month_of(TODAY), year_of(TODAY)):
        took = await timed(f"summary of a {period.kind}", lambda period=period: summary(store, period))  # type: ignore[misc]
        say(f"    {took / baseline:.2f} × the baseline")
    await timed("summary of a week of one member", lambda: summary(store, week_of(TODAY), {2}))
    alone = await turns(store, TURNS)
    meanwhile = await turns_meanwhile(store)
    say(
        f"  a turn, p95: alone {alone:.1f} ms, while weeks are summarised {meanwhile:.1f} ms ({meanwhile / alone:.2f} ×)"
    )
    await store.close()


async def summary(store: SqlStore, period: Period, member_ids: set[int] | None = None) -> Summary:
    """A period, as `/tuan` asks for it."""
    async with store.read() as uow:
        rows = await uow.figures.summary_rows(period, HOME, member_ids, NOW)
    return summarise(rows, period, STANDARD, NOW)


async def one_pass(store: SqlStore) -> object:
    """Every interaction looked at once."""
    async with store._engines.reading() as sql:
        return await sql.rows(select(interactions.c.kind, func.count()).group_by(interactions.c.kind))


async def timed(what: str, work: Callable[[], Awaitable[object]]) -> float:
    """Do it a few times, print and return the median in seconds."""
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        await work()
        took.append(time.perf_counter() - begun)
    say(f"  {what:45} {statistics.median(took):6.3f} s (most {max(took):.3f})")
    return statistics.median(took)


_numbers = iter(range(10**9))


async def turns(store: SqlStore, count: int) -> float:
    """So many turns that save a note, at a steady pace; the p95 in ms, from the moment that each was due."""
    took: list[float] = []
    begun = time.perf_counter()

    async def turn(due: float) -> None:
        await note(store, next(_numbers))
        took.append((time.perf_counter() - due) * 1000)

    running = []
    for number in range(count):
        due = begun + number * TURN_EVERY_SECONDS
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        running.append(asyncio.create_task(turn(due)))
    await asyncio.gather(*running)
    return statistics.quantiles(took, n=20)[-1]


async def turns_meanwhile(store: SqlStore) -> float:
    """The same while one week after the other is summarised."""

    async def weeks() -> None:
        while True:
            await summary(store, week_of(TODAY))

    busy = asyncio.create_task(weeks())
    p95 = await turns(store, TURNS)
    busy.cancel()
    await asyncio.gather(busy, return_exceptions=True)
    return p95


# A large company ----------------------------------------------------------------------------------------------------------


async def fill(store: SqlStore, count: int) -> None:
    """A year of a large company, in slices."""
    chance = random.Random(1)
    async with store.begin() as uow:
        team = [await uow.members.add("Sếp", Role.OWNER, "vi", "Asia/Ho_Chi_Minh", NOW)]
        team += [await uow.members.add(f"NV {n}", Role.REP, "vi", "Asia/Ho_Chi_Minh", NOW) for n in range(REPS)]
        for rep in team[1:]:
            await uow.members.link(rep.id, "telegram", str(rep.id), str(rep.id))
        await uow.commit()
    for start in range(0, count, SLICE):
        people = [_customer(chance, number) for number in range(start + 1, min(start + SLICE, count) + 1)]
        async with store._engines.writing() as sql:
            for table, of_one in _KINDS.items():
                rows = [row for person in people for row in of_one(chance, person)]
                await sql.change(insert(table), rows)
            if sql.on_postgresql:
                await sql.rows(select(func.setval("customers_id_seq", people[-1]["id"])))
            await sql.commit()
    async with store._engines.writing() as sql:
        await sql.run(lambda c: c.exec_driver_sql("ANALYZE"))
        await sql.commit()


def _customer(chance: random.Random, number: int) -> dict[str, Any]:
    name = f"Khách {number}"
    created_at = NOW - timedelta(seconds=chance.randrange(365 * 86_400))
    steps = chance.choices((1, 2, 3), (30, 20, 50))[0]
    about = {"id": number, "owner_id": 2 + number % REPS, "name": name, "phones": (), "created_at": created_at}
    about |= {"source": chance.choice([None, *Source]), "stage": PATH[steps], "stage_since": created_at}
    return about | search.keys_of(name, None, ())


def _since(chance: random.Random, person: dict[str, Any]) -> datetime:
    since: datetime = person["created_at"]
    return since + (NOW - since) * chance.random()


def _sales(chance: random.Random, person: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for _ in range(chance.randrange(1, 5) if person["stage"] == Stage.WON else 0):
        sold_at = _since(chance, person)
        who = {"customer_id": person["id"], "member_id": person["owner_id"]}
        amount = None if chance.random() < 0.05 else chance.randrange(1, 200) * 100_000
        yield who | {"sold_on": sold_at.astimezone(HOME).date(), "sold_at": sold_at, "amount_vnd": amount}


def _interactions(chance: random.Random, person: dict[str, Any]) -> Iterator[dict[str, Any]]:
    kinds = list(InteractionKind)
    for _ in range(INTERACTIONS):
        who = {"customer_id": person["id"], "member_id": person["owner_id"], "kind": chance.choice(kinds)}
        yield who | {"text": "hỏi thăm sau khi mua, khách hài lòng", "at": _since(chance, person), "details": {}}


def _moves(chance: random.Random, person: dict[str, Any]) -> Iterator[dict[str, Any]]:
    at = person["created_at"]
    for before, after in pairwise(PATH):
        who = {"customer_id": person["id"], "member_id": person["owner_id"], "at": at}
        yield who | {"from_stage": before, "to_stage": after}
        if after == person["stage"]:
            return
        at += (NOW - at) * chance.random()


def _followups(chance: random.Random, person: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for _ in range(FOLLOWUPS):
        due_on: date = person["created_at"].date() + timedelta(days=chance.randrange(400))
        done = due_on < TODAY and chance.random() < 0.95
        done_at = datetime(due_on.year, due_on.month, due_on.day, tzinfo=NOW.tzinfo) + chance.random() * timedelta(
            days=2
        )
        yield {
            "customer_id": person["id"],
            "member_id": person["owner_id"],
            "text": "gọi lại",
            "due_on": due_on,
            "state": FollowUpState.DONE if done else FollowUpState.OPEN,
            "created_at": person["created_at"],
            "done_at": done_at if done else None,
        }


_KINDS: dict[Table, Callable[[random.Random, dict[str, Any]], Iterator[dict[str, Any]]]] = {
    customers: lambda _, person: iter((person,)),
    stage_moves: _moves,
    interactions: _interactions,
    followups: _followups,
    sales: _sales,
}


if __name__ == "__main__":
    main()
