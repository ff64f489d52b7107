"""One field after another, by example."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.customers import Heat, Source, Stage
from bot.domain.names import folded
from bot.domain.phones import national, parse_phone
from bot.domain.timeline import Sentiment
from bot.domain.understanding import (
    Due,
    Intent,
    Known,
    KnownCustomer,
    KnownProduct,
    Problem,
    ProblemKind,
    parse_amount,
    parse_due,
    understand,
    understand_all,
)
from bot.domain.understanding.records import understand_record

NOW = datetime(2026, 11, 25, 14, 20, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))  # a Wednesday


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1tr5", 1_500_000), ("1tr050", 1_050_000), ("2tỷ3", 2_300_000_000), ("18 triệu rưỡi", 18_500_000),
        ("1.200k", 1_200_000),
        ("1,9 triệu", 1_900_000), ("1 tỷ 250 triệu", 1_250_000_000), ("12.500.000 ₫", 12_500_000),
        ("ba triệu rưỡi", 3_500_000),
        ("nam tram nghin", 500_000), ("nửa tỷ", 500_000_000), ("1500000", 1_500_000), ("5 thùng x 320k", 1_600_000),
        ("25 million VND", 25_000_000),
        ("cọc 5tr còn lại 15tr", 20_000_000), ("giá 12tr giảm còn 11tr", 11_000_000),
        ("2 váy 1tr2 với 1 áo 450k", 1_650_000), ("nhiều", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_said(text: str, amount: int | None) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("mai", "2026-11-26"), ("mốt", "2026-11-27"), ("T6 tuan sau", "2026-12-04"), ("3 ngày nữa", "2026-11-28"),
        ("9h sáng mai", "2026-11-26T09:00"),
        ("15/12", "2026-12-15"), ("2 rưỡi chiều", "2026-11-25T14:30"),
        ("4 giờ kém 15 chiều thứ tư", "2026-12-02T15:45"), ("mùng 6 tết", "2027-02-11"),
        ("sau tết", "2027-02-11"), ("rằm tháng giêng", "2027-02-20"), ("28 tết", "2027-02-04"),
        ("cuối tháng", "2026-11-30"), ("nửa tháng nữa", "2026-12-10"),
        ("next Friday", "2026-12-04"), ("day after tomorrow at 3pm", "2026-11-27T15:00"), ("3 ngày", "2026-11-28"),
        ("15", "2026-12-15"),
        ("15/12/2026", "2026-12-15"), ("9-10h mai", "2026-11-26T09:00"), ("thứ 6 ngày 27/11", "2026-11-27"),
        ("tuần sau nữa", "2026-12-07"),
    ],
)  # fmt: skip
def test_a_date_is_read_as_it_is_said(text: str, due: str) -> None:
    found = parse_due(text, NOW)
    assert isinstance(found, Due)
    assert found.isoformat() == due


@pytest.mark.parametrize(
    ("text", "kind", "phrase"),
    [
        ("31/2", ProblemKind.IMPOSSIBLE_DATE, "31/2"),
        ("lúc 25h", ProblemKind.IMPOSSIBLE_TIME, "25h"),
        ("15/11/2025", ProblemKind.PAST_DATE, "15/11/2025"),
    ],
)
def test_a_date_that_cannot_be_says_what_is_wrong(text: str, kind: ProblemKind, phrase: str) -> None:
    assert parse_due(text, NOW) == Problem("due", kind, phrase)


def test_a_text_without_a_date_is_none() -> None:
    assert parse_due("để xem đã", NOW) is None


def test_an_impossible_date_leaves_the_rest_of_the_message() -> None:
    capture = understand("hẹn chị Lan 31/2 ký hợp đồng", NOW)
    assert (capture.intent, capture.name, capture.due) == (Intent.FOLLOWUP, "Lan", None)
    assert capture.problems == (Problem("due", ProblemKind.IMPOSSIBLE_DATE, "31/2"),)


@pytest.mark.parametrize("text", ["hôm nào rảnh gọi chị Lan", "mai mốt ghé anh Minh", "vài hôm nữa gọi chị Lan"])
def test_a_vague_day_is_asked_and_not_guessed(text: str) -> None:
    capture = understand(text, NOW)
    assert capture.due is None
    assert [unsure.field for unsure in capture.unsure] == ["due"]


def test_two_days_to_choose_from_are_both_offered() -> None:
    [unsure] = understand("t5 hoặc t6 gọi chị Thu", NOW).unsure
    assert [due.on for due in unsure.candidates if isinstance(due, Due)] == [date(2026, 11, 26), date(2026, 11, 27)]


def test_what_is_over_is_no_due_date() -> None:
    assert understand("sáng nay gặp anh Giàu, anh ok giá", NOW).due is None
    assert understand("hôm 12/11 chị Yến mua máy ép", NOW).due is None
    assert understand("chị Quyên sinh nhật 20/12", NOW).due is None


def test_a_due_date_says_what_is_to_be_done() -> None:
    assert understand("a Minh ok báo giá, 9h sáng mai gọi lại", NOW).due == Due(
        date(2026, 11, 26), time(9), "9h sáng mai", "gọi lại"
    )


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("mốt gọi chị Hoa gửi báo giá", "gọi chị Hoa gửi báo giá"),
        ("cuối tháng gọi c Yến chào gói mới", "gọi c Yến chào gói mới"),
        ("nhắc mình 3h chiều mai gọi chị Ty chốt số ghế", "gọi chị Ty chốt số ghế"),
        ("gọi anh Tín lúc 9h mai báo giá gạch", "gọi anh Tín báo giá gạch"),
        ("9h mai, gửi hợp đồng cho anh Minh", "gửi hợp đồng cho anh Minh"),
        ("nhắc em Hậu đóng học phí thứ 6", "nhắc em Hậu đóng học phí"),
        ("chị Hoa chốt tủ 12tr5, mai giao", "giao"),
        ("Remind me to call Linh at 3pm today", "call Linh"),
        ("chiều gọi chị Lan chốt số lượng", "gọi chị Lan chốt số lượng"),
    ],
)
def test_the_task_is_the_whole_promise_in_the_reps_own_words(text: str, task: str) -> None:
    due = understand(text, NOW).due
    assert due is not None
    assert due.task == task


def test_a_part_of_the_day_that_is_over_promises_nothing() -> None:
    assert understand("sáng gọi chị Lan", NOW).due is None
    assert understand("chiều gọi chị Lan không nghe máy", NOW).due is None


def test_toi_without_a_mark_could_be_i_and_is_asked() -> None:
    capture = understand("c Lan ko nghe may, toi goi lai", NOW)
    assert capture.due is None
    [due] = next(unsure.candidates for unsure in capture.unsure if unsure.field == "due")
    assert isinstance(due, Due)
    assert due.on == NOW.date()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("c Lan chốt 0đ", ProblemKind.NOT_POSITIVE),
        ("c Lan chốt -5tr", ProblemKind.NOT_POSITIVE),
        ("c Lan chốt 200 tỷ", ProblemKind.TOO_LARGE),
    ],
)
def test_an_absurd_amount_is_to_be_confirmed(text: str, kind: ProblemKind) -> None:
    assert [problem.kind for problem in understand(text, NOW).problems] == [kind]


def test_a_bare_figure_could_be_thousands_or_millions() -> None:
    capture = understand("chị Phúc ck 350", NOW)
    assert capture.amount_vnd is None
    assert [unsure.candidates for unsure in capture.unsure] == [(350_000, 350_000_000)]


@pytest.mark.parametrize("text", ["c Hòng mua gói Pro 12.5", "anh Trí ck 12,5 tiền gạch"])
def test_a_figure_with_a_comma_is_millions_or_thousands(text: str) -> None:
    capture = understand(text, NOW)
    assert (capture.intent, capture.amount_vnd) == (Intent.SALE, None)
    assert [unsure.candidates for unsure in capture.unsure] == [(12_500_000, 12_500)]


@pytest.mark.parametrize("text", ["chị Hoa chốt tủ", "anh Tuấn chốt", "0911 000 222 ok lay 1 bo", "bác Tư đặt cọc rồi"])
def test_a_sale_may_come_without_an_amount_which_is_asked(text: str) -> None:
    capture = understand(text, NOW)
    assert (capture.intent, capture.amount_vnd) == (Intent.SALE, None)
    assert "amount" in [unsure.field for unsure in capture.unsure]


@pytest.mark.parametrize(
    "text",
    [
        "chị Hoa chưa chốt tủ",
        "anh Nam mua bên khác rồi",
        "chị Lan lấy mẫu về coi",
        "anh Bảy k mua",
        "nếu rẻ thì chị Hoa mua",
    ],
)
def test_what_is_no_deal_is_no_sale(text: str) -> None:
    assert understand(text, NOW).intent is not Intent.SALE


@pytest.mark.parametrize(
    ("text", "honorific", "name"),
    [
        ("bé Ngân thích màu trắng", "em", "Ngân"),
        ("dì Ba hỏi giá", None, "Ba"),
        ("sếp Dũng duyệt giá rồi", None, "Dũng"),
        ("vợ chồng anh Lâm ưng căn góc", "anh", "Lâm"),
        ("lan k nghe máy", None, "Lan"),
        ("bé lớn nhà chị Lan sắp thi", "chị", "Lan"),
        ("lich hen mai", None, None),
    ],
)
def test_people_are_called_in_many_ways(text: str, honorific: str | None, name: str | None) -> None:
    capture = understand(text, NOW)
    assert (capture.honorific, capture.name) == (honorific, name)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("a Tèo Cần Thơ 0912 345 101 hỏi mua tủ bếp", "tủ bếp"),
        ("c Diem 0912345102, 20 bo ban ghe", "bo ban ghe"),
        ("chị Loan 0912345103 quan tâm combo phòng ngủ 50-60tr", "combo phòng ngủ"),
        ("c Lan 0912345678 hoi may loc nuoc 10 loi", "may loc nuoc 10 loi"),
        ("anh Định 0912345678 cần xuất hoá đơn", None),
        ("chị Hoa hỏi mua tủ bếp", "tủ bếp"),
    ],
)
def test_what_they_want_is_the_thing_and_not_the_words_around_it(text: str, product: str | None) -> None:
    assert understand(text, NOW).product == product


@pytest.mark.parametrize(
    "text",
    ["anh Định MST 0312345678", "chị Hằng CCCD 079188001234", "gửi STK 0912345678 cho anh Hiển", "mã đơn 0987654321"],
)
def test_numbers_of_something_else_are_no_phones(text: str) -> None:
    capture = understand(text, NOW)
    assert (capture.phones, capture.not_phones, capture.amount_vnd) == ((), (), None)


def test_a_phone_after_a_second_person_is_theirs() -> None:
    capture = understand("chị Thu khen máy tốt, giới thiệu chị Bích 0911 444 555", NOW)
    assert (capture.intent, capture.name, capture.phones) == (Intent.FEEDBACK, "Thu", ())
    assert ("phone", ("+84911444555",)) in [(unsure.field, unsure.candidates) for unsure in capture.unsure]


def test_a_name_is_kept_as_typed_where_it_looks_like_none() -> None:
    assert understand("Khách mới <b>Bùi & Con</b> 0912 345 678", NOW).name == "<b>Bùi & Con</b>"
    assert understand("Khách mới từ fb 0912 345 678", NOW).name is None


def test_who_came_by_a_channel_or_was_sent_there_is_asked() -> None:
    capture = understand("A Tâm 0913 990 022, khách zalo giới thiệu, cần keo dán gỗ", NOW)
    assert capture.source is None
    assert ("source", (Source.REFERRAL, Source.ZALO)) in [
        (unsure.field, unsure.candidates) for unsure in capture.unsure
    ]


@pytest.mark.parametrize(
    "text",
    [
        "0912 345 678",
        "+84.912.345.678",
        "84912345678",
        "0084 912 345 678",
        "912345678",
        "(+84) 912-345-678",
        "O912345678",
        "+84 (0)912345678",
    ],
)
def test_a_phone_is_read_in_any_format(text: str) -> None:
    assert parse_phone(text) == "+84912345678"


def test_phones_of_before_2018_are_read_as_they_are_today() -> None:
    assert parse_phone("0163 456 7890") == "+84334567890"


def test_phones_are_shown_as_people_read_them() -> None:
    assert national("+84912345678") == "0912 345 678"
    assert national("+14155550132") == "+1 415-555-0132"


def test_the_new_number_comes_before_the_old() -> None:
    capture = understand("chị Thủy số cũ 0912 999 888, số mới 0977 111 333", NOW)
    assert capture.phones == ("+84977111333", "+84912999888")


def test_digits_that_are_no_phone_are_shown_and_kept() -> None:
    capture = understand("khách mới chị Lan sđt 0912 345, fb", NOW)
    assert (capture.phones, capture.not_phones) == ((), ("0912 345",))
    assert Problem("phone", ProblemKind.NOT_A_PHONE, "0912 345") in capture.problems
    assert "0912 345" in capture.note


def test_who_sent_the_customer_is_the_referrer_and_not_the_customer() -> None:
    capture = understand("c Lan 0977.123.456 do anh Hùng giới thiệu, hỏi bàn ăn", NOW)
    assert (capture.name, capture.referrer, capture.source) == ("Lan", "anh Hùng", Source.REFERRAL)


def test_words_that_betray_interest_suggest_and_never_set() -> None:
    capture = understand("chị Lan đang cân nhắc, để xem đã", NOW)
    assert (capture.heat, capture.suggested_heat) == (None, Heat.WARM)
    capture = understand("anh Minh xin demo gói Pro", NOW)
    assert (capture.heat, capture.suggested_heat, capture.suggested_stage) == (None, Heat.HOT, Stage.DEMO)


@pytest.mark.parametrize(
    "text", ["chị Hoa hỏi máy nước nóng", "anh Nam cần tủ lạnh 400 lít", "bình nóng lạnh của cô Mai rò nước"]
)
def test_hot_water_and_fridges_are_goods(text: str) -> None:
    assert understand(text, NOW).heat is None


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [
        ("chị Lan khen máy chạy êm", Sentiment.PRAISE),
        ("anh Minh phàn nàn giao trễ", Sentiment.COMPLAINT),
        ("cô Diệp không hài lòng", Sentiment.COMPLAINT),
        ("chị Hoa phản hồi về sản phẩm", None),
    ],
)
def test_feedback_points_one_way_or_is_asked(text: str, sentiment: Sentiment | None) -> None:
    capture = understand(text, NOW)
    assert (capture.intent, capture.sentiment) == (Intent.FEEDBACK, sentiment)


@pytest.mark.parametrize("text", ["0912345678", "chị Lan", "KH000123", "Trần Quốc Bảo"])
def test_a_phone_a_name_or_a_code_alone_is_looked_up(text: str) -> None:
    assert understand(text, NOW).intent is Intent.LOOKUP


def test_several_lines_with_a_customer_each_are_several_customers() -> None:
    text = "1. Anh Tú 0911 111 222 zalo\n2. Chị Vy 0922 222 333 fb, nóng\n3. Anh Khoa 0933 333 444 web"
    captures = understand_all(text, NOW)
    assert [(c.name, c.source, c.heat) for c in captures] == [
        ("Tú", Source.ZALO, None),
        ("Vy", Source.FACEBOOK, Heat.HOT),
        ("Khoa", Source.WEBSITE, None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a Phúc, 0909123456; chị Mỹ 0909123457; cô Tám 0909123458",
        "a Phúc 0909123456 / chị Mỹ 0909123457 / cô Tám 0909123458",
        "3 khách mới:\na Phúc 0909123456\nchị Mỹ 0909123457\ncô Tám 0909123458",
    ],
)
def test_a_list_is_several_customers_however_it_is_parted(text: str) -> None:
    assert [(c.name, c.phones) for c in understand_all(text, NOW)] == [
        ("Phúc", ("+84909123456",)),
        ("Mỹ", ("+84909123457",)),
        ("Tám", ("+84909123458",)),
    ]


def test_two_phones_of_one_customer_are_no_list() -> None:
    [capture] = understand_all("Chị Vân 0905 111 222 / 0905 333 444", NOW)
    assert capture.phones == ("+84905111222", "+84905333444")


def test_lines_about_one_customer_are_one_customer() -> None:
    text = "a Quốc Việt\n0888 123 450\nweb\nquan tâm máy CNC mini\nthứ 2 gọi"
    [capture] = understand_all(text, NOW)
    assert (capture.name, capture.source, capture.product) == ("Quốc Việt", Source.WEBSITE, "máy CNC mini")


OWN = Known(
    customers=[
        KnownCustomer(1, "Nguyễn Thị Lan", "chị", phones=("+84912345678",)),
        KnownCustomer(2, "Trần Ngọc Lan", "cô", talked_at=NOW),
        KnownCustomer(3, "Phạm Lân", "anh"),
        KnownCustomer(4, "Lê Hoàng Tuấn", "anh", nicknames=("Tuấn gara",)),
    ],
    products=[KnownProduct("Gói Pro 12 tháng", ("pro", "gói pro"))],
    colleagues=["Hùng"],
)


def test_a_known_phone_is_that_customer() -> None:
    assert understand("0912 345 678 mai gọi", NOW, OWN).customer_ids == (1,)


def test_a_name_that_two_customers_bear_is_asked() -> None:
    capture = understand("gọi Lan mai", NOW, OWN)
    assert capture.customer_ids == (2, 1)
    assert ("customer", (2, 1)) in [(unsure.field, unsure.candidates) for unsure in capture.unsure]


def test_the_honorific_tells_two_customers_apart() -> None:
    assert understand("mai gọi cô Lan", NOW, OWN).customer_ids == (2,)


def test_exact_marks_come_before_folded_ones() -> None:
    assert understand("mai gọi anh Lân", NOW, OWN).customer_ids == (3,)


def test_a_nickname_names_its_owner() -> None:
    capture = understand("mai ghé tuấn gara lấy hàng", NOW, OWN)
    assert (capture.name, capture.customer_ids) == ("Lê Hoàng Tuấn", (4,))


def test_a_number_as_a_name_is_no_count_of_weeks() -> None:
    own = Known([KnownCustomer(7, "Bảy", "chú"), KnownCustomer(8, "Nguyễn Văn Bảy", "anh")])
    capture = understand("gọi lại chú Bảy tuần sau", NOW, own)
    assert (capture.name, capture.customer_ids) == ("Bảy", (7,))
    assert capture.due is not None
    assert capture.due.on == date(2026, 11, 30)


def test_a_typo_in_a_long_name_is_forgiven() -> None:
    assert understand("mai gọi anh Lê Hoàng Tuân", NOW, OWN).customer_ids == (4,)


def test_a_colleague_is_not_the_customer() -> None:
    assert understand("nhắc anh Hùng gọi chị Lan thứ 6", NOW, OWN).name == "Lan"


def test_a_product_is_called_by_its_own_name() -> None:
    assert understand("cô Lan chốt pro 12tr5", NOW, OWN).product == "Gói Pro 12 tháng"


def test_a_name_is_found_without_marks_and_case() -> None:
    assert folded("Đặng  Thị HẰNG") == "dang thi hang"


def test_a_record_in_is_a_record_out() -> None:
    record = understand_record({"text": "c Lan chốt gói Pro 12tr5, mai giao", "now": NOW.isoformat()})
    assert {key: record[key] for key in ("intent", "name", "amount_vnd", "due", "product", "source", "heat", "phone_e164")} == {
        "intent": "sale", "name": "Lan", "amount_vnd": 12_500_000, "due": "2026-11-26", "product": "gói Pro",
        "source": None, "heat": None, "phone_e164": None,
    }  # fmt: skip
