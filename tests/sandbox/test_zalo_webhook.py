"""The stand-in's webhook over real HTTP: its signature, its events, its repeats, and everything odd that it can send."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from unicodedata import normalize

import aiohttp
import pytest

from bot.clock import WoundClock
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.webhook import REPEATED_AFTER, mac
from tests.sandbox.conftest import APP, OA, OA_SECRET, Caller, Receiver, png


def right(raw: bytes, headers: Mapping[str, str]) -> bool:
    """Whether a careful receiver would take it: computed here again, from the page's words."""
    timestamp = str(json.loads(raw).get("timestamp", ""))
    digest = hashlib.sha256(APP.encode() + raw + timestamp.encode() + OA_SECRET.encode()).hexdigest()
    return headers.get("X-ZEvent-Signature") == f"mac={digest}"


async def test_a_message_is_told_compactly_in_utf8_and_signed(
    zalo: ZaloServer, receiver: Receiver, hoa: ZaloPerson
) -> None:
    await zalo.webhook.settled()
    quoted = zalo.people.admin_says(hoa.user_id, "Dạ")
    await zalo.webhook.settled()
    receiver.got.clear()
    said = zalo.people.say(hoa.user_id, "Báo giá giúp chị", quote=quoted.id)
    await zalo.webhook.settled()
    ((raw, headers),) = receiver.got
    assert right(raw, headers)
    assert headers["Content-Type"] == "application/json"
    assert "num_retry" not in headers
    assert "Báo giá giúp chị".encode() in raw
    assert b'": ' not in raw
    assert json.loads(raw) == {
        "app_id": APP,
        "sender": {"id": hoa.user_id},
        "user_id_by_app": hoa.user_id_by_app,
        "recipient": {"id": OA},
        "event_name": "user_send_text",
        "message": {"text": "Báo giá giúp chị", "msg_id": said.id, "quote_msg_id": quoted.id},
        "timestamp": str(round(said.at.timestamp() * 1000)),
    }
    assert len(hoa.user_id) == 19
    assert 2**53 < int(hoa.user_id) < 2**63


async def test_the_signature_is_the_one_of_the_worked_example(zalo: ZaloServer) -> None:
    body = (
        '{"app_id":"1234567890123456789","sender":{"id":"2512523625412515"},"user_id_by_app":"4604138790644222978",'
        '"recipient":{"id":"388613280878808645"},"event_name":"user_send_text","message":{"text":"Báo giá giúp chị",'
        '"msg_id":"96d3cdf3af150460909"},"timestamp":"1795250000000"}'
    )
    assert len(body.encode()) == 278
    expected = "345917b7a3ffa4fb747ebb7a82b940f35da48e420a456e2a2eee9f53f661199a"
    assert mac(APP, body.encode(), "1795250000000", OA_SECRET) == expected
    assert zalo.webhook.written(json.loads(body)) == body.encode()
    assert zalo.webhook.signature(json.loads(body), body.encode()) == f"mac={expected}"


async def test_with_spaces_the_bytes_differ_and_the_signature_holds(
    zalo: ZaloServer, receiver: Receiver, hoa: ZaloPerson
) -> None:
    await zalo.webhook.settled()
    receiver.got.clear()
    zalo.webhook.spaced = True
    zalo.people.say(hoa.user_id, "Chị hỏi")
    await zalo.webhook.settled()
    ((raw, headers),) = receiver.got
    assert b'"event_name": "user_send_text"' in raw
    assert right(raw, headers)


async def test_everything_that_a_person_does_is_told(zalo: ZaloServer, receiver: Receiver, hoa: ZaloPerson) -> None:
    people, user = zalo.people, hoa.user_id
    people.open_chat(user)
    people.send_image(user, png(), text="Cái này ạ")
    people.send_gif(user, b"GIF89a")
    people.send_video(user, b"video")
    people.send_audio(user, b"audio")
    people.send_sticker(user)
    people.send_file(user, "hợp đồng.pdf", b"%PDF-1.7")
    people.send_link(user, "https://example.com", "Xem giúp")
    people.send_location(user, 10.7626, 106.6601)
    people.submit_info(user)
    people.unfollow(user)
    await zalo.webhook.settled()
    assert all(right(raw, headers) for raw, headers in receiver.got)
    told = {event["event_name"]: event for event in receiver.events}
    assert set(told) == {
        "follow", "user_click_chatnow", "user_send_image", "user_send_gif", "user_send_video", "user_send_audio",
        "user_send_sticker", "user_send_file", "user_send_link", "user_send_location", "user_submit_info", "unfollow",
    }  # fmt: skip
    assert told["follow"] == {
        "oa_id": OA,
        "follower": {"id": user},
        "user_id_by_app": hoa.user_id_by_app,
        "event_name": "follow",
        "source": "oa_profile",
        "app_id": APP,
        "timestamp": told["follow"]["timestamp"],
    }
    image = told["user_send_image"]["message"]
    assert image["text"] == "Cái này ạ"
    (file,) = told["user_send_file"]["message"]["attachments"]
    assert file["payload"]["name"] == "hợp đồng.pdf"
    assert (file["payload"]["size"], file["payload"]["type"]) == ("8", "pdf")
    assert told["user_send_location"]["message"]["attachments"] == [
        {"type": "location", "payload": {"coordinates": {"latitude": "10.7626", "longitude": "106.6601"}}}
    ]
    assert told["user_submit_info"]["info"] == {"name": "Hoa Trần", "phone": "84912345678"}
    async with aiohttp.ClientSession() as session, session.get(image["attachments"][0]["payload"]["url"]) as response:
        assert await response.read() == png()


async def test_what_the_account_sends_is_echoed_and_received_and_seen(
    zalo: ZaloServer, receiver: Receiver, oa: Caller, hoa: ZaloPerson
) -> None:
    await zalo.webhook.settled()
    receiver.got.clear()
    sent = (await oa.say(hoa.user_id, "Dạ"))["data"]["message_id"]
    by_hand = zalo.people.admin_says(hoa.user_id, "Để em xử lý ạ", admin_id="99")
    await zalo.webhook.settled()
    echo, by_admin = (event for event in receiver.events if event["event_name"] == "oa_send_text")
    assert echo["sender"] == {"id": OA}
    assert echo["recipient"] == {"id": hoa.user_id}
    assert echo["message"] == {"text": "Dạ", "msg_id": sent}
    assert by_admin["sender"] == {"id": OA, "admin_id": "99"}
    received = [event for event in receiver.events if event["event_name"] == "user_received_message"]
    assert [event["message"] for event in received] == [{"msg_id": sent}, {"msg_id": by_hand.id}]
    receiver.got.clear()
    zalo.people.see(hoa.user_id)
    assert zalo.people.see(hoa.user_id) == []
    await zalo.webhook.settled()
    (seen,) = receiver.events
    assert seen["event_name"] == "user_seen_message"
    assert (seen["sender"], seen["recipient"]) == ({"id": OA}, {"id": hoa.user_id})
    assert seen["message"] == {"msg_ids": [sent, by_hand.id]}
    assert (await oa.say(hoa.user_id, ""))["error"] == -201
    await zalo.webhook.settled()
    assert len(receiver.got) == 1, "what was refused is not echoed"


async def test_a_failed_delivery_is_repeated_at_the_documented_times_and_then_given_up(
    zalo: ZaloServer, receiver: Receiver, hoa: ZaloPerson, clock: WoundClock
) -> None:
    await zalo.webhook.settled()
    receiver.got.clear()
    receiver.status = 500
    zalo.people.say(hoa.user_id, "alo")
    await zalo.webhook.settled()
    for number, pause in enumerate(REPEATED_AFTER, 1):
        clock.wind(pause - timedelta(seconds=5))
        zalo.webhook.repeat_due()
        await zalo.webhook.settled()
        assert len(receiver.got) == number
        assert not zalo.webhook.disabled
        clock.wind(timedelta(seconds=6))
        zalo.webhook.repeat_due()
        await zalo.webhook.settled()
        assert receiver.got[-1][1]["num_retry"] == str(number)
    assert len({raw for raw, _ in receiver.got}) == 1
    assert len(receiver.got) == 6
    assert all(right(raw, headers) for raw, headers in receiver.got)
    assert zalo.webhook.disabled
    zalo.people.say(hoa.user_id, "còn ai không")
    await zalo.webhook.settled()
    assert len(receiver.got) == 6
    receiver.status = 200
    zalo.webhook.enable()
    zalo.people.say(hoa.user_id, "alo alo")
    await zalo.webhook.settled()
    assert receiver.events[-1]["message"]["text"] == "alo alo"


async def test_an_answer_other_than_200_or_slower_than_two_seconds_is_none(
    zalo: ZaloServer, receiver: Receiver, hoa: ZaloPerson
) -> None:
    await zalo.webhook.settled()
    receiver.status = 204
    zalo.people.say(hoa.user_id, "một")
    await zalo.webhook.settled()
    assert [delivery.attempt for delivery in zalo.webhook.waiting] == [1]
    receiver.status = 200
    zalo.webhook.repeat_all()
    await zalo.webhook.settled()
    assert not zalo.webhook.waiting
    receiver.slow = True
    zalo.people.say(hoa.user_id, "hai")
    await zalo.webhook.settled()
    assert zalo.webhook.sent[-1].status == 0
    assert len(zalo.webhook.waiting) == 1


async def test_nothing_listens_and_the_event_waits(zalo: ZaloServer, hoa: ZaloPerson) -> None:
    zalo.webhook.url = "http://127.0.0.1:9/zalo"
    zalo.people.say(hoa.user_id, "alo")
    await zalo.webhook.settled()
    assert zalo.webhook.sent[-1].status == 0
    assert len(zalo.webhook.waiting) == 1


@pytest.fixture
async def event(zalo: ZaloServer, receiver: Receiver, hoa: ZaloPerson) -> dict[str, object]:
    zalo.people.say(hoa.user_id, "Chị hỏi giá ạ")
    await zalo.webhook.settled()
    receiver.got.clear()
    return dict(zalo.webhook.events[-1])


async def test_forgeries_arrive_and_none_has_a_right_signature(
    zalo: ZaloServer, receiver: Receiver, event: dict[str, object]
) -> None:
    receiver.status = 401
    cases = zalo.cases
    assert await cases.wrong_mac(event) == 401
    assert await cases.unsigned(event) == 401
    assert await cases.hmac_instead(event) == 401
    assert await cases.altered(event) == 401
    assert await cases.other_app(event) == 401
    assert await cases.empty() == 401
    assert await cases.console_sample() == 401
    assert len(receiver.got) == 7
    assert not any(right(raw, headers) for raw, headers in receiver.got)
    raw, headers = receiver.got[2]
    keyed = hmac.new(OA_SECRET.encode(), APP.encode() + raw + str(event["timestamp"]).encode(), hashlib.sha256)
    assert headers["X-ZEvent-Signature"] == f"mac={keyed.hexdigest()}"
    assert "X-ZEvent-Signature" not in receiver.got[1][1]
    assert receiver.got[5][0] == b"{}"
    assert receiver.events[6]["message"]["text"] == "This is testing message"


async def test_odd_but_right_deliveries_are_signed(
    zalo: ZaloServer, receiver: Receiver, event: dict[str, object]
) -> None:
    cases = zalo.cases
    assert await cases.repeated(event) == [200] * 5
    assert [headers.get("num_retry") for _, headers in receiver.got] == [None, "1", "2", "3", "4"]
    assert len({raw for raw, _ in receiver.got}) == 1
    await cases.signed(event, spaced=True, server="ZNS")
    await cases.unknown_event(event)
    await cases.number_typed(event)
    await cases.decomposed(event)
    later = event | {"timestamp": str(int(str(event["timestamp"])) + 1000)}
    await cases.out_of_order([event, later])
    assert all(right(raw, headers) for raw, headers in receiver.got)
    spaced, unknown, numbers, decomposed, newest, oldest = receiver.events[5:]
    assert spaced == event
    assert receiver.got[5][1]["X-ZEvent-Server"] == "ZNS"
    assert str(unknown["event_name"]).startswith("user_")
    assert isinstance(numbers["sender"]["id"], int)
    assert isinstance(numbers["timestamp"], int)
    assert numbers["message"] == event["message"]
    assert decomposed["message"]["text"] == normalize("NFD", "Chị hỏi giá ạ")
    assert int(newest["timestamp"]) > int(oldest["timestamp"])
