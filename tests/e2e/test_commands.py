"""The command line as an operator meets it."""

import json
from pathlib import Path

from bot.check import shown
from tests.e2e.conftest import Launch

ONE = range(2000, 2001)


async def test_run_without_a_token_says_what_to_do(launch: Launch) -> None:
    program = launch(ONE, BOT_TOKEN="")
    program.start()
    await program.died()
    assert program.exit_code == 1
    assert "@BotFather" in program.log
    assert "make sandbox" in program.log
    assert "Traceback" not in program.log


async def test_a_refused_token_ends_the_run_with_an_alarm(launch: Launch) -> None:
    program = launch(ONE, BOT_TOKEN="4200:another-token-0123456789")
    program.start()
    await program.died()
    assert program.exit_code == 1
    assert "BOT_TOKEN" in program.log
    assert "Traceback" not in program.log


async def test_an_address_that_is_taken_is_told(launch: Launch) -> None:
    program = launch(ONE)
    program.more["HTTP_PORT"] = program.api_url.rpartition(":")[2]
    program.start()
    await program.died()
    assert program.exit_code == 1
    assert "Traceback" not in program.log


async def test_check_shows_the_settings_without_secrets_and_what_can_be_reached(launch: Launch) -> None:
    program = launch(ONE)
    program.start("check")
    await program.died()
    assert program.exit_code == 0, program.log
    assert "OWNER_IDS          telegram:2000" in program.log
    assert "Telegram: ok, @chamkhach_bot" in program.log
    assert "Database: ok" in program.log


async def test_check_fails_in_plain_sentences(launch: Launch, tmp_path: Path) -> None:
    in_the_way = tmp_path / "in-the-way.db"
    in_the_way.mkdir()
    program = launch(
        ONE, TELEGRAM_API_URL="http://127.0.0.1:9", DATABASE_URL=f"sqlite+aiosqlite:///{in_the_way}", OWNER_IDS=""
    )
    program.start("check")
    await program.died()
    assert program.exit_code == 1
    for sentence in ("Telegram: không kết nối được", "Database: không mở được", "OWNER_IDS: chưa có chủ nào"):
        assert sentence in program.log
    assert "Traceback" not in program.log


def test_check_hides_the_password_of_the_database() -> None:
    assert shown("database_url", "postgresql+asyncpg://bot:pa55@db/x") == "postgresql+asyncpg://bot:***@db/x"
    assert shown("database_url", "sqlite+aiosqlite:///data/x.db") == "sqlite+aiosqlite:///data/x.db"


async def test_migrate_makes_the_database_and_may_be_repeated(launch: Launch) -> None:
    program = launch(ONE)
    for _ in range(2):
        program.start("migrate")
        await program.died()
        assert program.exit_code == 0, program.log
    assert program.select("SELECT count(*) FROM members") == [(0,)]


async def test_understand_answers_each_line_with_a_line(launch: Launch) -> None:
    program = launch(ONE)
    messages = ("c Lan chốt gói Pro 12tr5", "khách mới anh Minh 0912 345 678")
    lines = [json.dumps({"text": text, "now": "2026-11-21T10:00:00+07:00"}) for text in messages]
    output = await program.talk("understand", "\n".join([*lines, ""]))
    sale, customer = (json.loads(line) for line in output.splitlines())
    assert (sale["intent"], sale["amount_vnd"]) == ("sale", 12_500_000)
    assert (customer["intent"], customer["phone_e164"]) == ("customer", "+84912345678")
