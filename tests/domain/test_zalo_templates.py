"""Fields of approved templates: what each is meant for, what fits into it, what keeps a template from use."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.template_fields import (
    CONSTANT,
    Objection,
    cut,
    first_values,
    fits,
    fitting,
    leads_somewhere,
    meant_for,
    needs_link,
    objection_to,
    room,
    unfilled,
)
from bot.domain.zalo_templates import Description, FieldValue, Sort, TemplateField, TemplateKind, ZaloTemplate
from bot.filling import filled_in
from bot.i18n import Translator

T = Translator("vi", "Asia/Ho_Chi_Minh")
APPROVED = Description("400123", "Khảo sát sau mua", "ENABLE")
# What the values look like where everything is known, and where nothing is that need not be.
RICH = dict.fromkeys(FieldValue, "Bàn ăn gỗ sồi An Nhiên sáu ghế bọc nệm xanh") | {
    FieldValue.AMOUNT: "12.500.000 ₫",
    FieldValue.TODAY: "21/11/2026",
    FieldValue.BOUGHT_ON: "18/11/2026",
    FieldValue.LINK: "https://khach.example/s/" + "a" * 40,
    FieldValue.TOKEN: "a" * 40,
}
POOR = dict.fromkeys(FieldValue, "") | {FieldValue.TODAY: "21/11/2026"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("customer_name", "customer"),
        ("customerName", "customer"),
        ("ten_khach_hang", "customer"),
        ("tên_khách", "customer"),
        ("name", "customer"),
        ("ten_san_pham", "product"),
        ("product_name", "product"),
        ("san_pham", "product"),
        ("order_code", "code"),
        ("ma_don", "code"),
        ("ma_khach_hang", "code"),
        ("customer_code", "code"),
        ("nhan_vien", "rep"),
        ("ten_nhan_vien", "rep"),
        ("sale_name", "rep"),
        ("shop_name", "company"),
        ("ten_cong_ty", "company"),
        ("ngay_mua", "bought_on"),
        ("order_date", "bought_on"),
        ("ngay", "bought_on"),
        ("date", "bought_on"),
        ("tong_tien", "amount"),
        ("price", "amount"),
        ("noi_dung", "words"),
        ("xyz", ""),
        ("phone_number", ""),
        ("", ""),
    ],
)
def test_a_field_is_known_by_its_name(name: str, value: str) -> None:
    assert meant_for(TemplateKind.CSAT, TemplateField(name)) == value


def test_a_day_of_no_survey_is_the_day_it_is_sent() -> None:
    assert meant_for(TemplateKind.SOLVED, TemplateField("ngay")) == "today"
    assert meant_for(TemplateKind.NPS, TemplateField("xyz", kind="DATE")) == "today"


def test_a_link_goes_where_it_fits_whole_and_only_where_there_is_one() -> None:
    link = TemplateField("link", longest=200)
    assert meant_for(TemplateKind.NPS, link) == "link"
    assert meant_for(TemplateKind.NPS, replace(link, longest=60)) == "token"
    assert meant_for(TemplateKind.NPS, replace(link, longest=30)) == ""
    assert meant_for(TemplateKind.SOLVED, link) == ""
    assert not fits(TemplateKind.ANSWER, link, FieldValue.TOKEN)


def test_fields_for_days_numbers_and_phones_take_nothing_else() -> None:
    assert fitting(TemplateKind.CSAT, TemplateField("x", kind="DATE")) == [FieldValue.BOUGHT_ON, FieldValue.TODAY]
    assert fitting(TemplateKind.CSAT, TemplateField("x", kind="CURRENCY")) == [FieldValue.AMOUNT]
    assert fitting(TemplateKind.CSAT, TemplateField("phone", kind="PHONE")) == []


def test_what_was_chosen_before_stays_where_it_still_fits() -> None:
    fields = (TemplateField("ten"), TemplateField("ma", longest=5), TemplateField("moi"), TemplateField("link"))
    before = {"ten": "rep", "ma": "=quá dài", "link": "no such value", "gone": "customer"}
    assert first_values(TemplateKind.CSAT, fields, before) == {"ten": "rep", "ma": "code", "moi": "", "link": "link"}


@pytest.mark.parametrize(
    ("status", "objection"),
    [
        ("ENABLE", None),
        ("PENDING_REVIEW", Objection.PENDING),
        ("REJECT", Objection.REJECTED),
        ("DISABLE", Objection.DISABLED),
        ("DELETE", Objection.DELETED),
        ("enable", Objection.NOT_ENABLED),
        ("WHATEVER", Objection.NOT_ENABLED),
    ],
)
def test_only_what_zalo_has_enabled_is_used(status: str, objection: Objection | None) -> None:
    assert objection_to(replace(APPROVED, status=status)) == objection


def test_codes_and_what_goes_to_nobody_are_refused() -> None:
    assert objection_to(replace(APPROVED, sort=Sort.OTP)) is Objection.OTP
    assert objection_to(replace(APPROVED, by_user=False, by_phone=False)) is Objection.NOBODY
    assert objection_to(replace(APPROVED, by_user=False)) is None


def test_a_survey_has_to_lead_somewhere() -> None:
    assert leads_somewhere(TemplateKind.CSAT, Sort.RATING, {})
    assert not leads_somewhere(TemplateKind.CSAT, Sort.CUSTOM, {"ten": "customer"})
    assert not leads_somewhere(TemplateKind.NPS, Sort.RATING, {"ten": "customer"})
    assert leads_somewhere(TemplateKind.NPS, Sort.CUSTOM, {"link": "token"})
    assert leads_somewhere(TemplateKind.SOLVED, Sort.CUSTOM, {})
    assert needs_link({"url": "link"})
    assert not needs_link({"ten": "=link"})


def test_a_template_is_ready_when_all_that_it_requires_is_filled() -> None:
    fields = (TemplateField("ten"), TemplateField("ghi_chu", required=False))
    template = ZaloTemplate(TemplateKind.ANSWER, "1", "Trả lời", fields)
    assert [one.name for one in unfilled(fields, {})] == ["ten"]
    assert not template.is_ready
    assert replace(template, values={"ten": "customer"}).is_ready


@given(st.text(), st.integers(1, 300))
def test_what_is_cut_is_never_too_long_nor_empty_nor_of_two_lines(text: str, longest: int) -> None:
    said = cut(text, longest)
    assert len(said) <= longest
    assert bool(said) == bool(text.split())
    assert "\n" not in said
    assert said == unicodedata.normalize("NFC", said)


def test_what_is_too_long_ends_after_a_whole_word() -> None:
    assert cut("Bàn ăn gỗ sồi sáu ghế", 15) == "Bàn ăn gỗ sồi…"
    assert cut("Bàn ăn gỗ sồi sáu ghế", 21) == "Bàn ăn gỗ sồi sáu ghế"
    assert cut(unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ánh"), 19) == "Nguyễn Thị Ngọc Ánh"
    assert cut("a" * 40, 10) == "a" * 9 + "…"


values = st.one_of(
    st.sampled_from(["", *FieldValue, "nonsense"]), st.text(min_size=1).map(lambda words: CONSTANT + words)
)
fields = st.builds(
    TemplateField,
    name=st.text(max_size=20),
    required=st.booleans(),
    kind=st.sampled_from(["STRING", "NUMBER", "CURRENCY", "DATE", "PHONE", ""]),
    longest=st.integers(0, 12) | st.integers(0, 200),
)


@given(fields, values, st.sampled_from([RICH, POOR]))
def test_what_fills_a_field_is_never_too_long_and_what_is_required_never_empty(
    field: TemplateField, value: str, ours: dict[FieldValue, str]
) -> None:
    said = filled_in(T, field, value, ours.__getitem__)
    assert len(said) <= room(field, value)
    assert said or not field.required
    if field.kind in ("NUMBER", "CURRENCY") and said:
        assert said.isascii()
        assert said.isdigit()


def test_what_is_not_known_is_said_decently_and_a_link_is_never_cut() -> None:
    def said(value: FieldValue, **field: object) -> str:
        return filled_in(T, TemplateField("x", **field), value, POOR.__getitem__)  # type: ignore[arg-type]

    assert said(FieldValue.PRODUCT) == "đơn hàng"
    assert said(FieldValue.CUSTOMER) == "quý khách"
    assert said(FieldValue.COMPANY) == "cửa hàng"
    assert said(FieldValue.BOUGHT_ON) == "gần đây"
    assert said(FieldValue.BOUGHT_ON, kind="DATE") == "21/11/2026"
    assert said(FieldValue.PRODUCT, required=False) == ""
    assert filled_in(T, TemplateField("x", longest=50), FieldValue.LINK, RICH.__getitem__) == "-"
    assert filled_in(T, TemplateField("x", kind="NUMBER"), FieldValue.AMOUNT, RICH.__getitem__) == "12500000"
    assert filled_in(T, TemplateField("x", kind="NUMBER", longest=7), FieldValue.AMOUNT, RICH.__getitem__) == "0"
