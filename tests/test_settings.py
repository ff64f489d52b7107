"""The operator's mistakes are told in sentences, before anything starts, and secrets are never shown."""

from pathlib import Path
from typing import Any

import pytest

from bot.settings import BadSettings, read_settings

TOKEN = "4200:AAExample-of_a-token-0123456789"
WEBHOOK = {"updates": "webhook", "webhook_secret": "s3cret", "public_url": "https://bot.example.vn/"}


@pytest.fixture(autouse=True)
def an_empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of the machine on which the tests run."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "BOT_TOKEN",
        "DATABASE_URL",
        "OWNER_IDS",
        "UPDATES",
        "TIMEZONE",
        "ORG_NAME",
        "LOG_LEVEL",
        "TELEGRAM_API_URL",
    ):
        monkeypatch.delenv(name, raising=False)


def test_the_defaults_need_nothing() -> None:
    settings = read_settings()
    assert (settings.updates, settings.http_host, settings.http_port) == ("polling", "127.0.0.1", 8080)
    assert settings.database_url == "sqlite+aiosqlite:///data/chamkhach.db"
    assert (settings.default_locale, settings.timezone, settings.owner_ids) == ("vi", "Asia/Ho_Chi_Minh", ())


def test_the_environment_wins_over_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(
        f"BOT_TOKEN={TOKEN}\nORG_NAME=Máy lọc nước Suối Xanh\nTIMEZONE=Asia/Tokyo\nLOG_LEVEL=\n", encoding="utf-8"
    )
    monkeypatch.setenv("TIMEZONE", "Asia/Bangkok")
    settings = read_settings()
    assert settings.bot_token.get_secret_value() == TOKEN
    assert (settings.org_name, settings.timezone, settings.log_level) == (
        "Máy lọc nước Suối Xanh",
        "Asia/Bangkok",
        "INFO",
    )


def test_owners_are_named_by_channel_and_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER_IDS", "telegram:1001, zalo:2468,")
    assert read_settings().owner_ids == (("telegram", "1001"), ("zalo", "2468"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"bot_token": "token"}, "BOT_TOKEN: does not look like a token"),
        ({"owner_ids": "1001"}, "OWNER_IDS: write it as telegram:1001"),
        ({"owner_ids": "signal:1001"}, "OWNER_IDS: write it as telegram:1001"),
        ({"owner_ids": "telegram:hanh"}, "OWNER_IDS: write it as telegram:1001"),
        ({"timezone": "Asia/Saigon City"}, "TIMEZONE: is no time zone"),
        ({"timezone": "../etc/passwd"}, "TIMEZONE: is no time zone"),
        ({"default_locale": "fr"}, "DEFAULT_LOCALE: must be one of: vi, en"),
        ({"database_url": "mysql://x"}, "DATABASE_URL: must begin with sqlite"),
        ({"telegram_api_url": "api.telegram.org"}, "TELEGRAM_API_URL: must begin with https://"),
        ({"http_port": "http"}, "HTTP_PORT: "),
        ({"updates": "push"}, "UPDATES: "),
        ({**WEBHOOK, "webhook_secret": ""}, "needs WEBHOOK_SECRET"),
        ({**WEBHOOK, "webhook_secret": "bí mật"}, "needs WEBHOOK_SECRET"),
        ({**WEBHOOK, "webhook_secret": "x" * 257}, "needs WEBHOOK_SECRET"),
        ({"ai_base_url": "https://model.example/v1"}, "needs AI_MODEL"),
        ({"ai_base_url": "model.example", "ai_model": "m"}, "AI_BASE_URL: must begin with https://"),
        ({**WEBHOOK, "public_url": ""}, "needs PUBLIC_URL"),
        ({**WEBHOOK, "public_url": "http://bot.example.vn"}, "PUBLIC_URL must begin with https://"),
    ],
)
def test_what_cannot_work_is_told_by_its_name(given: dict[str, Any], told: str) -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings(**given)
    assert told in str(caught.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings(bot_token="x", timezone="y")
    assert len(str(caught.value).splitlines()) == 2


def test_a_webhook_on_this_machine_may_be_plain_http() -> None:
    settings = read_settings(**WEBHOOK, telegram_api_url="http://127.0.0.1:8081/")
    assert (settings.public_url, settings.telegram_api_url) == ("https://bot.example.vn", "http://127.0.0.1:8081")


def test_secrets_are_never_shown() -> None:
    url = "postgresql+asyncpg://bot:pa55word@db/chamkhach"
    shown = repr(read_settings(bot_token=TOKEN, database_url=url, ai_api_key="k3y", **WEBHOOK))
    with pytest.raises(BadSettings) as caught:
        read_settings(bot_token="secret-but-wrong", webhook_secret="bí mật", updates="webhook")
    for secret in (TOKEN, "s3cret", "pa55word", "k3y", "secret-but-wrong", "bí mật"):
        assert secret not in shown + str(caught.value)
