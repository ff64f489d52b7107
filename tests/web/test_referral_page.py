"""The page behind a personal link: over real HTTP, in both languages, for who knows the link and for who guesses."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession

from bot.clock import WoundClock
from bot.domain.customers import NewCustomer
from bot.domain.people import Role
from bot.domain.referrals import new_token
from bot.domain.repositories import Store
from bot.domain.ways_in import WaysIn
from bot.i18n import Translator
from bot.web.pages import Ground
from bot.web.referral_page import ReferralPage
from bot.web.server import Server
from bot.web.throttle import AN_ADDRESS, Throttle

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OA = "388613280878808645"
VIETNAMESE = {"Accept-Language": "vi-VN,vi;q=0.9"}


def on_telegram(payload: str) -> str:
    return f"https://t.me/thu_bot?start={payload}"


BOTH = WaysIn(on_telegram, lambda: OA, "https://khach.example")


@pytest.fixture
async def token(store: Store) -> str:
    """Lan's personal link."""
    async with store.begin() as uow:
        rep = await uow.members.add("Minh", Role.REP, "vi", "Asia/Ho_Chi_Minh", NOW)
        lan = await uow.customers.add(rep, NewCustomer("Ngọc Lan", "chị"), NOW)
        link = await uow.referrals.link_of(lan.id)
        await uow.commit()
    return link


@asynccontextmanager
async def serving(store: Store, ways_in: WaysIn) -> AsyncIterator[str]:
    ground = Ground(
        store,
        WoundClock(NOW),
        lambda member: Translator(member.locale, member.timezone),
        ways_in.link_to,
        "Nội thất An Nhiên",
        "vi",
        ZoneInfo("Asia/Ho_Chi_Minh"),
        lambda: None,
    )
    server = Server("127.0.0.1", 0, ReferralPage(ground, ways_in, Throttle(lambda: 0.0)).routes())
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}/r/"
    finally:
        await server.close()


async def test_a_friend_chooses_between_telegram_and_zalo(store: Store, token: str) -> None:
    async with (
        serving(store, BOTH) as pages,
        ClientSession(headers=VIETNAMESE) as browser,
        browser.get(pages + token) as response,
    ):
        page = await response.text()
    assert response.status == 200
    assert "Nội thất An Nhiên" in page
    assert re.findall(r'<a class="way" href="([^"]+)"', page) == [on_telegram(f"ref_{token}"), f"https://zalo.me/{OA}"]
    code = re.search(r'<p class="code"[^>]*>([^<]+)</p>', page)
    assert code
    assert code[1] == f"GT {token[:4]}-{token[4:8]}-{token[8:]}"
    assert "Lan" not in page, "a link is passed on: it names nobody"
    assert "<script" not in page
    assert "Nhắn qua Zalo" in page


async def test_the_page_speaks_english_too_and_allows_no_scripts(store: Store, token: str) -> None:
    async with (
        serving(store, BOTH) as pages,
        ClientSession() as browser,
        browser.get(pages + token + "?lang=en") as response,
    ):
        assert "Write on Zalo" in await response.text()
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("ways_in", "there", "not_there"),
    [
        (WaysIn(on_telegram, pages="https://khach.example"), "t.me", "zalo.me"),
        (WaysIn(oa_id=lambda: OA, pages="https://khach.example"), "zalo.me", "t.me"),
    ],
)
async def test_what_is_not_in_service_is_not_offered(
    store: Store, token: str, ways_in: WaysIn, there: str, not_there: str
) -> None:
    async with serving(store, ways_in) as pages, ClientSession() as browser, browser.get(pages + token) as response:
        page = await response.text()
    assert there in page
    assert not_there not in page


async def test_all_links_that_are_none_get_one_answer(store: Store, token: str) -> None:
    wrong = [new_token(), "x" * 16, "lan", token.lower(), "%00", "0" * 2000]
    async with serving(store, BOTH) as pages, ClientSession(headers=VIETNAMESE) as browser:
        answers = set()
        for guess in wrong:
            async with browser.get(pages + guess) as response:
                answers.add((response.status, await response.text()))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


async def test_who_opens_too_many_waits(store: Store, token: str) -> None:
    async with serving(store, BOTH) as pages, ClientSession() as browser:
        statuses = []
        for _ in range(AN_ADDRESS + 1):
            async with browser.get(pages + token) as response:
                statuses.append(response.status)
    assert statuses == [200] * AN_ADDRESS + [429]


def test_a_personal_link_leads_to_the_page_only_where_there_is_a_choice() -> None:
    here = "http://127.0.0.1:8080"
    assert BOTH.link_to("ref_ABC") == "https://khach.example/r/ABC"
    assert WaysIn(on_telegram, lambda: OA, here).link_to("ref_ABC") == f"{here}/r/ABC"
    assert WaysIn(on_telegram, lambda: OA, "http://khach.example").link_to("ref_ABC") == on_telegram("ref_ABC")
    assert WaysIn(on_telegram, lambda: OA).link_to("ref_ABC") == on_telegram("ref_ABC")
    assert WaysIn(on_telegram, lambda: "", "https://khach.example").link_to("ref_ABC") == on_telegram("ref_ABC")
    assert BOTH.link_to("join_ABC") == on_telegram("join_ABC")
