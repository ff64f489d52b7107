"""Every button, forged: whatever comes in its data, nothing of anybody else is shown, nothing breaks (RELIABILITY S10, S11)."""

import itertools

import pytest

from bot.handlers.routes import ROUTES
from tests.chat import Company, Person

# What is forged is read before any database is asked; odd values in both databases are tried in tests/storage/test_values.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

APOLOGY = "hệ thống vừa trục trặc"
ODD = ["0", "-1", "1", "2147483647", "99999999999999999999", "²", "٣٤", "hot"]


async def a_busy_rep(company: Company) -> Person:
    rep = await company.hires("Minh")
    await rep.says("Khách mới chị Thoa 0977 123 456, nóng. T6 gọi lại")
    await rep.says("c Thoa chốt gói Pro 12tr5")
    await rep.says("/ban c Thoa gói Basic")
    await rep.says("chị Thủy thích màu trắng")
    return rep


def forgeries(verb: str) -> list[str]:
    """The verb with no, few and many odd parts."""
    singles = [f"{verb}:{odd}" for odd in ODD]
    pairs = [f"{verb}:1:{odd}" for odd in ODD]
    longer = [f"{verb}:1:{a}:{b}:{c}" for a, b, c in itertools.product(("1", "²"), ("p0",), ("1", "answered"))]
    return [verb, f"{verb}:", *singles, *pairs, *longer, f"{verb}:1:1:1:1:1:1:1"]


CONVERSATIONS = sorted({verb.partition(".")[0] for verb in ROUTES.choices})


@pytest.mark.parametrize("conversation", CONVERSATIONS)
async def test_a_forged_button_breaks_and_reveals_nothing(company: Company, conversation: str) -> None:
    minh = await a_busy_rep(company)
    trang, stranger = await company.hires("Trang"), company.meets("Người lạ")
    for verb in sorted(verb for verb in ROUTES.choices if verb.partition(".")[0] == conversation):
        for data in forgeries(verb):
            for person in (trang, minh):
                await person.taps_old("x:1", data)
                assert APOLOGY not in person.reads(), data
        await stranger.taps_old("x:1", f"{verb}:1:1")
        stranger.sees("đội bán hàng")
    trang.never_saw("chị Thoa", "0977 123 456", "12.500.000", "Thủy")
    stranger.never_saw("chị Thoa", "0977 123 456", "12.500.000", "Thủy")
