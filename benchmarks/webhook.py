"""How soon Zalo's webhook answers while the worker is busy, on both databases, against a bare handler in the same run.

`python -m benchmarks.webhook [--backlog 1500] [--per-second 50] [--seconds 15]`. First a backlog of notes about known customers is
handed over as fast as it is taken; while it is worked off, more come at a steady rate, and the time until each is answered counts. The
worker must still be busy at the end, else the figures say nothing. Only the ratios within one run count: machines drift.
"""

import argparse
import asyncio
import hashlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from benchmarks.bot_api import FastApi
from benchmarks.sealed import APP_ID, SECRET
from benchmarks.storage import postgres
from benchmarks.zalo_api import FastZalo
from bot.clock import SystemClock

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = [str(2_512_523_625_410_000 + number) for number in range(200)]
IN_FLIGHT = 32
NOTE = "c Lan xem báo giá rồi, khen đẹp"


@dataclass
class Contender:
    """A webhook in a process of its own; `does_work`: it has a worker behind it."""

    name: str
    command: tuple[str, ...]
    does_work: bool
    database_url: str = ""
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    events: int = 0

    def start(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Start it."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        own = {"DATABASE_URL": self.database_url} if self.database_url else {}
        arguments = [part.format(port=self.port) for part in self.command]
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env={**environment, **own, "HTTP_PORT": str(self.port), "PUBLIC_URL": f"http://127.0.0.1:{self.port}"},
        )

    def end(self) -> None:
        """End it."""
        assert self.process
        self.process.terminate()
        self.process.wait(30)

    def next_event(self, text: str) -> tuple[bytes, str]:
        """One more message, each from another person, and its signature."""
        self.events += 1
        event: dict[str, Any] = {
            "app_id": APP_ID,
            "sender": {"id": PEOPLE[self.events % len(PEOPLE)]},
            "recipient": {"id": "388613280878808645"},
            "event_name": "user_send_text",
            "message": {"text": text, "msg_id": f"{self.port}-{self.events}"},
            "timestamp": str(round(SystemClock().now().timestamp() * 1000)),
        }
        raw = orjson.dumps(event)
        signed = APP_ID.encode() + raw + event["timestamp"].encode() + SECRET.encode()
        return raw, "mac=" + hashlib.sha256(signed).hexdigest()


async def post(session: aiohttp.ClientSession, bot: Contender, text: str = NOTE) -> float:
    """Deliver an event; seconds until the 200."""
    raw, signature = bot.next_event(text)
    headers = {"X-ZEvent-Signature": signature, "Content-Type": "application/json"}
    began = time.perf_counter()
    async with session.post(f"http://127.0.0.1:{bot.port}/zalo", data=raw, headers=headers) as response:
        assert response.status == 200, response.status
        await response.read()
    return time.perf_counter() - began


async def until_ready(session: aiohttp.ClientSession, zalo: FastZalo, bot: Contender) -> None:
    """Wait until it answers, and until everybody has a customer of theirs."""
    while True:
        try:
            await post(session, bot, "/trogiup")
            break
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)
    if bot.does_work:
        before = zalo.sent
        for _ in PEOPLE:
            await post(session, bot, f"Khách mới chị Lan 09{bot.events:08}")
        while zalo.sent < before + len(PEOPLE):  # noqa: ASYNC110 - its answers are all that shows
            await asyncio.sleep(0.05)


async def handed_over(session: aiohttp.ClientSession, bot: Contender, events: int) -> list[float]:
    """Deliver many events, 32 in flight; how long each took."""
    left, taken = events, list[float]()

    async def lane() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            taken.append(await post(session, bot))

    await asyncio.gather(*(lane() for _ in range(IN_FLIGHT)))
    return taken


async def steady(session: aiohttp.ClientSession, bot: Contender, per_second: int, seconds: int) -> list[float]:
    """Deliver events at a steady rate; how long each took."""
    tasks: list[asyncio.Task[float]] = []
    began = time.perf_counter()
    for number in range(per_second * seconds):
        await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        tasks.append(asyncio.create_task(post(session, bot)))
    return list(await asyncio.gather(*tasks))


def figures(name: str, taken: list[float]) -> dict[str, float]:
    """Of how long each took: the middle, the worst in a hundred, the worst."""
    ordered = sorted(taken)
    at = {"p50": ordered[len(ordered) // 2], "p99": ordered[int(len(ordered) * 0.99)], "max": ordered[-1]}
    return {f"{name} {key} ms": value * 1000 for key, value in at.items()}


async def measured(
    session: aiohttp.ClientSession, zalo: FastZalo, bot: Contender, options: argparse.Namespace
) -> dict[str, float]:
    """All figures of one contender."""
    await until_ready(session, zalo, bot)
    before, began = zalo.sent, time.perf_counter()
    found = figures("flood", await handed_over(session, bot, options.backlog))
    found["flood events/s"] = options.backlog / (time.perf_counter() - began)
    found |= figures("steady", await steady(session, bot, options.per_second, options.seconds))
    if bot.does_work:
        done, all_of_them = zalo.sent - before, options.backlog + options.per_second * options.seconds
        found["turns/s meanwhile"] = done / (time.perf_counter() - began)
        found["still waiting"] = all_of_them - done
    return found


async def measure(options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """All figures of all contenders, by name."""
    telegram, zalo = FastApi(), FastZalo()
    telegram_url, zalo_url = await telegram.start(), await zalo.start()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": "4200:AAExample-of_a-token-0123456789",
        "TELEGRAM_API_URL": telegram_url,
        "OWNER_IDS": ",".join(f"zalo:{person}" for person in PEOPLE),
        "ZALO_APP_ID": APP_ID,
        "ZALO_APP_SECRET": "app",
        "ZALO_OA_SECRET": SECRET,
        "ZALO_REFRESH_TOKEN": "RT",
        "ZALO_API_URL": zalo_url,
        "ZALO_OAUTH_URL": zalo_url,
        "ZALO_ZNS_URL": zalo_url,
        "LOG_LEVEL": "WARNING",
    }
    found: dict[str, dict[str, float]] = {}
    ours = ("-m", "bot", "run")
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder)) as postgres_url:
        bots = [
            Contender(
                "bare: aiohttp, signature checked", (str(ROOT / "benchmarks" / "sealed.py"), "{port}"), does_work=False
            ),
            Contender("ours on SQLite", ours, does_work=True),
            Contender("ours on PostgreSQL", ours, does_work=True, database_url=postgres_url),
        ]
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            for bot in bots:
                bot.start(Path(folder), environment)
                try:
                    found[bot.name] = await measured(session, zalo, bot, options)
                finally:
                    bot.end()
    await telegram.close()
    await zalo.close()
    return found


def main() -> None:
    """Measure, and print a table with the ratios to the bare handler."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--backlog", type=int, default=1500)
    parser.add_argument("--per-second", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=15)
    found = asyncio.run(measure(parser.parse_args()))
    bare = next(iter(found.values()))
    for name, row in found.items():
        sys.stdout.write(f"\n{name}\n")
        for key, value in row.items():
            ratio = f"{value / bare[key]:8.1f} x bare" if key in bare else ""
            sys.stdout.write(f"  {key:20} {value:9.1f}   {ratio}\n")


if __name__ == "__main__":
    main()
