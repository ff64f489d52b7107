"""Light markup on Zalo, which shows plain text only."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from bot.channels.zalo.text import length, parts, plain_text, shortened


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("Đã lưu <b>chị Lan</b> <i>(nóng)</i>", "Đã lưu chị Lan (nóng)"),
        ("<code>KH000123</code>", "KH000123"),
        ("a &lt;b&gt; &amp; &#34;c&#34;", 'a <b> & "c"'),
        ('Xem <a href="https://vd.vn/x?a=1&amp;b=2">báo giá</a>.', "Xem báo giá: https://vd.vn/x?a=1&b=2."),
        ('<a href="https://vd.vn/">https://vd.vn</a>', "https://vd.vn"),
        ('<a href="https://vd.vn/">vd.vn</a>', "vd.vn"),
        ('<a href="tel:+84912345678">+84 912 345 678</a>', "+84 912 345 678"),
        ('<a href="tel:+84912345678">Gọi</a>', "Gọi: +84912345678"),
        ('<a href="tg://user?id=5">Lan</a>', "Lan"),
        (
            "Chị viết:<blockquote>Chào em\nbáo giá giúp</blockquote>Trả lời?",
            "Chị viết:\n> Chào em\n> báo giá giúp\nTrả lời?",
        ),
        ("Bảo\n<blockquote>một</blockquote>", "Bảo\n> một"),
        ("", ""),
    ],
)
def test_markup_becomes_text_that_reads_well(markup: str, expected: str) -> None:
    assert plain_text(markup) == expected


@given(st.text())
def test_what_a_person_typed_comes_out_as_they_typed_it(typed: str) -> None:
    shown = plain_text(Markup("<b>|{}|</b>").format(typed))
    kept = "".join(
        c for c in unicodedata.normalize("NFC", typed) if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")
    )
    assert unicodedata.normalize("NFC", shown) == unicodedata.normalize("NFC", f"|{kept}|")
    assert plain_text(escape(shown)) == shown.strip()


def test_marks_are_composed() -> None:
    assert plain_text(unicodedata.normalize("NFD", "Nguyễn")) == "Nguyễn"


words = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=40)
)


@given(words, st.sampled_from([" ", "\n", "\n\n"]), st.integers(40, 100))
def test_parts_fit_and_no_word_is_cut(found: list[str], between: str, limit: int) -> None:
    found = [unicodedata.normalize("NFC", word) for word in found]
    found = [word for word in found if length(word) <= limit and word.split() == [word]]
    split = parts(between.join(found), limit)
    assert all(0 < length(part) <= limit for part in split)
    assert " ".join(split).split() == " ".join(parts(between.join(found), 10**6)).split()


@given(st.text(max_size=400), st.integers(10, 50))
def test_nothing_is_lost_by_splitting(text: str, limit: int) -> None:
    split = parts(text, limit)
    assert all(length(part) <= limit for part in split)
    assert "".join("".join(split).split()) == "".join(unicodedata.normalize("NFC", text).split())


def test_a_paragraph_is_kept_whole_before_a_line_and_a_line_before_a_word() -> None:
    assert parts("một hai\nba\n\nbốn năm sáu", 16) == ["một hai\nba", "bốn năm sáu"]
    assert parts("một hai ba\nbốn năm sáu", 16) == ["một hai ba", "bốn năm sáu"]
    assert parts("một hai ba bốn năm", 12) == ["một hai ba", "bốn năm"]
    assert parts("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert parts(" \n ") == []


def test_a_title_is_cut_with_an_ellipsis() -> None:
    assert shortened("Xong", 30) == "Xong"
    assert shortened("Dời sang tuần sau nữa nhé chị", 12) == "Dời sang tu…"
    assert length(shortened("😍" * 40, 30)) <= 30
