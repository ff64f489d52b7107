"""The command line: arguments in, exit codes out. What a command needs is loaded only for that command."""

import argparse
import asyncio
import errno
import gc
import json
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from bot.logs import set_up_logs
from bot.settings import BadSettings, Settings, read_settings

NO_TOKEN = """\
BOT_TOKEN chưa có: tạo bot với @BotFather rồi ghi token vào tệp .env (mẫu: .env.example).
Muốn thử ngay, không cần token: make sandbox

BOT_TOKEN is not set: create a bot with @BotFather and put its token into .env (see .env.example).
To try everything without a token: make sandbox
"""
SANDBOX_DATABASE = "sqlite+aiosqlite:///data/sandbox.db"
SANDBOX_ORG = "Máy lọc nước Suối Xanh"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code: 0 well, 1 trouble that was told, 2 wrong arguments."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except BadSettings as trouble:
        return _fail(f"Cấu hình sai / wrong settings:\n{trouble}")
    except OSError as trouble:
        if trouble.errno == errno.EADDRINUSE:
            return _fail(
                "Cổng đang bận, đặt HTTP_PORT khác / this port is taken, set another HTTP_PORT, for example 8081"
            )
        return _fail(f"{trouble.strerror or trouble}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Chăm Khách: trợ lý bán hàng trong khung chat.")
    commands = parser.add_subparsers(required=True, metavar="command")
    commands.add_parser("run", help="run on Telegram").set_defaults(command=run)
    sandbox_ = commands.add_parser(
        "sandbox", help="run everything on this machine, with a page of phones; no token needed"
    )
    sandbox_.add_argument("--fresh", action="store_true", help="forget what was there and start again")
    sandbox_.add_argument("--webhook", action="store_true", help="updates by webhook instead of polling")
    sandbox_.set_defaults(command=sandbox)
    commands.add_parser("migrate", help="bring the database to this version").set_defaults(command=migrate)
    commands.add_parser("check", help="show the settings and whether everything can be reached").set_defaults(
        command=check
    )
    commands.add_parser("understand", help="JSON lines of messages in, their meaning out").set_defaults(
        command=understand
    )
    return parser


def run(_: argparse.Namespace) -> int:
    """Run on Telegram until told to end."""
    settings = _settings()
    if not settings.bot_token.get_secret_value():
        return _fail(NO_TOKEN)
    with _quick_loading():
        from bot.app import build_app
        from bot.clock import SystemClock

    async def live() -> bool:
        return await build_app(settings, SystemClock()).run()

    return _lived(live)


def sandbox(options: argparse.Namespace) -> int:
    """Run on this machine alone until told to end."""
    settings = _settings()
    given = settings.model_fields_set
    ours = {"database_url": SANDBOX_DATABASE, "org_name": SANDBOX_ORG}
    settings = settings.model_copy(update={name: value for name, value in ours.items() if name not in given})
    with _quick_loading():
        from bot.sandbox_app import run_sandbox

    return _lived(partial(run_sandbox, settings, fresh=options.fresh, webhook=options.webhook))


def migrate(_: argparse.Namespace) -> int:
    """Bring the database to this version."""
    from bot.storage.store import create_store

    async def bring() -> bool:
        store = create_store(_settings().database_url)
        try:
            await store.migrate()
        finally:
            await store.close()
        return True

    return _lived(bring)


def check(_: argparse.Namespace) -> int:
    """Show the settings and whether everything can be reached."""
    from bot.check import check_everything

    return _lived(partial(check_everything, _settings(), _say))


def understand(_: argparse.Namespace) -> int:
    """Answer each JSON line of standard input with one of its meaning."""
    from bot.domain.understanding.records import understand_record

    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            meaning = understand_record(json.loads(line))
        except (ValueError, KeyError, TypeError):
            return _fail(f'Dòng {number} / line {number}: {{"text": "…", "now": "2026-11-23T08:40:00+07:00"}}')
        _say(json.dumps(meaning, ensure_ascii=False))
    return 0


@contextmanager
def _quick_loading() -> Iterator[None]:
    """Without garbage collection: aiogram's thousands of types are all kept, and looking them over again and again is slow."""
    gc.disable()
    yield
    gc.enable()


def _settings() -> Settings:
    settings = read_settings()
    set_up_logs(settings.log_level, settings.log_format)
    return settings


def _lived(life: Callable[[], Coroutine[Any, Any, bool]]) -> int:
    from bot.domain.repositories import StorageUnavailable

    try:
        return 0 if asyncio.run(life()) else 1
    except StorageUnavailable:
        return _fail("Không mở được cơ sở dữ liệu / the database cannot be opened: DATABASE_URL")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _fail(sentence: str) -> int:
    sys.stderr.write(sentence.rstrip() + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
