"""The real program in a process of its own, against a Bot API in the test's."""

import asyncio
import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "4200:AAExample-of_a-token-0123456789"
SECRET = "s3cret_of-the-webhook"


@dataclass
class Program:
    """`python -m bot run` in `folder`, its owners, and how to start, kill and end it."""

    folder: Path
    api: BotApi
    api_url: str
    owners: range
    more: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    lives: int = 0

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "data" / "chamkhach.db"

    @property
    def log(self) -> str:
        """What it has logged in all its lives."""
        path = self.folder / "log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def environment(self) -> dict[str, str]:
        """Its environment variables: its own settings, and nothing of the machine's."""
        return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
            "PYTHONPATH": str(ROOT),
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.api_url,
            "OWNER_IDS": ",".join(f"telegram:{owner}" for owner in self.owners),
            "HTTP_PORT": "0",
            "LOG_LEVEL": "DEBUG",
            **self.more,
        }

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return self.process.poll() if self.process else None

    async def talk(self, command: str, given: str) -> str:
        """Run a command that reads standard input; what it writes."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", command, cwd=self.folder, env=self.environment, stdin=PIPE, stdout=PIPE
        )
        output, _ = await process.communicate(given.encode())
        return output.decode()

    def start(self, *arguments: str, module: str = "bot") -> None:
        """Start it, `run` unless other arguments are given."""
        self.lives += 1
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *(arguments or ("run",))],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    async def until_listening(self) -> None:
        """Wait until it asks for updates or has set its webhook. Fails with its log when it ends before."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 120
        while self.calls("deletewebhook") + self.calls("setwebhook") < self.lives:
            assert not self.is_over, self.log
            assert loop.time() < deadline, self.log
            with contextlib.suppress(TimeoutError):
                await self.api.chats.changed(within=0.2)

    def calls(self, method: str) -> int:
        """How often a method was called."""
        return sum(call.method.lower() == method for call in self.api.calls)

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.process is None or self.process.poll() is not None

    async def kill(self) -> None:
        """kill -9."""
        await self.end(signal.SIGKILL)

    async def end(self, how: signal.Signals = signal.SIGTERM, within: float = 90) -> int:
        """Send a signal and wait for the end; the exit code."""
        assert self.process
        if not self.is_over:
            self.process.send_signal(how)
        return await asyncio.to_thread(self.process.wait, within)

    async def died(self, within: float = 90) -> None:
        """Wait until it has died by itself."""
        assert self.process
        await asyncio.to_thread(self.process.wait, within)

    # What it has stored -----------------------------------------------------------------------------------------------

    def select(self, query: str) -> list[tuple[object, ...]]:
        """Read its database while it lives or after."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=60)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def customers_by_phone(self) -> Counter[str]:
        """How many customers have each phone number (national form)."""
        return Counter(
            "0" + str(phone).removeprefix("+84") for (phone,) in self.select("SELECT phone FROM customer_phones")
        )


def webhook_settings() -> dict[str, str]:
    """The environment for updates by webhook on a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    return {"UPDATES": "webhook", "WEBHOOK_SECRET": SECRET, "PUBLIC_URL": url, "HTTP_PORT": str(port)}


def answers(chats: Chats, person: int) -> list[str]:
    """What the bot has said to somebody, as it reads now."""
    return [message.text for message in chats.messages(person) if message.from_bot]


def people(api: BotApi, persons: range) -> None:
    """Give phones to persons who have pressed Start."""
    for number in persons:
        api.chats.add_person(number, f"Người {number}").started = True


def phones_in(texts: list[str], sign: str) -> Counter[str]:
    """The phones of customers whom texts with `sign` are about, and how many texts."""
    lines = (next(line for line in text.splitlines() if "☎️" in line) for text in texts if sign in text)
    return Counter(line.removeprefix("☎️").replace(" ", "") for line in lines)
