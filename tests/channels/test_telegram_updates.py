"""What persons do on Telegram, in neutral words. The updates are those that the stand-in makes."""

from typing import Any

import pytest
from aiogram.types import Update
from markupsafe import Markup

from bot.channels.telegram import Telegram
from bot.channels.telegram_updates import RawUpdates, joined_group, to_incoming
from bot.domain.timeline import StoredFile
from bot.messages import Choice, Incoming, Peer, Reply, SharedContact
from bot.sandbox.chats import Chats
from tests.channels.conftest import LAN, delivery
from tests.sandbox.conftest import png

PEER = Peer("telegram", str(LAN), str(LAN), "Lan Nguyễn", "vi")


async def taken(telegram: Telegram) -> list[Incoming | None]:
    raw: list[dict[str, Any]] = await telegram.bot(RawUpdates(offset=0, timeout=0, allowed_updates=[]))
    return [to_incoming(Update.model_validate(update)) for update in raw]


async def test_a_text_keeps_who_and_what(telegram: Telegram, chats: Chats) -> None:
    message = chats.say(LAN, "Khách mới chị Lan 0912 345 678\n<b>nóng</b>")
    assert await taken(telegram) == [
        Incoming(
            str(message.update_id), PEER, "Khách mới chị Lan 0912 345 678\n<b>nóng</b>", message_ref=str(message.id)
        )
    ]


async def test_a_tap_brings_its_data_and_the_message_it_hangs_on(telegram: Telegram, chats: Chats) -> None:
    ref = await telegram.send(delivery(Reply(Markup("?"), ((Choice("Xong", "done:1"),),))))
    chats.tap(LAN, int(ref), "Xong")
    [incoming] = await taken(telegram)
    assert incoming
    assert (incoming.choice, incoming.message_ref, incoming.peer, incoming.text) == ("done:1", ref, PEER, "")


async def test_an_answer_says_which_message_it_answers(telegram: Telegram, chats: Chats) -> None:
    first = chats.say(LAN, "chào")
    chats.say(LAN, "còn đây", first.id)
    assert [incoming.reply_to for incoming in await taken(telegram) if incoming] == ["", str(first.id)]


async def test_only_the_senders_own_card_counts_as_their_own(telegram: Telegram, chats: Chats) -> None:
    chats.add_person(1002, "Hùng", phone="84900000002")
    chats.share_contact(LAN)
    chats.share_contact(LAN, of=1002)
    chats.share_contact(LAN, "0987654321", of="Cô Sáu")
    contacts = [incoming.contact for incoming in await taken(telegram) if incoming]
    assert contacts == [
        SharedContact("Lan Nguyễn", "84912345678", own=True),
        SharedContact("Hùng", "84900000002"),
        SharedContact("Cô Sáu", "0987654321"),
    ]


async def test_files_come_with_what_is_needed_to_show_them_again(telegram: Telegram, chats: Chats) -> None:
    photo = chats.send_photo(LAN, png(), "nhà chị Lan")
    document = chats.send_document(LAN, "báo giá.pdf", b"%PDF", "application/pdf")
    voice = chats.send_voice(LAN, b"ogg")
    chats.send_location(LAN, 10.77, 106.7)
    assert photo.file and document.file and voice.file  # noqa: PT018
    found = [incoming for incoming in await taken(telegram) if incoming]
    assert [incoming.file for incoming in found] == [
        StoredFile("telegram", photo.file.id, "photo"),
        StoredFile("telegram", document.file.id, "document", "báo giá.pdf"),
        StoredFile("telegram", voice.file.id, "voice"),
        StoredFile("telegram", "10.77,106.7", "location"),
    ]
    assert found[0].text == "nhà chị Lan"


async def test_whatever_is_watched_or_heard_is_a_file(telegram: Telegram, chats: Chats) -> None:
    sent = [
        chats.send_media(LAN, "audio", "khách nói.mp3", b"mp3", "chị Lan dặn"),
        chats.send_media(LAN, "video", "nhà.mp4", b"mp4"),
        chats.send_media(LAN, "animation", "vui.gif", b"gif"),
        chats.send_media(LAN, "video_note", "tròn.mp4", b"mp4"),
    ]
    found = [incoming for incoming in await taken(telegram) if incoming]
    names = ("khách nói.mp3", "nhà.mp4", "vui.gif", "")
    assert [incoming.file for incoming in found] == [
        StoredFile("telegram", message.file.id, message.kind, name)
        for message, name in zip(sent, names, strict=True)
        if message.file
    ]
    assert found[0].text == "chị Lan dặn"


async def test_a_sticker_comes_in_without_any_content(telegram: Telegram, chats: Chats) -> None:
    message = chats.send_media(LAN, "sticker", "mèo.webp", b"webp")
    assert await taken(telegram) == [Incoming(str(message.update_id), PEER, message_ref=str(message.id))]


async def test_a_forward_says_from_whom(telegram: Telegram, chats: Chats) -> None:
    chats.forward(LAN, "cho anh báo giá", "Anh Minh")
    [incoming] = await taken(telegram)
    assert incoming
    assert (incoming.text, incoming.forwarded_from) == ("cho anh báo giá", "Anh Minh")


def update(**parts: Any) -> Update:
    return Update.model_validate({"update_id": 7, **parts})


def message(**parts: Any) -> dict[str, Any]:
    person = {"id": LAN, "is_bot": False, "first_name": "Lan"}
    private = {"id": LAN, "type": "private", "first_name": "Lan"}
    return {"message_id": 5, "date": 1_780_000_000, "from": person, "chat": private, **parts}


ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
GROUP = {"id": -100, "type": "supergroup", "title": "Đội bán hàng"}
CHANNEL = {"id": -5, "type": "channel", "title": "Tin"}
HUNG_HIDDEN = {"type": "hidden_user", "date": 1, "sender_user_name": "Hùng"}


def in_group(**parts: Any) -> dict[str, Any]:
    return message(**{"chat": GROUP, "text": "/tuan", **parts})


def test_edits_channels_and_bots_are_left_alone() -> None:
    press = {"id": "1", "from": message()["from"], "chat_instance": "x", "data": "open:1"}
    left_alone = [
        update(edited_message=message(text="sửa")),
        update(channel_post=message(chat=CHANNEL, text="tin")),
        update(message=message(chat=CHANNEL, text="/tuan")),
        update(message=message(text="tôi là bot", **{"from": {"id": 9, "is_bot": True, "first_name": "Bot"}})),
        update(message=message(sticker=None)),
        update(message=message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})),
        update(callback_query={**press, "message": message(chat=CHANNEL)}),
        update(callback_query={**press, "inline_message_id": "77"}),
    ]
    assert [to_incoming(one) for one in left_alone] == [None] * len(left_alone)


@pytest.mark.parametrize("kind", ["group", "supergroup"])
@pytest.mark.parametrize("text", ["/tuan", "/tuan@chamkhach_bot", "/TUAN@ChamKhach_Bot truoc", "/tuan\ntruoc"])
def test_a_command_in_a_group_comes_in_as_the_persons_who_typed_it(kind: str, text: str) -> None:
    incoming = to_incoming(update(message=in_group(text=text, chat={**GROUP, "type": kind})), "chamkhach_bot")
    assert incoming
    assert (incoming.text, incoming.group) == (text, "Đội bán hàng")
    assert (incoming.peer.user_id, incoming.peer.chat_id) == (str(LAN), "-100")


def test_a_tap_in_a_group_says_in_which_one() -> None:
    press = {"id": "1", "from": message()["from"], "chat_instance": "x", "data": "week:1", "message": in_group()}
    incoming = to_incoming(update(callback_query=press))
    assert incoming
    assert (incoming.choice, incoming.group, incoming.message_ref) == ("week:1", "Đội bán hàng", "5")
    assert (incoming.peer.user_id, incoming.peer.chat_id) == (str(LAN), "-100")


def test_all_else_in_a_group_is_left_alone() -> None:
    photo = [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}]
    left_alone = [
        in_group(text="chị Lan 0912 345 678 hẹn mai"),
        in_group(text="/tuan@other_bot"),
        in_group(text="/tuan@chamkhach_bot_2 truoc"),
        in_group(text=None, photo=photo, caption="/tuan"),
        in_group(text=None, contact={"phone_number": "0912345678", "first_name": "Lan"}),
        in_group(text=None, new_chat_members=[message()["from"]]),
        in_group(forward_origin=HUNG_HIDDEN),
        in_group(via_bot={"id": 9, "is_bot": True, "first_name": "Bot"}),
        in_group(sender_chat=GROUP, **{"from": ANONYMOUS_ADMIN}),
        in_group(sender_chat=CHANNEL),
        in_group(**{"from": {"id": 9, "is_bot": True, "first_name": "Bot"}}),
    ]
    assert [to_incoming(update(message=one), "chamkhach_bot") for one in left_alone] == [None] * len(left_alone)
    assert to_incoming(update(edited_message=in_group()), "chamkhach_bot") is None


@pytest.mark.parametrize("title", ["", " ", "\x00\u0007", None])
def test_a_group_without_a_name_is_a_group_all_the_same(title: str | None) -> None:
    """An empty name would make it a private chat, where customers are shown."""
    incoming = to_incoming(update(message=in_group(chat={**GROUP, "title": title})))
    assert incoming
    assert incoming.group == "-100"


@pytest.mark.parametrize(
    ("old", "new", "chat", "joined"),
    [
        ("left", "member", GROUP, -100),
        ("kicked", "administrator", GROUP, -100),
        ("member", "administrator", GROUP, None),
        ("member", "kicked", GROUP, None),
        ("kicked", "member", {"id": LAN, "type": "private", "first_name": "Lan"}, None),
        ("left", "administrator", CHANNEL, None),
    ],
)
def test_the_bot_knows_when_it_was_added_to_a_group(
    old: str, new: str, chat: dict[str, Any], joined: int | None
) -> None:
    def state(status: str) -> dict[str, Any]:
        rights = dict.fromkeys(
            (
                *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
                *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
                *("can_post_stories", "can_edit_stories", "can_delete_stories", "can_send_welcome_messages"),
            ),
            False,
        )
        bot = {"id": 4200, "is_bot": True, "first_name": "Bot"}
        return {"status": status, "user": bot, "until_date": 0} | (rights if status == "administrator" else {})

    change = {"chat": chat, "from": message()["from"], "date": 1}
    change |= {"old_chat_member": state(old), "new_chat_member": state(new)}
    assert joined_group(update(my_chat_member=change)) == joined
    assert to_incoming(update(my_chat_member=change)) is None


def test_a_tap_on_a_message_that_is_too_old_to_be_shown_still_counts() -> None:
    old = {"chat": message()["chat"], "message_id": 3, "date": 0}
    press = {"id": "1", "from": message()["from"], "chat_instance": "x", "data": "open:1", "message": old}
    incoming = to_incoming(update(callback_query=press))
    assert incoming
    assert (incoming.choice, incoming.message_ref) == ("open:1", "3")


def test_what_the_database_cannot_hold_is_dropped_from_texts() -> None:
    incoming = to_incoming(update(message=message(text="chị\x00 Lan\u0007 e\u0302\u0323")))
    assert incoming
    assert incoming.text == "chị Lan ệ"
