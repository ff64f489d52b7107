"""What the stand-in takes as a consultation message, to whom and when; each rule refused with its code."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import WoundClock
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.server import CS, ZaloServer
from tests.sandbox.conftest import Caller, png

FORM = {"title": "Cửa hàng Minh An", "subtitle": "Xin số để chăm sóc đơn", "image_url": "https://example.com/logo.png"}


def button(**changes: Any) -> dict[str, Any]:
    return {"title": "5 - Rất hài lòng", "type": "oa.query.hide", "payload": "ck:42:5"} | changes


def with_buttons(*buttons: object, text: str = "Chị hài lòng mức nào ạ?") -> dict[str, Any]:
    return {"text": text, "attachment": {"type": "template", "payload": {"buttons": list(buttons)}}}


def template(kind: str, *elements: object, **more: object) -> dict[str, Any]:
    payload = {"template_type": kind, "elements": list(elements)} | more
    return {"attachment": {"type": "template", "payload": payload}}


async def test_a_text_arrives_and_its_answer_has_the_documented_fields(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson
) -> None:
    asked = zalo.people.say(hoa.user_id, "Báo giá giúp chị")
    answer = await oa.say(hoa.user_id, "Dạ em gửi chị ạ", quote_message_id=asked.id)
    assert answer["error"] == 0
    assert answer["message"] == "Success"
    data = answer["data"]
    assert data.keys() == {"message_id", "user_id", "sent_time", "quota"}
    assert data["quota"] == {"quota_type": "reply"}
    assert data["sent_time"].isdigit()
    shown = zalo.people.last(hoa.user_id)
    assert shown is not None
    assert (shown.id, shown.text, shown.quote) == (data["message_id"], "Dạ em gửi chị ạ", asked.id)
    assert oa.headers["X-RateLimit-Limit"] == "50"
    assert oa.headers["X-RateLimit-Remain"] == "49"
    assert not zalo.refused


async def test_buttons_a_form_a_picture_and_a_file_arrive(zalo: ZaloServer, oa: Caller, hoa: ZaloPerson) -> None:
    phone = {"title": "Gọi cửa hàng", "type": "oa.open.phone", "payload": {"phone_code": "84912345678"}}
    page = {"title": "Xem", "type": "oa.open.url", "payload": {"url": "https://example.com"}}
    await oa.send(hoa.user_id, with_buttons(button(), phone, page))
    asked = zalo.people.last(hoa.user_id)
    assert asked is not None
    assert asked.titles == ["5 - Rất hài lòng", "Gọi cửa hàng", "Xem"]
    await oa.send(hoa.user_id, template("request_user_info", FORM))
    picture = (await oa.upload("image", png(), "a.png", "image/png"))["data"]["attachment_id"]
    await oa.send(hoa.user_id, {"text": "Mẫu"} | template("media", {"media_type": "image", "attachment_id": picture}))
    gif = (await oa.upload("gif", b"GIF89a....", "a.gif"))["data"]["attachment_id"]
    moving = {"media_type": "gif", "attachment_id": gif, "width": 10, "height": 10}
    await oa.send(hoa.user_id, template("media", moving))
    await oa.send(hoa.user_id, template("media", {"media_type": "sticker", "attachment_id": "bfe458bf64fa8da4d4eb"}))
    token = (await oa.upload("file", b"%PDF-1.7", "báo giá.pdf"))["data"]["token"]
    await oa.send(hoa.user_id, {"attachment": {"type": "file", "payload": {"token": token}}})
    kinds = [message.kind for message in zalo.people.messages(hoa.user_id)]
    assert kinds == ["text", "form", "image", "gif", "sticker", "file"]
    assert not zalo.refused


async def test_a_tap_is_an_ordinary_text_with_the_payload(zalo: ZaloServer, oa: Caller, hoa: ZaloPerson) -> None:
    await oa.send(hoa.user_id, with_buttons(button(), button(title="Khác", type="oa.query.show", payload="ck:42:6")))
    shown = zalo.people.last(hoa.user_id)
    assert shown is not None
    hidden = zalo.people.tap(hoa.user_id, shown, "5 - Rất hài lòng")
    assert (hidden.text, hidden.hidden) == ("ck:42:5", True)
    assert not zalo.people.tap(hoa.user_id, shown.id, "Khác").hidden
    with pytest.raises(LookupError):
        zalo.people.tap(hoa.user_id, shown, "4")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"text": ""}, -201),
        ({"text": "  \n"}, -201),
        ({}, -201),
        ("chào", -201),
        ({"text": 5}, -201),
        ({"text": "x" * 2001}, -201),
        ({"text": "😍" * 1001}, -201),
        ({"text": "x", "quote_message_id": "0c213a82b33b4eafd9e4"}, -201),
        ({"text": "x", "quote_message_id": 5}, -201),
        (with_buttons(*[button()] * 6), -201),
        (with_buttons(), -201),
        (with_buttons(button(), text=""), -201),
        (with_buttons(button(title="x" * 101)), -201),
        (with_buttons(button(title="")), -201),
        (with_buttons(button(payload="x" * 1001)), -201),
        (with_buttons(button(payload="")), -201),
        (with_buttons(button(payload={"a": 1})), -201),
        (with_buttons(button(type="oa.query.wink")), -201),
        (with_buttons(button(type="oa.open.url", payload={"url": "javascript:1"})), -201),
        (with_buttons(button(type="oa.open.phone", payload={"phone_code": "gọi"})), -201),
        (with_buttons(button(type="oa.open.phone", payload="84912345678")), -201),
        (with_buttons("nút"), -201),
        (template("list", FORM), -233),
        (template("button", FORM), -233),
        (template("generic", FORM), -233),
        ({"attachment": {"type": "audio", "payload": {}}}, -233),
        ({"attachment": {"type": "template"}}, -201),
        (template("request_user_info"), -201),
        (template("request_user_info", FORM, FORM), -201),
        (template("request_user_info", FORM | {"title": ""}), -201),
        (template("request_user_info", FORM | {"image_url": "logo.png"}), -201),
        (template("media", {"media_type": "image", "url": "https://example.com/a.jpg"}, buttons=[button()]), -201),
        (template("media", {"media_type": "hologram"}), -201),
        (template("media", {"media_type": "image"}), -201),
        (template("media", {"media_type": "gif", "url": "https://example.com/a.gif"}), -201),
        (template("media", {"media_type": "image", "attachment_id": "never-was"}), -100),
        ({"attachment": {"type": "file", "payload": {"token": "never-was"}}}, -100),
        ({"text": "Báo giá", "attachment": {"type": "file", "payload": {"token": "never-was"}}}, -201),
    ],
)  # fmt: skip
async def test_what_zalo_refuses_is_refused_and_does_not_arrive(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson, message: object, code: int
) -> None:
    answer = await oa.send(hoa.user_id, message)
    assert answer["error"] == code
    assert answer.keys() == {"error", "message"}
    assert zalo.people.last(hoa.user_id) is None
    assert [call.error for call in zalo.refused] == [code]


async def test_what_is_just_within_the_limits_is_taken(zalo: ZaloServer, oa: Caller, hoa: ZaloPerson) -> None:
    for message in (
        {"text": "x" * 2000},
        {"text": "😍" * 1000},
        {"text": "e\u0323\u0302" * 2000},  # NFD of ệ: 6,000 code points, 2,000 characters
        with_buttons(*[button(title="x" * 100, payload="x" * 1000)] * 5),
        template("media", {"media_type": "image", "url": "https://example.com/a.jpg"}, buttons=[]),
    ):
        assert (await oa.send(hoa.user_id, message))["error"] == 0


async def test_the_error_text_names_the_field(oa: Caller, hoa: ZaloPerson) -> None:
    assert (await oa.say(hoa.user_id, ""))["message"] == "text is invalid!"
    assert (await oa.send(int(hoa.user_id), {"text": "x"}))["message"] == "user_id is invalid!"
    assert (await oa.send("123", {"text": "x"}))["error"] == -201
    assert (await oa.post(CS, {"message": {"text": "x"}}))["message"] == "recipient is invalid!"
    assert (await oa.post(CS, ["x"]))["error"] == -201


async def test_the_window_is_free_then_paid_then_closed(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson, clock: WoundClock
) -> None:
    async def sent_after(hours: float) -> Any:
        zalo.people.say(hoa.user_id, "chào shop")
        clock.wind(timedelta(hours=hours))
        oa.token = zalo.tokens.grant().access_token
        answer = await oa.say(hoa.user_id, "Dạ")
        return answer.get("data", answer).get("quota", {}).get("quota_type") or answer["error"]

    assert await sent_after(47.9) == "reply"
    assert zalo.spent_vnd == 0
    assert await sent_after(48.1) == "sub_quota"
    assert await sent_after(7 * 24 - 0.1) == "sub_quota"
    assert zalo.spent_vnd == 110
    assert await sent_after(7 * 24 + 0.1) == -230
    assert zalo.spent_vnd == 110
    zalo.people.open_chat(hoa.user_id)
    assert (await oa.say(hoa.user_id, "Dạ"))["data"]["quota"] == {"quota_type": "reply"}


async def test_who_cannot_be_written_to_is_refused_for_the_reason(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson
) -> None:
    stranger = zalo.people.add("Khách lạ")
    assert (await oa.say(stranger.user_id, "x"))["error"] == -213
    zalo.people.unfollow(hoa.user_id)
    assert (await oa.say(hoa.user_id, "x"))["error"] == -213
    zalo.people.say(hoa.user_id, "cho hỏi")
    assert (await oa.say(hoa.user_id, "x"))["error"] == 0
    zalo.people.block(hoa.user_id)
    assert (await oa.say(hoa.user_id, "x"))["error"] == -217
    zalo.people.unblock(hoa.user_id)
    hoa.gone = True
    assert (await oa.say(hoa.user_id, "x"))["error"] == -227
    with pytest.raises(ValueError, match="gone"):
        zalo.people.say(hoa.user_id, "x")


async def test_dead_paths_are_refused(oa: Caller, zalo: ZaloServer, hoa: ZaloPerson) -> None:
    message = {"recipient": {"user_id": hoa.user_id}, "message": {"text": "x"}}
    assert await oa.post("/v2.0/oa/message", message) == {"error": -240, "message": "MessageV2 API has been shut down"}
    assert (await oa.post("/v3.0/oa/message/transaction", message))["error"] == -209
    assert (await oa.post("/v3.0/oa/message/promotion", message))["error"] == -209
    assert zalo.people.last(hoa.user_id) is None


async def test_a_reaction_still_goes_by_v2(oa: Caller, zalo: ZaloServer, hoa: ZaloPerson) -> None:
    said = zalo.people.say(hoa.user_id, "cảm ơn em")
    action = {"react_icon": "/-heart", "react_message_id": said.id}
    body = {"recipient": {"user_id": hoa.user_id}, "sender_action": action}
    assert (await oa.post("/v2.0/oa/message", body))["error"] == 0
    kept = zalo.people.message(hoa.user_id, said.id)
    assert kept is not None
    assert kept.reaction == "/-heart"
    action["react_message_id"] = "no such"
    assert (await oa.post("/v2.0/oa/message", body))["error"] == -201


async def test_more_calls_than_a_minute_takes_are_refused_until_it_is_over(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson, clock: WoundClock
) -> None:
    answers = await asyncio.gather(*(oa.get("/v2.0/oa/getoa") for _ in range(50)))
    assert {answer["error"] for answer in answers} == {0}
    assert (await oa.say(hoa.user_id, "x"))["error"] == -32
    assert oa.headers["X-RateLimit-Remain"] == "0"
    assert (await oa.get("/message/quota"))["error"] == -32
    clock.wind(timedelta(minutes=1))
    assert (await oa.say(hoa.user_id, "x"))["error"] == 0


def test_a_phone_number_is_written_as_zalo_writes_it(zalo: ZaloServer) -> None:
    with pytest.raises(ValueError, match="84912345678"):
        zalo.people.add("Nam", phone="0912345678")


def test_the_limit_is_zalos_four_thousand_where_nobody_says_otherwise(clock: WoundClock) -> None:
    zalo = ZaloServer(clock.now, app_id="1", app_secret="2", oa_secret="3", oa_id="4", name="5")
    assert zalo.requests_a_minute == 4_000


async def test_a_chat_can_be_waited_for_and_watched(zalo: ZaloServer, oa: Caller, hoa: ZaloPerson) -> None:
    seen: list[str] = []
    zalo.people.listeners.append(lambda change: seen.append(change.kind))
    waiting = asyncio.create_task(zalo.people.until(lambda: zalo.people.last(hoa.user_id)))
    await oa.say(hoa.user_id, "Dạ")
    assert (await waiting).text == "Dạ"
    assert seen == ["message", "called"]
    with pytest.raises(TimeoutError, match="Dạ"):
        await zalo.people.until(lambda: None, within=0.01)
