"""A log can be shown to anybody."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import Discreet, JsonLines, redacted, set_up_logs

TOKEN = "4200:AAExample-of_a-token-0123456789"


@pytest.fixture(autouse=True)
def the_logging_of_the_tests_comes_back() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    yield
    root.level, root.handlers = before


@pytest.mark.parametrize("phone", ["0912 345 678", "+84 912 345 678", "84912345678", "0912.345.678", "0912-345-678"])
def test_phones_and_tokens_are_taken_out_wherever_they_stand(phone: str) -> None:
    assert (
        redacted(f"https://api.telegram.org/bot{TOKEN}/getMe failed")
        == "https://api.telegram.org/bot<token>/getMe failed"
    )
    assert redacted(f"gọi {phone} nhé") == "gọi <phone> nhé"


@pytest.mark.parametrize(
    "innocent", ["2026-11-21 08:00:00", "update 871234567", "12.500.000", "127.0.0.1:8080", "delivery 41"]
)
def test_dates_ids_and_money_stay(innocent: str) -> None:
    assert redacted(innocent) == innocent


def logged(formatter: logging.Formatter, error: Exception) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    log = logging.Logger("test")
    log.addHandler(handler)
    try:
        try:
            raise error
        except Exception as cause:
            raise RuntimeError("chị Lan ghét màu đỏ") from cause
    except RuntimeError:
        log.exception("turn failed, reference %s", "AB12")
    return stream.getvalue()


@pytest.mark.parametrize("formatter", [Discreet("%(levelname)s %(message)s"), JsonLines()])
def test_of_an_exception_only_its_kind_and_its_place_are_told(formatter: logging.Formatter) -> None:
    text = logged(formatter, ValueError("giá 12tr5 cho 0912 345 678"))
    assert "turn failed, reference AB12" in text
    assert "builtins.RuntimeError" in text
    assert "builtins.ValueError" in text
    assert "test_logs.py" in text
    for private in ("chị Lan", "12tr5", "345 678"):
        assert private not in text.replace('raise RuntimeError("chị Lan ghét màu đỏ") from cause', "").replace(
            'raise RuntimeError(\\"chị Lan ghét màu đỏ\\") from cause', ""
        )


def test_our_own_exceptions_and_the_machines_say_why() -> None:
    assert "[Errno 28] No space left" in logged(Discreet("%(message)s"), OSError(28, "No space left"))


def test_json_lines_are_json() -> None:
    entry = json.loads(logged(JsonLines(), ValueError("x")))
    assert (entry["level"], entry["logger"], entry["message"]) == ("ERROR", "test", "turn failed, reference AB12")
    assert entry["at"].endswith("+00:00")


def test_what_talks_too_much_is_quiet_even_at_debug() -> None:
    set_up_logs("DEBUG", "text")
    assert logging.getLogger("bot").isEnabledFor(logging.DEBUG)
    for name in ("aiosqlite", "sqlalchemy.engine", "aiogram.event", "apscheduler.executors.default"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)
