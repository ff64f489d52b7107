"""What people ask about their own data, until when it is answered, and how a person is taken out of texts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consent import DataRequest, RequestKind
from bot.domain.customers import Customer
from bot.domain.erasure import GONE, all_without, person_of, spellings_of, without
from bot.domain.names import folded
from bot.domain.phones import find_phones
from bot.domain.rights import NewDataRequest, new_request, next_reminder, request_in

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
THOA = Customer(
    12, "Trịnh Ngọc Thoa", 1, datetime(2026, 11, 1, tzinfo=UTC), "chị", phones=("+84977123456",), email="thoa@vidu.vn"
)


# Requests -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("cho tôi xem dữ liệu", RequestKind.SEE),
        ("bên em đang giữ thông tin gì về anh?", RequestKind.SEE),
        ("gửi lại cho chị toàn bộ thông tin của chị", RequestKind.SEE),
        ("what data do you have about me?", RequestKind.SEE),
        ("xoá thông tin của tôi", RequestKind.DELETE),
        ("Em xóa giúp chị số điện thoại của chị nhé", RequestKind.DELETE),
        ("XOA HET DU LIEU CA NHAN", RequestKind.DELETE),
        ("đừng lưu số của anh nữa", RequestKind.DELETE),
        ("please delete my data", RequestKind.DELETE),
        ("sửa lại thông tin của chị với", RequestKind.CORRECT),
        ("tôi muốn xóa hết dữ liệu", RequestKind.DELETE),
        ("xoá thông tin giúp chị nhé!", RequestKind.DELETE),
        ("xoá thông tin đơn hàng cũ trên web giúp chị", None),
        ("cho tôi biết thông tin sản phẩm", None),
        ("gửi thông tin gói Pro cho chị", None),
        ("huỷ đơn của chị", None),
        ("cho chị xem hồ sơ năng lực của công ty em", None),
        ("xoá giúp chị món thứ hai trong đơn", None),
        ("", None),
    ],
)
def test_a_customers_words_ask_for_their_data_or_do_not(said: str, kind: RequestKind | None) -> None:
    assert request_in(said) is kind


def asked(moment: str) -> NewDataRequest:
    return new_request(12, RequestKind.SEE, datetime.fromisoformat(f"{moment}+07:00").astimezone(UTC), HANOI)


def last_day(moment: datetime) -> date:
    return (moment - timedelta(seconds=1)).astimezone(HANOI).date()


@pytest.mark.parametrize(
    ("moment", "answer_by", "act_by"),
    [
        ("2026-11-23 09:00", "2026-11-25", "2026-12-08"),  # Monday
        ("2026-11-27 23:30", "2026-11-30", "2026-12-12"),  # Friday night: Saturday is a working day, Sunday is not
        ("2026-11-28 08:00", "2026-12-01", "2026-12-13"),  # Saturday
        ("2026-12-31 10:00", "2027-01-04", "2027-01-15"),  # New Year and a Sunday between
    ],
)
def test_a_request_is_answered_in_two_working_days_and_done_in_fifteen(
    moment: str, answer_by: str, act_by: str
) -> None:
    request = asked(moment)
    assert last_day(request.answer_by) == date.fromisoformat(answer_by)
    assert last_day(request.act_by) == date.fromisoformat(act_by)


def kept(new: NewDataRequest, answered_at: datetime | None = None) -> DataRequest:
    return DataRequest(1, new.customer_id, new.kind, new.asked_at, new.answer_by, new.act_by, answered_at)


def reminders(request: DataRequest, since: datetime) -> list[str]:
    found, moment = [], next_reminder(request, since, HANOI)
    while moment:
        found.append(f"{moment.astimezone(HANOI):%d/%m %H:%M}")
        moment = next_reminder(request, moment, HANOI)
    return found


def test_managers_hear_again_on_the_last_mornings_and_then_no_more() -> None:
    new = asked("2026-11-23 09:00")
    assert reminders(kept(new), new.asked_at) == ["25/11 08:00", "05/12 08:00", "08/12 08:00"]
    assert new.remind_at == next_reminder(kept(new), new.asked_at, HANOI)


def test_what_is_answered_is_only_to_be_done() -> None:
    new = asked("2026-11-23 09:00")
    assert reminders(kept(new, new.asked_at), new.asked_at) == ["05/12 08:00", "08/12 08:00"]


# Out of texts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("bạn của chị Thoa, số 0977.123.456", "bạn của •••, số •••"),
        ("TRINH NGOC THOA gọi", "••• gọi"),
        ("Ngọc Thoa và chị Lan", "••• và chị Lan"),
        ("mail thoa@vidu.vn, KH000012", "mail •••, •••"),
        ("thỏa thuận với chị Thoa.", "thỏa thuận với •••."),
        ("gọi +84 977 123 456 hoặc 0977-123-456", "gọi ••• hoặc •••"),
        ("gọi 0977 123 457", "gọi 0977 123 457"),
        ("không có gì", "không có gì"),
    ],
)
def test_a_text_about_others_loses_the_name_and_number_and_nothing_else(text: str, left: str) -> None:
    assert without(text, person_of(THOA)) == left


def test_a_name_that_another_customer_bears_too_stays() -> None:
    person = person_of(THOA, [folded("Lê Ngọc Thoa")])
    assert without("chị Thoa, Ngọc Thoa, Trịnh Ngọc Thoa", person) == "chị Thoa, Ngọc Thoa, •••"
    assert without("Trịnh Ngọc Thoa", person_of(THOA, [folded(THOA.name)])) == THOA.name


def test_records_are_looked_through_to_their_ends() -> None:
    record = {"a": [{"b": "Trịnh Ngọc Thoa"}, 12, None], "c": "0977123456"}
    assert all_without(record, person_of(THOA)) == {"a": [{"b": GONE}, 12, None], "c": GONE}


WORDS = st.text(st.sampled_from("abđê ạở.,0123456789 \n"), max_size=30)
SAID_AS = st.sampled_from(
    ["Trịnh Ngọc Thoa", "trinh ngoc thoa", "TRỊNH NGỌC THOA", "Ngọc  Thoa", "chị Thoa", "0977123456", "0977 12 34 56"]
)


@given(WORDS, SAID_AS, WORDS)
def test_however_they_are_mentioned_nothing_is_left(before: str, said: str, after: str) -> None:
    person = person_of(THOA)
    left = without(f"{before} | {said} | {after}", person)
    assert "ngoc thoa" not in folded(left)
    assert "chi thoa" not in folded(left)
    assert not [found for found in find_phones(left) if found.e164 in THOA.phones]
    assert without(left, person) == left


@given(WORDS)
def test_what_mentions_nobody_stays_as_it_is(text: str) -> None:
    person = person_of(THOA)
    if not [found for found in find_phones(text) if found.e164 in THOA.phones]:
        assert without(text, person) == text


@pytest.mark.parametrize(
    ("name", "spelled"),
    [("Trịnh Ngọc Thoa", {"thoa"}), ("Lê Ánh", {"Ánh", "ánh", "anh"}), ("ngọc", {"ngọc", "ngỌc", "ngoc"})],
)
def test_a_database_looks_for_the_shortest_of_what_they_are_called(name: str, spelled: set[str]) -> None:
    found = set(spellings_of(person_of(replace(THOA, name=name, email=None))))
    assert found == {*spelled, "kh000012"}
