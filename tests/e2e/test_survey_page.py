"""The survey's page on a customer's phone, without JavaScript, in Vietnamese and English; answered twice, guessed at, passed on."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession
from markupsafe import Markup
from playwright.async_api import Page, async_playwright, expect

from bot.clock import WoundClock
from bot.dispatcher import Dispatcher
from bot.domain.customers import Customer, NewCustomer
from bot.domain.delivery import Delivery
from bot.domain.mailroom import Address
from bot.domain.people import Member, Role
from bot.domain.surveys import NewInvitation, SurveyInvitation, SurveyKind
from bot.i18n import Translator
from bot.storage.store import SqlStore, create_store
from bot.web.pages import Ground
from bot.web.server import Server
from bot.web.survey_page import SurveyPage
from bot.web.throttle import AN_ADDRESS, IN_ALL, WINDOW, Throttle
from tests.sandbox.browser import ARGUMENTS, NAMES

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
VIETNAMESE = {"Accept-Language": "vi-VN,vi;q=0.9"}


@dataclass
class Shop:
    """A company whose customers answer on the page, served by one instance."""

    store: SqlStore
    clock: WoundClock
    address: str
    rep: Member
    lan: Customer
    ticks: list[float]
    woken: list[bool]

    async def invites(self, kind: SurveyKind = SurveyKind.CSAT) -> str:
        async with self.store.begin() as uow:
            new = NewInvitation(self.lan.id, self.rep.id, kind, self.clock.now(), "task")
            _, token = await uow.surveys.invite(new)
            await uow.commit()
        return token

    async def survey(self, token: str) -> SurveyInvitation:
        async with self.store.read() as uow:
            found = await uow.surveys.by_token(token)
        assert found
        return found[0]

    def url(self, token: str) -> str:
        return f"{self.address}/s/{token}"


@asynccontextmanager
async def serving(
    store: SqlStore, clock: WoundClock, ticks: list[float], woken: list[bool], wake: Callable[[], None] = lambda: None
) -> AsyncIterator[str]:
    def woke() -> None:
        woken.append(True)
        wake()

    ground = Ground(
        store,
        clock,
        lambda member: Translator(member.locale, member.timezone),
        lambda payload: f"https://t.me/thu_bot?start={payload}",
        "Nội thất An Nhiên",
        "vi",
        ZoneInfo("Asia/Ho_Chi_Minh"),
        woke,
    )
    server = Server("127.0.0.1", 0, SurveyPage(ground, Throttle(lambda: ticks[0])).routes())
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.close()


@pytest.fixture
async def shop(store: SqlStore) -> AsyncIterator[Shop]:
    clock, ticks, woken = WoundClock(NOW), [0.0], list[bool]()
    async with store.begin() as uow:
        rep = await uow.members.add("Minh", Role.REP, "vi", "Asia/Ho_Chi_Minh", NOW)
        boss = await uow.members.add("Bảo", Role.OWNER, "vi", "Asia/Ho_Chi_Minh", NOW)
        for member in (rep, boss):
            await uow.members.link(member.id, "telegram", str(member.id), str(member.id))
        lan = await uow.customers.add(rep, NewCustomer("Ngọc Lan", "chị", phones=("+84912345678",)), NOW)
        await uow.commit()
    async with serving(store, clock, ticks, woken) as address:
        yield Shop(store, clock, address, rep, lan, ticks, woken)


async def told(shop: Shop) -> list[tuple[str, str]]:
    """Who is told what."""
    until = shop.clock.now() + timedelta(minutes=1)
    claimed = await shop.store.ledger.claim(shop.clock.now(), 100, "test", until)
    return sorted((one.chat_id, re.sub(r"<[^>]*>", "", str(one.payload["text"]))) for one in claimed)


# On a phone ----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def phone_at(url: str, locale: str) -> AsyncIterator[Page]:
    """A phone's browser with JavaScript switched off."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        context = await browser.new_context(
            viewport={"width": 390, "height": 844}, locale=locale, java_script_enabled=False
        )
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        await page.goto(url)
        yield page
        await browser.close()
    assert not complaints


WORDS = {
    "vi": ("Anh/chị hài lòng với", "rất xin lỗi", "điều gì chưa ổn", "Gửi", "đã nhận được lời", "Đổi câu trả lời"),
    "en": ("How satisfied are you", "very sorry", "What went wrong", "Send", "have arrived", "Change my answer"),
}


@pytest.mark.parametrize("locale", ["vi", "en"])
async def test_two_taps_on_a_phone_without_javascript(shop: Shop, locale: str) -> None:
    question, sorry, more, send, arrived, change = WORDS[locale]
    token = await shop.invites()
    async with phone_at(shop.url(token), locale) as page:
        await expect(page.locator("html")).to_have_attribute("lang", locale)
        await expect(page.get_by_role("heading", level=1)).to_contain_text(question)
        for button in await page.get_by_role("button").all():
            box = await button.bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= 44
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
        await page.get_by_role("button", name=re.compile("^1 ")).click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text(sorry)
        await expect(page.get_by_text(more)).to_be_visible()
        await page.get_by_role("textbox").fill("Giao trễ ba ngày")
        await page.get_by_role("button", name=send).click()
        await expect(page.get_by_role("status")).to_contain_text(arrived)
        await expect(page.get_by_text("Giao trễ")).to_have_count(0)
        await page.get_by_role("link", name=change).click()
        await page.get_by_role("button", name=re.compile("^5 ")).click()
        await expect(page.get_by_role("checkbox")).to_be_visible()
        await expect(page.get_by_text("start=ref_")).to_be_visible()
    answered = await shop.survey(token)
    assert (answered.score, answered.comment) == (5, None)  # what was said of the two is no word about the five


# What a score does ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "score", "seen", "who", "tickets"),
    [
        (SurveyKind.CSAT, 1, "rất xin lỗi", ["1", "2"], 1),
        (SurveyKind.CSAT, 2, "rất xin lỗi", ["1"], 1),
        (SurveyKind.NPS, 6, "rất xin lỗi", ["1"], 1),
        (SurveyKind.CSAT, 3, "nên làm gì tốt hơn", ["1"], 0),
        (SurveyKind.NPS, 8, "nên làm gì tốt hơn", ["1"], 0),
        (SurveyKind.CSAT, 4, "start=ref_", ["1"], 0),
        (SurveyKind.NPS, 10, "start=ref_", ["1"], 0),
    ],
)
async def test_what_a_score_on_the_page_does(
    shop: Shop, kind: SurveyKind, score: int, seen: str, who: list[str], tickets: int
) -> None:
    token = await shop.invites(kind)
    async with (
        ClientSession(headers=VIETNAMESE) as phone,
        phone.post(shop.url(token), data={"score": str(score)}) as answer,
    ):
        page = await answer.text()
        assert answer.status == 200
    assert seen in page
    assert "Lan" not in page
    assert shop.woken == [True]
    notices = await told(shop)
    assert [chat for chat, _ in notices] == who
    assert all(f"{score}/" in text for _, text in notices)
    async with shop.store.read() as uow:
        assert len(await uow.tickets.unsolved_of(shop.lan.id)) == tickets
        assert len(await uow.followups.of_customer(shop.rep, shop.lan.id)) == tickets


async def test_words_of_who_is_glad_are_kept_with_their_tick_alone(shop: Shop) -> None:
    token = await shop.invites()
    async with ClientSession(headers=VIETNAMESE) as phone:
        await phone.post(shop.url(token), data={"score": "5"})
        await phone.post(shop.url(token), data={"comment": "Rất <b>tốt</b>"})
        async with shop.store.read() as uow:
            assert (await uow.testimonials.page(shop.rep, 10))[1] == 0
        await phone.post(shop.url(token), data={"comment": "", "may_show": "1"})
    async with shop.store.read() as uow:
        (kept,), _ = await uow.testimonials.page(shop.rep, 10)
    assert kept.text == "Rất <b>tốt</b>"


async def test_the_rep_hears_of_a_low_score_at_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.dispatcher.POLL_EVERY", 3600.0)  # the answer itself has it sent
    heard: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    class Phone:
        name = "telegram"

        async def send(self, delivery: Delivery) -> str:
            if not heard.done():
                heard.set_result(None)
            return f"m{delivery.id}"

    async def blocked(_: Address) -> None:
        raise AssertionError

    dispatcher = Dispatcher(shop.store, shop.clock, [Phone()], blocked, Markup())
    at_work = asyncio.create_task(dispatcher.run())
    token = await shop.invites()
    async with serving(shop.store, shop.clock, [0.0], [], dispatcher.wake) as address, ClientSession() as phone:
        await phone.post(f"{address}/s/{token}", data={"score": "1"})
        await asyncio.wait_for(heard, 60)
    await dispatcher.stop(60)
    await at_work


# One answer -----------------------------------------------------------------------------------------------------------


async def test_two_instances_take_one_answer_once(shop: Shop) -> None:
    token = await shop.invites()
    async with serving(shop.store, shop.clock, [0.0], []) as other, ClientSession() as phone:
        urls = [shop.url(token), f"{other}/s/{token}"] * 4
        answers = await asyncio.gather(
            *(phone.post(url, data={"score": str(1 + number % 2)}) for number, url in enumerate(urls))
        )
        assert {answer.status for answer in answers} == {200}
    async with shop.store.read() as uow:
        assert len(await uow.tickets.unsolved_of(shop.lan.id)) == 1
        _, total = await uow.timeline.page(shop.rep, shop.lan.id, 10)
    assert total == 1
    assert len([text for _, text in await told(shop) if "CSAT" in text]) <= 2  # of a 1 the manager hears too


async def test_a_replayed_answer_changes_nothing(shop: Shop) -> None:
    token = await shop.invites()
    async with ClientSession() as phone:
        await phone.post(shop.url(token), data={"score": "2"})
        first = await shop.survey(token)
        await phone.post(shop.url(token), data={"score": "2"})
        await phone.post(shop.url(token), data={"score": "5"})
        assert await shop.survey(token) == first
        await phone.post(shop.url(token), data={"score": "5", "change": "1"})
        assert (await shop.survey(token)).score == 5
        shop.clock.wind_to(NOW + timedelta(days=1, minutes=5))
        async with phone.post(shop.url(token), data={"score": "1", "change": "1"}) as late:
            assert late.status == 404
    assert (await shop.survey(token)).score == 5


async def test_wrong_expired_and_used_are_one_and_the_same_page(shop: Shop) -> None:
    used, expired = await shop.invites(), await shop.invites(SurveyKind.NPS)
    async with ClientSession(headers=VIETNAMESE) as phone:
        await phone.post(shop.url(used), data={"score": "3"})
        shop.clock.wind_to(NOW + timedelta(days=30, minutes=5))
        seen = set()
        for token in (used, expired, "a" * 40, "x", "A" * 40, "%00", "s" * 3000):
            for ask in (phone.get(shop.url(token)), phone.post(shop.url(token), data={"score": "3"})):
                async with ask as answer:
                    kept = {k: v for k, v in answer.headers.items() if k not in ("Date", "Content-Length")}
                    seen.add((answer.status, await answer.text(), json.dumps(kept)))
    assert len(seen) == 1
    ((status, page, headers),) = seen
    assert status == 404
    assert "Khảo sát này không mở" in page
    assert "no-referrer" in headers
    assert "no-store" in headers


@pytest.mark.parametrize(
    "data", [{"score": "6"}, {"score": "-1"}, {"score": "٣"}, {"score": "1e0"}, {"comment": "x" * 20_000}, {}]
)
async def test_a_forged_form_does_nothing(shop: Shop, data: dict[str, str]) -> None:
    token = await shop.invites()
    async with ClientSession() as phone, phone.post(shop.url(token), data=data) as answer:
        assert answer.status == 200
    assert (await shop.survey(token)).answered_at is None


# Guesses --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is hardly asked
async def test_a_hundred_thousand_guesses_hit_nothing_and_are_throttled(shop: Shop) -> None:
    token = await shop.invites()
    guesses, statuses = 100_000, dict[bytes, int]()
    host, port = shop.address.removeprefix("http://").split(":")

    async def guess(numbers: range) -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for start in range(numbers.start, numbers.stop, 100):
            block = range(start, min(start + 100, numbers.stop))
            for number in block:
                # each from an address of its own, as far as the one before us says
                spoken = f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}"
                writer.write(f"HEAD /s/{number:040x} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: {spoken}\r\n\r\n".encode())
            await writer.drain()
            for _ in block:
                status = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1]
                statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    await asyncio.gather(*(guess(range(start, start + guesses // 4)) for start in range(0, guesses, guesses // 4)))
    assert statuses == {b"404": IN_ALL, b"429": guesses - IN_ALL}
    assert (await shop.survey(token)).answered_at is None
    shop.ticks[0] += WINDOW
    async with ClientSession() as phone, phone.get(shop.url(token)) as answer:
        assert answer.status == 200


async def test_one_address_does_not_shut_out_the_others(shop: Shop) -> None:
    token = await shop.invites()
    async with ClientSession() as phone:
        for number in range(AN_ADDRESS + 5):
            async with phone.get(shop.url("a" * 40), headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.7"}) as answer:
                assert answer.status == (404 if number < AN_ADDRESS else 429)
        assert "Retry-After" in answer.headers
        async with phone.get(shop.url(token), headers={"X-Forwarded-For": "203.0.113.7, 198.51.100.1"}) as answer:
            assert answer.status == 200


async def test_of_the_same_kind_of_address_written_in_the_longer_way_each_counts_alone(shop: Shop) -> None:
    async with ClientSession() as phone:
        for number in range(AN_ADDRESS + 1):
            async with phone.get(shop.url("a" * 40), headers={"X-Forwarded-For": "::ffff:203.0.113.7"}) as answer:
                assert answer.status == (404 if number < AN_ADDRESS else 429)
        async with phone.get(shop.url("a" * 40), headers={"X-Forwarded-For": "::ffff:203.0.113.8"}) as answer:
            assert answer.status == 404


async def test_a_form_that_comes_in_pieces_is_taken_whole(shop: Shop) -> None:
    token = await shop.invites()
    comment = "giao%20tr%E1%BB%85%20" * 60 + "het"
    form = f"score=1&comment={comment}".encode()
    host, port = shop.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /s/{token} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    writer.write(f"{head}Content-Length: {len(form)}\r\nExpect: 100-continue\r\n\r\n".encode())
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"  # it waits for the form now
    writer.write(form[:50])
    await writer.drain()
    async with ClientSession() as other:  # meanwhile the first piece has arrived
        await other.get(shop.url("a" * 40))
    writer.write(form[50:])
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 303 ")
    writer.close()
    assert ((await shop.survey(token)).comment or "").endswith("het")


async def test_a_token_is_in_no_log(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    token = await shop.invites()
    async with ClientSession() as phone:
        await phone.get(shop.url(token))
        await phone.post(shop.url(token), data={"score": "1", "comment": "bí mật của khách"})
    assert token not in caplog.text
    assert "bí mật" not in caplog.text


async def test_a_database_that_is_away_is_said_kindly(tmp_path: Path) -> None:
    store = create_store(f"sqlite+aiosqlite:///{tmp_path}")  # a folder
    async with (
        serving(store, WoundClock(NOW), [0.0], []) as address,
        ClientSession(headers=VIETNAMESE) as phone,
        phone.get(f"{address}/s/{'a' * 40}") as answer,
    ):
        assert answer.status == 503
        assert "thử lại sau vài phút" in await answer.text()
    await store.close()
