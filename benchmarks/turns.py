"""Durable turns a second by webhook, latency and loaded memory, against a stock aiogram echo in the same run.

`python -m benchmarks.turns [--updates 1500] [--rounds 3]`. A turn is a note about a known customer: understood, stored and
committed before the 200, and answered. Only the ratios within one run count: machines drift.
"""

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from benchmarks.bot_api import FastApi

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "4200:AAExample-of_a-token-0123456789"
SECRET = "bench"
PEOPLE = range(2000, 2100)
IN_FLIGHT = 32
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}


@dataclass
class Contender:
    """A bot in a process of its own."""

    name: str
    command: tuple[str, ...]
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    updates: int = 0

    def start(self, api_url: str, folder: Path) -> None:
        """Start it."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": api_url,
            "UPDATES": "webhook",
            "WEBHOOK_SECRET": SECRET,
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "HTTP_PORT": str(self.port),
            "OWNER_IDS": ",".join(f"telegram:{person}" for person in PEOPLE),
            "LOG_LEVEL": "WARNING",
        }
        arguments = [part.format(port=self.port, api=api_url) for part in self.command]
        self.process = subprocess.Popen([sys.executable, *arguments], cwd=folder, env=environment)

    def resident(self) -> float:
        """Memory in MB."""
        assert self.process
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def next_update(self, text: str) -> bytes:
        """One more message, each from another person."""
        self.updates += 1
        person = PEOPLE[self.updates % len(PEOPLE)]
        sender = {"id": person, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
        chat = {"id": person, "type": "private", "first_name": "Lan"}
        message = {"message_id": self.updates, "date": 1_780_000_000, "from": sender, "chat": chat, "text": text}
        return orjson.dumps({"update_id": self.updates, "message": message})


async def post(session: aiohttp.ClientSession, bot: Contender, text: str) -> float:
    """Deliver an update; seconds until the 200."""
    began = time.perf_counter()
    async with session.post(
        f"http://127.0.0.1:{bot.port}/telegram", data=bot.next_update(text), headers=HEADERS
    ) as response:
        assert response.status == 200, response.status
        await response.read()
    return time.perf_counter() - began


async def until_ready(session: aiohttp.ClientSession, api: FastApi, bot: Contender) -> None:
    """Wait until it has answered once."""
    before = sum(api.sent.values())
    while True:
        try:
            await post(session, bot, "/trogiup")
            break
        except aiohttp.ClientError:
            await asyncio.sleep(0.02)
    while sum(api.sent.values()) == before:  # noqa: ASYNC110
        await asyncio.sleep(0.005)


async def load(session: aiohttp.ClientSession, api: FastApi, bot: Contender, updates: int) -> dict[str, float]:
    """Deliver many updates, 32 in flight; wait until all are answered."""
    before, left, taken = sum(api.sent.values()), updates, list[float]()

    async def lane() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            taken.append(await post(session, bot, "c Lan xem báo giá rồi, khen đẹp"))

    began = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(IN_FLIGHT)))
    committed = time.perf_counter() - began
    while sum(api.sent.values()) < before + updates:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    answered = time.perf_counter() - began
    taken.sort()
    return {
        "updates/s": updates / committed,
        "answered/s": updates / answered,
        "p50 ms": taken[len(taken) // 2] * 1000,
        "p99 ms": taken[int(len(taken) * 0.99)] * 1000,
    }


async def alone(session: aiohttp.ClientSession, bot: Contender, updates: int) -> float:
    """One person alone, one message after the other: p50 in ms."""
    return (
        statistics.median([await post(session, bot, "c Lan xem báo giá rồi, khen đẹp") for _ in range(updates)]) * 1000
    )


async def steady(session: aiohttp.ClientSession, bot: Contender, per_second: int, seconds: int) -> float:
    """At a steady rate: p95 in ms."""
    tasks: list[asyncio.Task[float]] = []
    began = time.perf_counter()
    for number in range(per_second * seconds):
        await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        tasks.append(asyncio.create_task(post(session, bot, "c Lan xem báo giá rồi, khen đẹp")))
    taken = sorted(await asyncio.gather(*tasks))
    return taken[int(len(taken) * 0.95)] * 1000


async def measure(updates: int, rounds: int) -> dict[str, dict[str, float]]:
    """All figures of all contenders, by name."""
    api = FastApi()
    api_url = await api.start()
    bots = [
        Contender("A: stock aiogram echo", (str(ROOT / "benchmarks" / "echo.py"), "{port}", "{api}")),
        Contender("thin: aiogram + SQLAlchemy, one row", (str(ROOT / "benchmarks" / "thin.py"), "{port}", "{api}")),
        Contender("ours: a note understood, stored, answered", ("-m", "bot", "run")),
    ]
    figures: dict[str, dict[str, Any]] = {bot.name: {} for bot in bots}
    with tempfile.TemporaryDirectory() as folder:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            for bot in bots:
                bot.start(api_url, Path(folder))
                await until_ready(session, api, bot)
            for _ in PEOPLE:
                await post(session, bots[2], f"Khách mới chị Lan 0912{bots[2].updates:06}")
            samples: dict[str, list[dict[str, float]]] = {bot.name: [] for bot in bots}
            for _ in range(rounds):
                for bot in bots:
                    samples[bot.name].append(await load(session, api, bot, updates))
            for bot in bots:
                for key in samples[bot.name][0]:
                    figures[bot.name][key] = statistics.median(sample[key] for sample in samples[bot.name])
                figures[bot.name]["alone p50 ms"] = await alone(session, bot, 300)
                figures[bot.name]["at 100/s p95 ms"] = await steady(session, bot, 100, 5)
                figures[bot.name]["loaded MB"] = bot.resident()
        for bot in bots:
            assert bot.process
            bot.process.terminate()
            bot.process.wait(20)
    await api.close()
    return figures


def main() -> None:
    """Measure, and print a table with the ratios to the stock echo."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--updates", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    figures = asyncio.run(measure(options.updates, options.rounds))
    stock = next(iter(figures.values()))
    for name, row in figures.items():
        sys.stdout.write(f"\n{name}\n")
        for key, value in row.items():
            sys.stdout.write(f"  {key:18} {value:9.1f}   {value / stock[key]:6.2f} x A\n")


if __name__ == "__main__":
    main()
