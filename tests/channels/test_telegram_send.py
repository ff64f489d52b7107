"""Replies on Telegram: what a person sees of them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bot.channels.telegram import Telegram, connect
from bot.domain.delivery import Trouble, Undeliverable
from bot.domain.timeline import StoredFile
from bot.i18n import Translator
from bot.messages import Bar, Chart, Choice, File, Panel, Reply
from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats
from bot.sandbox.keyboards import RemoveKeyboard
from tests.channels.conftest import LAN, TOKEN, delivery
from tests.sandbox.conftest import png

ANYTHING = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def test_a_text_arrives_with_its_markup_and_buttons(telegram: Telegram, chats: Chats) -> None:
    rows = ((Choice("Hoàn tác", "undo:1"), Choice("Sửa", "edit:1")), (Choice("Trang", url="https://example.vn/x"),))
    ref = await telegram.send(delivery(Reply(Markup("Đã lưu <b>chị Lan</b>"), rows)))
    message = chats.last(LAN)
    assert message
    assert (message.html, str(message.id)) == ("Đã lưu <b>chị Lan</b>", ref)
    assert message.labels == ["Hoàn tác", "Sửa", "Trang"]


async def test_a_label_made_from_markup_is_shown_as_plain_text(telegram: Telegram, chats: Chats) -> None:
    label = Translator("vi", "Asia/Ho_Chi_Minh")("{name}", name="<b>Bùi & Con</b>")
    await telegram.send(delivery(Reply(Markup("Mở?"), ((Choice(label, "open:1"),),))))
    message = chats.last(LAN)
    assert message
    assert message.labels == ["<b>Bùi & Con</b>"]


async def test_a_reply_to_a_tap_takes_the_place_of_the_message(telegram: Telegram, chats: Chats) -> None:
    ref = await telegram.send(delivery("một"))
    assert await telegram.send(delivery("hai", replace_ref=ref)) == ref
    assert [message.text for message in chats.messages(LAN)] == ["hai"]


async def test_replacing_a_message_by_itself_is_no_failure(telegram: Telegram, chats: Chats) -> None:
    ref = await telegram.send(delivery("một"))
    assert await telegram.send(delivery("một", replace_ref=ref)) == ref
    assert len(chats.messages(LAN)) == 1


@pytest.mark.parametrize("own", [True, False])
async def test_what_cannot_be_replaced_is_sent_anew(telegram: Telegram, chats: Chats, own: bool) -> None:
    gone = chats.say(LAN, "của tôi").id if own else 999_999_999
    ref = await telegram.send(delivery("hai", replace_ref=str(gone)))
    message = chats.last(LAN)
    assert message
    assert (message.text, str(message.id)) == ("hai", ref)


async def test_a_contact_is_asked_for_by_a_keyboard_that_goes_away_again(telegram: Telegram, chats: Chats) -> None:
    await telegram.send(delivery(Reply(Markup("Số của anh/chị?"), asks_contact="Gửi số của tôi")))
    keyboard = chats.reply_keyboard(LAN)
    assert keyboard
    assert [(button.text, button.request) for row in keyboard.rows for button in row] == [("Gửi số của tôi", "contact")]
    await telegram.send(delivery("Cảm ơn"))
    assert chats.reply_keyboard(LAN) is None
    await telegram.send(delivery("Lần sau không gỡ nữa"))
    message = chats.last(LAN)
    assert message
    assert not isinstance(message.markup, RemoveKeyboard)


async def test_a_short_text_can_be_copied_by_a_button_a_long_one_by_a_tap_on_it(
    telegram: Telegram, chats: Chats
) -> None:
    await telegram.send(delivery(Reply(Markup("Mẫu tin"), ((Choice("Chép", copy="Chào <chị>"),),))))
    assert [button.value for row in chats.messages(LAN)[-1].buttons for button in row] == ["Chào <chị>"]
    long = "Chào <chị> & gia đình. " * 20
    await telegram.send(delivery(Reply(Markup("Mẫu tin"), ((Choice("Chép", copy=long), Choice("Mở", "open:1")),))))
    message = chats.messages(LAN)[-1]
    assert message.labels == ["Mở"]
    code = [entity for entity in message.entities if entity.type == "code"]
    assert message.text[code[0].offset :].strip() == long.strip()


async def test_pictures_and_documents_go_out_with_their_caption(telegram: Telegram, chats: Chats) -> None:
    await telegram.send(delivery(Reply(Markup("Tuần <b>47</b>"), picture=File("tuan.png", png()))))
    await telegram.send(
        delivery(Reply(Markup("Đây ạ"), document=File("khách.xlsx", b"PK..."), choices=((Choice("Xong", "x"),),)))
    )
    picture, document = chats.messages(LAN)
    assert (picture.kind, picture.html) == ("photo", "Tuần <b>47</b>")
    assert document.file
    assert (document.kind, document.file.name, document.file.content) == ("document", "khách.xlsx", b"PK...")
    assert document.labels == ["Xong"]


async def test_a_chart_is_drawn_when_it_is_sent_and_the_text_stands_below_it(telegram: Telegram, chats: Chats) -> None:
    chart = Chart("Tuần 47", "T2 16/11", (Panel("Doanh thu", (Bar("16/11", 12_500_000, "12,5 tr"),), "Chưa có"),))
    await telegram.send(delivery(Reply(Markup("Tuần <b>47</b>"), ((Choice("Xem", "week"),),), chart=chart)))
    (message,) = chats.messages(LAN)
    assert (message.kind, message.html, message.labels) == ("photo", "Tuần <b>47</b>", ["Xem"])
    assert message.file
    assert message.file.width == 1080  # as high as its one panel needs
    assert 300 < message.file.height < 1350


async def test_a_caption_that_is_too_long_follows_its_picture_as_a_text(telegram: Telegram, chats: Chats) -> None:
    await telegram.send(
        delivery(Reply(Markup("dài " * 400), picture=File("tuan.png", png()), choices=((Choice("Xong", "x"),),)))
    )
    picture, text = chats.messages(LAN)
    assert (picture.kind, picture.text, picture.labels) == ("photo", "", [])
    assert (text.text, text.labels) == (("dài " * 400).strip(), ["Xong"])


async def test_what_a_person_sent_is_shown_again(telegram: Telegram, chats: Chats) -> None:
    for sent in (
        chats.send_photo(LAN, png()),
        chats.send_document(LAN, "báo giá.pdf", b"%PDF", "application/pdf"),
        chats.send_voice(LAN, b"ogg"),
        chats.send_media(LAN, "audio", "khách nói.mp3", b"mp3"),
        chats.send_media(LAN, "video", "nhà.mp4", b"mp4"),
        chats.send_media(LAN, "animation", "vui.gif", b"gif"),
    ):
        assert sent.file
        await telegram.send(delivery(Reply(Markup("Tệp"), stored_file=StoredFile("telegram", sent.file.id, sent.kind))))
        shown = chats.messages(LAN)[-1]
        assert shown.file
        assert (shown.kind, shown.file.content, shown.text) == (sent.kind, sent.file.content, "Tệp")
    note = chats.send_media(LAN, "video_note", "tròn.mp4", b"mp4").file
    assert note
    await telegram.send(delivery(Reply(Markup("Tệp"), stored_file=StoredFile("telegram", note.id, "video_note"))))
    shown, text = chats.messages(LAN)[-2:]
    assert (shown.kind, shown.file, shown.text, text.text) == ("video_note", note, "", "Tệp")  # it can hold no caption
    place = StoredFile("telegram", "10.77,106.7", "location")
    await telegram.send(delivery(Reply(Markup("Ở đây"), stored_file=place, choices=((Choice("Mở", "open:1"),),))))
    point, text = chats.messages(LAN)[-2:]
    assert point.location
    assert (point.location.latitude, point.location.longitude) == (10.77, 106.7)
    assert (text.text, text.labels) == ("Ở đây", ["Mở"])


async def test_a_long_text_comes_in_parts_with_the_buttons_under_the_last(telegram: Telegram, chats: Chats) -> None:
    text = Markup("\n\n").join(Markup("<i>{}</i>").format(f"Đoạn {n}: " + "giá < 5tr & bền. " * 30) for n in range(20))
    ref = await telegram.send(delivery(Reply(text, ((Choice("Mở", "open:1"),),))))
    parts = chats.messages(LAN)
    assert len(parts) > 2
    assert str(parts[-1].id) == ref
    assert [bool(part.labels) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert all(part.text.startswith("Đoạn") for part in parts)  # cut at the ends of paragraphs
    shown = "".join(part.text for part in parts)
    assert shown.count("giá < 5tr & bền.") == 600


@ANYTHING
@given(st.text(min_size=1, max_size=300), st.text(max_size=50))
async def test_whatever_a_person_typed_is_shown_as_typed(telegram: Telegram, api: BotApi, text: str, name: str) -> None:
    t = Translator("vi", "Asia/Ho_Chi_Minh")
    reply = Reply(t("<b>{name}</b>: {note}", name=f"x{name}", note=f"y{text}"), ((Choice(f"z{name}", "open:1"),),))
    await telegram.send(delivery(reply))
    assert not api.refused


@ANYTHING
@given(
    st.lists(st.text("ab <&>\"'é😀\n\t​", max_size=1500), min_size=1, max_size=12),
    st.sampled_from(["b", "i", "code", "blockquote"]),
)
async def test_whatever_is_long_is_split_without_breaking_a_tag(
    telegram: Telegram, api: BotApi, paragraphs: list[str], tag: str
) -> None:
    inner = Markup("\n\n").join(Markup("<u>{}</u>").format(paragraph) for paragraph in paragraphs)
    await telegram.send(delivery(Reply(Markup(f"<{tag}>!{inner}</{tag}>"))))
    assert not api.refused


async def test_every_tap_is_answered_and_a_long_notice_is_cut(telegram: Telegram, chats: Chats) -> None:
    ref = await telegram.send(delivery(Reply(Markup("?"), ((Choice("Xong", "done:1"),),))))
    press = chats.tap(LAN, int(ref), "Xong")
    await telegram.notice(press.id, Markup("Đã lưu &amp; xong <b>😀</b>") * 30)
    assert press.answer
    assert press.answer.text.startswith("Đã lưu & xong 😀")
    assert press.answer.text.endswith("…")
    again = chats.tap(LAN, int(ref), "Xong")
    await telegram.notice(again.id, "")
    assert again.answer
    assert again.answer.text == ""


async def test_a_tap_that_is_too_old_to_be_answered_harms_nobody(telegram: Telegram) -> None:
    await telegram.notice("12345", "muộn rồi")


async def test_a_menu_is_set_once_and_again_only_when_it_changes(telegram: Telegram, api: BotApi) -> None:
    for menu in ((("homnay", "Việc hôm nay"),), (("homnay", "Việc hôm nay"),), (("today", "Today"),)):
        await telegram.show_menu(str(LAN), menu)
    assert [call.method for call in api.calls] == ["setMyCommands"] * 2
    assert [command["command"] for command in api.commands.shown_to(api.chats.person(LAN))] == ["today"]
    await telegram.show_menu(str(LAN), ())
    assert not api.commands.shown_to(api.chats.person(LAN))


FAILURES = [
    (429, Trouble.SLOW_DOWN),
    (500, Trouble.AMBIGUOUS),
    (502, Trouble.AMBIGUOUS),
    ("reset", Trouble.AMBIGUOUS),
    ("timeout", Trouble.AMBIGUOUS),
    (403, Trouble.FORBIDDEN),
    (400, Trouble.REFUSED),
    (401, Trouble.UNAUTHORIZED),
    ("migrated", Trouble.MOVED),
]


@pytest.mark.parametrize(("fault", "trouble"), FAILURES)
async def test_each_failure_is_named_for_what_it_means(
    telegram: Telegram, api: BotApi, fault: object, trouble: Trouble
) -> None:
    telegram.bot.session.timeout = 0.5
    api.faults.next("sendMessage", fault, retry_after=7, migrate_to=-1005)  # type: ignore[arg-type]
    with pytest.raises(Undeliverable) as caught:
        await telegram.send(delivery("một"))
    assert caught.value.trouble is trouble
    assert caught.value.retry_after == (7 if trouble is Trouble.SLOW_DOWN else 0)
    assert caught.value.moved_to == ("-1005" if trouble is Trouble.MOVED else "")
    await telegram.send(delivery("hai"))


async def test_a_server_that_is_not_there_has_seen_nothing() -> None:
    nobody = Telegram(connect(TOKEN, "http://127.0.0.1:9"))
    with pytest.raises(Undeliverable) as caught:
        await nobody.send(delivery("một"))
    await nobody.close()
    assert caught.value.trouble is Trouble.NEVER_SENT
