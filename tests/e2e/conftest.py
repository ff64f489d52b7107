"""The real program and a Bot API for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.sandbox.bot_api import BotApi
from bot.web.server import Server
from tests.e2e.program import TOKEN, Program, people

OWNERS = range(2000, 2120)
Launch = Callable[..., Program]


@pytest.fixture
async def launch(tmp_path: Path) -> AsyncIterator[Launch]:
    """Makes programs, not yet started; whatever still runs at the end is killed."""
    api = BotApi(SystemClock().now, TOKEN, pace=False)
    server = Server("127.0.0.1", 0, ())
    api.install(server.app)
    await server.start()
    programs: list[Program] = []

    def make(owners: range = OWNERS, **more: str) -> Program:
        people(api, owners)
        programs.append(Program(tmp_path, api, f"http://127.0.0.1:{server.port}", owners, more))
        return programs[-1]

    yield make
    for program in programs:
        if not program.is_over:
            await program.kill()
    await server.close()
    await asyncio.sleep(0)
