"""The real program and a Bot API for it."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.sandbox.bot_api import BotApi
from bot.web.server import Server
from tests.e2e.program import SECRET, TOKEN, Program, people

OWNERS = range(2000, 2120)
Launch = Callable[..., Program]


@pytest.fixture
async def launch(tmp_path: Path) -> AsyncIterator[Launch]:
    """Makes programs, not yet started; whatever still runs at the end is killed. They log at DEBUG, and not one of them
    may have logged a token, a secret, a phone or what somebody wrote (S14)."""
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
    for program in programs:
        for private in (TOKEN, SECRET, "Lan", "gọi lại"):
            assert private not in program.log
        assert not re.search(r"0?9\d\d[ .]?\d{3}[ .]?\d{3}", program.log)
