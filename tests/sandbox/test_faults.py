"""Trouble on demand, as a bot's client meets it."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats
from bot.sandbox.faults import Kind
from tests.sandbox.conftest import HUNG, LAN


@pytest.fixture(autouse=True)
def started(chats: Chats) -> None:
    chats.start(LAN)
    chats.start(HUNG)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, TelegramBadRequest),
        (401, TelegramUnauthorizedError),
        (403, TelegramForbiddenError),
        (429, TelegramRetryAfter),
        (500, TelegramServerError),
        (502, ClientDecodeError),
        ("reset", TelegramNetworkError),
        ("timeout", TelegramNetworkError),
        ("migrated", TelegramMigrateToChat),
    ],
)
@pytest.mark.parametrize("after_work", [False, True], ids=["before", "after"])
async def test_a_call_fails_as_it_was_told_and_the_next_one_works(
    bot: Bot, api: BotApi, chats: Chats, status: Kind, error: type[Exception], after_work: bool
) -> None:
    api.faults.next("sendMessage", status, after_work=after_work)
    with pytest.raises(error):
        await bot.send_message(LAN, "một", request_timeout=1)
    assert (chats.last(LAN) is not None) is after_work
    assert api.refused
    await bot.send_message(LAN, "hai")
    assert [m.text for m in chats.messages(LAN) if m.from_bot] == (["một", "hai"] if after_work else ["hai"])


async def test_a_fault_can_be_meant_for_one_chat_and_some_times(bot: Bot, api: BotApi) -> None:
    api.faults.next("sendMessage", 429, times=2, chat_id=LAN, retry_after=7)
    await bot.send_message(HUNG, "x")
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter) as raised:
            await bot.send_message(LAN, "x")
        assert raised.value.retry_after == 7
    assert api.faults.left == 0
    await bot.send_message(LAN, "x")
    api.faults.next("*", 500, times=3)
    api.faults.clear()
    await bot.send_message(LAN, "x")


async def test_a_call_that_hangs_does_not_keep_the_server_from_stopping(bot: Bot, api: BotApi) -> None:
    api.faults.next("getMe", "timeout")
    hanging = asyncio.create_task(bot.me())
    await api.chats.until(lambda: api.refused)
    await api.close()
    with pytest.raises(ClientDecodeError):
        await hanging
