"""One suite of conversations, each held in four ways at once: on Telegram, on the Official Account by tapping and by typing, and on a
Zalo bot. What people read is the same, however they choose."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.people import Role
from tests.e2e.phones import Phone, Town, town
from tests.sandbox.conftest import png

APPS = ("telegram", "zalo", "zalo_typed", "zalo_bot")
Talk = Callable[[Town, str], Awaitable[None]]
Everywhere = Callable[[Talk], Awaitable[None]]


@pytest.fixture
def everywhere(tmp_path: Path, sqlite_template: Path) -> Everywhere:
    """Holds a conversation in all ways, each in a town of its own."""

    async def held(talk: Talk, app: str) -> None:
        path = tmp_path / f"{app}.db"
        shutil.copyfile(sqlite_template, path)
        try:
            async with town(f"sqlite+aiosqlite:///{path}") as place:
                await talk(place, app)
        except AssertionError as error:
            error.add_note(f"on {app}")
            raise

    async def everywhere(talk: Talk) -> None:
        await asyncio.gather(*(held(talk, app) for app in APPS))

    return everywhere


async def a_known_customer(place: Town, rep: Phone, app: str) -> Phone:
    """A customer who wrote first, agreed to be written to, and left a number."""
    hoa = place.meets("Hoa Phạm", app)
    await hoa.says("Chào shop")
    await hoa.sees("Đồng ý")
    await hoa.chooses("Đồng ý")
    await hoa.sees("DUNG")
    await hoa.says("0977 123 456")
    await hoa.sees("0977 123 456")
    await rep.sees("Hoa Phạm")
    return hoa


async def a_customer_in_one_message_and_back_again(place: Town, app: str) -> None:
    rep = await place.hires("Minh", app)
    await rep.says("Khách mới chị Lan 0912 345 678, FB, quan tâm gói Pro, nóng. T6 gọi lại")
    await rep.sees("Đã lưu khách mới", "chị Lan", "0912 345 678", "T6 27/11/2026: gọi lại")
    await rep.chooses("Hoàn tác")
    await rep.sees("Đã hoàn tác")
    await rep.says("0912345678")
    await rep.sees("chưa có khách nào dùng số 0912 345 678")


async def a_form_typed_and_tapped_through(place: Town, app: str) -> None:
    rep = await place.hires("Minh", app)
    await rep.says("/khach")
    await rep.sees("tên")
    await rep.says("Anh Tuấn")
    await rep.sees("Số điện thoại")
    await rep.says("0903 555 210")
    await rep.sees("nguồn")
    await rep.chooses("Zalo")
    await rep.sees("Đã lưu khách mới", "anh Tuấn", "0903 555 210", "Nguồn: Zalo")


async def what_is_due_comes_by_itself_and_is_done(place: Town, app: str) -> None:
    rep = await place.hires("Minh", app)
    await rep.says("Khách mới chị Mai 0912 345 679. 10h sáng nay gọi lại")
    await rep.sees("Đã lưu khách mới", "10:00")
    rep.looks_away()
    await place.waits(timedelta(hours=2))
    await rep.sees("chị Mai", "0912 345 679", "Xong")
    await rep.chooses("Xong")
    await rep.chooses("Nghe máy")
    await rep.sees("✅ chị Mai · Nghe máy")


async def a_sale_starts_its_checklist_and_a_step_is_ticked(place: Town, app: str) -> None:
    rep = await place.hires("Minh", app)
    await rep.says("Khách mới chị Vy 0912 345 670")
    await rep.sees("Đã lưu khách mới")
    await rep.says("chị Vy chốt gói Pro 12tr5")
    await rep.sees("12.500.000 ₫", "☐ 2. Gửi lời cảm ơn")
    await rep.chooses("☐ 2")
    await rep.sees("Cảm ơn chị đã tin chọn gói Pro")
    await rep.chooses("✅ Đã gửi")
    await rep.sees("✅ 2. Gửi lời cảm ơn")


async def a_list_longer_than_any_row_of_buttons(place: Town, app: str) -> None:
    rep = await place.hires("Minh", app)
    names = ("Bình", "Cường", "Dương", "Giang", "Hải", "Khoa", "Long")
    for number, name in enumerate(names):
        await rep.says(f"Khách mới anh {name} 0912 345 60{number}, FB, ấm")
        await rep.sees("Đã lưu khách mới", f"anh {name}")
    await rep.says("/tim 0912 345 6")
    await rep.sees(*(f"anh {name}" for name in names[2:]))
    await rep.chooses("anh Hải")
    await rep.sees("KH00000", "0912 345 604")


async def the_week_in_figures_and_a_picture(place: Town, app: str) -> None:
    boss = await place.hires("Hà", app, Role.OWNER)
    await boss.says("Khách mới chị Lan 0912 345 678, FB, nóng")
    await boss.sees("Đã lưu khách mới")
    await boss.says("/tuan")
    await boss.sees("Tuần 48", "Khách mới")
    await boss._watched.until(lambda: boss.pictures == 1, 20)


async def somebody_joins_by_a_code(place: Town, app: str) -> None:
    boss = await place.hires("Hà", role=Role.OWNER)
    await boss.says("/moinv")
    await boss.chooses("Nhân viên")
    await boss.sees("THAMGIA")
    code = boss.reads().split("THAMGIA ")[1].split()[0].strip(".,")
    new = place.meets("Quân", app)
    await new.says(f"THAMGIA {code}")
    await new.sees("Quân")
    await new.says("Khách mới chị Lan 0912 345 678")
    await new.sees("Đã lưu khách mới")


async def a_customer_writes_is_answered_and_sends_a_picture(place: Town, app: str) -> None:
    rep = await place.hires("Minh", role=Role.OWNER)
    hoa = await a_known_customer(place, rep, app)
    await hoa.says("Tủ bếp chữ L giá bao nhiêu vậy em?")
    await rep.sees("Tủ bếp chữ L giá bao nhiêu")
    await rep.chooses("Trả lời")
    await rep.sees("muốn nhắn gì cho Hoa Phạm")
    await rep.says("Dạ từ 30 triệu ạ")
    await hoa.sees("Dạ từ 30 triệu ạ")
    if app.startswith("zalo") and app != "zalo_bot":
        answer = place.outside.account.people.last(hoa.user_id)
        assert answer
        quoted = place.outside.account.people.message(hoa.user_id, answer.quote)
        assert quoted
        assert quoted.text == "Tủ bếp chữ L giá bao nhiêu vậy em?"
    before = rep.pictures
    hoa.sends_photo(png(40, 30))
    await rep._watched.until(lambda: rep.pictures == before + 1, 20)


async def a_low_score_is_heard_at_once(place: Town, app: str) -> None:
    rep = await place.hires("Minh", role=Role.OWNER)
    hoa = await a_known_customer(place, rep, app)
    await place.waits(timedelta(hours=26))
    await rep.says("/khaosat Hoa Phạm")
    await rep.chooses("hài lòng (1–5)")
    await hoa.sees("Anh/chị hài lòng với Nội thất An Nhiên ở mức nào")
    await hoa.chooses("2")
    await hoa.sees("xin lỗi")
    await rep.sees("2/5")


async def stop_is_stop(place: Town, app: str) -> None:
    rep = await place.hires("Minh", role=Role.OWNER)
    hoa = await a_known_customer(place, rep, app)
    await hoa.says("DUNG")
    await hoa.sees("không")
    await rep.sees("không muốn nhận")


TALKS = (
    a_customer_in_one_message_and_back_again,
    a_form_typed_and_tapped_through,
    what_is_due_comes_by_itself_and_is_done,
    a_sale_starts_its_checklist_and_a_step_is_ticked,
    a_list_longer_than_any_row_of_buttons,
    the_week_in_figures_and_a_picture,
    somebody_joins_by_a_code,
    a_customer_writes_is_answered_and_sends_a_picture,
    a_low_score_is_heard_at_once,
    stop_is_stop,
)


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.__name__)
async def test_the_same_on_every_app(everywhere: Everywhere, talk: Talk) -> None:
    await everywhere(talk)
