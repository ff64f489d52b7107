"""Money as it is said: `1tr5`, `2tỷ3`, `18 triệu rưỡi`, `1.200k`, `24.800.000 vnd`; and which of several is the total."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from itertools import pairwise

from bot.domain.names import fold_letters
from bot.domain.understanding.capture import Problem, ProblemKind, Unsure
from bot.domain.understanding.message import Message, overlaps, read
from bot.domain.understanding.numbers import COUNT, SPOKEN, small_number
from bot.domain.understanding.patterns import any_of, opening, said, words

LARGEST = 100_000_000_000  # above 100 tỷ a person is asked whether it is meant

_UNITS = {
    "tỷ": 10**9, "tỏi": 10**9, "tỉ": 10**9, "billion": 10**9, "bn": 10**9,
    "triệu": 10**6, "tr": 10**6, "củ": 10**6, "chai": 10**6, "million": 10**6, "mil": 10**6, "mio": 10**6, "m": 10**6,
    "lít": 10**5, "lốp": 10**5, "xị": 10**5, "trăm": 10**5,
    "k": 10**3, "nghìn": 10**3, "ngàn": 10**3, "ng": 10**3, "cành": 10**3, "thousand": 10**3,
    "đồng": 1, "đ": 1, "vnd": 1, "vnđ": 1, "₫": 1,
}  # fmt: skip
_UNITS_FOLDED = {fold_letters(unit): value for unit, value in _UNITS.items()}
_BILLION = any_of(("tỷ", "tỉ", "tỏi", "billion", "bn"))
_MILLION = any_of(("triệu", "tr", "củ", "million", "mil", "mio"))
_THOUSAND = any_of(("k", "nghìn", "ngàn", "ng", "cành", "thousand"))
_CURRENCY = r"(?: ?(?:đồng|vnđ|vnd|đ|d)(?![^\W_]))?"
_FIGURE = r"(?<![\d.,/])\d{1,3}(?:[.,]\d{3})+|(?<![\d.,/])\d+(?:[.,]\d{1,2})?"
_NOT_INSIDE = r"(?<!thứ\s)(?<!thu\s)(?<![^\W_])(?<!\d[.,/])(?P<sign>-)?"
_DONE = r"(?![^\W_])"
_SPOKEN_HUNDREDS = rf"(?:{COUNT} trăm(?: (?:lẻ |linh )?{SPOKEN})?|{SPOKEN})"
_MOST_DIGITS = 15
_TENTHS = any_of(("một", "mốt", "hai", "ba", "bốn", "tư", "năm", "lăm", "sáu", "bảy", "tám", "chín"))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_NOT_INSIDE + words(pattern).pattern.removeprefix("(?<![^\\W_])"))


_PATTERNS = [
    # 2tỷ3, 1 tỷ 250 triệu, 1 tỷ rưỡi, 2,5 tỷ
    _compiled(
        rf"""
            (?P<figure>{_FIGURE}|{_SPOKEN_HUNDREDS}) ?(?P<unit>{_BILLION})(?: ?(?P<half>rưỡi)
            | ?(?P<rest>\d{{1,3}}) ?(?:triệu|tr|củ|million)
            (?: ?\d{{1,3}} ?k)?|(?P<near>\d{{1,3}})(?![\d%]|[.,/]\d)| (?P<tail>\d{{1,3}})(?!\d|[.,/]\d| ?(?:%|h|giờ|ngày
            |tháng|năm|cái|bộ|user))| (?P<spoken>{_TENTHS})(?! [^\W\d_]))?{_CURRENCY}
        """
    ),
    _compiled(
        rf"""
            (?P<figure>{_FIGURE}|{_SPOKEN_HUNDREDS}) ?(?P<unit>{_MILLION})(?: ?(?P<half>rưỡi)
            | ?(?P<rest>\d{{1,3}}) ?(?:k
            |nghìn|ngàn)
        """
        rf"| ?(?P<hundreds>\d) ?(?:trăm|lít)(?: ?(?:k|nghìn|ngàn))?"
        rf"""
            |(?P<near>\d{{1,3}})(?![\d%]|[.,/:]\d)| (?P<tail>\d{{1,3}})(?!\d|[.,/:]\d| ?(?:%|h|g|giờ|ngày|tháng|năm|tuần
            |cái|bộ|user|hộp|thùng|chiếc|kg|ký|m|m2|lần|người|phòng|gói|chai|lít|đợt|camera|máy|bé|x|bao|cây|con|tấm|lon
            |lọ|hũ|túi|suất|vé|căn|set|combo|đôi|cuốn|khóa|buổi|tấn|tạ|mét|bình|xe)(?![^\W_]))
        """
        rf"| (?P<spoken>{_TENTHS})(?! [^\W\d_]))?{_CURRENCY}"
    ),
    _compiled(rf"""
        (?P<figure>{_FIGURE}
        |{_SPOKEN_HUNDREDS}) ?(?P<unit>{_THOUSAND})(?!/h(?![^\W_]))(?: ?(?P<tail>\d)(?!\d))?{_CURRENCY}
    """),
    _compiled(rf"(?P<figure>\d{{1,3}}|{COUNT}) ?(?P<unit>trăm)(?: ?(?P<half>rưỡi))?(?: ?(?:k|nghìn|ngàn))?{_CURRENCY}"),
    _compiled(r"(?P<quarter>nửa) (?P<unit>tỷ|triệu|củ)"),
    _compiled(rf"(?P<unit>tỷ|triệu|củ) (?:(?P<half>rưỡi)|(?P<spoken>{_TENTHS})(?! [^\W\d_]))"),
    _compiled(r"(?P<figure>\d{1,3}(?:[.,]\d{3}){1,4}|\d{1,3}(?: \d{3}){2,4}|\d{1,12}) ?(?P<unit>đồng|vnđ|vnd|₫|đ|d)"),
    _compiled(r"""
        (?P<figure>\d{1,3}(?:[.,]\d{3}){1,4})(?! ?(?:%|m|kg|km|lít|user|cái|bộ|chiếc|thùng|hộp|bao|người|con|m2|km2
        |gam|ml
        |w|wh|mah))
    """),
    _compiled(r"(?P<figure>[1-9]\d{0,2}(?: \d{3}){2,3})(?! ?\d)"),
    _compiled(r"(?P<figure>[1-9]\d{5,10}|[1-9]\d{4}(?=0{0}$))(?!\d)"),
    # slang that is also a thing: "2 lít" is money only where it is paid
    _compiled(
        r"""
            (?:(?:cọc|đặt cọc|ck|chuyển khoản|trả|thanh toán|đưa|chốt|hết|giá|tổng|ứng|bán|mất
            |thu) (?:trước |được |dc |đc |rồi )?)
        """
        r"(?P<figure>\d{1,2}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín) ?(?P<unit>lít|xị|chai)(?: ?(?P<half>rưỡi))?"
    ),
    # English millions: m is a metre elsewhere
    _compiled(rf"""
        (?:(?:paid|for|deal|worth|at|of|deposit|total|sold|signed|closed|pays|transferred
        |order|[a-z]+,) )(?P<figure>{_FIGURE}) ?(?P<unit>m)(?![ ]*(?:x|long|wide|high|tall|away|deep|from)){_CURRENCY}
    """),
    _compiled(rf"""
        (?:bought|sold|paid|order(?:ed)?|signed|closed?
        |took)(?: [^\W_]+){{1,5}} (?P<figure>{_FIGURE})(?P<unit>m)(?! ?(?:x|long|wide|high|tall|deep|of)(?![^\W_]))
    """),
    _compiled(r"(?P<figure>\d{1,4}(?:[.,]\d{1,2})?)(?P<unit>m) ?(?:vnd|đ|dong)"),
]  # fmt: skip


class Role(Enum):
    """What an amount is beside the total."""

    PLAIN = auto()
    TOTAL = auto()
    DEPOSIT = auto()
    REMAINDER = auto()
    UNIT_PRICE = auto()
    EXTRA = auto()  # shipping, voucher, discount, list price, debt


_BEFORE: list[tuple[Role, re.Pattern[str]]] = [
    (role, words(rf"""
        {pattern}(?: ?(?:là|:|được|dc|đc|hết|khoảng|tầm|thêm|cho|a|c|anh|chị|rồi|r|of|is|was|about|=|trị giá|trước
        |[-+])){{0,2}} ?$
    """))
    for role, pattern in [
        (Role.TOTAL, r"""
            (?:tổng|tổng cộng|tổng tiền|tổng đơn|tổng hđ|tổng giá trị|tổng thanh toán|thành tiền|tất cả|cả thảy|vị chi
            |còn đúng|total|in total|altogether|giá chốt|chốt giá|giá trị|trị giá|(?:giảm|bớt|fix|deal|xuống
            |sale)(?: \S+)? ?(?:còn|xuống))
        """),
        (Role.DEPOSIT, r"""
            (?:cọc|đặt cọc|cọc trước|ứng|tạm ứng|ứng trước|trả trước|đưa trước|thanh toán trước|ck trước|đợt 1
            |deposit(?:ed|s)?(?: of)?|down payment|upfront|advance)
        """),
        (Role.REMAINDER, r"(?:còn|còn lại|còn thiếu|còn nợ|nợ|nợ lại|thiếu|phần còn lại|remaining|balance|the rest|owes?)"),
        (Role.UNIT_PRICE, r"(?:mỗi (?:\S+)|đơn giá|x|each|per)"),
        (Role.EXTRA, r"""
            (?:ship|phí ship|tiền ship|(?<!học\s)(?<!hoc\s)phí|vận chuyển|cước|giao hàng|giảm|giảm giá|bớt|trừ|trừ đi
            |tặng
            |tặng kèm|voucher|phiếu|phiếu mua hàng|mã|chiết khấu|khuyến mãi|km|hoàn|hoàn tiền|giá gốc|giá niêm yết
            |niêm yết|giá cũ|thay vì|hoa hồng|tip|vat|thuế|lắp đặt|công lắp|bảo hiểm|trả góp|góp|discount|off|shipping
            |delivery fee|instead of|đối thủ)
        """),
    ]
]  # fmt: skip
_AFTER: list[tuple[Role, re.Pattern[str]]] = [
    (role, opening(rf" ?{pattern}"))
    for role, pattern in [
        (Role.UNIT_PRICE, r"""
            (?:/ ?(?:\d+ )?[^\W\d_]+|(?:một|1) (?:cái|chiếc|bộ|hộp|thùng|tháng|người|mét|kg|ký|m2|tấm|cây|con|bao
            |chai|lọ
            |gói|suất|vé|căn|túi|lon|tạ|tấn|bình|đôi|cuốn|khóa|buổi|bàn|phòng|năm)|each|per|mỗi|x(?= ?\d))
        """),
        (Role.TOTAL, r"(?:tổng|tổng cộng|in total|total|tất cả)"),
        (Role.EXTRA, r"(?:phí ship|tiền ship|ship(?=[ ]?(?:$|[,.;)]))|phí|vat|off|discount|voucher|tiền công)"),
        (Role.DEPOSIT, r"(?:tiền cọc|cọc|đặt cọc|deposit|upfront|trả trước|down payment|as deposit|as a deposit)"),
        (Role.REMAINDER, r"(?:còn lại|còn nợ|nợ)"),
    ]
]  # fmt: skip
_PLUS = words(
    r"(?:và|với|cộng|and|plus)(?: \d+| thêm| cả| một| [^\W\d_]+)(?: [^\W\d_]+){0,4} ?$|\+(?: ?\d+)?(?: [^\W\d_]+){0,4} ?$"
)
_DENIED_AFTER = opening(r"""
    [ ](?:nghe|bắt máy|mua|lấy|rep|trả lời|thích|ưng|chịu|chốt|được|dc|đc|có|còn|biết|đi|về|hỏi|gặp|thấy|cần|muốn|nói
    |ở|đồng ý|hài lòng|dùng|xài)
""")
_EQUALS_BEFORE = re.compile(r"= ?$")
_UNIT_TIMES = re.compile(r"^ ?(?:/ ?[^\W\d_]+)? ?[x*×] ?(\d{1,4})(?!\d)")
_COUNT_TIMES = re.compile(r"(?<![\d.,/])(\d{1,4}) ?(?:[^\W\d_]+ ?){0,4}[x*×@] ?$")
_SPOKEN_COUNT = re.compile(
    r"(?<![\d.,/\w])(\d{1,4}) (?=[^\W\d_])(?!(?:giờ|gio|h|ngày|ngay|tuần|tuan|tháng|thang|năm|nam|tầng|chiều)(?![^\W_]))"
)
_BARE = words(r"""
    (?:chốt|bán|ck|chuyển khoản|thanh toán|trả|cọc|thu|hết|giá|tổng|đơn)(?: (?:được|dc|đc|rồi|r|đơn|trước
    |khoản))? (?P<figure>\d{2,4})(?! ?[^\W_]| ?[%/.,:x-]\d?)
""")
_BARE_DECIMAL = words(r"""
    (?:chốt|bán|ck|chuyển khoản|thanh toán|trả|cọc|thu|giá|tổng|đơn|mua|lấy|đặt|ký|đóng|bought|sold|paid
    |ordered)(?: [^\W\d_]+){0,6} (?P<figure>\d{1,3}[.,]\d{1,2})(?=$|[;\n]|[.,](?!\d)| (?:tiền|rồi|r|nha|nhé|nhe|luôn
    |xong|đã)(?![^\W_]))
""")


@dataclass(frozen=True, slots=True)
class SaidAmount:
    """An amount of whole đồng at `start` to `end`."""

    start: int
    end: int
    value: int
    role: Role = Role.PLAIN


@dataclass(frozen=True, slots=True)
class Money:
    """What was said about money: the total of a sale, what is wrong with it, what it could be, and where the phrases stand."""

    total: int | None
    problems: tuple[Problem, ...]
    unsure: tuple[Unsure, ...]
    spans: tuple[tuple[int, int], ...]


def find_amounts(message: Message) -> list[SaidAmount]:
    """Every amount said, in order, each with its role."""
    found: list[SaidAmount] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(message.low):
            start = match.start("sign") if match["sign"] else _start(match)
            span = (start, match.end())
            value = _value(match)
            if (
                value is not None
                and not _denies(message, match)
                and not overlaps(span, [(a.start, a.end) for a in found])
            ):
                found.append(SaidAmount(*span, value))
    return [
        SaidAmount(a.start, a.end, a.value, _role(message, a)) for a in sorted(found, key=lambda amount: amount.start)
    ]


def find_money(message: Message) -> Money:
    """The total of what a message says about money; not the unit price, the deposit, shipping or a voucher."""
    amounts = find_amounts(message)
    total = _total(message, amounts)
    spans = tuple((a.start, a.end) for a in amounts)
    if total is None:
        return Money(None, (), _bare(message), spans)
    phrase = next((message.shown[a.start : a.end] for a in amounts if a.value == total), "")
    problems: tuple[Problem, ...] = ()
    if total <= 0:
        problems = (Problem("amount", ProblemKind.NOT_POSITIVE, phrase),)
    elif total > LARGEST:
        problems = (Problem("amount", ProblemKind.TOO_LARGE, phrase),)
    return Money(total, problems, (), spans)


def parse_amount(text: str) -> int | None:
    """Whole đồng of a text that says an amount; None where it says none. A bare figure is đồng: `1500000`."""
    message = read(text)
    total = _total(message, find_amounts(message))
    digits = re.sub(r"[.,\s]", "", message.low)
    if total is None and digits.isdecimal() and len(digits) <= _MOST_DIGITS:
        return int(digits)
    return total


def _denies(message: Message, match: re.Match[str]) -> bool:
    """`anh Bảy k mua`, `chị 2 k nghe máy`: k is không."""
    return match[0].endswith(" k") and bool(_DENIED_AFTER.match(message.low, match.end()))


def _start(match: re.Match[str]) -> int:
    """Where the amount itself starts, without the words that led to it."""
    named = match.groupdict()
    return min(match.start(name) for name in ("figure", "unit", "quarter") if named.get(name) is not None)


def _value(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    unit = _UNITS_FOLDED[said(groups["unit"])] if groups.get("unit") else 1
    number = Decimal(1)
    if groups.get("quarter"):
        number = Decimal("0.5")
    elif groups.get("figure"):
        figure = _figure(groups["figure"], unit)
        if figure is None:
            return None
        number = figure
    value = number * unit + _smaller(groups, unit)
    if unit == 10**5 and groups["unit"] in ("trăm", "tram") and not groups.get("half") and number > 9:
        return None
    return int(-value if groups.get("sign") else value)


def _smaller(groups: dict[str, str | None], unit: int) -> Decimal:
    """What follows the unit: `5` of 1tr5, `250 triệu` of 1 tỷ 250 triệu, `rưỡi`."""
    if groups.get("half"):
        return Decimal(unit) / 2
    if rest := groups.get("rest"):
        return Decimal(int(rest)) * unit / 1000
    if hundreds := groups.get("hundreds"):
        return Decimal(int(hundreds)) * unit / 10
    if tail := groups.get("near") or groups.get("tail"):
        return Decimal(f"0.{tail}") * unit
    if spoken := groups.get("spoken"):
        return Decimal(small_number(spoken) or 0) * unit / 10
    return Decimal(0)


def _figure(text: str, unit: int) -> Decimal | None:
    """`1.200` is 1200 before k and triệu, 1.2 before tỷ; `1,9` is 1.9."""
    if not text[0].isdecimal():
        return _spoken_figure(text)
    compact = text.replace(" ", "")
    groups = re.split(r"[.,]", compact)
    if len(groups) == 1:
        return Decimal(compact) if len(compact) <= _MOST_DIGITS else None
    is_decimal = len(groups) == 2 and (len(groups[1]) < 3 or unit >= 10**9 or (unit == 10**6 and "," in compact))
    return Decimal(f"{groups[0]}.{groups[1]}") if is_decimal else Decimal("".join(groups)[:_MOST_DIGITS])


def _spoken_figure(text: str) -> Decimal | None:
    hundreds, is_hundreds, rest = said(text).partition(" tram")
    if not is_hundreds:
        number = small_number(text)
        return Decimal(number) if number else None
    rest = re.sub(r"^ (?:le |linh )?", "", rest)
    return Decimal((small_number(hundreds) or 0) * 100 + ((small_number(rest) or 0) if rest else 0))


def _role(message: Message, amount: SaidAmount) -> Role:
    start, end = message.clause_around(amount.start)
    before, after = message.low[start : amount.start], message.low[amount.end : end]
    if _EQUALS_BEFORE.search(before):
        return Role.TOTAL
    if _COUNT_TIMES.search(before) or _UNIT_TIMES.search(after):
        return Role.UNIT_PRICE
    for role, pattern in _AFTER[:1]:
        if pattern.match(after):
            return role
    for role, pattern in _BEFORE:
        if pattern.search(before):
            return role
    return next((role for role, pattern in _AFTER if pattern.match(after)), Role.PLAIN)


def _total(message: Message, amounts: list[SaidAmount]) -> int | None:
    by_role = {role: [a for a in amounts if a.role is role] for role in Role}
    if by_role[Role.TOTAL]:
        return by_role[Role.TOTAL][-1].value
    if by_role[Role.PLAIN]:
        return _sum_or_largest(message, by_role[Role.PLAIN])
    if by_role[Role.UNIT_PRICE]:
        return _multiplied(message, by_role[Role.UNIT_PRICE])
    if by_role[Role.DEPOSIT]:
        return by_role[Role.DEPOSIT][0].value + sum(a.value for a in by_role[Role.REMAINDER][:1])
    return by_role[Role.REMAINDER][0].value if by_role[Role.REMAINDER] else None


def _sum_or_largest(message: Message, plain: list[SaidAmount]) -> int:
    """`2 váy 1tr2 với 1 áo 450k` is a sum; two amounts that nothing joins are one price said with others."""
    gaps = [message.low[one.end : other.start] for one, other in pairwise(plain)]
    if gaps and all(_PLUS.search(gap) for gap in gaps):
        return sum(amount.value for amount in plain)
    return max(amount.value for amount in plain)


def _multiplied(message: Message, prices: list[SaidAmount]) -> int:
    """`5 thùng x 320k`, `320k/thùng x 5`, `5 thùng, 320k/thùng`: how many times how much."""
    total = 0
    for price in prices:
        before, after = message.low[: price.start], message.low[price.end :]
        times = _COUNT_TIMES.search(before) or _UNIT_TIMES.match(after)
        if not times:
            counts = _SPOKEN_COUNT.findall(before)
            total += price.value * (int(counts[-1]) if counts and len(prices) == 1 else 1)
        else:
            total += price.value * int(times[1])
    return total


def _bare(message: Message) -> tuple[Unsure, ...]:
    """`chốt 350`: thousands or millions? `mua gói Pro 12.5`: millions or thousands? Asked, not guessed."""
    if decimal := _BARE_DECIMAL.search(message.low):
        said_figure = Decimal(decimal["figure"].replace(",", "."))
        return (Unsure("amount", (int(said_figure * 10**6), int(said_figure * 1_000))),) if said_figure else ()
    match = _BARE.search(message.low)
    if not match:
        return ()
    figure = int(match["figure"])
    return (Unsure("amount", (figure * 1_000, figure * 1_000_000)),) if figure else ()
