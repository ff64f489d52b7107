"""The barest bot: stock aiogram and nothing else, by long polling. `polling_echo.py API_URL`."""

import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


async def echo(message: Message) -> None:
    """Say the same."""
    await message.answer(message.text or "")


def main() -> None:
    """Listen."""
    bot = Bot("4200:AAExample-of_a-token-0123456789", AiohttpSession(api=TelegramAPIServer.from_base(sys.argv[1])))
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    dispatcher.run_polling(bot)


if __name__ == "__main__":
    main()
