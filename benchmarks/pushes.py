"""10,000 pushes due at once: all sent at the pace, and how late the last are beyond it.

`python -m benchmarks.pushes [--pushes 10000]`
"""

import argparse
import asyncio
import sys
import tempfile
import time
from bisect import bisect_left
from pathlib import Path

from markupsafe import Markup

from benchmarks.bot_api import FastApi
from bot.channels.telegram import Telegram, connect
from bot.clock import SystemClock
from bot.dispatcher import Dispatcher
from bot.domain.delivery import Audience, NewDelivery
from bot.domain.mailroom import Address
from bot.messages import Reply
from bot.pace import PER_SECOND
from bot.storage.store import create_store


async def nobody(_: Address) -> None:
    """Nobody blocks the bot here."""


async def send(pushes: int) -> dict[str, float]:
    """Queue them, send them all."""
    api, clock = FastApi(), SystemClock()
    telegram = Telegram(connect("4200:AAExample-of_a-token-0123456789", await api.start()))
    with tempfile.TemporaryDirectory() as folder:
        store = create_store(f"sqlite+aiosqlite:///{Path(folder) / 'pushes.db'}")
        await store.migrate()
        now = clock.now()
        payload = Reply(Markup("<b>Việc hôm nay</b>: gọi chị Lan")).to_record()
        async with store.begin() as uow:
            for number in range(pushes):
                await uow.outbox.queue(
                    NewDelivery(
                        f"push:{number}", "telegram", str(5000 + number), Audience.MEMBER, "digest", payload, now
                    )
                )
            await uow.commit()
        dispatcher = Dispatcher(store, clock, [telegram], nobody, Markup("(gửi lại)"))
        work = asyncio.create_task(dispatcher.run())
        began = time.monotonic()
        while len(api.moments) < pushes:  # noqa: ASYNC110 - the dispatcher announces nothing
            await asyncio.sleep(0.2)
        await dispatcher.stop(2)
        await work
        await store.close()
    await telegram.close()
    await api.close()
    moments = sorted(moment - began for moment in api.moments)
    late = sorted(moment - number / PER_SECOND for number, moment in enumerate(moments))
    return {
        "sent": len(moments),
        "per second": len(moments) / moments[-1],
        "most in any second": max(bisect_left(moments, moment + 1) - index for index, moment in enumerate(moments)),
        "lateness beyond the pace, p99 s": late[int(len(late) * 0.99)],
        "twice": sum(count > 1 for count in api.sent.values()),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pushes", type=int, default=10_000)
    for name, value in asyncio.run(send(parser.parse_args().pushes)).items():
        sys.stdout.write(f"{name:34} {value:10.2f}\n")


if __name__ == "__main__":
    main()
