"""Drafts of answers: asked of a model over HTTP, told nobody's name, shown to the rep alone."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.conversation import Conversation
from bot.domain.people import Role
from bot.domain.repositories import Store
from bot.drafting import Drafting, Model
from bot.handlers.routes import ROUTES
from tests.chat import ORG, PAGES, ZONE, Company, Person, link
from tests.handlers.work import knows

Answer = Callable[[web.Request], Any]
DRAFT = "Dạ em chào chị [NAME_1], em kiểm tra rồi báo chị liền ạ."


def saying(text: Any) -> dict[str, Any]:
    """A completion as the interface has it."""
    return {"choices": [{"message": {"role": "assistant", "content": text}}]}


@dataclass
class StandIn:
    """A model behind an OpenAI-compatible address, on a real socket; `answers` are given one after the other, the last for ever."""

    answers: list[web.Response | float] = field(default_factory=lambda: [web.json_response(saying(DRAFT))])
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""
    called: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event | None = None

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """POST /v1/chat/completions."""
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        self.called.set()
        if self.may_answer:
            await self.may_answer.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            return web.json_response(saying(DRAFT))
        return web.Response(body=answer.body, status=answer.status, headers=answer.headers)


@pytest.fixture
async def model() -> AsyncIterator[StandIn]:
    stand_in = StandIn()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", stand_in.complete)
    server = TestServer(app)
    await server.start_server()
    stand_in.url = str(server.make_url("/v1"))
    yield stand_in
    await server.close()


@dataclass
class Desk:
    """A company whose reps have drafts: its rep, and Ms Lan, who is their customer."""

    company: Company
    rep: Person
    lan: Person
    drafting: Drafting

    async def writes(self) -> None:
        """What was asked for is drafted and shown."""
        async with ClientSession() as session:
            while await self.drafting.write_next(session):
                pass
        await self.company.delivers_pushes()


async def a_desk(store: Store, model: StandIn) -> Desk:
    company = Company(store)
    company.conversation = Conversation(
        store,
        ROUTES,
        company.clock,
        org=ORG,
        locale="vi",
        timezone=ZONE,
        link_to=link,
        public_url=PAGES,
        offers_drafts=True,
    )
    await company.hires("Bảo", Role.OWNER)
    rep, lan = await company.hires("Quỳnh Trang"), company.meets("Ngọc Lan")
    await company.links(lan, await knows(rep, "Nguyễn Ngọc Lan", phone="+84912345678"))
    words = company.conversation.translator
    at = Model(model.url, "bí-mật".encode().hex(), "any", answers_within=0.5, breath=0.0)
    return Desk(company, rep, lan, Drafting(store, company.clock, at, words, lambda: None))


async def asks_for_a_draft(desk: Desk, text: str = "Bao giờ giao hàng vậy em?") -> None:
    await desk.lan.says(text)
    await desk.company.delivers_pushes()
    await desk.rep.taps("Soạn giúp")
    assert "đang soạn" in desk.rep.toast


async def test_a_draft_is_shown_to_the_rep_alone_and_sent_by_their_tap_once(store: Store, model: StandIn) -> None:
    desk = await a_desk(store, model)
    await asks_for_a_draft(desk)
    await desk.writes()
    desk.rep.sees("Bản nháp trả lời chị Nguyễn Ngọc Lan", "em chào chị Lan,", "Gửi", "Sao chép")
    desk.rep.does_not_see("[NAME")
    assert desk.lan.reads() == ""
    copies = [choice.copy for shown in desk.rep.fresh for choice in shown.choices if choice.copy]
    assert copies
    send = desk.rep.data_of("Gửi")
    await desk.rep.taps("Gửi")
    desk.rep.sees("Đã gửi chị Nguyễn Ngọc Lan")
    await desk.company.delivers_pushes()
    desk.lan.sees("Quỳnh Trang", copies[0])
    desk.lan.fresh = []
    await desk.rep.taps_old("x:1", send)
    await desk.company.delivers_pushes()
    assert desk.lan.reads() == ""


async def test_nobodys_name_number_or_address_leaves(store: Store, model: StandIn) -> None:
    desk = await a_desk(store, model)
    await desk.lan.says("Chị là Lan, 0912 345 678, giao tới 12/3 Nguyễn Trãi quận 5 nhé, mail lan@spa.vn")
    await desk.company.delivers_pushes()
    await desk.rep.replies("Nguyễn Trãi", "Dạ chị Lan, em Trang sẽ báo anh Bảo, đơn DH20261 ạ")
    await asks_for_a_draft(
        desk, "Bao giờ em Trang giao đơn cho chị Ngọc Lan vậy? Gọi chồng chị là anh Tuấn 0987.654.321 nha"
    )
    await desk.writes()
    sent = json.dumps(model.asked, ensure_ascii=False)
    for secret in (
        "Lan",
        "Ngọc",
        "Trang",
        "Quỳnh",
        "Bảo",
        "Tuấn",
        "0912",
        "345 678",
        "0987",
        "654",
        "Trãi",
        "12/3",
        "spa.vn",
    ):
        assert secret not in sent, sent
    for code in ("KH0000", "DH20261", "1001", "1002", "1003", ORG):
        assert code not in sent, sent
    assert "giao" in sent
    assert [message["role"] for message in model.asked[0]["messages"]] == ["system", "user", "assistant", "user"]
    assert model.keys == [f"Bearer {'bí-mật'.encode().hex()}"]


async def test_the_companys_own_answers_are_told_to_the_model(store: Store, model: StandIn) -> None:
    desk = await a_desk(store, model)
    async with store.begin() as uow:
        await uow.faqs.add("vi", "Giao hàng mất bao lâu?", "Ba ngày ạ")
        await uow.faqs.add("vi", "Wifi?", "Có ạ")
        await uow.commit()
    await asks_for_a_draft(desk, "giao hàng cho nhà chị ở xa mất bao lâu vậy em")
    await desk.writes()
    told = model.asked[0]["messages"][0]["content"]
    assert "Ba ngày ạ" in told
    assert "Wifi" not in told


async def test_a_passing_failure_is_tried_once_more(store: Store, model: StandIn) -> None:
    desk = await a_desk(store, model)
    model.answers.insert(0, web.Response(status=500))
    await asks_for_a_draft(desk)
    await desk.writes()
    desk.rep.sees("Bản nháp")
    assert len(model.asked) == 2


@pytest.mark.parametrize(
    ("answer", "tries"),
    [
        pytest.param(web.Response(status=500), 2, id="broken"),
        pytest.param(web.Response(status=429), 2, id="busy"),
        pytest.param(5.0, 2, id="slow"),
        pytest.param(web.Response(status=401), 1, id="refused"),
        pytest.param(web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"}), 1, id="sent elsewhere"),
        pytest.param(web.Response(body=b"<html>not json"), 1, id="no json"),
        pytest.param(web.Response(body=b"\xff\xfe\x00"), 1, id="no text"),
        pytest.param(web.Response(body=b"[" * 60_000), 1, id="deep"),
        pytest.param(web.json_response([]), 1, id="a list"),
        pytest.param(web.json_response({"choices": []}), 1, id="no choice"),
        pytest.param(web.json_response(saying(None)), 1, id="null"),
        pytest.param(web.json_response(saying(" \x00 ")), 1, id="blank"),
        pytest.param(web.json_response(saying("dài " * 1000)), 1, id="long"),
        pytest.param(web.json_response(saying("x" * 2_000_000)), 1, id="huge"),
        pytest.param(web.json_response(saying("[NAME_99]")), 1, id="nothing but a stand-in that was made up"),
    ],
)
async def test_what_cannot_be_used_is_told_in_words_and_nothing_hangs(
    store: Store, model: StandIn, answer: web.Response | float, tries: int
) -> None:
    desk = await a_desk(store, model)
    model.answers = [answer]
    await asks_for_a_draft(desk)
    await desk.writes()
    desk.rep.sees("Em chưa soạn được câu trả lời chị Nguyễn Ngọc Lan", "Thử lại")
    assert len(model.asked) == tries
    model.answers = [web.json_response(saying("Dạ <b>sáng</b> mai ạ"))]
    await desk.rep.taps("Thử lại")
    await desk.writes()
    desk.rep.sees("Dạ <b>sáng</b> mai ạ")
    assert desk.lan.reads() == ""


async def test_a_model_that_is_not_there_is_told_in_words(store: Store, model: StandIn) -> None:
    desk = await a_desk(store, replace(model, url="http://127.0.0.1:9/v1"))
    await asks_for_a_draft(desk)
    await desk.writes()
    desk.rep.sees("Em chưa soạn được")


async def test_drafts_come_by_themselves_and_wake_the_dispatcher(store: Store, model: StandIn) -> None:
    desk = await a_desk(store, model)
    woken = asyncio.Event()
    at = Model(model.url, "", "any")
    running = asyncio.create_task(
        Drafting(store, desk.company.clock, at, desk.company.conversation.translator, woken.set).run()
    )
    await asks_for_a_draft(desk)
    async with asyncio.timeout(60):
        await woken.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await desk.company.delivers_pushes()
    desk.rep.sees("Bản nháp trả lời")
    assert model.keys == [""]


async def test_the_model_is_asked_outside_every_transaction(store: Store, model: StandIn) -> None:
    desk = await a_desk(store, model)
    model.may_answer = asyncio.Event()
    desk.drafting = Drafting(
        store, desk.company.clock, Model(model.url, "", "any"), desk.company.conversation.translator, lambda: None
    )
    await asks_for_a_draft(desk)
    async with ClientSession() as session:
        writing = asyncio.create_task(desk.drafting.write_next(session))
        await model.called.wait()
        await desk.lan.says("Alo em ơi")  # while the model thinks, people go on writing
        assert not writing.done()
        model.may_answer.set()
        assert await writing


async def test_two_taps_are_one_draft(store: Store, model: StandIn) -> None:
    desk = await a_desk(store, model)
    await asks_for_a_draft(desk)
    await desk.rep.taps("Soạn giúp")
    await desk.writes()
    assert len(model.asked) == 1


async def test_who_lost_the_customer_meanwhile_gets_no_draft(store: Store, model: StandIn) -> None:
    desk = await a_desk(store, model)
    await asks_for_a_draft(desk)
    other = await desk.company.hires("Minh")
    assert other.member
    async with store.begin() as uow:
        owner = next(member for member in await uow.members.everyone() if member.role is Role.OWNER)
        customer = await uow.customers.get(owner, 1)
        await uow.customers.update(customer, owner_id=other.member.id)
        await uow.commit()
    await desk.writes()
    assert model.asked == []
    desk.rep.never_saw("Bản nháp")


async def test_nobody_elses_draft_is_sent_by_a_forged_button(store: Store, model: StandIn) -> None:
    desk = await a_desk(store, model)
    await asks_for_a_draft(desk)
    await desk.writes()
    other = await desk.company.hires("Minh")
    await other.taps_old("x:1", desk.rep.data_of("Gửi"))
    await other.taps_old("x:1", "compose:1")
    await desk.company.delivers_pushes()
    other.never_saw("Lan", "em chào chị")
    assert desk.lan.reads() == ""


async def test_without_a_model_there_is_no_button_and_no_way_round_it(store: Store) -> None:
    company = Company(store)
    await company.hires("Bảo", Role.OWNER)
    rep, lan = await company.hires("Trang"), company.meets("Ngọc Lan")
    await company.links(lan, await knows(rep, "Lan"))
    await lan.says("Bao giờ giao hàng vậy em?")
    await company.delivers_pushes()
    assert "Soạn giúp" not in " ".join(rep.buttons())
    await rep.taps_old("x:1", "compose:1")
    async with store.read() as uow:
        assert not await uow.reply_drafts.waiting(company.clock.now())
