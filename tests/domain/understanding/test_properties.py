"""What holds for every message and every moment."""

import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.phones import find_phones, national, parse_phone
from bot.domain.understanding import Capture, Due, Intent, parse_amount, parse_due, understand, understand_all
from bot.domain.understanding.days import after_tet, in_months, next_date, next_day_of_month, next_lunar
from tests.domain.understanding.scoring import records

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 25, 14, 20, tzinfo=HERE)
EARLIEST, LATEST = datetime.combine(date(1990, 1, 1), time.min), datetime.combine(date(2090, 1, 1), time.min)
MOMENTS = st.datetimes(min_value=EARLIEST, max_value=LATEST, timezones=st.just(HERE))
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))
WEEKDAYS = {
    "thứ 2": 0,
    "thứ ba": 1,
    "T4": 2,
    "thu nam": 3,
    "thứ 6": 4,
    "t7": 5,
    "chủ nhật": 6,
    "cn này": 6,
    "thứ 5 tới": 3,
}
CORPUS = [record["text"] for name in ("dev", "tuned", "aside") for record in records(name)]
PHRASES = st.sampled_from(
    ["chị Lan", "a Minh", "cty An Phát", "chốt", "12tr5", "0912 345 678", "mai", "thứ 6", "31/2", "25h", "nóng",
     "fb", "từ", "-5tr", "9h", "tuần sau", "mùng 6 tết", "gọi lại", ",", "\n", "?", "số mới", "x", "1.500.000", "đ", "k/h", "=",
     "(", "3 ngày nữa", "rằm", "âm", "¤", "ｓau"]
)  # fmt: skip


def unmarked(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(c for c in letters if not unicodedata.combining(c)))


def due_of(text: str, now: datetime) -> Due:
    due = understand(text, now).due
    assert due is not None
    return due


@given(MOMENTS, st.sampled_from(sorted(WEEKDAYS)))
def test_a_weekday_lies_one_to_seven_days_ahead(now: datetime, said: str) -> None:
    due = due_of(f"gọi chị Lan {said}", now)
    assert timedelta(1) <= due.on - now.date() <= timedelta(7)
    assert due.on.weekday() == WEEKDAYS[said]


@given(MOMENTS, st.sampled_from(["tuần sau", "tuan toi"]), st.integers(2, 7))
def test_a_weekday_of_next_week_lies_in_next_week(now: datetime, week: str, figure: int) -> None:
    due = due_of(f"t{figure} {week} gặp anh Minh", now)
    monday = now.date() - timedelta(now.weekday()) + timedelta(7)
    assert due.on == monday + timedelta(figure - 2)


@given(MOMENTS, st.integers(0, 23), st.integers(0, 59))
def test_a_clock_time_alone_is_still_ahead_within_a_day(now: datetime, hour: int, minute: int) -> None:
    due = due_of(f"gọi anh Minh lúc {hour}h{minute:02d}", now)
    assert due.at is not None
    at = datetime.combine(due.on, due.at, tzinfo=now.tzinfo)
    assert timedelta(0) < at - now.replace(second=0, microsecond=0) <= timedelta(days=1)
    assert due.at.hour == (hour + 12 if 1 <= hour <= 6 else hour)


@given(DAYS, st.integers(1, 31), st.integers(1, 12))
def test_the_next_date_is_the_first_such_day_from_today(today: date, day: int, month: int) -> None:
    found = next_date(today, day, month)
    if found is None:
        assert (day, month) in {(30, 2), (31, 2), (31, 4), (31, 6), (31, 9), (31, 11)}
    else:
        assert (found.day, found.month) == (day, month)
        assert found >= today


@given(DAYS, st.integers(1, 31))
def test_a_day_of_the_month_is_after_today(today: date, day: int) -> None:
    found = next_day_of_month(today, day)
    assert found is not None
    assert today < found <= today + timedelta(62)
    assert found.day == day


@given(DAYS, st.integers(0, 60))
def test_months_on_never_skip_a_month(today: date, months: int) -> None:
    found = in_months(today, months)
    assert (found.year * 12 + found.month) - (today.year * 12 + today.month) == months
    assert found.day <= today.day


@given(DAYS, st.integers(1, 30), st.integers(1, 12))
def test_a_lunar_day_comes_within_thirteen_moons(today: date, day: int, month: int) -> None:
    found = next_lunar(today, day, month)
    assert found is not None
    assert today <= found <= today + timedelta(386)


@given(DAYS)
def test_after_tet_is_a_working_day_ahead(today: date) -> None:
    found = after_tet(today)
    assert found is not None
    assert found > today
    assert found.weekday() < 5


@pytest.mark.parametrize("text", CORPUS)
def test_unmarking_a_message_never_changes_its_phones(text: str) -> None:
    assert understand(unmarked(text), NOW).phones == understand(text, NOW).phones


@example(
    who="bán cho anh Minh", figure=843, unit=".500.000 vnd", rest=""
)  # no number of Vietnam, though it begins like one
@given(
    st.sampled_from(["chị Lan chốt", "bán cho anh Minh", "c Hoa ck", "đơn cô Ngọc", "anh Tùng đặt cọc"]),
    st.integers(1, 999),
    st.sampled_from(["k", " nghìn", "tr", " triệu", " củ", "tr5", " triệu rưỡi", " tỷ 2", ".000đ", ".500.000 vnd"]),
    st.sampled_from(["", " tiền máy xay", ", mai giao", " (0912 345 678)", ". thứ 6 lắp đặt"]),
)
def test_unmarking_a_sale_never_changes_its_amount_or_phone(who: str, figure: int, unit: str, rest: str) -> None:
    text = f"{who} {figure}{unit}{rest}"
    marked, plain = understand(text, NOW), understand(unmarked(text), NOW)
    assert marked.intent is plain.intent is Intent.SALE
    assert marked.amount_vnd is not None
    assert (marked.amount_vnd, marked.phones) == (plain.amount_vnd, plain.phones)


def nothing_is_invented(capture: Capture) -> bool:
    fields = (capture.phones, capture.email, capture.amount_vnd, capture.source, capture.heat, capture.due)
    return not any(fields)


@given(st.text(alphabet=st.characters(exclude_categories=["Nd", "Lu", "Ll", "Lo", "Lm", "Mn", "Cs"]), max_size=200))
def test_nothing_is_invented_from_signs(text: str) -> None:
    capture = understand(text, NOW)
    assert nothing_is_invented(capture)
    assert capture.name is None
    assert capture.intent in (Intent.OTHER, Intent.LOOKUP)


@given(st.text(alphabet="bcdfgjlpqrvwxz", max_size=60))
def test_nothing_is_invented_from_letters_that_make_no_word(text: str) -> None:
    capture = understand(text, NOW)
    assert nothing_is_invented(capture)
    assert capture.name is None


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=300), st.lists(PHRASES, max_size=14).map(" ".join)), MOMENTS)
def test_no_text_raises_and_none_is_lost(text: str, now: datetime) -> None:
    for capture in understand_all(text, now):
        assert capture.text in text
    capture = understand(text, now)
    assert capture.text == text
    assert capture.note == text.replace("\0", "").strip()
    parse_due(text, now)
    parse_amount(text)
    parse_phone(text)


@pytest.mark.parametrize(
    "text",
    ["", "\0", "a" * 20_000, "1" * 5_000, "9" * 400 + "tr", "\u202e\u200b", "()" * 900, "chị " * 500, "mai " * 900],
)
def test_awkward_texts_are_kept(text: str) -> None:
    assert understand(text, NOW).text == text


@given(
    st.integers(0, 99_999_999), st.sampled_from(["03", "05", "07", "08", "09"]), st.sampled_from(["", " ", ".", "-"])
)
def test_a_phone_reads_back_as_it_was_written(digits: int, prefix: str, sign: str) -> None:
    number = f"{prefix}{digits:08d}"
    written = sign.join((number[:4], number[4:7], number[7:]))
    e164 = parse_phone(written)
    assert [found.e164 for found in find_phones(f"chị Lan {written}, mai gọi")] == ([e164] if e164 else [])
    if e164:
        assert e164 == f"+84{number[1:]}"
        assert parse_phone(national(e164)) == e164


@given(MOMENTS)
def test_the_same_moment_elsewhere_is_its_own_day(now: datetime) -> None:
    assert due_of("mai gọi chị Lan", now).on == now.date() + timedelta(1)
    abroad = now.astimezone(UTC)
    assert due_of("mai gọi chị Lan", abroad).on == abroad.date() + timedelta(1)
