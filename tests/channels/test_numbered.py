"""Choices by number: whoever reads the list and types what stands there gets what they meant."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.channels.numbered import chosen, listed, options
from bot.domain.surveys import SurveyKind
from bot.messages import Choice, Reply
from bot.views.surveys import question

DONE, MOVE, DROP = Choice("✅ Xong", "due.done:1"), Choice("⏰ Dời", "due.move:1"), Choice("🗑 Bỏ", "due.drop:1")
CARD = Reply(Markup("Gọi <b>chị Lan</b>"), ((DONE, MOVE), (DROP,)))
CSAT = question(SurveyKind.CSAT, Markup("Hài lòng?"), "7")
NPS = question(SurveyKind.NPS, Markup("Giới thiệu?"), "8")

labels = st.one_of(st.text(min_size=1, max_size=20), st.integers(0, 40).map(str), st.just("😍 5"), st.just("3. Lan"))
rows = st.lists(labels, max_size=30).map(
    lambda found: tuple((Choice(label, f"do:{number}"),) for number, label in enumerate(found))
)
replies = st.builds(Reply, choices=rows, asks_words=st.booleans())


@given(replies)
def test_the_key_of_every_option_chooses_it(reply: Reply) -> None:
    offered = options(reply)
    assert len({option.key for option in offered}) == len(offered) == len(reply.choices)
    for option in offered:
        ways = [option.key, f" {option.key.upper()} ", f"{option.key}."]
        for typed in (*ways, f"số {option.key}", f"SO {option.key})") if option.key.isdigit() else ways:
            assert chosen(reply, typed) == option.choice


@given(replies)
def test_what_the_list_shows_before_the_dot_is_the_key(reply: Reply) -> None:
    for option in options(reply):
        assert option.is_score or option.titled().startswith(f"{option.key}. ")


@given(replies, st.text(max_size=30))
def test_anything_may_be_typed(reply: Reply, typed: str) -> None:
    found = chosen(reply, typed)
    assert found is None or found in [option.choice for option in options(reply)]


def test_choices_are_numbered_in_reading_order() -> None:
    assert [(option.key, option.choice) for option in options(CARD)] == [("1", DONE), ("2", MOVE), ("3", DROP)]
    assert listed(CARD) == "1. ✅ Xong\n2. ⏰ Dời\n3. 🗑 Bỏ"
    assert listed(CARD, "Trả lời bằng số").splitlines()[0] == "Trả lời bằng số:"


def test_a_score_is_its_own_number() -> None:
    assert [option.key for option in options(CSAT)] == ["1", "2", "3", "4", "5"]
    assert listed(CSAT, "Trả lời bằng số") == "Trả lời bằng số: 😡 1 · 🙁 2 · 😐 3 · 🙂 4 · 😍 5"
    found = chosen(CSAT, "5")
    assert found
    assert found.data == "g.score:7:5"


def test_the_eleven_scores_of_nps_are_one_line_and_zero_is_one_of_them() -> None:
    assert [option.key for option in options(NPS)] == [str(score) for score in range(11)]
    assert listed(NPS, "Trả lời bằng số") == "Trả lời bằng số: 0–10"
    assert listed(NPS) == "0–10"
    for score in range(11):
        found = chosen(NPS, str(score))
        assert found
        assert found.data == f"g.score:8:{score}"
    assert chosen(NPS, "11") is None


def test_more_than_nine_choices_have_numbers_too() -> None:
    reply = Reply(choices=tuple((Choice(f"Khách {letter}", f"open:{letter}"),) for letter in "abcdefghijkl"))
    assert [option.key for option in options(reply)] == [str(number) for number in range(1, 13)]
    assert chosen(reply, "12") == Choice("Khách l", "open:l")
    assert chosen(reply, "1") == Choice("Khách a", "open:a")


def test_a_line_of_a_list_keeps_its_number_and_what_follows_goes_on_from_there() -> None:
    lan, huy, more = Choice("4. Chị Lan", "open:4"), Choice("5. Anh Huy", "open:5"), Choice("Xem tiếp", "more:6")
    reply = Reply(choices=((lan,), (huy,), (more,)))
    assert listed(reply) == "4. Chị Lan\n5. Anh Huy\n6. Xem tiếp"
    assert (chosen(reply, "4"), chosen(reply, "6"), chosen(reply, "1")) == (lan, more, None)


def test_labels_that_share_a_number_are_numbered_anew() -> None:
    reply = Reply(choices=((Choice("1. Lan", "open:1"), Choice("1. Huy", "open:2")),))
    assert listed(reply) == "1. Lan\n2. 1. Huy"
    assert chosen(reply, "2") == Choice("1. Huy", "open:2")


def test_the_heading_and_the_empty_cells_of_a_calendar_are_no_choices() -> None:
    heading = tuple(Choice(day, "due.none") for day in ("T2", "T3", "T4"))
    days = (Choice("·", "due.none"), Choice("29", "on:29"), Choice("30", "on:30"))
    back = Choice("‹ Quay lại", "back")
    reply = Reply(choices=(heading, days, (back,)))
    assert [option.key for option in options(reply)] == ["29", "30", "31"]
    assert listed(reply) == "29 · 30\n31. ‹ Quay lại"


@pytest.mark.parametrize("typed", ["✅ Xong", "Xong", "xong", " XONG ", "1. xong"])
def test_the_words_of_a_label_choose_it_too(typed: str) -> None:
    expected = None if typed == "1. xong" else DONE
    assert chosen(CARD, typed) == expected


def test_words_that_two_labels_share_choose_neither() -> None:
    assert chosen(Reply(choices=((Choice("Lan", "open:1"), Choice("lân", "open:2")),)), "Lan") is None


@pytest.mark.parametrize("typed", ["", "0", "4", "-1", "1,5", "2 tr", "999999999", "gọi lại sau"])
def test_other_words_choose_nothing(typed: str) -> None:
    assert chosen(CARD, typed) is None


def test_links_are_lines_and_texts_to_copy_are_not() -> None:
    reply = Reply(choices=((DONE, Choice("Trang", url="https://vd.vn/x"), Choice("Chép", copy="Chào chị")),))
    assert [option.choice for option in options(reply)] == [DONE]
    assert listed(reply) == "1. ✅ Xong\nTrang: https://vd.vn/x"
    assert listed(Reply(Markup("Chào"))) == ""


@pytest.mark.parametrize("typed", ["5 sao", "5 điểm", "5đ", "5 stars", "5/5", "5 / 5."])
def test_a_score_may_be_typed_with_what_it_counts(typed: str) -> None:
    found = chosen(CSAT, typed)
    assert found
    assert found.data == "g.score:7:5"


@pytest.mark.parametrize("typed", ["5/10", "6 sao", "2 cái", "5 bộ"])
def test_a_number_of_something_else_is_no_score(typed: str) -> None:
    assert chosen(CSAT, typed) is None


@given(replies)
def test_where_words_are_asked_for_a_number_is_such_words(reply: Reply) -> None:
    asking = replace(reply, asks_words=True)
    bring_their_own = {option.key for option in options(asking) if option.key.isdecimal()}
    for number in map(str, range(31)):
        assert (chosen(asking, number) is not None) == (number in bring_their_own)
    for option in options(asking):
        assert option.is_score or option.titled().startswith(f"{option.key}. ")


def test_where_words_are_asked_for_choices_have_letters() -> None:
    asking = replace(CARD, asks_words=True)
    assert listed(asking, "Hoặc trả lời bằng chữ").splitlines() == [
        "Hoặc trả lời bằng chữ:",
        "a. ✅ Xong",
        "b. ⏰ Dời",
        "c. 🗑 Bỏ",
    ]
    assert [chosen(asking, typed) for typed in ("b", "B.", "Dời", "2")] == [MOVE, MOVE, MOVE, None]
    many = Reply(choices=tuple((Choice(f"Khách {n}x", f"do:{n}"),) for n in range(30)), asks_words=True)
    assert [option.key for option in options(many)][24:28] == ["y", "z", "aa", "ab"]
