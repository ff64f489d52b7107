"""Whether the assistant could run: its settings as they are understood, and what they point to."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError
from pydantic import SecretStr

from bot.channels.telegram import connect
from bot.channels.zalo.api import ZaloApi
from bot.channels.zalo.wire import Wire
from bot.channels.zalo_bot_api import CALL_FAILED, Platform, PlatformError
from bot.clock import SystemClock
from bot.domain.delivery import Trouble, Undeliverable
from bot.domain.repositories import StorageUnavailable
from bot.settings import Settings
from bot.storage.store import create_store
from bot.web.server import database_answers


async def check_everything(settings: Settings, say: Callable[[str], None]) -> bool:
    """Say the settings without their secrets, and what can be reached; whether all is well."""
    for name, value in settings:
        say(f"{name.upper():18} {shown(name, value)}")
    say("")
    # All of them, even when the first fails.
    results = [await _check_telegram(settings, say), await _check_database(settings, say)]
    if settings.zalo_app_id:
        results.append(await _check_official_account(settings, say))
    if settings.zalo_bot_token.get_secret_value():
        results.append(await _check_zalo_bot(settings, say))
    if not settings.owner_ids:
        say("OWNER_IDS: chưa có chủ nào, không ai dùng được / nobody is an owner, so that nobody can use it")
    return all([*results, settings.owner_ids])


def shown(name: str, value: object) -> str:
    """A setting as it may be shown to anybody."""
    if isinstance(value, SecretStr):
        return "(set)" if value.get_secret_value() else "(not set)"
    if name == "database_url":
        return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", str(value))
    if name == "owner_ids" and isinstance(value, tuple):
        return ",".join(f"{channel}:{user_id}" for channel, user_id in value) or "(not set)"
    return str(value) or "(not set)"


async def _check_telegram(settings: Settings, say: Callable[[str], None]) -> bool:
    token = settings.bot_token.get_secret_value()
    if not token:
        say("Telegram: BOT_TOKEN chưa có / is not set")
        return False
    bot = connect(token, settings.telegram_api_url)
    try:
        me = await bot.get_me()
    except (TelegramUnauthorizedError, TelegramNotFound):
        say("Telegram: token bị từ chối / the token is refused: BOT_TOKEN")
        return False
    except AiogramError as error:
        say(f"Telegram: không kết nối được / cannot be reached ({type(error).__name__}): {settings.telegram_api_url}")
        return False
    finally:
        await bot.session.close()
    say(f"Telegram: ok, @{me.username}")
    return True


async def _check_official_account(settings: Settings, say: Callable[[str], None]) -> bool:
    """By the access token that is stored. Nothing is refreshed: a refresh token works once, and is the running assistant's."""
    if not settings.public_url.startswith("https://"):
        say("Zalo OA: Zalo chỉ gọi địa chỉ https / calls nothing but https: PUBLIC_URL")
    if not settings.zalo_oa_secret.get_secret_value():
        say(
            "Zalo OA: ZALO_OA_SECRET chưa có, dùng tạm khóa ứng dụng / is not set, the app's own secret stands in for it"
        )
    store, wire, clock = create_store(settings.database_url), Wire(), SystemClock()
    try:
        pair = await store.tokens.read(settings.zalo_app_id)
        if pair is not None and pair.died_at is not None:
            say("Zalo OA: Zalo từ chối token làm mới / refuses the refresh token: ZALO_REFRESH_TOKEN")
            return False
        if pair is None or pair.expires_at <= clock.now():
            say("Zalo OA: chưa biết, chạy rồi mới rõ / not known yet: the token is first used by `run`")
            return True
        api = ZaloApi(
            wire, Stored(pair.access_token), clock, api_url=settings.zalo_api_url, zns_url=settings.zalo_zns_url
        )
        account = await api.account()
    except StorageUnavailable:
        say("Zalo OA: chưa biết / not known: the tokens lie in the database")
        return False
    except Undeliverable as failure:
        say(f"Zalo OA: không dùng được / does not work ({failure.trouble}): {settings.zalo_api_url}")
        return False
    finally:
        await wire.close()
        await store.close()
    say(f"Zalo OA: ok, {account.get('name', '')} ({account.get('oaid') or account.get('oa_id')})")
    return True


@dataclass(frozen=True, slots=True)
class Stored:
    """Access by the token that is stored, and by no other."""

    access_token: str

    async def token(self) -> str:
        """It."""
        return self.access_token

    async def refused(self, token: str) -> str:  # noqa: ARG002 - there is no other
        """Raises Undeliverable: there is no other."""
        raise Undeliverable(Trouble.UNAUTHORIZED, "the stored token is refused")


async def _check_zalo_bot(settings: Settings, say: Callable[[str], None]) -> bool:
    platform = Platform(settings.zalo_bot_token.get_secret_value(), settings.zalo_bot_url)
    try:
        me = await platform.call("getMe", {})
    except PlatformError as error:
        say(f"Zalo Bot: token bị từ chối / the token is refused ({error.code}): ZALO_BOT_TOKEN")
        return False
    except CALL_FAILED as error:
        say(f"Zalo Bot: không kết nối được / cannot be reached ({type(error).__name__}): {settings.zalo_bot_url}")
        return False
    finally:
        await platform.close()
    say(f"Zalo Bot: ok, {me.get('account_name', '') if isinstance(me, dict) else ''}")
    return True


async def _check_database(settings: Settings, say: Callable[[str], None]) -> bool:
    store = create_store(settings.database_url)
    try:
        await store.migrate()
        is_well = await database_answers(store)
    except StorageUnavailable:
        is_well = False
    finally:
        await store.close()
    say("Database: ok" if is_well else "Database: không mở được / cannot be opened: DATABASE_URL")
    return is_well
