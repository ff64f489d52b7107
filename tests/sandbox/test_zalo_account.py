"""What the stand-in tells about its people, what it takes as an upload, and the trouble that it makes on demand."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import ClientError, ClientSession

from bot.clock import WoundClock
from bot.sandbox.zalo.faults import Kind
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.server import ACCESS_TOKEN, CS, ZaloServer
from tests.sandbox.conftest import Caller, png

MEGABYTE = 1_000_000


async def test_a_persons_details_hold_what_the_form_told(zalo: ZaloServer, oa: Caller, hoa: ZaloPerson) -> None:
    told = (await oa.get("/v3.0/oa/user/detail", {"user_id": hoa.user_id}))["data"]
    assert told["display_name"] == "Hoa Trần"
    assert told["user_is_follower"] is True
    assert told["user_last_interaction_date"] == "21/11/2026"
    assert told["shared_info"]["phone"] == ""
    zalo.people.submit_info(hoa.user_id, name="Trần Thị Hoa", city="Huế")
    zalo.people.unfollow(hoa.user_id)
    told = (await oa.get("/v3.0/oa/user/detail", {"user_id": hoa.user_id}))["data"]
    assert told["shared_info"]["phone"] == "84912345678"
    assert told["shared_info"]["city"] == "Huế"
    assert told["user_is_follower"] is False
    stranger = zalo.people.add("Khách lạ")
    assert (await oa.get("/v3.0/oa/user/detail", {"user_id": stranger.user_id}))["error"] == -213
    assert (await oa.get("/v3.0/oa/user/detail", {"user_id": "1"}))["error"] == -201
    assert (await oa.get("/v3.0/oa/user/detail", user_id=hoa.user_id))["error"] == -201, "it travels in data"
    assert (await oa.get("/v3.0/oa/user/detail", data="{"))["error"] == -201


async def test_the_list_of_people_has_pages(zalo: ZaloServer, oa: Caller) -> None:
    for number in range(60):
        zalo.people.follow(zalo.people.add(f"Khách {number}").user_id)
    zalo.people.unfollow(zalo.people.everyone[0].user_id)
    first = (await oa.get("/v3.0/oa/user/getlist", {"offset": 0, "count": 50}))["data"]
    assert (first["total"], first["count"]) == (60, 50)
    last = (await oa.get("/v3.0/oa/user/getlist", {"offset": 50, "count": 50, "is_follower": "true"}))["data"]
    assert (last["total"], last["count"]) == (59, 9)
    assert (await oa.get("/v3.0/oa/user/getlist", {"offset": 0, "count": 51}))["error"] == -210
    assert (await oa.get("/v3.0/oa/user/getlist", {"offset": 9952, "count": 1}))["error"] == -210


async def test_tags_are_put_on_and_taken_off(oa: Caller, hoa: ZaloPerson) -> None:
    tag = {"user_id": hoa.user_id, "tag_name": "VIP"}
    assert (await oa.post("/v2.0/oa/tag/tagfollower", tag))["error"] == 0
    assert (await oa.get("/v2.0/oa/tag/gettagsofoa"))["data"] == ["VIP"]
    listed = await oa.get("/v3.0/oa/user/getlist", {"tag_name": "VIP"})
    assert listed["data"]["users"] == [{"user_id": hoa.user_id}]
    assert (await oa.post("/v2.0/oa/tag/rmfollowerfromtag", tag))["error"] == 0
    assert (await oa.post("/v2.0/oa/tag/rmfollowerfromtag", tag))["error"] == -201
    assert (await oa.post("/v2.0/oa/tag/tagfollower", tag | {"user_id": "1"}))["error"] == -213


async def test_the_quota_call_knows_the_last_interaction(oa: Caller, hoa: ZaloPerson, clock: WoundClock) -> None:
    assert hoa.interacted_at is not None
    told = (await oa.post("/v3.0/oa/quota/message", {"user_id": hoa.user_id}))["data"]
    assert told["last_interaction"] == str(round(hoa.interacted_at.timestamp() * 1000))
    assert told["quota_type"] == "reply"
    assert (await oa.post("/v3.0/oa/quota/message", {"user_id": "1"}))["error"] == -201
    owned = (await oa.post("/v3.0/oa/quota/message", {"quota_owner": "OA", "product_type": "cs"}))["data"]
    assert owned[0]["quota_type"] == "sub_quota"
    assert "total" not in owned[0]


async def test_uploads_are_held_to_size_and_kind(zalo: ZaloServer, oa: Caller) -> None:
    jpeg = b"\xff\xd8\xff\xe0"
    assert (await oa.upload("image", jpeg.ljust(MEGABYTE, b"x"), "a.jpg"))["error"] == 0
    assert (await oa.upload("image", jpeg.ljust(MEGABYTE + 1, b"x"), "a.jpg"))["error"] == -210
    assert (await oa.upload("image", b"GIF89a", "a.jpg"))["error"] == -233
    assert (await oa.upload("gif", b"GIF89a".ljust(5 * MEGABYTE, b"x"), "a.gif"))["error"] == 0
    assert (await oa.upload("gif", png(), "a.gif"))["error"] == -233
    assert (await oa.upload("file", b"x" * (5 * MEGABYTE + 1), "a.pdf"))["error"] == -210
    assert (await oa.upload("file", b"x", "a.xlsx"))["error"] == -233
    assert (await oa.upload("file", b"x", "A.DOCX"))["error"] == 0
    assert (await oa.upload("file", b"", "a.pdf"))["error"] == -201
    assert (await oa.post("/v2.0/oa/upload/file", {"file": "a.pdf"}))["error"] == -201
    assert sum(zalo.uploads.this_month.values()) == 3


async def test_an_upload_lasts_seven_days_and_a_month_has_five_thousand(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson, clock: WoundClock
) -> None:
    token = (await oa.upload("file", b"x", "a.pdf"))["data"]["token"]
    picture = (await oa.upload("image", png(), "a.png"))["data"]["attachment_id"]
    file = {"attachment": {"type": "file", "payload": {"token": token}}}
    assert (await oa.send(hoa.user_id, file | {"attachment": {"type": "file", "payload": {"token": picture}}}))[
        "error"
    ] == -100
    clock.wind(timedelta(days=7) - timedelta(minutes=1))
    oa.token = zalo.tokens.grant().access_token
    zalo.people.say(hoa.user_id, "alo")
    assert (await oa.send(hoa.user_id, file))["error"] == 0
    clock.wind(timedelta(minutes=2))
    assert (await oa.send(hoa.user_id, file))["error"] == -100
    zalo.uploads.this_month["2026-11"] = 5_000
    assert (await oa.upload("file", b"x", "a.pdf"))["error"] == -211
    clock.wind(timedelta(days=5))
    oa.token = zalo.tokens.grant().access_token
    assert (await oa.upload("file", b"x", "a.pdf"))["error"] == 0


async def test_what_a_person_sends_can_be_fetched(zalo: ZaloServer, hoa: ZaloPerson) -> None:
    sent = zalo.people.send_file(hoa.user_id, "hợp đồng 50%.pdf", b"%PDF", "application/pdf")
    assert sent.content is not None
    async with ClientSession() as session, session.get(sent.content.url) as response:
        assert response.content_type == "application/pdf"
        assert await response.read() == b"%PDF"
    async with ClientSession() as session, session.get(f"{zalo.address}/content/0/x.pdf") as response:
        assert response.status == 404


@pytest.mark.parametrize("after_work", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", [500, 502, 503, "reset", "timeout", -32, -320])
async def test_a_call_fails_as_it_was_told_and_the_next_one_works(
    zalo: ZaloServer, oa: Caller, hoa: ZaloPerson, kind: Kind, after_work: bool
) -> None:
    zalo.faults.next(CS, kind, recipient=hoa.user_id, after_work=after_work)
    body = {"recipient": {"user_id": hoa.user_id}, "message": {"text": "một"}}
    assert (await oa.get("/v2.0/oa/getoa"))["error"] == 0
    if isinstance(kind, int) and kind < 0:
        assert (await oa.post(CS, body))["error"] == kind
    elif isinstance(kind, int):
        headers = {"access_token": oa.token}
        async with ClientSession(zalo.address) as session, session.post(CS, json=body, headers=headers) as response:
            assert response.status == kind
            assert ("html" in response.content_type) is (kind == 502)
    else:
        with pytest.raises((ClientError, TimeoutError)):
            async with asyncio.timeout(0.3):
                await oa.post(CS, body)
    assert (zalo.people.last(hoa.user_id) is not None) is after_work
    assert len(zalo.refused) == 1
    assert zalo.faults.left == 0
    assert (await oa.say(hoa.user_id, "hai"))["error"] == 0


async def test_the_oauth_server_fails_on_demand_in_its_own_words(zalo: ZaloServer, oa: Caller) -> None:
    zalo.faults.next("*", -14002, times=2)
    assert "error_name" in await oa.oauth({})
    zalo.faults.clear()
    pair = zalo.tokens.grant()
    zalo.faults.next(ACCESS_TOKEN, -32, after_work=True)
    form = {"grant_type": "refresh_token", "refresh_token": pair.refresh_token}
    assert (await oa.oauth(form))["error"] == -32
    assert (await oa.oauth(form))["error"] == -14014, "the pair was changed, and nobody heard of the new one"
