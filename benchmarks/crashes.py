"""R3 in full: 1,000 conversations, 50 times kill -9 at random moments, then the books. `python -m benchmarks.crashes [--kills 50]`."""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from bot.clock import SystemClock
from bot.sandbox.bot_api import BotApi
from bot.web.server import Server
from tests.e2e.program import TOKEN, Program, people
from tests.e2e.storm import Books, Storm

PEOPLE = range(2000, 3000)


async def storm(kills: int, seed: int) -> Books:
    """Kill it so many times while people write; what came of it."""
    dice = random.Random(seed)
    api = BotApi(SystemClock().now, TOKEN, pace=False)
    people(api, PEOPLE)
    server = Server("127.0.0.1", 0, ())
    api.install(server.app)
    await server.start()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder), api, f"http://127.0.0.1:{server.port}", PEOPLE, {"LOG_LEVEL": "INFO"})
        weather = Storm(program, share=10)
        for number in range(kills):
            if number > kills // 5:
                weather.make_due(12)
            await weather.short_life(dice)
            sys.stderr.write(f"\r{number + 1} kills")
        await weather.calm(within=900)
        books = weather.books()
    await server.close()
    return books


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.stdout.write(f"\n{asyncio.run(storm(options.kills, options.seed))}\n")


if __name__ == "__main__":
    main()
