"""What an owner types on the first day: the company's name in a sentence, where customers were kept, what is sold."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from bot.domain.company import Trade
from bot.domain.names import folded, lower_letters

_Said = TypeVar("_Said")


class Habit(StrEnum):
    """How customers were handled until today."""

    EXCEL = "excel"
    ZALO = "zalo"
    NOTEBOOK = "notebook"
    NOTHING = "nothing"


# As people say it, folded; the first that is found counts.
_HABITS: Sequence[tuple[Habit, str]] = (
    (Habit.EXCEL, r"excel|exel|sheets?|spreadsheet|bang tinh|file"),
    (Habit.ZALO, r"zalo|chat|messenger|facebook|fb|tin nhan"),
    (Habit.NOTEBOOK, r"so(?: sach| tay| ghi)?|vo|giay|ghi tay|notebook|paper"),
    (Habit.NOTHING, r"chua|khong|nothing|none|tri nho|trong dau|tu nho|nho"),
)
_TRADES: Sequence[tuple[Trade, str]] = (
    (Trade.B2B, r"b2b|doanh nghiep|cong ty|cty|dai ly|du an|ban si|ban buon|companies|business(?:es)?|wholesale"),
    (Trade.SERVICE, r"dich vu|lich hen|dat lich|spa|salon|phong kham|nha khoa|tham my|services?|appointments?"),
    (Trade.RETAIL, r"(?:ban )?le|retail|cua hang|shop|tiem|tap hoa|my pham|thoi trang|ban online"),
    (Trade.GENERAL, r"khac|tong hop|nhieu thu|linh tinh|du thu|moi thu|other|everything|mixed"),
)


def said_habit(text: str) -> Habit | None:
    """The habit that a text names."""
    return _first(text, _HABITS)


def said_trade(text: str) -> Trade | None:
    """The trade that a text names; a service for companies is sold to companies."""
    return _first(text, _TRADES)


def _first(text: str, words: Sequence[tuple[_Said, str]]) -> _Said | None:
    flat = folded(text)
    return next((said for said, pattern in words if re.search(rf"\b(?:{pattern})\b", flat)), None)


_COMPANY = r"(?:công ty|cong ty|cty|cửa hàng|cua hang|shop|tiệm|tiem|bên|ben|thương hiệu|thuong hieu)"
_OURS = r"(?:(?:của|cua)\s+)?(?:(?:chúng|chung)\s+)?(?:mình|minh|em|anh|chị|chi|tôi|toi|tui)"
# With accents "là" is never the beginning of a name as "La" in "La Vie" is; without, "ten" has to stand before it.
_SAYS_NAME = re.compile(
    rf"^(?:(?:dạ|da|vâng|vang)[\s,]+)?"
    rf"(?:(?:(?:tên|ten)\s+)?(?:{_COMPANY}\s+)?(?:{_OURS}\s+)?(?:(?:(?:có|co)\s+)?(?:tên\s+là|ten\s+la)|(?:gọi|goi)\s+là|là)\s*:?"
    rf"|(?:{_COMPANY}\s+)?{_OURS}\s+(?:tên|ten)\s*:?"
    rf"|(?:tên|ten)(?:\s+{_COMPANY})?\s*:"
    r"|(?:(?:our|my|the)\s+(?:company|shop|store|name)|we)(?:'s\s+name)?\s+(?:is|are)(?:\s+(?:called|named))?)\s+(?=\S)"
)
_POLITE = re.compile(r"[\s,]+(?:ạ|nhé|nhá|em ạ|em nhé)[\s.!]*$", re.IGNORECASE)


def name_said(text: str) -> str:
    """The company's name without the sentence about it: `Công ty mình tên là Mộc An` → `Mộc An`."""
    said = " ".join(unicodedata.normalize("NFC", text).split())
    begins = _SAYS_NAME.match(lower_letters(said))
    name = said[begins.end() :] if begins else said
    return _POLITE.sub("", name).strip(' "“”')
