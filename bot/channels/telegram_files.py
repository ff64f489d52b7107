"""Files that lie with Telegram, for other channels."""

import asyncio
import io

import aiohttp
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramNotFound

from bot.channels.files import LARGEST, PATIENCE, Download, named, not_carried
from bot.domain.delivery import NotCarried, Trouble, Undeliverable
from bot.domain.timeline import StoredFile
from bot.messages import File


def files_of(bot: Bot) -> Download:
    """Fetches the files that were sent to this bot. What it raises never holds an address, for the token stands in it."""

    async def download(stored: StoredFile) -> File:
        content = io.BytesIO()
        try:
            async with asyncio.timeout(PATIENCE):
                found = await bot.get_file(stored.file_id)
                if (found.file_size or 0) > LARGEST:
                    raise not_carried(NotCarried.TOO_BIG)
                await bot.download_file(found.file_path or "", content)
        except (TelegramBadRequest, TelegramNotFound) as error:
            raise not_carried(NotCarried.TOO_BIG if "too big" in error.message else NotCarried.GONE) from None
        except aiohttp.ClientResponseError as error:
            if error.status < 500:
                raise not_carried(NotCarried.GONE) from None
            raise Undeliverable(Trouble.NEVER_SENT, f"HTTP {error.status}") from None
        except (AiogramError, aiohttp.ClientError, TimeoutError) as error:
            raise Undeliverable(Trouble.NEVER_SENT, type(error).__name__) from None
        return File(named(stored, found.file_path or ""), content.getvalue())

    return download
