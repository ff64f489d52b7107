"""Whether the assistant could run: its settings as they are understood, and what they point to."""

import re
from collections.abc import Callable

from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError
from pydantic import SecretStr

from bot.channels.telegram import connect
from bot.domain.repositories import StorageUnavailable
from bot.settings import Settings
from bot.storage.store import create_store
from bot.web.server import database_answers


async def check_everything(settings: Settings, say: Callable[[str], None]) -> bool:
    """Say the settings without their secrets, and what can be reached; whether all is well."""
    for name, value in settings:
        say(f"{name.upper():18} {shown(name, value)}")
    say("")
    # Both, even when the first fails.
    results = [await _check_telegram(settings, say), await _check_database(settings, say)]
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
