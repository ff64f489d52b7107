"""Public clients that we did not write, over real HTTP against the stand-in: what they do right works, what they do wrong is refused.

zalo-sdk 0.3.0 speaks for the OpenAPI, the business API and OAuth; zalo-official-sdk 1.0.1 for the webhook's signature."""

import asyncio
import json
from typing import Any

import pytest
import requests
import zalo_sdk
from hypothesis import given
from hypothesis import strategies as st
from zalo_official.utils.MacUtils import MacUtils
from zalo_sdk.oa import ZaloAction, ZaloAttachment, ZaloAttachmentFile, ZaloMessageBody, ZaloRecipient
from zalo_sdk.oa.Client import Client
from zalo_sdk.zns.Client import Client as BusinessClient
from zalo_sdk.zns.Client import ZNSTemplateStatus

from bot.clock import WoundClock
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.templates import Param, Template
from bot.sandbox.zalo.webhook import ZaloWebhook
from tests.sandbox.conftest import APP, APP_SECRET, OA_SECRET, Receiver, png


def client_of(kind: type, zalo: ZaloServer) -> Any:
    pair = zalo.tokens.grant()
    return kind(APP, APP_SECRET, pair.access_token, pair.refresh_token, endpoint_prefix=zalo.address)


@pytest.fixture
def sdk(zalo: ZaloServer) -> Any:
    return client_of(Client, zalo)


async def test_zalo_sdk_sends_a_text_and_a_quote(zalo: ZaloServer, sdk: Any, hoa: ZaloPerson) -> None:
    asked = zalo.people.say(hoa.user_id, "Báo giá giúp chị")
    to = ZaloRecipient(user_id=hoa.user_id)
    answer = await asyncio.to_thread(
        sdk.send_message, to, ZaloMessageBody(text="Dạ em gửi ạ", quote_message_id=asked.id)
    )
    shown = zalo.people.last(hoa.user_id)
    assert shown is not None
    assert (shown.id, shown.text, shown.quote) == (answer["data"]["message_id"], "Dạ em gửi ạ", asked.id)
    assert not zalo.refused


async def test_zalo_sdk_uploads_a_picture_and_sends_it(zalo: ZaloServer, sdk: Any, hoa: ZaloPerson) -> None:
    uploaded = await asyncio.to_thread(sdk.upload_file, png(), "image", "a.png", "image/png")
    element = {"media_type": "image", "attachment_id": uploaded["data"]["attachment_id"]}
    payload = {"template_type": "media", "elements": [element], "buttons": []}  # it always sends the empty list
    body = ZaloMessageBody(text="Mẫu đây ạ", attachment=ZaloAttachment("template", payload))
    await asyncio.to_thread(sdk.send_message, ZaloRecipient(user_id=hoa.user_id), body)
    shown = zalo.people.last(hoa.user_id)
    assert shown is not None
    assert shown.content is not None
    assert shown.content.body == png()


async def test_zalo_sdk_reads_details_quotas_and_tags_and_reacts(zalo: ZaloServer, sdk: Any, hoa: ZaloPerson) -> None:
    said = zalo.people.say(hoa.user_id, "cảm ơn")
    detail = await asyncio.to_thread(sdk.get_user_detail, hoa.user_id)
    assert detail["data"]["display_name"] == "Hoa Trần"
    quota = await asyncio.to_thread(sdk.get_zalo_user_quotas, hoa.user_id)
    assert quota["data"]["last_interaction"].isdigit()
    own = await asyncio.to_thread(sdk.get_zalo_oa_quotas, "OA", "cs")
    assert own["data"][0]["product_type"] == "cs"
    await asyncio.to_thread(sdk.tag_follower, hoa.user_id, "VIP")
    assert (await asyncio.to_thread(sdk.get_tags_of_oa))["data"] == ["VIP"]
    reaction = ZaloAction("/-heart", said.id)
    to = ZaloRecipient(user_id=hoa.user_id)
    await asyncio.to_thread(sdk.send_message, to, None, reaction, "action")
    kept = zalo.people.message(hoa.user_id, said.id)
    assert kept is not None
    assert kept.reaction == "/-heart"


@pytest.mark.parametrize(("category", "code"), [("transaction", -209), ("media", -209), ("action", -240)])
async def test_the_paths_of_zalo_sdk_that_zalo_has_shut_down_are_dead_here_too(
    zalo: ZaloServer, sdk: Any, hoa: ZaloPerson, category: str, code: int
) -> None:
    """Its `transaction` and `media` (promotion) went away on 2026-03-01, and a text by v2 (`action`) before that."""
    body = ZaloMessageBody(text="Đơn của chị đã giao")
    with pytest.raises(zalo_sdk.ZaloOAException) as refused:
        await asyncio.to_thread(sdk.send_message, ZaloRecipient(user_id=hoa.user_id), body, None, category)
    assert refused.value._code == code


async def test_the_file_that_zalo_sdk_builds_wrongly_is_refused(zalo: ZaloServer, sdk: Any, hoa: ZaloPerson) -> None:
    """Its ZaloAttachmentFile writes `{"payload": token}` without a type: Zalo's documentation wants both."""
    token = (await asyncio.to_thread(sdk.upload_file, b"%PDF", "file", "a.pdf"))["data"]["token"]
    to = ZaloRecipient(user_id=hoa.user_id)
    with pytest.raises(zalo_sdk.ZaloOAException) as refused:
        await asyncio.to_thread(sdk.send_message, to, ZaloMessageBody(attachment=ZaloAttachmentFile(token)))
    assert refused.value._code == -201
    right = ZaloMessageBody(attachment=ZaloAttachment("file", {"token": token}))
    await asyncio.to_thread(sdk.send_message, to, right)
    shown = zalo.people.last(hoa.user_id)
    assert shown is not None
    assert shown.kind == "file"


async def test_zalo_sdk_understands_the_refusals(zalo: ZaloServer, sdk: Any, hoa: ZaloPerson) -> None:
    to = ZaloRecipient(user_id=hoa.user_id)
    with pytest.raises(zalo_sdk.ZaloOAException, match=r"Invalid parameters.*text is invalid!"):
        await asyncio.to_thread(sdk.send_message, to, ZaloMessageBody(text=""))
    stranger = ZaloRecipient(user_id=zalo.people.add("Khách lạ").user_id)
    with pytest.raises(zalo_sdk.ZaloOAException, match="has not follow"):
        await asyncio.to_thread(sdk.send_message, stranger, ZaloMessageBody(text="x"))
    zalo.tokens.grant()
    with pytest.raises(zalo_sdk.ZaloOAException, match="Invalid Access Token"):
        await asyncio.to_thread(sdk.send_message, to, ZaloMessageBody(text="x"))


async def test_zalo_sdk_changes_its_tokens_once(zalo: ZaloServer, sdk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of the OAuth server is fixed in it, so that it is led here."""
    post = requests.post

    def led_here(url: str, **rest: Any) -> requests.Response:
        return post(url.replace("https://oauth.zaloapp.com", zalo.address), **rest)

    monkeypatch.setattr(requests, "post", led_here)
    used = sdk.refresh_token
    access, refresh, _ = await asyncio.to_thread(sdk.refresh_acccess_token)
    pair = zalo.tokens.pair
    assert pair is not None
    assert (access, refresh) == (pair.access_token, pair.refresh_token)
    sdk.refresh_token = used
    with pytest.raises(zalo_sdk.ZaloOAException):
        await asyncio.to_thread(sdk.refresh_acccess_token)
    code = zalo.tokens.consent()
    await asyncio.to_thread(sdk.get_access_token_from_authorization_code, code, "")
    pair = zalo.tokens.pair
    assert pair is not None
    assert sdk.access_token == pair.access_token


async def test_zalo_sdk_sends_templates_by_phone_and_lists_them(zalo: ZaloServer, hoa: ZaloPerson) -> None:
    zalo.templates.add(Template("400123", "Chăm sóc", (Param("customer_name"),), "Chào <customer_name>"))
    zns = client_of(BusinessClient, zalo)
    data = {"customer_name": "Chị Hoa"}
    answer = await asyncio.to_thread(zns.send_zns_message, "84912345678", "400123", data, "sale42")
    assert answer["data"]["quota"]["remainingQuota"] == "499"
    shown = zalo.people.last(hoa.user_id)
    assert shown is not None
    assert shown.text == "Chào Chị Hoa"
    listed = await asyncio.to_thread(zns.get_template_list, 0, 10, ZNSTemplateStatus.Enabled)
    assert listed["metadata"]["total"] == 1
    with pytest.raises(zalo_sdk.ZaloException, match="-1122"):
        await asyncio.to_thread(zns.send_zns_message, "84912345678", "400123", {"name": "x"}, "sale42")
    with pytest.raises(zalo_sdk.ZaloException, match="tracking_id"):  # it takes it for optional; Zalo requires it
        await asyncio.to_thread(zns.send_zns_message, "84912345678", "400123", data)
    zalo.tokens.grant()
    with pytest.raises(zalo_sdk.ZaloException, match="-124"):
        await asyncio.to_thread(zns.send_zns_message, "84912345678", "400123", data, "sale42")


async def test_zalo_official_sdk_finds_the_webhooks_signature_right(
    zalo: ZaloServer, receiver: Receiver, hoa: ZaloPerson
) -> None:
    zalo.people.say(hoa.user_id, "Chị hỏi giá “combo 3” ạ 😍")
    zalo.webhook.spaced = True
    zalo.people.say(hoa.user_id, "Còn hàng không em?")
    await zalo.webhook.settled()
    assert len(receiver.got) == 3
    for raw, headers in receiver.got:
        expected = MacUtils.build_mac(APP, raw.decode(), json.loads(raw)["timestamp"], OA_SECRET)
        assert headers["X-ZEvent-Signature"] == f"mac={expected}"


@given(text=st.text(), timestamp=st.integers(min_value=0).map(str), spaced=st.booleans())
def test_zalo_official_sdk_finds_the_signature_right_whatever_was_said(text: str, timestamp: str, spaced: bool) -> None:
    webhook = ZaloWebhook(WoundClock().now, APP, OA_SECRET)
    event = {"event_name": "user_send_text", "message": {"text": text}, "timestamp": timestamp}
    raw = webhook.written(event, spaced=spaced)
    assert json.loads(raw) == event
    assert webhook.signature(event, raw) == f"mac={MacUtils.build_mac(APP, raw.decode(), timestamp, OA_SECRET)}"
