"""From the start of the process to the first answer, and idle memory, against the barest aiogram echo, both by long polling.

`python -m benchmarks.start [--rounds 5]`. A message waits already; the time ends when the answer has reached the Bot API. Memory
is what is resident three seconds later. Only the ratios within one run count: machines drift.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.bot_api import FastApi

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "4200:AAExample-of_a-token-0123456789"
PERSON = 2000
IDLE_AFTER = 3.0


@dataclass
class Contender:
    """A bot, and what was measured of it: seconds to the first answer, idle MB."""

    name: str
    command: tuple[str, ...]
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


def resident(process: subprocess.Popen[bytes]) -> float:
    """Memory in MB."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def live(bot: Contender, folder: Path) -> tuple[float, float]:
    """One life: seconds to the first answer, idle MB."""
    api = FastApi()
    api_url = await api.start()
    api.write(PERSON, "/trogiup")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api_url,
        "OWNER_IDS": f"telegram:{PERSON}",
        "HTTP_PORT": "0",
        "LOG_LEVEL": "WARNING",
    }
    began = time.monotonic()
    command = [sys.executable, *(part.format(api=api_url) for part in bot.command)]
    process = await asyncio.to_thread(subprocess.Popen, command, cwd=folder, env=environment)
    try:
        while not api.sent:
            if process.poll() is not None:
                sys.exit(f"{bot.name} has ended by itself")
            await asyncio.sleep(0.005)
        seconds = time.monotonic() - began
        await asyncio.sleep(IDLE_AFTER)
        return seconds, resident(process)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 20)
        await api.close()


async def measure(rounds: int) -> list[Contender]:
    """The bots in turn, so many times each."""
    stock = Contender("stock aiogram echo", (str(ROOT / "benchmarks" / "polling_echo.py"), "{api}"))
    new = Contender("ours, which makes its database", ("-m", "bot", "run"))
    ours = Contender("ours, started again", ("-m", "bot", "run"))
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            for bot in (stock, new, ours):
                seconds, megabytes = await live(bot, Path(folder))
                bot.seconds.append(seconds)
                bot.megabytes.append(megabytes)
    return [stock, new, ours]


def main() -> None:
    """Measure, and print the medians with their ratios to the stock echo."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    bots = asyncio.run(measure(parser.parse_args().rounds))
    stock_seconds, stock_megabytes = statistics.median(bots[0].seconds), statistics.median(bots[0].megabytes)
    for bot in bots:
        seconds, megabytes = statistics.median(bot.seconds), statistics.median(bot.megabytes)
        sys.stdout.write(
            f"{bot.name:32} first answer {seconds:5.2f} s ({seconds / stock_seconds:4.2f} x)   "
            f"idle {megabytes:5.0f} MB ({megabytes / stock_megabytes:4.2f} x)\n"
        )


if __name__ == "__main__":
    main()
