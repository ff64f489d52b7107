"""`check` on Zalo: what works, what does not, and nothing used up by asking."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.check import check_everything
from bot.clock import SystemClock
from bot.domain.zalo import ZaloTokens
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo_bot import ZaloBotServer
from bot.settings import Settings, read_settings
from bot.storage.store import create_store
from bot.web.server import Server
from tests.channels.conftest import APP, APP_SECRET, OA, TOKEN

BOT_TOKEN = "123:zalo-bot"


@pytest.fixture
async def bots() -> AsyncIterator[str]:
    """Where the Zalo Bot Platform listens."""
    server = Server("127.0.0.1", 0, ())
    ZaloBotServer(SystemClock().now, BOT_TOKEN, name="An Nhiên").install(server.app)
    await server.start()
    yield f"http://127.0.0.1:{server.port}"
    await server.close()


def settings_with(tmp_path: Path, api_url: str, **more: Any) -> Settings:
    database = f"sqlite+aiosqlite:///{tmp_path}/check.db"
    return read_settings(
        _env_file=None, bot_token=TOKEN, telegram_api_url=api_url, owner_ids="telegram:1", database_url=database, **more
    )


def official_account(zalo: ZaloServer) -> dict[str, Any]:
    secrets = {"zalo_app_secret": APP_SECRET, "zalo_oa_secret": "oa", "zalo_refresh_token": "RT0"}
    return {"zalo_app_id": APP, **secrets, "zalo_api_url": zalo.address, "zalo_oauth_url": zalo.address}


async def checked(settings: Settings) -> tuple[bool, str]:
    said: list[str] = []
    is_well = await check_everything(settings, said.append)
    return is_well, "\n".join(said)


async def has_stored(settings: Settings, access_token: str) -> None:
    store, now = create_store(settings.database_url), SystemClock().now()
    await store.migrate()
    assert await store.tokens.claim(APP, "run", now, now + timedelta(minutes=1))
    await store.tokens.keep(APP, "run", ZaloTokens(access_token, "RT1", now + timedelta(hours=20), "begun"))
    await store.close()


async def test_before_the_first_run_the_account_is_not_known_and_no_token_is_used_up(
    tmp_path: Path, api_url: str, zalo: ZaloServer
) -> None:
    granted = zalo.tokens.grant()
    is_well, said = await checked(settings_with(tmp_path, api_url, **official_account(zalo)))
    assert is_well
    assert "Zalo OA: chưa biết" in said
    assert zalo.tokens.pair == granted, "the refresh token is for the running assistant"
    for secret in (APP_SECRET, "RT0"):
        assert secret not in said


async def test_the_stored_token_says_whose_account_it_is(tmp_path: Path, api_url: str, zalo: ZaloServer) -> None:
    settings = settings_with(tmp_path, api_url, **official_account(zalo))
    granted = zalo.tokens.grant()
    await has_stored(settings, granted.access_token)
    is_well, said = await checked(settings)
    assert is_well
    assert f"Zalo OA: ok, Minh An ({OA})" in said
    assert granted.access_token not in said
    assert zalo.tokens.pair == granted


async def test_a_token_that_zalo_refuses_is_told(tmp_path: Path, api_url: str, zalo: ZaloServer) -> None:
    settings = settings_with(tmp_path, api_url, **official_account(zalo))
    await has_stored(settings, "AT-of-yesterday")
    is_well, said = await checked(settings)
    assert not is_well
    assert "Zalo OA: không dùng được" in said


@pytest.mark.parametrize(
    ("token", "is_well", "sentence"),
    [(BOT_TOKEN, True, "Zalo Bot: ok"), ("123:another", False, "Zalo Bot: token bị từ chối")],
)
async def test_the_zalo_bot_says_its_name_or_refuses(
    tmp_path: Path, api_url: str, bots: str, token: str, is_well: bool, sentence: str
) -> None:
    settings = settings_with(tmp_path, api_url, zalo_bot_token=token, zalo_bot_url=bots)
    found, said = await checked(settings)
    assert found is is_well
    assert sentence in said
    assert token not in said


async def test_a_platform_that_cannot_be_reached_is_told(tmp_path: Path, api_url: str) -> None:
    settings = settings_with(tmp_path, api_url, zalo_bot_token=BOT_TOKEN, zalo_bot_url="http://127.0.0.1:1")
    is_well, said = await checked(settings)
    assert not is_well
    assert "Zalo Bot: không kết nối được" in said
