"""`python -m tests.e2e.dying STEP N LEASE`: the real program, which dies on the spot when it comes to STEP for the N-th time.

STEP `never` only shortens the lease (LEASE seconds), so that a test need not wait a minute for what a dead run left behind.
"""

import os
import runpy
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.domain import delivery


def die_at(step: str, countdown: int) -> None:
    """Arm the step. Everything is imported here, after the lease was shortened."""
    import bot.app as app
    from bot.channels.telegram import Telegram
    from bot.channels.telegram_intake import TelegramIntake
    from bot.storage.outbox import SqlLedger
    from bot.storage.unit_of_work import SqlUnitOfWork

    left = countdown

    def pass_by() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(owner: Any, name: str, *, before: bool = False, when: Callable[..., bool] = lambda *_: True) -> None:
        original: Callable[..., Awaitable[Any]] = getattr(owner, name)

        async def deadly(*arguments: Any, **named: Any) -> Any:
            if before and when(*arguments):
                pass_by()
            result = await original(*arguments, **named)
            if not before and when(*arguments):
                pass_by()
            return result

        setattr(owner, name, deadly)

    steps: dict[str, Callable[[], None]] = {
        "never": lambda: None,
        "before a commit": lambda: around(SqlUnitOfWork, "commit", before=True),
        "after a commit": lambda: around(SqlUnitOfWork, "commit"),
        "before a call": lambda: around(Telegram, "send", before=True),
        "after a call": lambda: around(Telegram, "send"),
        "before an arrival is reported": lambda: around(SqlLedger, "sent", before=True),
        "after an arrival is reported": lambda: around(SqlLedger, "sent"),
        "after a claim": lambda: around(SqlLedger, "claim"),
        "after a fence": lambda: around(SqlLedger, "sending"),
        "before updates are confirmed": lambda: around(
            TelegramIntake, "_fetch", before=True, when=lambda _, offset: bool(offset)
        ),
        "after pushes are queued": lambda: around(app, "push_due"),
    }
    steps[step]()


def main() -> None:
    """Run the program, deadly."""
    step, countdown, lease = sys.argv[1:4]
    delivery.LEASE = timedelta(seconds=float(lease))
    die_at(step, int(countdown))
    sys.argv[1:] = ["run"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
