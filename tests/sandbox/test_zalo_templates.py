"""Approved templates in the stand-in: by phone, by user id, each rule refused with its code, and what people answer to them."""

from datetime import timedelta
from typing import Any

import pytest

from bot.clock import WoundClock
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.server import TEMPLATE_BY_PHONE, TEMPLATE_BY_USER, ZaloServer
from bot.sandbox.zalo.templates import Param, Template
from tests.sandbox.conftest import Caller, Receiver

DATA = {"customer_name": "Chị Hoa", "order_code": "DH42"}


@pytest.fixture(autouse=True)
def care(zalo: ZaloServer) -> Template:
    params = (Param("customer_name"), Param("order_code", 10), Param("bought_on", 20, required=False, type="DATE"))
    return zalo.templates.add(
        Template("400123", "Chăm sóc sau mua", params, "Chào <customer_name>, đơn <order_code> dùng tốt không ạ?")
    )


def by_phone(phone: object = "84912345678", **changes: object) -> dict[str, Any]:
    body = {"phone": phone, "template_id": "400123", "template_data": DATA, "tracking_id": "sale42d30"} | changes
    return {name: value for name, value in body.items() if value is not None}


def by_user(person: ZaloPerson, **changes: object) -> dict[str, Any]:
    return {"user_id": person.user_id, "template_id": "400123", "template_data": DATA} | changes


async def test_a_template_reaches_a_number_that_never_had_to_do_with_the_account(
    zalo: ZaloServer, oa: Caller, receiver: Receiver
) -> None:
    nam = zalo.people.add("Nam", phone="84987654321")
    answer = await oa.post(TEMPLATE_BY_PHONE, by_phone("+84987654321"))
    data = answer.pop("data")
    assert answer == {"error": 0, "message": "Success"}
    assert data.keys() == {"msg_id", "sent_time", "sending_mode", "quota"}
    assert data["sending_mode"] == "1"
    assert data["quota"] == {"dailyQuota": "500", "remainingQuota": "499"}
    shown = zalo.people.last(nam.user_id)
    assert shown is not None
    assert shown.text == "Chào Chị Hoa, đơn DH42 dùng tốt không ạ?"
    assert [template.tracking_id for template in zalo.templates.sent] == ["sale42d30"]
    assert zalo.spent_vnd == 800
    await zalo.webhook.settled()
    (received,) = receiver.events
    assert received["event_name"] == "user_received_message"
    assert received["recipient"] == {"id": "84987654321"}
    assert received["message"].keys() == {"delivery_time", "msg_id", "tracking_id"}
    assert received["message"]["tracking_id"] == "sale42d30"
    assert receiver.got[0][1]["X-ZEvent-Server"] == "ZNS"
    status = await oa.get("/message/status", message_id=data["msg_id"])
    assert status["data"]["status"] == 1
    assert (await oa.get("/message/status", message_id="x"))["data"]["status"] == -1
    assert (await oa.get("/message/quota"))["data"] == {"dailyQuota": "500", "remainingQuota": "499"}


async def test_a_template_by_user_id_needs_no_tracking_id_and_no_window(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson, receiver: Receiver, clock: WoundClock
) -> None:
    clock.wind(timedelta(days=60))
    oa.token = zalo.tokens.grant().access_token
    data = (await oa.post(TEMPLATE_BY_USER, by_user(hoa)))["data"]
    assert data.keys() == {"message_id", "user_id", "sent_time", "quota"}
    assert data["quota"] == {"quota_type": "purchase_quota"}
    assert zalo.spent_vnd == 560
    await zalo.webhook.settled()
    assert receiver.names == ["oa_send_template", "user_received_message"]
    assert receiver.events[1]["recipient"] == {"id": hoa.user_id}
    assert "X-ZEvent-Server" not in receiver.got[1][1]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"phone": "0912345678"}, -108),
        ({"phone": "8491234"}, -108),
        ({"phone": 84912345678}, -108),
        ({"phone": None}, -108),
        ({"template_id": "999"}, -109),
        ({"template_id": 400123}, -109),
        ({"template_data": {}}, -111),
        ({"template_data": None}, -111),
        ({"template_data": {"customer_name": "Chị Hoa"}}, -1122),
        ({"template_data": DATA | {"order_code": ""}}, -1122),
        ({"template_data": DATA | {"order_code": "x" * 11}}, -1121),
        ({"template_data": DATA | {"order_code": 42}}, -1124),
        ({"template_data": DATA | {"bought_on": "hôm qua"}}, -1124),
        ({"tracking_id": None}, -201),
        ({"tracking_id": "x" * 49}, -201),
        ({"tracking_id": "đơn 42"}, -201),
        ({"sending_mode": "2"}, -201),
        ({"phone": "84999999999"}, -118),
    ],
)
async def test_what_zalo_refuses_of_a_template_is_refused_and_costs_nothing(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson, changes: dict[str, object], code: int
) -> None:
    answer = await oa.post(TEMPLATE_BY_PHONE, by_phone(**changes))
    assert answer["error"] == code
    assert answer.keys() == {"error", "message"}
    assert not zalo.templates.sent
    assert zalo.spent_vnd == 0
    assert (await oa.get("/message/quota"))["data"]["remainingQuota"] == "500"


async def test_only_an_approved_template_is_sent(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson, receiver: Receiver
) -> None:
    zalo.templates.change_status("400123", "REJECT", "Sai nội dung")
    await zalo.webhook.settled()
    told = receiver.events[-1]
    assert (told["event_name"], told["reason"]) == ("change_template_status", "Sai nội dung")
    assert told["status"] == {"prev_status": "ENABLE", "new_status": "REJECT"}
    assert (await oa.post(TEMPLATE_BY_PHONE, by_phone()))["error"] == -131
    assert (await oa.post(TEMPLATE_BY_USER, by_user(hoa)))["error"] == -131
    zalo.templates.change_status("400123", "DELETE")
    assert (await oa.post(TEMPLATE_BY_PHONE, by_phone()))["error"] == -109


async def test_who_takes_no_templates_is_refused_for_the_reason(zalo: ZaloServer, oa: Caller, hoa: ZaloPerson) -> None:
    async def refused() -> tuple[int, int]:
        phone, user = await oa.post(TEMPLATE_BY_PHONE, by_phone()), await oa.post(TEMPLATE_BY_USER, by_user(hoa))
        return phone["error"], user["error"]

    assert await refused() == (0, 0)
    hoa.takes_templates = False
    assert await refused() == (-114, -244)
    hoa.blocked = True
    assert await refused() == (-114, -217)
    hoa.gone = True
    assert await refused() == (-119, -227)
    hoa.has_zalo = False
    assert await refused() == (-118, -227)


async def test_some_templates_cannot_go_by_user_id(zalo: ZaloServer, oa: Caller, hoa: ZaloPerson) -> None:
    zalo.templates.add(Template("1", "Cũ", by_user=False))
    zalo.templates.add(Template("2", "OTP", kind=2))
    zalo.templates.add(Template("3", "Có trả lời nhanh", quick_replies=("Cần gọi lại",)))
    for template_id in ("1", "2", "3"):
        answer = await oa.post(TEMPLATE_BY_USER, by_user(hoa, template_id=template_id))
        assert answer["error"] == -249
        assert (await oa.post(TEMPLATE_BY_PHONE, by_phone(template_id=template_id)))["error"] == 0
    assert (await oa.post(TEMPLATE_BY_USER, by_user(hoa, user_id="1")))["error"] == -201


async def test_promotion_waits_for_the_morning_and_care_does_not(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson, clock: WoundClock, care: Template
) -> None:
    promotion = zalo.templates.add(Template("7", "Khuyến mãi", tag="PROMOTION"))
    for hours, open_now in (
        (9.9, True),
        (0.2, False),
        (7.8, False),
        (0.2, True),
    ):  # from noon to 21:54, 22:06, 05:54, 06:06
        clock.wind(timedelta(hours=hours))
        sent = await oa.post(TEMPLATE_BY_PHONE, by_phone(template_id=promotion.template_id))
        assert sent["error"] == (0 if open_now else -133)
        sent = await oa.post(TEMPLATE_BY_USER, by_user(hoa, template_id=promotion.template_id))
        assert sent["error"] == (0 if open_now else -234)
        assert (await oa.post(TEMPLATE_BY_PHONE, by_phone()))["error"] == 0


async def test_the_daily_quota_ends_and_begins_again_at_midnight_in_vietnam(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson, clock: WoundClock, receiver: Receiver
) -> None:
    zalo.templates.change_quota(1)
    assert (await oa.post(TEMPLATE_BY_PHONE, by_phone()))["data"]["quota"]["remainingQuota"] == "0"
    assert (await oa.post(TEMPLATE_BY_PHONE, by_phone()))["error"] == -144
    assert (await oa.post(TEMPLATE_BY_USER, by_user(hoa)))["error"] == 0, "the quota is of messages to numbers"
    clock.wind(timedelta(hours=12, minutes=5))  # from noon past midnight
    assert (await oa.post(TEMPLATE_BY_PHONE, by_phone()))["error"] == 0
    await zalo.webhook.settled()
    (changed,) = (event for event in receiver.events if event["event_name"] == "change_oa_daily_quota")
    assert changed["oaId"] == zalo.oa_id
    assert changed["quota"] == {"prev_value": 500, "new_value": 1}


async def test_templates_are_listed_and_described(zalo: ZaloServer, oa: Caller, care: Template) -> None:
    zalo.templates.add(Template("400124", "Chờ duyệt", status="PENDING_REVIEW"))
    listed = await oa.get("/template/all", offset="0", limit="100")
    assert [row["templateId"] for row in listed["data"]] == [400123, 400124]
    assert listed["metadata"] == {"total": 2}
    enabled = await oa.get("/template/all", offset="0", limit="100", status="1")
    assert [row["status"] for row in enabled["data"]] == ["ENABLE"]
    assert (await oa.get("/template/all", limit="101"))["error"] == -201
    assert (await oa.get("/template/all", limit="x"))["error"] == -201
    told = (await oa.get("/template/info/v2", template_id="400123"))["data"]
    assert (told["status"], told["price_sdt"], told["price_uid"]) == ("ENABLE", "800", "560")
    assert told["templateTag"] == "CUSTOMER_CARE"
    code = next(param for param in told["listParams"] if param["name"] == "order_code")
    assert (code["require"], code["maxLength"], code["type"]) == (True, 10, "STRING")
    assert (await oa.get("/template/info/v2", template_id="1"))["error"] == -109
    oa.token = "old"
    assert await oa.get("/template/all") == {"error": -124, "message": "Access token invalid"}


async def test_stars_and_quick_replies_come_back_without_a_person(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson, receiver: Receiver, care: Template
) -> None:
    zalo.templates.add(Template("5", "Đánh giá", kind=5))
    zalo.templates.add(Template("6", "Trả lời nhanh", quick_replies=("Cần gọi lại", "Đã ổn")))
    rating = (await oa.post(TEMPLATE_BY_PHONE, by_phone(template_id="5")))["data"]["msg_id"]
    quick = (await oa.post(TEMPLATE_BY_PHONE, by_phone(template_id="6", tracking_id="d7")))["data"]["msg_id"]
    plain = (await oa.post(TEMPLATE_BY_PHONE, by_phone()))["data"]["msg_id"]
    await zalo.webhook.settled()
    receiver.got.clear()
    zalo.people.rate(hoa.user_id, rating, 4, "Nhân viên dễ thương", ["Giao nhanh"])
    await zalo.webhook.settled()
    zalo.people.press_quick_reply(hoa.user_id, quick, "Cần gọi lại")
    await zalo.webhook.settled()
    stars, pressed = receiver.events
    assert stars["event_name"] == "user_feedback"
    message = stars["message"]
    assert (message["rate"], message["option"], message["msg_id"]) == (4, "four_emotions", rating)
    assert (message["tracking_id"], message["feedbacks"]) == ("sale42d30", ["Giao nhanh"])
    assert pressed["event_name"] == "user_click_response_button"
    assert (pressed["msg_id"], pressed["message"]["data"]) == (quick, "Cần gọi lại")
    assert pressed["message"]["tracking_id"] == "d7"
    assert hoa.user_id.encode() not in b"".join(raw for raw, _ in receiver.got)
    with pytest.raises(ValueError, match="stars"):
        zalo.people.rate(hoa.user_id, plain, 4)
    with pytest.raises(ValueError, match="stars"):
        zalo.people.rate(hoa.user_id, rating, 6)
    with pytest.raises(ValueError, match="quick reply"):
        zalo.people.press_quick_reply(hoa.user_id, quick, "Khác")
