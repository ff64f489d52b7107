"""One turn, one transaction: all of it or nothing, whatever happens to the turn, its neighbours and the database."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import event, make_url
from sqlalchemy.engine import Engine

from bot.domain.customers import NewCustomer
from bot.domain.people import Member
from bot.domain.repositories import StorageUnavailable
from bot.storage import engine
from bot.storage.store import SqlStore, create_store
from tests.databases import PostgresServer
from tests.storage.team import NOW, customer, member


async def _names(store: SqlStore, actor: Member) -> list[str]:
    async with store.read() as uow:
        found, _ = await uow.customers.find(actor, "khach", 100)
    return sorted(hit.customer.name for hit in found)


async def test_what_is_not_committed_is_rolled_back(store: SqlStore) -> None:
    rep = await member(store)
    async with store.begin() as uow:
        await uow.customers.add(rep, NewCustomer("Khách A"), NOW)

    async def turn_that_fails() -> None:
        async with store.begin() as uow:
            await uow.customers.add(rep, NewCustomer("Khách B"), NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await turn_that_fails()
    assert await _names(store, rep) == []


async def test_a_unit_of_work_is_over_once_it_is_committed(store: SqlStore) -> None:
    async with store.begin() as uow:
        await uow.commit()
        with pytest.raises(RuntimeError):
            await uow.commit()
        with pytest.raises(RuntimeError):
            await uow.members.everyone()


async def test_a_unit_of_work_that_only_reads_cannot_write(store: SqlStore) -> None:
    rep = await member(store)
    with pytest.raises(Exception, match=r"read-?only"):
        async with store.read() as uow:
            await uow.customers.add(rep, NewCustomer("Lan"), NOW)


async def test_reading_sees_one_moment_and_waits_for_no_writer(store: SqlStore) -> None:
    rep = await member(store)
    async with store.read() as reading, store.begin() as writing:
        assert len(await reading.members.everyone()) == 1
        await writing.members.add("Mai", rep.role, "vi", "Asia/Ho_Chi_Minh", NOW)
        await writing.commit()
        assert len(await reading.members.everyone()) == 1
    async with store.read() as reading:
        assert len(await reading.members.everyone()) == 2


async def test_of_turns_in_line_only_those_that_fail_are_rolled_back(store: SqlStore) -> None:
    rep = await member(store)

    async def turn(number: int) -> None:
        async with store.begin() as uow:
            await uow.customers.add(rep, NewCustomer(f"Khách {number}"), NOW)
            if number % 3 == 0:
                raise ZeroDivisionError
            await uow.commit()

    outcomes = await asyncio.gather(*(turn(number) for number in range(60)), return_exceptions=True)
    failed = {number for number, outcome in enumerate(outcomes) if outcome is not None}
    assert failed == set(range(0, 60, 3))
    assert await _names(store, rep) == sorted(f"Khách {number}" for number in range(60) if number % 3)


async def test_cancelled_turns_leave_the_others_and_the_next_ones_alone(store: SqlStore) -> None:
    rep = await member(store)
    saved: list[str] = []

    async def turn(number: int) -> None:
        async with store.begin() as uow:
            await uow.customers.add(rep, NewCustomer(f"Khách {number}"), NOW)
            await uow.commit()
        saved.append(f"Khách {number}")

    turns = [asyncio.create_task(turn(number)) for number in range(80)]
    for number, task in enumerate(turns):
        if number % 4 == 0:
            await asyncio.sleep(0.002)
            task.cancel()
    outcomes = await asyncio.gather(*turns, return_exceptions=True)
    unexpected = [
        o for o in outcomes if o is not None and not isinstance(o, asyncio.CancelledError | StorageUnavailable)
    ]
    assert unexpected == []
    await turn(1000)
    # who was told "saved" is saved; a turn that was cancelled while it committed may be there too
    assert set(saved) <= set(await _names(store, rep))
    assert len(saved) > 40


@pytest.fixture
def sqlite_file(tmp_path: Path, sqlite_template: Path) -> Path:
    path = tmp_path / "only.db"
    path.write_bytes(sqlite_template.read_bytes())
    return path


async def test_a_database_locked_by_another_process_is_unavailable_and_then_works_again(
    sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0.05)
    store = create_store(f"sqlite+aiosqlite:///{sqlite_file}")
    rep = await member(store)
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable):
        await customer(store, rep, "Khách A")
    other.execute("ROLLBACK")
    other.close()
    await customer(store, rep, "Khách B")
    assert await _names(store, rep) == ["Khách B"]
    await store.close()


@contextmanager
def _no_more_pages_than(pages: int) -> Iterator[None]:
    """Every SQLite connection opened meanwhile finds its disk full at so many pages."""

    def limit(dbapi_connection: sqlite3.Connection, _record: object) -> None:
        dbapi_connection.cursor().execute(f"PRAGMA max_page_count={pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


async def test_a_full_disk_is_never_called_saved_and_recovers_by_itself(sqlite_file: Path) -> None:
    connection = sqlite3.connect(sqlite_file)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.close()
    store = create_store(f"sqlite+aiosqlite:///{sqlite_file}")
    saved: list[str] = []

    async def turn(number: int) -> None:
        with suppress(StorageUnavailable):
            added = await customer(store, rep, f"Khách {number}", interest="dài " * 2000)
            saved.append(added.name)

    with _no_more_pages_than(pages + 40):
        rep = await member(store)
        await asyncio.gather(*(turn(number) for number in range(60)))
        assert 0 < len(saved) < 60
    await store.close()
    store = create_store(f"sqlite+aiosqlite:///{sqlite_file}")
    assert await _names(store, rep) == sorted(saved)
    await turn(1000)
    assert "Khách 1000" in saved
    await store.close()


async def test_a_postgresql_that_drops_its_connections_is_unavailable_and_then_works_again(
    postgres_server: PostgresServer,
) -> None:
    store = create_store(await asyncio.to_thread(postgres_server.copy, "dropped"))
    rep = await member(store)
    drop = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'dropped'"

    async def turn_that_loses_its_connection() -> None:
        async with store.begin() as uow:
            await uow.customers.add(rep, NewCustomer("Khách A"), NOW)
            await asyncio.to_thread(postgres_server.execute, drop)
            await uow.commit()

    with pytest.raises(StorageUnavailable):
        await turn_that_loses_its_connection()
    await customer(store, rep, "Khách B")
    assert await _names(store, rep) == ["Khách B"]
    await store.close()
    await asyncio.to_thread(postgres_server.execute, "DROP DATABASE dropped WITH (FORCE)")


async def test_a_database_that_cannot_be_reached_is_unavailable(tmp_path: Path) -> None:
    store = create_store(f"postgresql+asyncpg://postgres@/nothing?host={tmp_path}")
    with pytest.raises(StorageUnavailable):
        async with store.begin():
            pass
    with pytest.raises(StorageUnavailable):
        await store.ledger.next_due()
    await store.close()


def test_sqlite_in_memory_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match="needs a file"):
        create_store("sqlite+aiosqlite://")


async def test_sqlite_flushes_each_commit_and_keeps_its_references(sqlite_file: Path) -> None:
    store = create_store(f"sqlite+aiosqlite:///{sqlite_file}")
    async with store._engines.writing() as sql:
        found = [
            await sql.run(lambda c, name=name: c.exec_driver_sql(f"PRAGMA {name}").scalar())  # type: ignore[misc]
            for name in ("journal_mode", "foreign_keys", "synchronous")
        ]
    assert found == ["wal", 1, 2]
    await store.close()
    assert make_url(store._engines.url).database == str(sqlite_file)
