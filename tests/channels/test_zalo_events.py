"""Each event of Zalo is ours in neutral words, or left out on purpose; what lacks something is read as far as it goes."""

import json
import logging
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo.events import (
    EVENTS,
    IGNORED,
    INTERACTIONS,
    ByHand,
    Event,
    Left,
    Opened,
    Picked,
    Rated,
    Reached,
    Remark,
    Said,
    Unreadable,
    read,
)
from bot.domain.timeline import StoredFile
from bot.messages import Incoming, Peer, SharedContact

LAN, OA, APP = "2512523625412515", "388613280878808645", "1234567890123456789"
FILE = "https://example.com/i.jpg"


def event(name: str, message: object = None, **more: Any) -> Event:
    """An event of Lan's, as Zalo writes it; a field that is None is left out."""
    body = {
        "app_id": APP,
        "sender": {"id": LAN},
        "recipient": {"id": OA},
        "event_name": name,
        "message": message,
        "timestamp": "1795250010000",
    }
    return read({key: value for key, value in {**body, **more}.items() if value is not None})


def attached(kind: str, msg_id: str = "b1", text: str | None = None, **payload: Any) -> dict[str, Any]:
    """A message with one attachment."""
    message = {"msg_id": msg_id, "attachments": [{"type": kind, "payload": payload}]}
    return message if text is None else {**message, "text": text}


def said(happening: object) -> Incoming:
    assert isinstance(happening, Said)
    assert len(happening.parts) == 1
    return happening.parts[0]


def test_words() -> None:
    found = event("user_send_text", {"text": "Báo giá giúp chị", "msg_id": "96d3", "quote_msg_id": "aa11"})
    peer = Peer("zalo", LAN, LAN)
    expected = Incoming("user_send_text:96d3", peer, text="Báo giá giúp chị", message_ref="96d3", reply_to="aa11")
    assert said(found.happening) == expected
    assert (found.key, found.lane, found.is_interaction) == ("user_send_text:96d3", LAN, True)
    assert found.at == datetime(2026, 11, 21, 8, 33, 30, tzinfo=UTC)


def test_words_in_pieces_are_put_together_as_they_are_read() -> None:
    assert said(event("user_send_text", {"text": "Nguye\u0302\u0303n\x00", "msg_id": "1"}).happening).text == "Nguyễn"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("image", "photo"),
        ("gif", "animation"),
        ("video", "video"),
        ("audio", "voice"),
    ],
)
def test_pictures_and_recordings_are_files_by_their_address(name: str, kind: str) -> None:
    message = attached(name, text="Mẫu đây em", thumbnail="https://example.com/t.jpg", url=FILE)
    incoming = said(event(f"user_send_{name}", message).happening)
    assert incoming.file == StoredFile("zalo", FILE, kind)
    assert incoming.text == "Mẫu đây em"


def test_a_file_has_its_name() -> None:
    message = attached("file", url=FILE, name="bao-gia.pdf", size=1024, type="pdf", checksum="")
    assert said(event("user_send_file", message).happening).file == StoredFile("zalo", FILE, "document", "bao-gia.pdf")


def test_several_pictures_at_once_are_as_many_messages() -> None:
    urls = [f"https://example.com/{number}.jpg" for number in range(3)]
    message = {"msg_id": "b1", "text": "3 mẫu", "attachments": [{"type": "image", "payload": {"url": u}} for u in urls]}
    happening = event("user_send_image", message).happening
    assert isinstance(happening, Said)
    assert [part.file and part.file.file_id for part in happening.parts] == urls
    assert [part.text for part in happening.parts] == ["3 mẫu", "", ""]
    assert len({part.update_id for part in happening.parts}) == 3


@pytest.mark.parametrize("url", ["", None, 5, "file:///etc/passwd", "javascript:alert(1)", ["https://example.com"]])
def test_a_picture_without_a_sound_address_leaves_its_words(url: object) -> None:
    incoming = said(event("user_send_image", attached("image", text="đây", url=url)).happening)
    assert (incoming.file, incoming.text) == (None, "đây")


def test_a_link_is_words_with_its_address() -> None:
    shared = said(event("user_send_link", attached("link", url=FILE, description="Sofa đẹp")).happening)
    assert shared.text == f"Sofa đẹp\n{FILE}"
    typed = said(event("user_send_link", attached("link", text=f"xem {FILE}", url=FILE, description="")).happening)
    assert typed.text == f"xem {FILE}"


def test_a_place_is_a_location() -> None:
    place = {"latitude": "10.7626", "longitude": "106.6601"}
    incoming = said(event("user_send_location", attached("location", coordinates=place)).happening)
    assert incoming.file == StoredFile("zalo", "10.7626,106.6601", "location")


@pytest.mark.parametrize("place", [None, {}, {"latitude": "x", "longitude": "1"}, {"latitude": 91, "longitude": 0}, 5])
def test_a_place_that_is_nowhere_is_nothing_to_keep(place: object) -> None:
    incoming = said(event("user_send_location", attached("location", coordinates=place)).happening)
    assert (incoming.file, incoming.text) == (None, "")


@pytest.mark.parametrize(
    "payload",
    [
        {"phone": "0912345678", "name": "Chị Mai"},
        {"phone": 912345678, "name": "Chị Mai"},
        {"description": json.dumps({"phone": "0912345678", "name": "Chị Mai"})},
        {"description": {"phone_number": "0912345678", "title": "Chị Mai"}, "url": "https://zalo.me/s/1"},
    ],
)
def test_a_business_card_with_a_number_is_a_contact_of_somebody_else(payload: dict[str, Any]) -> None:
    contact = said(event("user_send_business_card", attached("link", **payload)).happening).contact
    assert contact
    assert (contact.name, contact.phone[-9:], contact.own) == ("Chị Mai", "912345678", False)


@pytest.mark.parametrize("description", ["Chị Mai", "[1]", "{", "[" * 100_000, None, 5])
def test_a_business_card_without_a_number_is_nothing_to_keep(description: object) -> None:
    incoming = said(event("user_send_business_card", attached("link", description=description)).happening)
    assert (incoming.contact, incoming.text, incoming.file) == (None, "", None)


def test_a_sticker_is_nothing_to_keep_and_still_something_that_they_did() -> None:
    found = event("user_send_sticker", attached("sticker", id="7", url=FILE))
    incoming = said(found.happening)
    assert (incoming.file, incoming.text) == (None, "")
    assert found.is_interaction


def test_who_follows_starts_and_who_unfollows_has_left() -> None:
    who = {"sender": None, "recipient": None, "oa_id": OA, "follower": {"id": LAN}, "source": "oa_profile"}
    follow, unfollow, opened = (event(name, **who) for name in ("follow", "unfollow", "user_click_chatnow"))
    assert said(follow.happening).text == "/start"
    assert said(follow.happening).peer == Peer("zalo", LAN, LAN)
    assert unfollow.happening == Left(LAN)
    assert opened.happening == Opened(LAN)
    assert [one.is_interaction for one in (follow, unfollow, opened)] == [True, False, True]
    assert {one.lane for one in (follow, unfollow, opened)} == {LAN}
    assert len({one.key for one in (follow, unfollow, opened)}) == 3


@pytest.mark.parametrize("phone", ["84912345678", 84912345678])
def test_a_submitted_form_is_their_own_contact(phone: object) -> None:
    found = event("user_submit_info", info={"name": "Nguyễn Thị Lan", "phone": phone, "address": "1 Lê Lợi"})
    assert said(found.happening).contact == SharedContact("Nguyễn Thị Lan", "84912345678", own=True, proven=False)
    assert found.is_interaction


@pytest.mark.parametrize("info", [None, {}, {"name": "Lan"}, "Lan", []])
def test_a_form_without_a_number_is_nothing_to_keep(info: object) -> None:
    assert said(event("user_submit_info", info=info).happening).contact is None


def test_receipts_name_our_messages() -> None:
    received = event("user_received_message", {"msg_id": "c1"}, sender={"id": OA}, recipient={"id": LAN})
    seen = event("user_seen_message", {"msg_ids": ["c1", "c2"]}, sender={"id": OA}, recipient={"id": LAN})
    assert received.happening == Reached(("c1",), seen=False)
    assert seen.happening == Reached(("c1", "c2"), seen=True)
    assert [received.is_interaction, seen.is_interaction] == [False, False]


def test_a_colleagues_words_are_told_from_our_own() -> None:
    to_lan, message = {"id": LAN}, {"text": "Dạ em chào chị", "msg_id": "c1"}
    ours = event("oa_send_text", message, sender={"id": OA}, recipient=to_lan)
    theirs = event("oa_send_text", message, sender={"id": OA, "admin_id": 77}, recipient=to_lan)
    picture = attached("image", url=FILE)
    shown = event("oa_send_image", picture, sender={"id": OA, "admin_id": "77"}, recipient=to_lan)
    assert ours.happening is None
    assert theirs.happening == ByHand(LAN, "c1", "Dạ em chào chị")
    assert shown.happening == ByHand(LAN, "b1", "", StoredFile("zalo", FILE, "photo"))


def test_stars_and_quick_replies() -> None:
    feedback = {
        "rate": "5",
        "note": "Nhân viên dễ thương",
        "msg_id": "1e",
        "feedbacks": ["Giao nhanh"],
        "tracking_id": "d30",
    }
    rated = event("user_feedback", feedback, sender=None, recipient=None, oa_id=OA)
    assert rated.happening == Rated("1e", "d30", 5, "Nhân viên dễ thương", ("Giao nhanh",))
    tapped = {"button_type": "response", "data": "Cần gọi lại", "tracking_id": "d30"}
    picked = event("user_click_response_button", tapped, sender=None, recipient=None, msg_id="1e")
    assert picked.happening == Picked("1e", "d30", "Cần gọi lại")


@pytest.mark.parametrize(
    ("name", "more", "level"),
    [
        ("change_oa_daily_quota", {"quota": {"prev_value": 500, "new_value": 2000}}, logging.INFO),
        ("change_oa_daily_quota", {"quota": {"prev_value": 2000, "new_value": 500}}, logging.WARNING),
        ("change_oa_daily_quota", {}, logging.INFO),
        ("change_template_status", {"status": {"prev_status": "PENDING_REVIEW", "new_status": "ENABLE"}}, logging.INFO),
        ("change_template_status", {"status": {"prev_status": "ENABLE", "new_status": "REJECT"}}, logging.WARNING),
        ("change_template_quality", {"quality": {"new_quality": "LOW"}}, logging.WARNING),
        ("change_template_quota", {"quota": {"new_quota": 100}}, logging.WARNING),
        ("change_template_status", {}, logging.WARNING),
    ],
)
def test_what_changes_for_the_account_is_remarked(name: str, more: dict[str, Any], level: int) -> None:
    remark = event(name, sender=None, recipient=None, template_id="400123", **more).happening
    assert isinstance(remark, Remark)
    assert remark.level == level


NAMES_ONLY = [
    *("anonymous_send_text", "anonymous_send_image", "event_journey_time_out", "user_join_group", "user_out_group"),
    *(name for name, reader in EVENTS.items() if reader is None),
]


@pytest.mark.parametrize("name", NAMES_ONLY)
def test_what_is_nothing_to_us_is_known_and_left_out(name: str) -> None:
    found = event(name, {"text": "xin chào", "msg_id": "1"})
    assert found.is_known
    assert found.happening is None
    assert not found.is_interaction


def test_a_new_name_is_left_out_and_known_to_be_new() -> None:
    found = event("user_dances", {"text": "xin chào"})
    assert found.happening is None
    assert not found.is_known


@pytest.mark.parametrize("name", EVENTS)
def test_ids_may_be_numbers(name: str) -> None:
    message = attached("image", msg_id="7001", url=FILE, phone="84912345678") | {
        "text": "chào",
        "msg_ids": ["7001"],
        "rate": "4",
        "data": "Vâng",
    }
    more = {"follower": {"id": LAN}, "info": {"name": "Lan", "phone": "84912345678"}, "admin": "77"}
    texts = event(name, message, **more)
    as_numbers = json.loads(json.dumps(texts.body), object_hook=_numbers)
    assert read(as_numbers).happening == texts.happening or isinstance(texts.happening, Said)
    if isinstance(texts.happening, Said):
        assert said(read(as_numbers).happening).peer == said(texts.happening).peer
    assert read(as_numbers).at == texts.at


def _numbers(found: dict[str, Any]) -> dict[str, Any]:
    return {key: int(value) if isinstance(value, str) and value.isdigit() else value for key, value in found.items()}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("sender", "recipient", "follower", "message", "info", "timestamp", "quota", "status", "template_id", "msg_id")


@given(st.sampled_from(sorted(EVENTS)), st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_whatever_is_missing_or_odd_is_read_as_far_as_it_goes(name: str, fields: dict[str, Any]) -> None:
    found = read({"event_name": name, **fields})
    with suppress(Unreadable):
        assert isinstance(found.lane, str)
    assert found.at is None or found.at.tzinfo
    assert found.key.startswith(name)


@pytest.mark.parametrize("body", [{}, {"event_name": ""}, {"event_name": None}, {"event_name": []}])
def test_an_event_without_a_name_cannot_be_read(body: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(body)


@pytest.mark.parametrize("name", sorted(INTERACTIONS))
def test_what_a_person_does_cannot_be_nobodys(name: str) -> None:
    with pytest.raises(Unreadable):
        _ = read({"event_name": name, "message": {"msg_id": "1"}, "info": {"phone": "1"}}).lane


def test_events_without_an_id_of_their_own_differ_by_what_they_say() -> None:
    who = {"sender": None, "follower": {"id": LAN}}
    first, second = (event("follow", **who, timestamp=moment) for moment in ("1795250000500", "1795250000900"))
    repeated = event("follow", **who, timestamp="1795250000500")
    assert first.key == repeated.key != second.key


@pytest.mark.parametrize("moment", [None, "", "later", "9" * 30, [], {}])
def test_a_moment_that_cannot_be_read_is_none(moment: object) -> None:
    assert event("follow", timestamp=moment).at is None


def test_every_family_that_is_left_out_is_none_of_the_table() -> None:
    assert not [name for name, reader in EVENTS.items() if reader and name.startswith(IGNORED)]
