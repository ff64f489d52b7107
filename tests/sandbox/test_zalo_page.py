"""The page's phones with Zalo in a real browser, with the assistant itself at the other end."""

import shutil
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from bot.app import build_app
from bot.clock import WoundClock
from bot.domain.people import Role
from bot.sandbox.control import page_routes
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox_app import SandboxTime, played_outside
from bot.settings import Settings
from tests.e2e.phones import MONDAY, ORG, OnTelegram, Town
from tests.sandbox.browser import browser_page
from tests.sandbox.conftest import png

FORM_BUTTON = "Chia sẻ tên và số điện thoại"


@pytest.fixture
async def town(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Town]:
    """A company whose phones are on the page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shutil.copyfile(sqlite_template, tmp_path / "town.db")
    clock = WoundClock(MONDAY)
    settings = Settings(database_url=f"sqlite+aiosqlite:///{tmp_path}/town.db", org_name=ORG, http_port=port)
    time = SandboxTime(clock)
    async with played_outside(settings, clock, webhook=False) as (outside, here):
        without_owner = here.model_copy(update={"owner_ids": ()})
        app = build_app(without_owner, clock, page_routes(outside.telegram, time, outside.phones))
        async with app:
            time.app = app
            yield Town(app, outside, clock, time)
            outside.telegram.chats.tell("closing", 0)  # the page's stream of events ends; nobody waits for it


@pytest.fixture
def dung(town: Town) -> ZaloPerson:
    """Somebody with Zalo who never wrote."""
    return town.outside.account.people.add("Dũng", phone="84977555300")


@pytest.fixture
async def minh(town: Town) -> OnTelegram:
    """A rep, who gets the new customers."""
    phone = await town.hires("Minh", role=Role.OWNER)
    assert isinstance(phone, OnTelegram)
    return phone


def address(town: Town) -> str:
    return f"{town.app.settings.public_url}/"


async def take(page: Page, person: str) -> None:
    """Take this person's phone in the hand."""
    await page.get_by_test_id(f"person-{person}").click()


async def say(page: Page, text: str) -> None:
    await page.get_by_test_id("message-input").fill(text)
    await page.get_by_test_id("send-button").click()


def bubble(page: Page, text: str) -> Locator:
    """The newest message with these words."""
    return page.get_by_test_id("message").filter(has_text=text).last


def picture(name: str) -> Any:
    return {"name": name, "mimeType": "image/png", "buffer": png(90, 60)}


async def test_a_customer_follows_agrees_shares_a_number_and_talks_by_buttons_form_and_numbers(
    town: Town, dung: ZaloPerson, minh: OnTelegram
) -> None:
    async with browser_page(address(town), 390, 844) as page:
        await take(page, f"zalo:{dung.user_id}")
        await expect(page.get_by_test_id("chat-status")).to_have_text("Dũng · OA chưa được nhắn trước")
        await expect(page.get_by_test_id("message-input")).to_be_visible()
        await page.get_by_test_id("start-button").click()
        await expect(page.get_by_test_id("start-button")).to_be_hidden()
        await expect(page.get_by_test_id("chat-status")).to_contain_text("OA nhắn miễn phí 4")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390

        await bubble(page, "có đồng ý").get_by_role("button", name="1. ✅ Đồng ý").click()
        await expect(bubble(page, "chỉ cần nhắn DUNG")).to_be_visible()
        await page.get_by_role("button", name=FORM_BUTTON).click()
        await expect(bubble(page, "0977 555 300")).to_be_visible()
        await minh.sees("Dũng đã gửi số 0977 555 300")
        assert dung.phone == "84977555300"

        await say(page, "máy này giá sao em")
        await minh.sees("máy này giá sao em", "Zalo: trả lời miễn phí được 4")
        await page.get_by_test_id("block-button").click()
        await page.get_by_test_id("start-button").click()
        await expect(page.get_by_test_id("block-button")).to_be_visible()
        assert dung.follows


async def test_the_line_under_the_name_follows_the_clock_and_words_open_the_window_again(
    town: Town, dung: ZaloPerson, minh: OnTelegram
) -> None:
    town.outside.account.people.follow(dung.user_id)
    await minh.sees("khách mới")
    async with browser_page(f"{address(town)}#zalo:{dung.user_id}") as page:
        status, clock = page.get_by_test_id("chat-status"), page.get_by_test_id("clock-day")
        await expect(bubble(page, "có đồng ý")).to_be_visible()
        await clock.click()
        await expect(status).to_contain_text("OA nhắn miễn phí 2")
        await clock.click()
        await expect(status).to_have_text("Dũng · 55 ₫ một tin, còn 4 ngày")
        await town.waits(timedelta(days=4))
        await clock.click()
        await expect(status).to_have_text("Dũng · quá 7 ngày, chỉ còn tin mẫu")
        await say(page, "2")  # a number chooses on what stands there, however long ago
        await expect(bubble(page, "2. Không, cảm ơn")).to_be_visible()
        await expect(status).to_contain_text("OA nhắn miễn phí 4")


async def test_pictures_go_both_ways_and_what_comes_to_somebody_else_leaves_a_badge(
    town: Town, dung: ZaloPerson, minh: OnTelegram
) -> None:
    town.outside.account.people.follow(dung.user_id)
    await minh.sees("khách mới")
    async with browser_page(f"{address(town)}#zalo:{dung.user_id}") as page:
        await page.get_by_test_id("photo-input").set_input_files(picture("bep.png"))
        await expect(page.get_by_test_id(f"unread-{minh.user_id}")).not_to_have_count(0)
        await take(page, minh.user_id)
        came = page.locator(".message.bot.photo").last
        await expect(came.locator("img")).to_be_visible()
        await expect(page.get_by_test_id(f"unread-{minh.user_id}")).to_have_count(0)

        await came.get_by_role("button", name="Trả lời", exact=False).last.click()
        await expect(bubble(page, "muốn nhắn gì cho Dũng")).to_be_visible()
        await page.get_by_test_id("photo-input").set_input_files(picture("may.png"))
        unread = page.get_by_test_id(f"unread-zalo:{dung.user_id}")
        await expect(unread).to_have_text("1")
        await take(page, f"zalo:{dung.user_id}")
        shown = page.locator(".message.bot.photo img")
        assert await shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 90
        await expect(unread).to_have_count(0)


async def test_on_a_zalo_bot_everything_is_typed_and_numbers_choose(town: Town) -> None:
    tham = await town.hires("Thắm", "zalo_bot")
    async with browser_page(f"{address(town)}#zalo_bot:{tham.user_id}", 390, 844) as page:
        await expect(page.get_by_test_id("chat-status")).to_have_text("Thắm · Zalo Bot")
        for missing in ("attach-button", "open-menu", "block-button", "start-button"):
            await expect(page.get_by_test_id(missing)).to_be_hidden()
        await say(page, "khach moi chi hoa 0912 333 444 fb hoi may loc nong mai goi")
        await expect(bubble(page, "chị Hoa · KH000001")).to_contain_text("1. ↩️ Hoàn tác")
        await expect(page.get_by_test_id("inline-button")).to_have_count(0)
        await say(page, "1")
        await expect(bubble(page, "Đã hoàn tác")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
