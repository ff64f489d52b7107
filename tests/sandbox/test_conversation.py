"""A real aiogram bot talks to the sandbox over real HTTP: by long polling and by webhook."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats
from bot.sandbox.queries import Answer
from tests.sandbox.conftest import HUNG, LAN, png
from tests.sandbox.echo import dispatcher

SECRET = "a-secret_1"


@asynccontextmanager
async def polling(bot: Bot) -> AsyncIterator[None]:
    bots = dispatcher()
    task = asyncio.create_task(bots.start_polling(bot, handle_signals=False, close_bot_session=False))
    yield
    await bots.stop_polling()
    await task


@asynccontextmanager
async def webhook(bot: Bot) -> AsyncIterator[None]:
    app = web.Application()
    bots = dispatcher()
    SimpleRequestHandler(bots, bot, handle_in_background=False, secret_token=SECRET).register(app, "/telegram")
    async with TestServer(app) as server:
        await bots.emit_startup(bot=bot)
        await bot.set_webhook(str(server.make_url("/telegram")), secret_token=SECRET)
        yield
        await bot.delete_webhook()


@pytest.fixture(params=[polling, webhook], ids=["polling", "webhook"])
async def echoing(request: pytest.FixtureRequest, bot: Bot) -> AsyncIterator[None]:
    async with request.param(bot):
        yield


@pytest.mark.usefixtures("echoing")
class TestABotThatRuns:
    async def test_answers_what_a_person_says(self, chats: Chats, api: BotApi) -> None:
        chats.say(LAN, "giá < 5tr & <b>gấp</b>")
        answer = await chats.until(lambda: chats.last(LAN))
        assert answer.text == "giá < 5tr & <b>gấp</b>"
        assert answer.html == "giá &lt; 5tr &amp; &lt;b&gt;gấp&lt;/b&gt;"
        assert not api.refused

    async def test_knows_a_command_and_its_payload(self, chats: Chats) -> None:
        chats.open_link(HUNG, "https://t.me/chamkhach_bot?start=ref_abc")
        greeting = await chats.until(lambda: chats.last(HUNG))
        assert greeting.text.startswith("Chào anh/chị!")
        assert chats.messages(HUNG)[0].text == "/start ref_abc"
        keyboard = chats.reply_keyboard(HUNG)
        assert keyboard
        assert keyboard.rows[0][0].request == "contact"

    async def test_tells_ones_own_contact_from_somebody_elses(self, chats: Chats) -> None:
        chats.start(LAN)
        await chats.until(lambda: chats.reply_keyboard(LAN))
        chats.press(LAN, "📱 Chia sẻ số điện thoại")
        await chats.until(
            lambda: (chats.last(LAN) or chats.messages(LAN)[0]).text == "Đã lưu số 84912345678 của anh/chị."
        )
        assert chats.reply_keyboard(LAN) is None
        chats.share_contact(LAN, "0987654321", of="Minh Trần")
        await chats.until(
            lambda: (chats.last(LAN) or chats.messages(LAN)[0]).text == "Đã lưu số 0987654321 của người khác."
        )

    async def test_has_its_buttons_tapped_and_its_message_edited_in_place(self, chats: Chats, api: BotApi) -> None:
        chats.say(LAN, "/khach")
        card = await chats.until(lambda: chats.last(LAN))
        assert card.labels == ["☐ Gọi lại", "⏰ Dời", "🛒 Chốt đơn", "📝 Ghi chú", "⋯ Thêm"]
        press = chats.tap(LAN, card.id, "☐ Gọi lại")
        assert await chats.until(lambda: press.answer) == Answer("Đã ghi là đã gọi ✓")
        edited = await chats.until(lambda: message if (message := chats.messages(LAN)[-1]).edits else None)
        assert edited.text.endswith("✅ Đã gọi")
        assert "☑ Đã gọi" in edited.labels
        alert = chats.tap(LAN, card.id, "sale")
        assert (await chats.until(lambda: alert.answer)).alert
        with pytest.raises(LookupError):
            chats.tap(LAN, card.id, "☐ Gọi lại")
        assert not api.refused

    async def test_gets_files_and_sends_them(self, chats: Chats) -> None:
        sheet = b"x" * 3_000_000
        chats.send_document(LAN, "khách hàng.xlsx", sheet)
        reply = await chats.until(lambda: chats.last(LAN))
        assert reply.text == "Đã nhận khách hàng.xlsx, 3000000 byte."
        assert reply.reply_to == chats.messages(LAN)[0].id
        chats.say(HUNG, "/tuan")
        photo = await chats.until(lambda: chats.last(HUNG))
        assert photo.file
        assert (photo.file.content, photo.file.width, photo.text) == (png(320, 180), 320, "Doanh số tuần này")

    async def test_sees_an_update_again_when_it_is_redelivered(self, chats: Chats) -> None:
        first = chats.say(LAN, "một lần")
        await chats.until(lambda: chats.last(LAN))
        assert first.update_id
        chats.redeliver(first.update_id)
        await chats.until(lambda: len(chats.messages(LAN)) == 3)
        chats.say(LAN, "lần nữa")
        await chats.until(lambda: len(chats.messages(LAN)) == 5)

    async def test_gets_a_long_text_in_parts_as_the_app_sends_it(self, chats: Chats) -> None:
        chats.say(LAN, "chữ " * 1500)
        await chats.until(lambda: len(chats.messages(LAN)) == 4)
        assert sum(len(m.text) for m in chats.messages(LAN) if m.from_bot) >= 5990
