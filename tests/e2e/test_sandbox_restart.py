"""The sandbox started again on the same database: time goes on, and never back."""

import asyncio
from datetime import datetime, timedelta

import aiohttp

from tests.e2e.conftest import Launch
from tests.e2e.program import Program, webhook_settings

ONE = range(2000, 2001)
A_WHILE = timedelta(days=2)


async def moment(program: Program, port: str, hours: float) -> datetime:
    """Wind the sandbox's clock by so many hours, once it is there; what it shows then."""
    deadline = asyncio.get_running_loop().time() + 120
    async with aiohttp.ClientSession() as session:
        while True:
            assert not program.is_over, program.log
            try:
                async with session.post(f"http://127.0.0.1:{port}/sandbox/clock", json={"hours": hours}) as response:
                    return datetime.fromisoformat((await response.json())["now"])
            except aiohttp.ClientConnectorError:
                assert asyncio.get_running_loop().time() < deadline, program.log
                await asyncio.sleep(0.05)


async def test_time_goes_on_from_what_the_database_knows_and_fresh_begins_today(launch: Launch) -> None:
    port = webhook_settings()["HTTP_PORT"]
    program = launch(ONE, HTTP_PORT=port, DATABASE_URL="sqlite+aiosqlite:///data/chamkhach.db", LOG_LEVEL="INFO")
    program.start("sandbox")
    began = await moment(program, port, 0.001)
    wound = known = began
    while known - began < A_WHILE:  # a push comes on each working day
        wound = await moment(program, port, 24)
        assert wound - began < timedelta(days=20)
        [(last,)] = program.select("SELECT max(due_at) FROM outbox WHERE state = 'sent'")
        known = datetime.fromisoformat(f"{last}+00:00")
    assert await program.end() == 0

    program.start("sandbox")
    assert known <= await moment(program, port, 0.001) <= wound + timedelta(hours=1)
    assert await program.end() == 0

    program.start("sandbox", "--fresh")
    assert await moment(program, port, 0.001) - began < A_WHILE
    assert await program.end() == 0
