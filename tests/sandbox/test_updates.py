"""Updates wait until they are confirmed, go to one taker at a time, and arrive in order."""

import asyncio
from collections import Counter

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats
from tests.sandbox.conftest import HUNG, LAN


def texts(updates: list[object]) -> list[str]:
    return [update.message.text for update in updates]  # type: ignore[attr-defined]


class TestLongPolling:
    async def test_everything_is_handed_out_again_until_it_is_confirmed(self, bot: Bot, chats: Chats) -> None:
        for text in "abc":
            chats.say(LAN, text)
        first = await bot.get_updates(limit=2)
        assert texts([*first]) == ["a", "b"]
        assert texts([*await bot.get_updates()]) == ["a", "b", "c"]
        assert texts([*await bot.get_updates(offset=first[0].update_id + 1)]) == ["b", "c"]
        assert texts([*await bot.get_updates(offset=-1)]) == ["c"]
        assert [u.update_id for u in await bot.get_updates()] == [first[0].update_id + 2]

    async def test_a_poll_waits_until_somebody_writes(self, bot: Bot, chats: Chats) -> None:
        said = chats.say(LAN, "a")
        assert said.update_id
        poll = asyncio.create_task(bot.get_updates(offset=said.update_id + 1, timeout=30))
        await asyncio.wait({poll}, timeout=0.2)
        assert not poll.done()
        chats.say(LAN, "b")
        assert texts([*await poll]) == ["b"]

    async def test_a_second_poll_ends_the_first(self, bot: Bot, chats: Chats) -> None:
        polls = {asyncio.create_task(bot.get_updates(timeout=30)) for _ in range(2)}
        ended, waiting = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
        with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request; make sure that only"):
            await ended.pop()
        chats.say(LAN, "a")
        assert texts([*await waiting.pop()]) == ["a"]

    async def test_only_what_was_asked_for_arrives(self, bot: Bot, chats: Chats) -> None:
        await bot.get_updates(allowed_updates=["callback_query"])
        chats.say(LAN, "a")
        chats.forge(LAN, "x", 1)
        assert [u.event_type for u in await bot.get_updates()] == ["callback_query"]


class Receiver:
    """A bot's web server that answers as the test tells it."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.answers: list[web.Response] = []
        self.arrived = asyncio.Condition()

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.json()
        text = body["message"]["text"] if "message" in body else body["callback_query"]["data"]
        async with self.arrived:
            self.seen.append((text, request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")))
            self.arrived.notify_all()
        return self.answers.pop(0) if self.answers else web.Response()

    async def sees(self, count: int) -> list[str]:
        async with self.arrived, asyncio.timeout(60):
            await self.arrived.wait_for(lambda: len(self.seen) >= count)
        return [text for text, _ in self.seen]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def address(receiver: Receiver):  # type: ignore[no-untyped-def]
    app = web.Application()
    app.router.add_post("/telegram", receiver.handle)
    server = TestServer(app)
    await server.start_server()
    yield str(server.make_url("/telegram"))
    await server.close()


class TestWebhook:
    async def test_what_waited_and_what_comes_is_delivered_in_order_with_the_secret(
        self, bot: Bot, chats: Chats, receiver: Receiver, address: str
    ) -> None:
        chats.say(LAN, "1")
        chats.say(LAN, "2")
        await bot.set_webhook(address, secret_token="s-1")
        chats.say(LAN, "3")
        assert await receiver.sees(3) == ["1", "2", "3"]
        assert {secret for _, secret in receiver.seen} == {"s-1"}
        with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        assert (await bot.get_webhook_info()).url == address
        await bot.delete_webhook()
        chats.say(LAN, "4")
        assert texts([*await bot.get_updates()]) == ["4"]

    async def test_a_failed_delivery_is_repeated_and_holds_back_only_its_own_chat(
        self, bot: Bot, chats: Chats, receiver: Receiver, address: str
    ) -> None:
        receiver.answers = [web.Response(status=503), web.Response(status=500)]
        await bot.set_webhook(address)
        chats.say(LAN, "1")
        await receiver.sees(2)
        chats.say(LAN, "2")
        chats.say(HUNG, "của Hùng")
        assert await receiver.sees(3) == ["1", "1", "của Hùng"]
        info = await bot.get_webhook_info()
        assert info.pending_update_count >= 2
        assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
        assert await receiver.sees(5) == ["1", "1", "của Hùng", "1", "2"]

    async def test_retry_after_is_honoured(self, bot: Bot, chats: Chats, receiver: Receiver, address: str) -> None:
        receiver.answers = [web.Response(status=429, headers={"Retry-After": "1"})]
        await bot.set_webhook(address)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        chats.say(LAN, "1")
        await receiver.sees(2)
        assert loop.time() - begun >= 1

    async def test_a_redelivered_update_comes_again(
        self, bot: Bot, chats: Chats, receiver: Receiver, address: str
    ) -> None:
        await bot.set_webhook(address)
        said = chats.say(LAN, "1")
        await receiver.sees(1)
        assert said.update_id
        chats.redeliver(said.update_id)
        assert Counter(await receiver.sees(2)) == {"1": 2}

    async def test_a_method_in_the_answer_is_carried_out(
        self, bot: Bot, chats: Chats, api: BotApi, receiver: Receiver, address: str
    ) -> None:
        call = {"method": "sendMessage", "chat_id": LAN, "text": "trả lời"}
        receiver.answers = [web.json_response(call), web.json_response(call | {"text": ""})]
        await bot.set_webhook(address)
        chats.say(LAN, "1")
        assert (await chats.until(lambda: chats.last(LAN))).text == "trả lời"
        chats.say(LAN, "2")
        await chats.until(lambda: api.refused)
        assert api.refused[0].description == "Bad Request: message text is empty"

    @pytest.mark.parametrize(
        ("url", "secret", "complaint"),
        [
            ("http://example.com/telegram", "", "bad webhook: An HTTPS URL must be provided for webhook"),
            ("ftp://127.0.0.1/", "", "invalid webhook URL specified"),
            ("https://example.com", "x" * 257, "secret token is too long"),
            ("https://example.com", "có dấu", "secret token contains unallowed characters"),
        ],
    )
    async def test_a_bad_address_or_secret_is_refused(self, bot: Bot, url: str, secret: str, complaint: str) -> None:
        with pytest.raises(TelegramBadRequest, match=complaint):
            await bot.set_webhook(url, secret_token=secret)
