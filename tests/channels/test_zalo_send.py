"""Replies on the Official Account: what a person sees of them."""

import io
from dataclasses import replace

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape
from PIL import Image

from bot.channels.choosing import PAYLOAD
from bot.channels.zalo.account import FORM_PICTURE
from bot.channels.zalo.text import plain_text
from bot.domain.delivery import Trouble
from bot.domain.surveys import SurveyInvitation, SurveyKind
from bot.i18n import Translator
from bot.messages import Choice, Reply
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.server import CS
from bot.views.surveys import question, thanks
from bot.web.server import Server
from bot.web.zalo_webhook import ZaloWebhook
from tests.channels.conftest import OA
from tests.channels.zalo_house import NOON, House, failing, to

ANYTHING = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def test_a_text_arrives_as_plain_words(house: House, hoa: ZaloPerson) -> None:
    ref = await house.account.send(to(hoa, 'Đã lưu <b>chị Lan</b>, <a href="https://vd.vn/x">báo giá</a>'))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert (message.text, message.id, message.buttons) == ("Đã lưu chị Lan, báo giá: https://vd.vn/x", ref, ())
    assert house.costs == []


@ANYTHING
@given(st.text(min_size=1, max_size=5000))
async def test_whatever_somebody_typed_arrives_whole(house: House, hoa: ZaloPerson, typed: str) -> None:
    before = len(house.zalo.people.messages(hoa.user_id))
    await house.account.send(to(hoa, Reply(Markup("<b>|{}|</b>").format(typed))))
    arrived = "".join(message.text for message in house.zalo.people.messages(hoa.user_id)[before:])
    assert "".join(arrived.split()) == "".join(plain_text(escape(f"|{typed}|")).split())
    assert not house.zalo.refused


async def test_choices_are_buttons_that_say_which_they_are_and_numbers_in_the_text(
    house: House, hoa: ZaloPerson
) -> None:
    rows = (
        (Choice("✅ Xong", "due.done:1"), Choice("⏰ Dời", "due.move:1")),
        (Choice("Trang", url="https://vd.vn/x"),),
    )
    ref = await house.account.send(to(hoa, Reply(Markup("Gọi <b>chị Lan</b>"), rows)))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert message.id == ref
    assert message.text == "Gọi chị Lan\n\n1. ✅ Xong\n2. ⏰ Dời\nTrang: https://vd.vn/x"
    assert [(b.title, b.type, b.value) for b in message.buttons] == [
        ("1. ✅ Xong", "oa.query.hide", "ck:7:1"),
        ("2. ⏰ Dời", "oa.query.hide", "ck:7:2"),
        ("Trang", "oa.open.url", "https://vd.vn/x"),
    ]
    assert PAYLOAD.fullmatch("ck:7:2")
    assert house.zalo.people.tap(hoa.user_id, message, "2. ⏰ Dời").text == "ck:7:2"


async def test_more_choices_than_buttons_are_said_to_be_typed(house: House, hoa: ZaloPerson) -> None:
    rows = tuple((Choice(f"Khách hàng thứ {n} có tên rất rất dài", f"open:{n}"),) for n in range(1, 9))
    await house.account.send(to(hoa, Reply(Markup("Ai?"), rows)))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert message.text.splitlines()[2] == "Trả lời bằng số:"
    assert message.text.splitlines()[-1].startswith("8. Khách hàng thứ 8")
    assert message.titles == [f"{n}. Khách hàng thứ {n} có tên rấ…" for n in range(1, 6)]


async def test_who_reads_english_is_told_in_english_how_to_choose(house: House, hoa: ZaloPerson) -> None:
    rows = tuple((Choice(f"Customer {n}", f"open:{n}"),) for n in range(1, 9))
    asking = Reply(Markup("Who?"), rows, asks_contact="Share my phone number", locale="en")
    await house.account_at("").send(to(hoa, asking))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert message.text.splitlines()[2] == "Reply with a number:"
    assert message.text.splitlines()[-1] == "Please type your phone number here."


async def test_five_scores_are_buttons_and_eleven_are_typed(house: House, hoa: ZaloPerson) -> None:
    await house.account.send(to(hoa, question(SurveyKind.CSAT, Markup("Hài lòng?"), "7")))
    csat = house.zalo.people.last(hoa.user_id)
    assert csat
    assert csat.titles == ["😡 1", "🙁 2", "😐 3", "🙂 4", "😍 5"]
    assert csat.text.endswith("😡 1 · 🙁 2 · 😐 3 · 🙂 4 · 😍 5")
    await house.account.send(to(hoa, question(SurveyKind.NPS, Markup("Giới thiệu?"), "8")))
    nps = house.zalo.people.last(hoa.user_id)
    assert nps
    assert (nps.titles, nps.text) == ([], "Giới thiệu?\n\nTrả lời bằng số: 0–10")


async def test_the_button_that_lets_us_show_their_words_is_read_whole(house: House, hoa: ZaloPerson) -> None:
    survey = SurveyInvitation(7, 1, 1, SurveyKind.CSAT, NOON, NOON, score=5)
    t = Translator("vi", "Asia/Ho_Chi_Minh")
    thanked = thanks(t, survey, "7", "", "Minh An", secret=False)
    await house.account.send(to(hoa, replace(thanked, asks_words=True)))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert message.titles == ["a. 👍 Đồng ý cho giới thiệu", "b. ✏️ Đổi câu trả lời"]
    assert "“Đồng ý cho giới thiệu” nghĩa là" in message.text


@pytest.mark.parametrize("code", [-201, -233])
async def test_where_zalo_takes_no_buttons_numbers_do_and_it_is_asked_once(
    house: House, hoa: ZaloPerson, code: int
) -> None:
    reply = Reply(Markup("Gọi?"), ((Choice("Xong", "done"), Choice("Dời", "move")),))
    house.zalo.faults.next(CS, code)
    await house.account.send(to(hoa, reply))
    await house.account.send(to(hoa, reply))
    texts = [(message.text, message.titles) for message in house.zalo.people.messages(hoa.user_id)]
    assert texts == [("Gọi?\n\n1. Xong\n2. Dời", []), ("Gọi?\n\nTrả lời bằng số:\n1. Xong\n2. Dời", [])]
    assert len(house.zalo.calls) == 3


async def test_a_text_that_is_refused_itself_does_not_take_the_buttons_away(house: House, hoa: ZaloPerson) -> None:
    reply = Reply(Markup("Gọi?"), ((Choice("Xong", "done"),),))
    house.zalo.faults.next(CS, -201, times=2)
    assert (await failing(house.account.send(to(hoa, reply)))).trouble is Trouble.REFUSED
    await house.account.send(to(hoa, reply))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert message.titles == ["1. Xong"]


async def test_a_long_text_comes_in_parts_with_the_buttons_on_the_last(house: House, hoa: ZaloPerson) -> None:
    text = "\n\n".join(f"Đoạn {n}: " + "chữ " * 100 for n in range(12))
    ref = await house.account.send(to(hoa, Reply(Markup(text), ((Choice("Xong", "done"),),))))
    messages = house.zalo.people.messages(hoa.user_id)
    assert len(messages) == 3
    assert all(message.text.startswith("Đoạn") for message in messages)
    assert [message.titles for message in messages] == [[], [], ["1. Xong"]]
    assert messages[-1].id == ref


async def test_a_text_to_copy_is_a_message_of_its_own(house: House, hoa: ZaloPerson) -> None:
    reply = Reply(Markup("Mẫu tin"), ((Choice("Chép", copy="Chào <chị> & nhà"), Choice("Mở", "open:1")),))
    ref = await house.account.send(to(hoa, reply))
    words, copied = house.zalo.people.messages(hoa.user_id)
    assert (words.text, words.titles, words.id) == ("Mẫu tin\n\n1. Mở", ["1. Mở"], ref)
    assert copied.text == "Chào <chị> & nhà"


async def test_an_answer_quotes_the_message_that_it_answers(house: House, hoa: ZaloPerson) -> None:
    asked = house.zalo.people.say(hoa.user_id, "Báo giá giúp chị")
    await house.account.send(to(hoa, Reply(Markup("Dạ 2 tr ạ"), ((Choice("Đặt", "order"),),), quotes=asked.id)))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert (message.quote, message.titles) == (asked.id, ["1. Đặt"])
    await house.account.send(to(hoa, Reply(Markup("Còn nữa"), ((Choice("Đặt", "order"),),), quotes="gone")))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert (message.quote, message.text, message.titles) == ("", "Còn nữa\n\n1. Đặt", ["1. Đặt"])


async def test_a_phone_number_is_asked_for_by_the_form_or_in_words(house: House, hoa: ZaloPerson) -> None:
    reply = Reply(Markup("Để em gọi lại ạ?"), asks_contact="Gửi số của tôi")
    ref = await house.account.send(to(hoa, reply))
    words, asked = house.zalo.people.messages(hoa.user_id)
    assert (words.text, asked.id) == ("Để em gọi lại ạ?", ref)
    assert asked.form
    assert asked.form.title == "Cửa hàng Minh An"
    assert asked.form.subtitle == "Anh/chị cho em xin tên và số điện thoại để tiện hỗ trợ ạ."
    assert asked.form.image_url == f"https://crm.example.vn{FORM_PICTURE}"
    await house.account_at("").send(to(hoa, reply))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert message.text.startswith("Để em gọi lại ạ?\n\n")
    assert message.text.endswith("Anh/chị nhắn số điện thoại vào đây giúp em nhé.")


async def test_a_passing_remark_raises_nothing(house: House, hoa: ZaloPerson) -> None:
    await house.account.say(hoa.user_id, Markup("<b>Chưa lưu</b>"))
    message = house.zalo.people.last(hoa.user_id)
    assert message
    assert message.text == "Chưa lưu"
    await house.account.say("1", Markup("Ai đó"))


async def test_the_account_is_known_by_its_page(house: House) -> None:
    assert house.account.link_to("p_1") == ""
    await house.account.learn_name()
    assert house.account.link_to("p_1") == f"https://zalo.me/{OA}"


async def test_what_holds_nothing_to_show_is_refused_and_not_passed_over(house: House, hoa: ZaloPerson) -> None:
    assert (await failing(house.account.send(to(hoa, "")))).trouble is Trouble.REFUSED


async def test_the_picture_of_the_form_is_where_the_form_says() -> None:
    async def receive(*_: object) -> bool:
        return True

    server = Server("127.0.0.1", 0, ZaloWebhook(receive).routes())
    await server.start()
    address = f"http://127.0.0.1:{server.port}{FORM_PICTURE}"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        content = await answer.read()
    await server.close()
    assert (answer.status, answer.content_type) == (200, "image/png")
    with Image.open(io.BytesIO(content)) as shown:
        assert shown.format == "PNG"
