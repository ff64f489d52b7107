"""The page of phones in a real browser, with a real bot at the other end."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from bot.clock import WoundClock
from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats
from bot.sandbox.control import page_routes
from tests.sandbox.browser import browser_page
from tests.sandbox.conftest import HUNG, LAN, png
from tests.sandbox.echo import dispatcher


class OneReminder:
    """Time with one push in it, three days ahead at eight in the morning."""

    def __init__(self, clock: WoundClock) -> None:
        self._clock = clock
        self.bot: Bot | None = None

    def now(self) -> datetime:
        return self._clock.now()

    async def advance(self, by: timedelta) -> None:
        self._clock.wind(by)

    async def to_next_push(self) -> datetime | None:
        if self.bot is None:
            return None
        self._clock.wind_to(datetime.fromisoformat("2026-11-24T08:00:00+07:00"))
        bot, self.bot = self.bot, None
        await bot.send_message(HUNG, "🔔 Gọi lại chị Lan")
        return self.now()


@pytest.fixture
def time(clock: WoundClock) -> OneReminder:
    return OneReminder(clock)


@pytest.fixture
async def server(api: BotApi, time: OneReminder) -> AsyncIterator[TestServer]:
    app = web.Application()
    api.install(app)
    app.add_routes(page_routes(api, time))
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture(autouse=True)
async def running(bot: Bot, time: OneReminder) -> AsyncIterator[None]:
    time.bot = bot
    bots = dispatcher()
    task = asyncio.create_task(bots.start_polling(bot, handle_signals=False, close_bot_session=False))
    yield
    await bots.stop_polling()
    await task


@pytest.fixture
def address(server: TestServer) -> str:
    return str(server.make_url("/"))


async def say(page: Page, text: str) -> None:
    await page.get_by_test_id("message-input").fill(text)
    await page.get_by_test_id("send-button").click()


async def test_a_person_starts_shares_a_contact_and_works_with_a_card(address: str) -> None:
    async with browser_page(address) as page:
        await page.get_by_test_id("start-button").click()
        await page.get_by_test_id("reply-keyboard-button").click()
        await expect(page.get_by_test_id("message").last).to_contain_text("Đã lưu số 84912345678 của anh/chị.")
        await expect(page.get_by_test_id("reply-keyboard")).to_be_hidden()

        await page.get_by_test_id("message-input").press_sequentially("/kh")
        await page.keyboard.press("Enter")
        card = page.get_by_test_id("message").last
        await expect(card.locator("strong")).to_have_text("Chị Lan")
        await expect(card.locator("blockquote")).to_contain_text("báo giá")
        await expect(card.get_by_role("link", name="0912 345 678")).to_have_attribute("href", "tel:0912345678")

        await card.get_by_role("button", name="Gọi lại").click()
        await expect(page.get_by_test_id("toast")).to_have_text("Đã ghi là đã gọi ✓")
        await expect(card).to_contain_text("✅ Đã gọi")
        await expect(card).to_contain_text("đã sửa")
        unanswered = card.get_by_role("button", name="Dời")
        await unanswered.click()
        await expect(unanswered).to_have_attribute("aria-busy", "true")
        await card.get_by_role("button", name="Chốt đơn").click()
        await expect(page.get_by_test_id("alert")).to_contain_text("Chưa có đơn nào để chốt.")
        await page.get_by_test_id("alert-ok").click()
        await expect(page.get_by_test_id("alert")).to_be_hidden()


async def test_pictures_and_files_go_both_ways(address: str, chats: Chats) -> None:
    chats.start(LAN)
    async with browser_page(address) as page:
        await say(page, "/tuan")
        picture = page.get_by_test_id("message").last.locator("img")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
        await say(page, "/xuat")
        async with page.expect_download() as download:
            await page.get_by_test_id("file").click()
        assert (await download.value).suggested_filename == "khach-hang.csv"
        sheet = {"name": "khách hàng.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": b"x" * 1_500_000}
        await page.get_by_test_id("file-input").set_input_files(sheet)  # type: ignore[arg-type]
        await expect(page.get_by_test_id("message").last).to_contain_text("Đã nhận khách hàng.xlsx, 1500000 byte.")
        photo = {"name": "a.png", "mimeType": "image/png", "buffer": png()}
        await page.get_by_test_id("photo-input").set_input_files(photo)  # type: ignore[arg-type]
        await chats.until(lambda: any(m.kind == "photo" and not m.from_bot for m in chats.messages(LAN)))
        await page.get_by_test_id("attach-button").click()
        await page.get_by_test_id("attach-contact").click()
        await page.get_by_test_id("contact-name").fill("Minh Trần")
        await page.get_by_test_id("contact-phone").fill("0987654321")
        await page.get_by_test_id("contact-send").click()
        await expect(page.get_by_test_id("message").last).to_contain_text("Đã lưu số 0987654321 của người khác.")


async def test_the_clock_is_wound_and_a_push_at_somebody_else_leaves_a_badge(address: str, chats: Chats) -> None:
    chats.start(HUNG)
    await chats.until(lambda: chats.last(HUNG))
    async with browser_page(address) as page:
        clock = page.get_by_test_id("clock")
        await expect(clock).to_have_text("Thứ Bảy, 21/11/2026 · 12:00")
        await page.get_by_test_id("clock-hour").click()
        await expect(clock).to_have_text("Thứ Bảy, 21/11/2026 · 13:00")
        await page.get_by_test_id("clock-day").click()
        await expect(clock).to_have_text("Chủ Nhật, 22/11/2026 · 13:00")
        await page.get_by_test_id("clock-next").click()
        await expect(clock).to_have_text("Thứ Ba, 24/11/2026 · 08:00")
        await expect(page.get_by_test_id(f"unread-{HUNG}")).to_have_text("1")
        await page.get_by_test_id(f"person-{HUNG}").click()
        await expect(page.get_by_test_id(f"unread-{HUNG}")).to_have_count(0)
        await expect(page.locator(".day")).to_have_text(["Thứ Bảy, 21 tháng 11", "Hôm nay"])
        await expect(page.get_by_test_id("message").last).to_contain_text("08:00")
        await page.get_by_test_id("clock-next").click()
        await expect(page.get_by_test_id("toast")).to_have_text("Chưa có lần nhắc nào được hẹn.")


@pytest.mark.parametrize(("width", "height"), [(360, 740), (390, 844), (1280, 800)])
async def test_everything_is_in_reach_on_every_window(address: str, chats: Chats, width: int, height: int) -> None:
    chats.say(LAN, "/khach")
    await chats.until(lambda: chats.last(LAN))
    async with browser_page(address, width, height) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        for name in ("clock-hour", "clock-day", "clock-next", "message-input", "send-button", "attach-button"):
            await expect(page.get_by_test_id(name)).to_be_in_viewport(ratio=1)
        for button in await page.get_by_test_id("inline-button").all():
            await expect(button).to_be_in_viewport(ratio=1)
            box = await button.bounding_box()
            assert box
            assert box["height"] >= 40
        for person_id in (HUNG, LAN):
            await page.get_by_test_id(f"person-{person_id}").click()
            await expect(page.get_by_test_id(f"person-{person_id}")).to_have_attribute("aria-current", "true")


async def test_hostile_text_stays_text_and_a_link_to_the_bot_opens_on_the_right_phone(
    address: str, chats: Chats, bot: Bot
) -> None:
    chats.start(LAN)
    async with browser_page(address) as page:
        hostile = "<img src=x onerror=alert(1)> giá < 5tr & 😀"
        await say(page, hostile)
        await expect(page.get_by_test_id("message").last.get_by_test_id("text")).to_contain_text(hostile)
        await expect(page.locator(".message img")).to_have_count(0)
        await bot.send_message(LAN, "Mời: https://t.me/chamkhach_bot?start=ref_9")
        await page.get_by_role("link", name="https://t.me/chamkhach_bot?start=ref_9").click()
        await page.get_by_test_id("link-dialog").get_by_role("button", name="Hùng").click()
        await expect(page.get_by_test_id(f"person-{HUNG}")).to_have_attribute("aria-current", "true")
        await expect(page.get_by_test_id("message").first).to_contain_text("/start ref_9")
        await page.get_by_test_id("block-button").click()
        await page.get_by_test_id("unblock-button").click()
        await expect(page.get_by_test_id("message-input")).to_be_visible()
        assert not chats.person(HUNG).blocked


async def test_a_page_from_elsewhere_cannot_play_anybody(address: str, chats: Chats) -> None:
    async with ClientSession() as client:
        said = {"person": LAN, "text": "x"}
        async with client.post(
            f"{address}sandbox/say", json=said, headers={"Origin": "https://evil.example"}
        ) as response:
            assert response.status == 403
        async with client.post(f"{address}sandbox/tap", json={"person": LAN, "message": 1, "data": "x"}) as response:
            assert response.status == 400
        page = chats.send_document(LAN, "a.html", b"<script>alert(1)</script>", "text/html")
        assert page.file
        async with client.get(f"{address}sandbox/files/{page.file.id}") as response:
            assert response.headers["Content-Disposition"].startswith("attachment")
            assert response.content_type == "application/octet-stream"


async def test_a_group_is_on_the_phones_of_its_members_and_a_link_leads_from_it_into_ones_own_chat(
    address: str, chats: Chats, bot: Bot
) -> None:
    chats.add_person(1003, "Quân")
    group = chats.groups.add("Nhóm bán hàng", [LAN, HUNG])
    await chats.until(lambda: chats.last(group.id))  # this bot answers Telegram's own remarks too
    async with browser_page(address, 390, 844) as page:
        await page.get_by_test_id(f"room-{group.id}").click()
        await expect(page.get_by_test_id("chat-status")).to_contain_text("2 thành viên")
        await expect(page.get_by_test_id("attach-button")).to_be_hidden()
        await say(page, "chị Lan hẹn mai")
        await say(page, "/tuan@chamkhach_bot")
        picture = page.get_by_test_id("message").last.locator("img")
        await expect(picture).to_be_visible()
        assert [m.update_id is not None for m in chats.messages(group.id) if not m.from_bot] == [False, True]

        await expect(page.get_by_test_id(f"unread-{HUNG}")).to_have_text("3")
        await page.get_by_test_id("person-1003").click()
        await expect(page.get_by_test_id("rooms")).to_be_hidden()
        await page.get_by_test_id(f"person-{HUNG}").click()
        await page.get_by_test_id(f"room-{group.id}").click()
        await expect(page.get_by_test_id(f"unread-{HUNG}")).to_have_count(0)
        await expect(page.get_by_test_id("message").nth(1)).to_contain_text("Lan Nguyễn")
        await bot.send_message(group.id, "Riêng từng người: https://t.me/chamkhach_bot?start=week")
        await page.get_by_role("link", name="https://t.me/chamkhach_bot?start=week").click()
        await expect(page.get_by_test_id("message").first).to_contain_text("/start week")
        await expect(page.get_by_test_id("room-bot")).to_have_attribute("aria-pressed", "true")
        assert chats.messages(HUNG)[0].text == "/start week"
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_a_link_that_is_to_be_passed_on_opens_on_the_phone_of_whoever_gets_it(
    address: str, chats: Chats, bot: Bot
) -> None:
    chats.start(LAN)
    async with browser_page(address) as page:
        shared = "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fchamkhach_bot%3Fstart%3Djoin_9&text=Moi"
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Gửi lời mời", url=shared)]])
        await bot.send_message(LAN, "Lời mời", reply_markup=keyboard)
        await page.get_by_role("button", name="Gửi lời mời").click()
        await page.get_by_test_id("link-dialog").get_by_role("button", name="Hùng").click()
        await expect(page.get_by_test_id("message").first).to_contain_text("/start join_9")
