"""Companies, shops and institutions: `cty TNHH An Phát`, `Công ty CP Xây dựng Hoàng Gia`, `ABC Trading Co.`."""

import re
from dataclasses import dataclass

from bot.domain.understanding.message import Message, Word
from bot.domain.understanding.name_words import GIVEN, HONORIFICS, NOT_NAMES, PAIRS
from bot.domain.understanding.patterns import any_of, said, words

_COMPANY = ("công ty", "cty", "cti", "cong ti", "doanh nghiệp", "dn", "tập đoàn", "htx", "hợp tác xã")
_PLACE = (
    "shop", "cửa hàng", "cửa tiệm", "nhà thuốc", "nhà hàng", "khách sạn", "ks", "spa", "salon", "thẩm mỹ viện", "tmv", "trường", "siêu thị", "đại lý", "đl", "xưởng", "gara",
    "garage", "phòng khám", "nha khoa", "bệnh viện", "bv", "resort", "homestay", "trung tâm", "tiệm", "quán", "nhà xe", "phòng gym", "studio", "nhà sách", "hiệu thuốc", "bếp", "tạp hóa",
    "chung cư", "tòa nhà", "khu công nghiệp", "kcn", "ngân hàng", "company",
)  # fmt: skip
_LEGAL = ("tnhh", "cp", "cổ phần", "mtv", "một thành viên", "1tv", "1 thành viên", "tm", "dv", "sx", "xd", "xnk", "tmdv", "tm dv", "tm&dv", "đt", "đtxd", "hai thành viên", "2tv", "tư nhân", "và", "&")  # fmt: skip
_SECTORS = (
    "xây dựng", "thương mại", "dịch vụ", "sản xuất", "nội thất", "vật tư", "thực phẩm", "dược phẩm", "dược", "may mặc", "may", "vận tải", "bất động sản", "du lịch", "công nghệ", "điện máy", "cơ khí", "in ấn",
    "in", "bao bì", "nông sản", "thủy sản", "quảng cáo", "truyền thông", "giáo dục", "đầu tư", "phát triển", "xuất nhập khẩu", "thiết bị", "y tế", "môi trường", "kiến trúc", "thời trang", "mỹ phẩm", "gỗ", "thép",
    "nhựa", "logistics", "bảo hiểm", "chứng khoán", "tư vấn", "thiết kế", "kế toán", "luật", "bảo vệ", "vệ sinh", "phần mềm", "viễn thông", "điện tử", "điện lạnh", "điện", "hóa chất", "phân bón", "giày da", "dệt", "dệt may",
    "vật liệu xây dựng", "vlxd", "mầm non", "tiểu học", "thcs", "thpt", "tiếng anh", "anh ngữ", "ngoại ngữ", "hải sản", "chay", "cafe", "cà phê", "coffee", "bánh", "vàng", "tóc", "nail", "trà sữa", "phở", "cơm", "hoa", "thuốc", "quần áo", "mẹ và bé", "mẹ bé",
    "ô tô", "oto", "xe máy", "ăn", "gạch", "sơn", "kính", "nhôm", "nhôm kính", "sắt", "giấy", "nước", "sữa", "đông lạnh", "thú y", "đa khoa", "nha khoa", "tin học", "máy tính", "điện thoại", "giặt là", "photo", "net",
)  # fmt: skip
_KIND = words(rf"(?P<firm>{any_of(_COMPANY)})|(?P<place>{any_of(_PLACE)})")
_QUALIFIER = words(any_of((*_LEGAL, *_SECTORS)))
_ENGLISH = re.compile(
    r"(?:[A-Z][\w&'-]*[ ]+){1,4}(?:Co\.?,? ?Ltd\.?|Co\.|Ltd\.?|JSC|Corp(?:oration)?\.?|Inc\.?|Company|LLC|Group|Holdings|Logistics)(?!\w)"
)
_ENGLISH_LEAD = re.compile(r"^(?:(?:New|Add|Lead|Customer|Client|Met|Call|With|From|The|For|To|Sold|Signed|Closed)[ :]+)+", re.I)
_ONE_BLANK = re.compile(r"[ ]+|[ ]?[&\-][ ]?|\.[ ]?")
_SUFFIX = re.compile(r"[ ]*,?[ ]*(?:co\.,? ?ltd\.?|ltd\.?|jsc|corp\.?|group)(?![^\W_])")
_STOPS = words(r"(?:sđt|đt|số|tel|fb|facebook|zalo|web|google|tiktok|shopee|hotline|nguồn|khách|lead|chốt|mua|hỏi)")
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class FoundCompany:
    """A company's name, kind of company included, at `start` to `end`."""

    start: int
    end: int
    name: str
    is_firm: bool


def find_companies(message: Message) -> list[FoundCompany]:
    """The companies named, in order."""
    found = [company for match in _KIND.finditer(message.low) if (company := _company(message, match))]
    for match in _ENGLISH.finditer(message.shown):
        start = match.start() + (lead.end() if (lead := _ENGLISH_LEAD.match(match[0])) else 0)
        if not any(c.start <= start < c.end for c in found) and "¤" not in message.low[start : match.end()]:
            found.append(FoundCompany(start, match.end(), message.shown[start : match.end()], True))
    return sorted(found, key=lambda company: company.start)


def _company(message: Message, kind: re.Match[str]) -> FoundCompany | None:
    end = kind.end()
    while qualifier := _QUALIFIER.match(message.low, end + _blanks(message, end)):
        end = qualifier.end()
    brand = _brand(message, end, bool(kind["firm"]))
    if not brand or f"{said(kind[0])} {brand[0].flat}" in PAIRS:
        return None
    end = brand[-1].end
    if suffix := _SUFFIX.match(message.low, end):
        end = suffix.end()
    typed = message.shown[kind.start() : end]
    lowered = message.shown[brand[0].start : end]
    name = typed[: brand[0].start - kind.start()] + (_titled(lowered) if lowered.islower() else lowered)
    return FoundCompany(kind.start(), end, name, bool(kind["firm"]))


def _brand(message: Message, end: int, is_firm: bool) -> list[Word]:
    """The words of the name itself: as long as they are capitals, or one or two typed in lower case."""
    brand: list[Word] = []
    for word in (word for word in message.words if word.start >= end):
        gap = message.low[brand[-1].end if brand else end : word.start]
        if not _ONE_BLANK.fullmatch(gap) or len(brand) == _MOST_WORDS or not _goes_on(brand, word, is_firm):
            break
        brand.append(word)
    return brand


def _goes_on(brand: list[Word], word: Word, is_firm: bool) -> bool:
    if word.is_capital:
        return (not brand or brand[0].is_capital) and (word.low not in HONORIFICS or (bool(brand) and len(word.low) == 1)) and not _STOPS.fullmatch(word.low)
    if brand and brand[0].is_capital:
        return False
    if not brand:
        return word in GIVEN if word in NOT_NAMES else is_firm or word in GIVEN
    return len(brand) < 2 and word in GIVEN and (word not in NOT_NAMES or brand[0] in GIVEN)


def _blanks(message: Message, place: int) -> int:
    return len(message.low[place:]) - len(message.low[place:].lstrip(" "))


def _titled(text: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))
