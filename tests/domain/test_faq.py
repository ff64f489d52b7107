"""The question list answers when it is sure, however it is typed, and is silent otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.faq import Faq, is_question, key_of, locale_of, pair_in, ranked, sure_answer

QUESTIONS = (
    "Mấy giờ mở cửa?",
    "Bảo hành bao lâu?",
    "Bảo hành ở đâu?",
    "Có giao hàng tận nơi không?",
    "Phí giao hàng bao nhiêu?",
    "Giao hàng mất bao lâu?",
    "Địa chỉ cửa hàng ở đâu?",
    "Có trả góp không?",
    "Thanh toán bằng cách nào?",
    "Có đổi trả hàng không?",
    "Có xuất hóa đơn VAT không?",
    "Có chỗ đậu xe không?",
    "What are your opening hours?",
    "Do you deliver to Hanoi?",
)
LIST = [Faq(number, "vi", question, f"answer {number}") for number, question in enumerate(QUESTIONS)]

ASKED = {
    "shop ơi mấy giờ mở cửa vậy ạ": 0,
    "mo cua may gio": 0,
    "giờ mở cửa": 0,
    "mở cửa lúc mấy giờ": 0,
    "MẤY GIỜ MỞ CỬA???": 0,
    "cho em hỏi bảo hành bao lâu thế": 1,
    "bao hanh bao lau": 1,
    "thời gian bảo hành bao lâu": 1,
    "bảo hành ở đâu ạ": 2,
    "có giao tận nơi không ạ": 3,
    "giao hàng tận nơi ko shop": 3,
    "phí giao hàng bn ạ": 4,
    "giao hang mat bao lau": 5,
    "giao hàng bao lâu": 5,
    "địa chỉ shop ở đâu": 6,
    "cho em hỏi có trả góp ko": 7,
    "trả góp được không": 7,
    "thanh toan bang cach nao": 8,
    "thnah toán bằng cách nào": 8,
    "thanh tóan bằng cácch nào": 8,
    "đổi trả hàng đc ko": 9,
    "có đổi trả không": 9,
    "xuất hóa đơn vat": 10,
    "có chỗ đậu xe hơi không": 11,
    "Opening hours?": 12,
    "hello, what are your openning hours please": 12,
    "do you deliver to hanoi": 13,
}
NOT_ANSWERED = (
    "bảo hành bao nhiêu tiền",
    "đã giao hàng chưa",
    "sao chưa giao hàng",
    "không giao hàng tận nơi à",
    "giao hàng Hà Nội không",
    "giao hàng trễ quá",
    "giao hàng mất hàng rồi",
    "phí bảo hành bao nhiêu",
    "trả góp lãi bao nhiêu",
    "trả góp 12 tháng không",
    "trả góp lãi",
    "em muốn hủy đơn",
    "mở cửa ngày nào",
    "hôm nay có mở cửa không",
    "mấy giờ giao",
    "chị chỉ hỏi giờ",
    "bánh này bao nhiêu",
    "hàng đâu",
    "bảo hành sai rồi, bao lâu nữa",
    "do you deliver to Danang",
    "what time do you close",
    "cảm ơn em",
    "ok em",
    "chị chuyển khoản rồi nhé",
    "đổi trả hàng lỗi không",
    "giao khách tận nơi sáng",
    "mấy giờ mở cửa chủ nhật",
    "mấy giờ mở cửa ngày lễ",
    "địa chỉ cửa hàng kho ở đâu",
    "phí giao hàng giảm bao nhiêu",
    "",
    "?",
    "không",
)


@pytest.mark.parametrize(("text", "number"), ASKED.items())
def test_what_is_on_the_list_is_answered_however_it_is_typed(text: str, number: int) -> None:
    answer = sure_answer(LIST, text, "vi")
    assert answer
    assert answer.id == number


@pytest.mark.parametrize("text", NOT_ANSWERED)
def test_what_is_not_surely_on_the_list_is_not_answered(text: str) -> None:
    assert sure_answer(LIST, text, "vi") is None


@given(st.text(max_size=80))
def test_random_text_is_never_surely_a_question_of_the_list(text: str) -> None:
    assert sure_answer(LIST, text, "vi") is None


STRANGE = (
    "khách",
    "nhà",
    "bàn",
    "ghế",
    "đẹp",
    "xấu",
    "hôm",
    "qua",
    "sáng",
    "nay",
    "mai",
    "gọi",
    "tin",
    "sofa",
    "tủ",
    "màu",
)


@given(st.lists(st.sampled_from(STRANGE), max_size=4), st.sampled_from(QUESTIONS), st.data())
def test_one_other_word_in_place_of_one_makes_another_question(
    more: list[str], question: str, data: st.DataObject
) -> None:
    words = key_of(question).split()
    place = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.sampled_from(STRANGE))
    said = " ".join([*words[:place], other, *words[place + 1 :], *more])
    assert sure_answer(LIST, said, "vi") is None


@given(st.sampled_from(QUESTIONS), st.sampled_from(("ạ", "shop ơi", "em ơi", "cho chị hỏi", "vậy")), st.booleans())
def test_politeness_around_it_changes_nothing(question: str, polite: str, before: bool) -> None:
    text = f"{polite} {question}" if before else f"{question} {polite}"
    answer = sure_answer(LIST, text, "vi")
    assert answer
    assert answer.question == question


def test_in_two_languages_the_customers_own_is_taken_and_of_two_answers_none() -> None:
    hours = [Faq(1, "vi", "Wifi?", "Có ạ"), Faq(2, "en", "Wifi?", "Yes")]
    assert [sure_answer(hours, "wifi", locale) for locale in ("vi", "en")] == hours
    assert sure_answer([*hours, Faq(3, "en", "Wifi ?", "No")], "wifi", "en") is None


def test_the_nearest_comes_first() -> None:
    assert ranked(LIST, "giờ mở cửa hôm nay")[0].faq.id == 0


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Mấy giờ mở cửa? / 8:00 đến 21:00", ("Mấy giờ mở cửa?", "8:00 đến 21:00")),
        ("Mấy giờ mở cửa?\n8:00 đến 21:00\nCN nghỉ", ("Mấy giờ mở cửa?", "8:00 đến 21:00\nCN nghỉ")),
        ("Giá 1/2 phần?/50k", ("Giá 1/2 phần?", "50k")),
        ("Mấy giờ mở cửa?", None),
        ("/ 8:00", None),
        ("", None),
        ("Mấy giờ? / " + "a" * 2000, None),
    ],
)
def test_a_question_with_its_answer_in_one_message(text: str, pair: tuple[str, str] | None) -> None:
    assert pair_in(text) == pair


def test_what_asks_something() -> None:
    assert all(map(is_question, ("Bao giờ giao hàng vậy em", "có màu xanh ko ạ", "giá bao nhiêu", "is it new?")))
    assert not any(map(is_question, ("cảm ơn em", "chị chuyển khoản rồi nhé", "ok", "?", "0912345678")))


def test_the_language_is_told_by_its_letters() -> None:
    assert (locale_of("Mấy giờ", "en"), locale_of("When", "en"), locale_of("may gio", "vi")) == ("vi", "en", "vi")
