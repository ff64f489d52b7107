"""The fields of an approved template: which of our values each is meant for, what fits into it, and what keeps a template from use."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from bot.domain.names import folded
from bot.domain.zalo_templates import Description, FieldValue, Sort, Status, TemplateField, TemplateKind

# What always stands in a field begins so among its values; Zalo takes no more of it than of any label.
CONSTANT = "="
_LONGEST_CONSTANT = 30
# ZALO: assumed [M]: how long the text of a field may be where Zalo does not say.
_LONGEST = {
    FieldValue.CUSTOMER: 30,
    FieldValue.CODE: 30,
    FieldValue.COMPANY: 30,
    FieldValue.REP: 30,
    FieldValue.PRODUCT: 200,
    FieldValue.BOUGHT_ON: 20,
    FieldValue.TODAY: 20,
    FieldValue.AMOUNT: 20,
    FieldValue.LINK: 200,
    FieldValue.TOKEN: 200,
    FieldValue.WORDS: 200,
}
# ZALO: assumed [L]: what Zalo calls fields that hold nothing but digits, a day as dd/mm/yyyy, or a number to call.
_DIGITS, _DAY, _PHONE = frozenset(("NUMBER", "CURRENCY")), "DATE", "PHONE"
# The messages that are about a link of ours. Cut short it leads nowhere; a survey's ends in 40 characters that nobody guesses.
LINKED = frozenset((TemplateKind.CSAT, TemplateKind.NPS))
LINKS = (FieldValue.LINK, FieldValue.TOKEN)
_LEAST = {FieldValue.LINK: 100, FieldValue.TOKEN: 40}
_DAYS = (FieldValue.BOUGHT_ON, FieldValue.TODAY)
_DATED = r"ngay|date|day|time|thoi_gian|hom_nay|today"
# Names as people give them, Vietnamese and English, the more telling first: `ten_san_pham` is no person's name.
_NAMES: tuple[tuple[str, FieldValue], ...] = (
    (r"token|slug|path|ma_link|link_id", FieldValue.TOKEN),
    (r"link|url|website|duong_dan|lien_ket", FieldValue.LINK),
    (
        r"(?:order|purchase|buy|bought|sold)_(?:date|day|time)|(?:date|day)_(?:order|bought)|ngay_(?:mua|dat|ban|don)(?:_hang)?",
        FieldValue.BOUGHT_ON,
    ),
    (
        r"(?:customer|client|order|khach|khach_hang)_(?:code|id|no)|ma(?:_so)?|ma_(?:kh|khach|khach_hang|don|don_hang)|code|makh|madon",
        FieldValue.CODE,
    ),
    (
        r"amount|total|price|cost|payment|money|so_tien|tong_tien|thanh_tien|gia|gia_tri|tri_gia|sotien|tongtien",
        FieldValue.AMOUNT,
    ),
    (
        r"rep|sales?|seller|staff|agent|employee|consultant|advisor|nhan_vien|nhanvien|nv|tu_van|tu_van_vien|phu_trach|nguoi_ban",
        FieldValue.REP,
    ),
    (r"company|shop|store|brand|merchant|cong_ty|congty|cua_hang|cuahang|thuong_hieu|doanh_nghiep", FieldValue.COMPANY),
    (
        r"products?|items?|service|goods|san_pham|sanpham|sp|dich_vu|mat_hang|ten_hang|hang_hoa|ten_sp|tensp",
        FieldValue.PRODUCT,
    ),
    (r"content|message|words|text|answer|note|noi_dung|loi_nhan|tin_nhan|tra_loi|ghi_chu|thong_bao", FieldValue.WORDS),
    (
        r"customer|client|khach|khach_hang|khachhang|kh|name|full_name|ho_ten|hoten|ten|ten_khach|tenkhach|tenkhachhang",
        FieldValue.CUSTOMER,
    ),
)
_MEANT = [(re.compile(rf"(?:^|_)(?:{names})(?:_|$)"), value) for names, value in _NAMES]
_IS_DATED = re.compile(rf"(?:^|_)(?:{_DATED})(?:_|$)")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Objection(StrEnum):
    """Why a template cannot be used for a kind of message."""

    PENDING = "pending"
    REJECTED = "rejected"
    DISABLED = "disabled"
    DELETED = "deleted"
    NOT_ENABLED = "not_enabled"  # a status that we do not know
    OTP = "otp"
    NOBODY = "nobody"  # it goes neither to an account nor to a phone number


_BY_STATUS = {
    Status.PENDING: Objection.PENDING,
    Status.REJECTED: Objection.REJECTED,
    Status.DISABLED: Objection.DISABLED,
    Status.DELETED: Objection.DELETED,
}


def objection_to(description: Description) -> Objection | None:
    """What speaks against using it at all; None where nothing does."""
    if description.status != Status.ENABLED:
        known = next((objection for status, objection in _BY_STATUS.items() if status == description.status), None)
        return known or Objection.NOT_ENABLED
    if description.sort is Sort.OTP:
        return Objection.OTP
    return None if description.by_user or description.by_phone else Objection.NOBODY


def meant_for(kind: TemplateKind, field: TemplateField) -> str:
    """Which of our values a field is meant for, by its name; "" where nobody can tell."""
    name = re.sub(r"[^a-z0-9]+", "_", folded(_HUMP.sub("_", unicodedata.normalize("NFC", field.name)))).strip("_")
    value = next((value for pattern, value in _MEANT if pattern.search(name)), None)
    if value not in _DAYS and (_IS_DATED.search(name) or wants_day(field)):
        value = FieldValue.BOUGHT_ON if kind is TemplateKind.CSAT else FieldValue.TODAY
    if value is FieldValue.LINK and not fits(kind, field, value):
        value = FieldValue.TOKEN
    return value.value if value and fits(kind, field, value) else ""


def first_values(
    kind: TemplateKind, fields: Sequence[TemplateField], before: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What fills each field to begin with: as it was before, else by its name."""
    known = before or {}
    kept = {
        one.name: known[one.name] for one in fields if one.name in known and _still_fits(kind, one, known[one.name])
    }
    return {one.name: kept.get(one.name, meant_for(kind, one)) for one in fields}


def _still_fits(kind: TemplateKind, field: TemplateField, value: str) -> bool:
    if value.startswith(CONSTANT):
        return len(value) <= room(field, value) + len(CONSTANT)
    return value == "" or (value in set(FieldValue) and fits(kind, field, FieldValue(value)))


def fits(kind: TemplateKind, field: TemplateField, value: FieldValue) -> bool:
    """Whether a value of ours may fill a field in such a message: no link where there is none, none that would be cut, no words
    where Zalo wants a day or digits."""
    if value in LINKS and kind not in LINKED:
        return False
    if wants_day(field):
        return value in _DAYS
    if wants_digits(field):
        return value is FieldValue.AMOUNT
    return field.kind.upper() != _PHONE and room(field, value) >= _LEAST.get(value, 1)


def fitting(kind: TemplateKind, field: TemplateField) -> list[FieldValue]:
    """All that may fill it."""
    return [value for value in FieldValue if fits(kind, field, value)]


def wants_digits(field: TemplateField) -> bool:
    """Whether it holds a number and nothing else."""
    return field.kind.upper() in _DIGITS


def wants_day(field: TemplateField) -> bool:
    """Whether it holds a day and nothing else."""
    return field.kind.upper() == _DAY


def room(field: TemplateField, value: str) -> int:
    """How many characters fit into a field that is filled so."""
    if field.longest > 0:
        return field.longest
    return _LONGEST[FieldValue(value)] if value in set(FieldValue) else _LONGEST_CONSTANT


def cut(text: str, longest: int) -> str:
    """`text` on one line in NFC, of at most so many characters: what is too long ends after a whole word with …"""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    whole, blank, _ = kept.rpartition(" ")
    if blank and text[longest - 1] != " " and len(whole) >= longest // 2:
        kept = whole
    return kept.rstrip(" ,.;:–-") + "…"


def unfilled(fields: Sequence[TemplateField], values: Mapping[str, str]) -> list[TemplateField]:
    """What it requires and nothing fills."""
    return [one for one in fields if one.required and not values.get(one.name)]


def leads_somewhere(kind: TemplateKind, sort: Sort, values: Mapping[str, str]) -> bool:
    """Whether the customer can do what the message asks of them: by its link, or by a rating template's stars."""
    if kind not in LINKED or (kind is TemplateKind.CSAT and sort is Sort.RATING):
        return True
    return needs_link(values)


def needs_link(values: Mapping[str, str]) -> bool:
    """Whether it cannot go where we have no address of our own."""
    return any(value in LINKS for value in values.values())
