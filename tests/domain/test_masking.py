"""What leaves the house for a model tells nobody's name, number or address, and comes back as it was."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.masking import Mask
from bot.domain.understanding.message import read

PEOPLE = ("Nguyễn Thị Lan", "Trần Quốc Minh", "Hồng Spa", "Bạo")


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("Chị Lan ơi, em Tuấn nhận giúp nhé", ["Lan", "Tuấn"]),
        ("chi lan hoi gia sofa", ["lan"]),
        ("lan hoi anh bao gia sofa", ["lan", "bao"]),
        ("em tên kiều, bạn anh Minh", ["kiều", "Minh"]),
        ("đơn của nguyễn văn hùng tới chưa ạ", ["nguyễn", "hùng"]),
        ("gọi em số 0912 345 678 nhé", ["0912", "345", "678"]),
        ("zalo o9l2 hoặc +84 912.345.678", ["912", "345"]),
        ("mail lan.nguyen@gmail.com nha", ["lan.nguyen", "gmail"]),
        ("xem https://fb.com/lan.spa.1990 giúp em", ["lan.spa", "1990"]),
        ("giao tới 12/3 Nguyễn Trãi, quận 5", ["12/3", "Trãi", "quận 5"]),
        ("nhà em số 7 ngõ 12 láng hạ", ["ngõ", "láng hạ"]),
        ("em ở đường lê lợi, phường 3", ["lê lợi"]),
        ("đơn DH12345 đâu rồi, mã KH000012", ["DH12345", "KH000012"]),
        ("stk 0123456789 của em", ["0123456789"]),
        ("cccd 079 190 123 456", ["079", "123"]),
        ("I'm John Smith, deliver to 5 Le Loi Street", ["John", "Smith", "Le Loi"]),
    ],
)
def test_nothing_that_tells_who_it_is_leaves(text: str, secrets: list[str]) -> None:
    mask = Mask(PEOPLE)
    hidden = mask.hide(text)
    for secret in secrets:
        assert not re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", hidden), hidden
    assert mask.restore(hidden) == text


@pytest.mark.parametrize(
    "text",
    [
        "sofa màu be 2m4 giá bao nhiêu? có trả góp không?",
        "12tr5 có giảm không ạ",
        "số lượng còn nhiều không",
        "bao giờ giao hàng vậy em",
        "bảo hành mấy tháng",
        "Bao giờ có hàng ạ",
        "phí giao hàng bao nhiêu",
    ],
)
def test_what_is_asked_is_left_as_it_is(text: str) -> None:
    assert Mask(PEOPLE).hide(text) == text


def test_the_same_name_has_the_same_stand_in_and_one_made_up_goes() -> None:
    mask = Mask(PEOPLE)
    assert mask.hide("chị Lan") == mask.hide("chị Lan")
    assert mask.restore("Dạ chào chị [NAME_1] và [NAME_7]!") == "Dạ chào chị Lan và !"


def test_a_customer_who_types_a_stand_in_gets_nobody_elses_name() -> None:
    mask = Mask(PEOPLE)
    mask.hide("chị Lan")
    assert mask.restore(mask.hide("[NAME_1] là ai?")) == "[NAME_1] là ai?"


FILLING = st.text("abcđêhnoôưx ,.?!\n", max_size=30)


@given(
    FILLING, st.sampled_from([*PEOPLE, *(name.upper() for name in PEOPLE), *(name.lower() for name in PEOPLE)]), FILLING
)
def test_a_known_name_never_leaves_wherever_it_stands(before: str, name: str, after: str) -> None:
    mask = Mask(PEOPLE)
    hidden = mask.hide(f"{before} {name} {after}")
    assert not set(name.split()) & set(re.findall(r"\w+", hidden))


@given(FILLING, st.from_regex(r"0[35789]([ .]?[0-9]){8}", fullmatch=True), FILLING)
def test_a_number_never_leaves_wherever_it_stands(before: str, phone: str, after: str) -> None:
    hidden = Mask(()).hide(f"{before} {phone} {after}")
    assert re.sub(r"\D", "", phone)[-4:] not in re.sub(r"[\s.]", "", hidden)


@given(st.text(max_size=120))
def test_whatever_is_hidden_comes_back(text: str) -> None:
    mask = Mask(PEOPLE)
    assert mask.restore(mask.hide(text)) == read(text).shown


def test_a_number_said_in_words_does_not_leave() -> None:
    said = "số em là không chín một hai ba bốn năm sáu bảy tám nhé, giao một hai cái thôi"
    hidden = Mask(()).hide(said)
    assert "chín" not in hidden
    assert "một hai cái" in hidden
