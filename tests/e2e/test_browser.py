"""A newcomer's first minutes: the sandbox's page in a real browser, by polling and by webhook."""

import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.async_api import Locator, Page, expect

from tests.sandbox.browser import browser_page

ROOT = Path(__file__).resolve().parents[2]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
HANH, MINH, TRANG, STRANGER = 1001, 1002, 1003, 1004


@pytest.fixture
def sandbox(updates: str, tmp_path: Path) -> Iterator[str]:
    """`python -m bot sandbox` in a process of its own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {"PYTHONPATH": str(ROOT), "HTTP_PORT": str(port)}
    command = [sys.executable, "-m", "bot", "sandbox", *(["--webhook"] if updates == "webhook" else [])]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}/"
    try:
        _wait_for(address, process, tmp_path / "log")
        yield address
    finally:
        process.terminate()
        assert process.wait(90) == 0, (tmp_path / "log").read_text("utf-8")


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
        assert process.poll() is None, log.read_text("utf-8")
        try:
            with urllib.request.urlopen(address + "healthz", timeout=1):
                return
        except (URLError, TimeoutError):
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.1)
    raise AssertionError(log.read_text("utf-8"))


class Phone:
    """A person's phone on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def of(self, person: int) -> None:
        """Take this person's phone in the hand."""
        await self.page.get_by_test_id(f"person-{person}").click()

    async def says(self, text: str) -> None:
        await self.page.get_by_test_id("message-input").fill(text)
        await self.page.get_by_test_id("send-button").click()

    async def sees(self, *texts: str) -> Locator:
        """Some bubble holds all the texts; the newest one that does."""
        found = self.page.get_by_test_id("message")
        for text in texts:
            found = found.filter(has_text=re.compile(re.escape(text).replace(r"\ ", r"\s")))
        await expect(found.last).to_be_visible(timeout=10_000)
        return found.last

    async def taps(self, message: Locator, label: str) -> None:
        await message.get_by_test_id("inline-button").filter(has_text=label).first.click()


@pytest.mark.parametrize(("updates", "window"), [("polling", PHONE), ("webhook", DESK)])
async def test_a_newcomers_first_minutes(sandbox: str, window: dict[str, int]) -> None:
    async with browser_page(sandbox, **window) as page:
        phone = Phone(page)
        await phone.of(MINH)
        await phone.sees("Chào Minh!")

        await phone.says("Khách mới chị Lan 0912 345 678, FB, quan tâm gói Pro, nóng. T6 gọi lại")
        card = await phone.sees(
            "Đã lưu khách mới", "chị Lan", "0912 345 678", "Nguồn: Facebook", "Mức độ: nóng", "gọi lại"
        )
        await phone.says("c Lan chốt gói Pro 12tr5")
        await phone.sees("Đã lưu đơn", "gói Pro · 12.500.000 ₫")
        checklist = await phone.sees("Việc sau bán · chị Lan", "☐ 1. Gọi hỏi khách đã dùng chưa")
        await phone.taps(checklist, "2")
        thanks = await phone.sees("Tin soạn sẵn", "Dạ em chào chị Lan")
        await phone.taps(thanks, "Đã gửi")
        await phone.sees("✅ 2. Gửi lời cảm ơn")

        await phone.taps(card, "Mở khách")
        opened = await phone.sees("KH0", "Đã mua: 1 đơn · 12.500.000 ₫")
        await phone.taps(opened, "Lịch sử")
        await phone.sees("chốt gói Pro 12tr5", "mục")

        for _ in range(3):
            await page.get_by_test_id("clock-day").click()
            await expect(page.get_by_test_id("clock-day")).to_be_enabled(timeout=20_000)
        digest = await phone.sees("chị Lan", "Gọi hỏi khách đã dùng chưa")
        number = re.search(r"(\d)\.\s*chị Lan", (await digest.inner_text()).replace("\N{NO-BREAK SPACE}", " "))
        assert number, await digest.inner_text()
        await phone.taps(digest, number[1])
        reminder = await phone.sees("chị Lan", "0912 345 678", "Gọi hỏi khách đã dùng chưa")
        await phone.taps(reminder, "Xong")
        outcome = await phone.sees("Kết quả")
        await phone.taps(outcome, "Nghe máy")
        await phone.sees("Nghe máy", "Hoàn tác")
        await phone.says("0912 345 678")
        after = await (await phone.sees("chị Lan", "Gần đây", "Nghe máy")).inner_text()
        assert "Gọi hỏi khách đã dùng chưa" not in after.split("Gần đây")[0]

        await phone.of(STRANGER)
        await page.get_by_test_id("start-button").click()
        await phone.sees("Chào anh/chị! Đây là", "xin tên và số điện thoại")
        await phone.says("cho hỏi chị Lan 0912 345 678 mua gì vậy")
        await phone.of(HANH)
        await phone.sees("cho hỏi chị Lan")
        await phone.of(STRANGER)
        assert "gói Pro" not in await page.get_by_test_id("messages").inner_text()

        overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0


@pytest.mark.parametrize("updates", ["polling"])
async def test_a_manager_invites_somebody_and_has_the_week_in_the_teams_group(sandbox: str) -> None:
    async with browser_page(sandbox, **PHONE) as page:
        phone = Phone(page)
        await phone.of(HANH)
        await phone.says("/moinv")
        await page.get_by_test_id("inline-button").filter(has_text="Nhân viên bán hàng").click()
        invitation = await phone.sees("Lời mời vào đội", "THAMGIA")
        await expect(invitation.locator("img")).to_be_visible()
        await invitation.get_by_role("link", name="t.me").click()
        await page.get_by_test_id("link-dialog").get_by_role("button", name="Quân").click()
        await phone.sees("Chào mừng Quân")

        await phone.of(MINH)
        group = page.get_by_test_id("rooms").get_by_role("button", name="Nhóm bán hàng")
        await group.click()
        await phone.sees("Em chào cả nhóm", "Khách luôn được giữ kín")
        await phone.of(HANH)
        await group.click()
        await phone.says("/tuan truoc")
        week = await phone.sees("Doanh thu", "Việc đúng hẹn")
        await expect(week.locator("img")).to_be_visible()
        assert "0903 555" not in await page.get_by_test_id("messages").inner_text()
        await phone.taps(week, "Xem chi tiết ở chat riêng")
        await expect(page.get_by_test_id("room-bot")).to_have_attribute("aria-pressed", "true")
        await phone.sees("/start")
