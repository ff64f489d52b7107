"""Days as they are said: one table of patterns, the more specific first, each with what it means from today."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import TypeAlias

from bot.domain.understanding import days
from bot.domain.understanding.message import Message, overlaps
from bot.domain.understanding.numbers import ENGLISH_SMALL, SMALL, small_number
from bot.domain.understanding.patterns import any_of, phrases, said, words

_MOST_DAYS = 3700  # ten years: further than any promise


class Not(Enum):
    """Why a phrase about time is no day to come."""

    PAST = auto()  # it is over
    VAGUE = auto()  # no day can be told from it
    POSSIBLE = auto()  # the calendar has no such day
    A_DAY = auto()  # it looks like one and is none


Meaning: TypeAlias = date | Not
Resolver: TypeAlias = Callable[[re.Match[str], date], Meaning]


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A day, or a phrase that is none, at `start` to `end`; `explicit` where day and month were said as figures."""

    start: int
    end: int
    meaning: Meaning
    explicit: bool = False
    is_today: bool = False


_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, "bẩy": 5}
_WEEKDAY = (
    r"(?:(?:thứ ?|t)(?P<figure>[2-7])(?!\d|[/.,]\d)|thứ (?P<word>hai|ba|tư|năm|sáu|bảy|bẩy)"
    r"|(?P<sunday>(?:ngày )?(?:chủ|chúa) (?:nhật|nhựt)|cn))"
)
_ENGLISH_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH_WEEKDAY = (
    r"(?P<english>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|"
    r"fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_PART = r"(?:buổi )?(?:sáng|trưa|chiều|tối)"
_WEEKS = {
    "tuần này": 0, "tuần sau": 1, "tuần tới": 1, "tuần kế": 1, "tuần kế tiếp": 1, "tuần tiếp theo": 1,
    "tuần sau nữa": 2, "tuần tới nữa": 2, "tuần kế nữa": 2,
}  # fmt: skip
_WEEKS_FOLDED = {said(spoken): weeks for spoken, weeks in _WEEKS.items()}
_WEEK = rf"(?P<week>{any_of(_WEEKS)})"
_LAST = r"(?:trước(?! +\d| khi)|rồi|vừa rồi|vừa qua|qua)"
_MONTHS = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
_MONTHS_FOLDED = {said(spoken): month for spoken, month in _MONTHS.items()}
_MONTH = rf"(?P<month>\d{{1,2}}|{any_of(_MONTHS)})"
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?P<day>\d{1,2}|mười|một|hai|ba|bốn|năm|sáu|bảy|tám|chín)"
_NTH = r"(?:mùng|mồng)"
_LUNAR = r"(?: ?(?:âm lịch|âm|al|âl|ta))"
_SOON = r"(?:nữa|sau|tới)"
_ABOUT = r"(?:(?:khoảng|tầm|độ|chừng|cỡ|sau|trong|thêm|đúng) ){0,2}"
_NO_MONTH = r"(?:h|giờ|k|tr|triệu|củ|%|ngày|hôm|người|cái)"
_NOT_COUNTED = r"(?! ?(?:lần|viên|bữa|buổi|cữ|tiếng|hộp|cuộc|cái|chai|gói|%))"


def _weekday(match: re.Match[str]) -> int:
    if match["figure"]:
        return int(match["figure"]) - 2
    return _WEEKDAYS[said(match["word"])] if match["word"] else 6


def _english_weekday(match: re.Match[str]) -> int:
    return _ENGLISH_WEEKDAYS.index(match["english"][:3])


def _weeks(match: re.Match[str]) -> int:
    return _WEEKS_FOLDED[said(match["week"])]


def _number(match: re.Match[str], group: str = "count") -> int:
    return small_number(match[group]) or 0


def _month(match: re.Match[str]) -> int:
    spoken = match["month"]
    return int(spoken) if spoken.isdecimal() else _MONTHS_FOLDED[said(spoken)]


def _english_date(match: re.Match[str], today: date) -> Meaning:
    month = _ENGLISH_MONTHS.index(match["month"][:3]) + 1
    if year := match["year"]:
        return days.full_date(int(match["day"]), month, int(year)) or Not.POSSIBLE
    return days.next_date(today, int(match["day"]), month) or Not.POSSIBLE


def _full_date(match: re.Match[str], _today: date) -> Meaning:
    return days.full_date(int(match["day"]), int(match["month"]), int(match["year"])) or Not.POSSIBLE


def _day_and_month(match: re.Match[str], today: date) -> Meaning:
    day, month = _number(match, "day"), _month(match)
    if day > 31 or month > 12:
        return Not.POSSIBLE if "ngày" in match[0] or "tháng" in match[0] else Not.A_DAY
    return days.next_date(today, day, month) or Not.POSSIBLE


def _lunar_date(match: re.Match[str], today: date) -> Meaning:
    return days.next_lunar(today, _number(match, "day"), _month(match)) or Not.POSSIBLE


def _day_of_months_on(match: re.Match[str], today: date) -> Meaning:
    day = _number(match, "day")
    months = 0 if said(match["which"]) == "nay" else 1
    found = days.of_month(today, months, day)
    return found if found.day == day else Not.POSSIBLE


def _part_of_month(match: re.Match[str], today: date) -> Meaning:
    day = {"dau": 1, "giua": 15, "cuoi": 31}[said(match["part"])]
    which = said(match["which"] or "")
    if which in ("sau", "toi"):
        return days.of_month(today, 1, day)
    if which in ("nay", "") and days.of_month(today, 0, day) >= today:
        return days.of_month(today, 0, day)
    return days.of_month(today, 1, day)


def _part_of_named_month(match: re.Match[str], today: date) -> Meaning:
    day = {"dau": 1, "giua": 15, "cuoi": 31}[said(match["part"] or "đầu")]
    month = _month(match)
    if not 1 <= month <= 12:
        return Not.A_DAY
    for year in (today.year, today.year + 1):
        found = days.of_month(date(year, month, 1), 0, day)
        if found >= today:
            return found
    return Not.A_DAY


def _in_units(match: re.Match[str], today: date) -> Meaning:
    count, unit = _number(match), said(match["unit"])
    if unit.startswith(("thang", "month")):
        half = 15 if "half" in match.groupdict() and match["half"] else 0
        return days.in_days(days.in_months(today, count), half) if count <= _MOST_DAYS // 30 else Not.A_DAY
    if unit.startswith(("nam", "year")):
        return days.in_months(today, 12 * count) if count <= 10 else Not.A_DAY
    count *= 7 if unit.startswith(("tuan", "week")) else 1
    return days.in_days(today, count) if 0 < count <= _MOST_DAYS else Not.A_DAY


def _quarter(months_on: int) -> Resolver:
    def resolve(_: re.Match[str], today: date) -> Meaning:
        start = (today.month - 1) // 3 * 3 + 1
        first = days.in_months(today.replace(day=1, month=start), 3)
        return first if months_on else days.of_month(first, -1, 31)

    return resolve


def _said(meaning: Not) -> Resolver:
    return lambda _match, _today: meaning


def _on(find: Callable[[date], date | None]) -> Resolver:
    return lambda _match, today: find(today) or Not.POSSIBLE


_UNNAMED_WEEKDAY = re.sub(r"\?P<\w+>", "?:", _WEEKDAY)
_PAST = any_of(
    (
        rf"{_UNNAMED_WEEKDAY} (?:của )?tuần {_LAST}",
        *phrases(rf"""
            (?:hôm|bữa|bửa|tối|đêm|sáng|trưa|chiều) (?:qua|wa), hqua, (?:hôm|bữa) (?:kia|trước|nọ
            |rồi), hôm bữa, bữa hổm, lần trước,
            (?:hồi|ban|lúc|khi|vừa|mới) nãy, hồi (?:sáng|trưa|chiều|tối|đầu năm|đầu tháng), tuần {_LAST}, tháng {_LAST},
            (?:đầu|giữa|cuối) (?:tuần|tháng|năm) (?:trước|rồi|vừa rồi|ngoái), năm (?:ngoái|trước|rồi),
            {SMALL} (?:ngày|hôm|bữa|tuần|tháng|năm) trước, cách đây {SMALL} (?:ngày|hôm|bữa|tuần|tháng|năm),
            mấy (?:hôm|bữa|ngày|tuần|tháng) (?:trước|nay|rồi|qua), {SMALL} (?:hôm|bữa|ngày|tuần|tháng) (?:nay|rồi|qua),
            yesterday, last (?:week|month|year|night|time), last (?:mon|tues|wednes|thurs|fri|satur|sun)day,
            {ENGLISH_SMALL} (?:days?|weeks?|months?) ago, the other day, this morning already
        """),
    )
)
_VAGUE = any_of(
    phrases("""
        (?:ngày )?(?:mai|m[ơ]i) mốt, mốt (?:mai|m[ơ]i), (?:hôm|bữa|ngày|khi|lúc|chừng|bao giờ|dịp) nào(?: (?:rảnh
        |tiện|đó|khác))?,
        (?:ít|vài|mấy|dăm) (?:hôm|bữa|ngày|tuần|tháng)(?: (?:nữa|tới|sau))?, (?:thời gian|sắp|dịp) tới,
        (?:dịp|lúc|khi|hôm|bữa) khác, (?:trước|cận
        |gần) tết, some ?day, sometime, some other time, another time, later on,
        soon, one of these days, in a few (?:days|weeks)
    """)
)

# The more specific first: what one pattern took, the later ones do not see.
_RULES: list[tuple[re.Pattern[str], Resolver]] = [
    (words(pattern), resolve)
    for pattern, resolve in [
        (_PAST, _said(Not.PAST)),
        (rf"(?:hôm|bữa) {_WEEKDAY}(?! (?:này|tới|sau|tuần))", _said(Not.PAST)),
        (rf"{_WEEKDAY} (?:vừa rồi|vừa qua|rồi|trước(?! +\d| khi| lúc))", _said(Not.PAST)),
        (_VAGUE, _said(Not.VAGUE)),
        # figures
        (r"(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})", _full_date),
        (r"(?:ngày )?(?P<day>\d{1,2})(?P<sep>[/.\-])(?P<month>\d{1,2})(?P=sep)(?P<year>20\d\d|19\d\d|\d\d)(?!\d)", _full_date),
        (rf"{_NTH} {_DAY}(?:/| tháng ){_MONTH}{_LUNAR}", _lunar_date),
        (rf"(?:ngày )?(?P<day>\d{{1,2}})(?:/| tháng )(?P<month>\d{{1,2}}){_LUNAR}", _lunar_date),
        (rf"(?:ngày |{_NTH} )?(?P<day>\d{{1,2}}|rằm) tháng (?P<month>giêng|chạp){_LUNAR}?",
         lambda m, t: days.next_lunar(t, 15 if m["day"][0] == "r" else int(m["day"]), _month(m)) or Not.POSSIBLE),
        (rf"{_NTH} {_DAY} tháng (?P<month>giêng|chạp)", _lunar_date),
        (rf"rằm tháng {_MONTH}{_LUNAR}?", lambda m, t: days.next_lunar(t, 15, _month(m)) or Not.POSSIBLE),
        (rf"{_NTH} {_DAY}{_LUNAR}? tết", lambda m, t: days.next_lunar(t, _number(m, "day"), 1) or Not.POSSIBLE),
        (r"(?:ngày )?(?P<day>2\d|30) tết", lambda m, t: days.next_lunar(t, _number(m, "day"), 12) or Not.POSSIBLE),
        (rf"(?:{_NTH} {_DAY}|ngày (?P<other>\d{{1,2}})){_LUNAR}",
         lambda m, t: days.next_lunar_day(t, small_number(m["day"] or m["other"]) or 0) or Not.POSSIBLE),
        (r"rằm(?: này| tới)?", lambda _, t: days.next_lunar_day(t, 15) or Not.POSSIBLE),
        (r"(?:ngày |mùng |mồng )?(?P<day>\d{1,2}) tháng (?P<month>\d{1,2})(?:[/\-]| năm )(?P<year>20\d\d)", _full_date),
        (rf"(?:ngày |{_NTH} )?{_DAY} tháng (?P<which>này|sau|tới)", _day_of_months_on),
        (rf"(?:ngày |{_NTH} )?(?P<day>\d{{1,2}}) tháng {_MONTH}(?! ?(?:nữa|sau|tới|tuổi|%))", _day_and_month),
        (rf"(?:ngày |{_NTH} )(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})", _day_and_month),
        (r"(?P<day>\d{1,2})(?: ?- ?\d{1,2})/(?P<month>\d{1,2})(?!/?\d)", _day_and_month),
        (r"(?P<day>0?[1-9]|[12]\d|3[01])/(?P<month>0?[1-9]|1[0-2])(?!/?\d| ?(?:điểm|sao|%))", _day_and_month),
        (rf"(?<![\d.,])(?P<day>0[1-9]|[12]\d|3[01])-(?P<month>0[1-9]|1[0-2])(?![-\d]| ?{_NO_MONTH})", _day_and_month),
        (r"""
            (?:ngày|hẹn|sang|qua|đến|tới|hôm|vào|sáng|chiều|tối) (?P<day>\d{1,2})[-.](?P<month>0?[1-9]|1[0-2])(?![-.,\d]
            | ?(?:h|giờ|k|tr|triệu|củ|%|ngày|hôm|người|cái))
        """, _day_and_month),
        # weekdays
        (rf"{_WEEKDAY}(?: {_PART})?,? (?:của )?{_WEEK}", lambda m, t: days.weekday_of_week(t, _weeks(m), _weekday(m))),
        (rf"{_WEEK},?(?: vào)?(?: {_PART})? {_WEEKDAY}", lambda m, t: days.weekday_of_week(t, _weeks(m), _weekday(m))),
        (rf"{_WEEKDAY}(?: (?:này|tới))?", lambda m, t: days.next_weekday(t, _weekday(m))),
        # parts of weeks, months, years
        (rf"(?:đầu|sang|qua) {_WEEK}", lambda m, t: days.weekday_of_week(t, _weeks(m), 0)),
        (r"(?:đầu|sang|qua) tuần", lambda _, t: days.weekday_of_week(t, 1, 0)),
        (r"(?:giữa|trong) tuần sau nữa", lambda _, t: days.weekday_of_week(t, 2, 2)),
        (r"giữa tuần (?:sau|tới)", lambda _, t: days.weekday_of_week(t, 1, 2)),
        (r"giữa tuần(?: này)?", lambda _, t: days.next_weekday(t, 2)),
        (r"cuối tuần sau nữa", lambda _, t: days.weekday_of_week(t, 2, 5)),
        (r"cuối tuần (?:sau|tới)", lambda _, t: days.weekday_of_week(t, 1, 5)),
        (r"cuối tuần(?: này)?", lambda _, t: days.next_weekday(t, 5)),
        (rf"{_ABOUT}(?P<count>{SMALL}) (?P<unit>tháng) (?P<half>rưỡi) {_SOON}", _in_units),
        (rf"{_ABOUT}(?P<count>{SMALL})(?: ?[-–] ?\d{{1,2}})? ?(?P<unit>ngày|hôm|bữa|tuần|tháng|năm)(?: {_SOON})? nữa", _in_units),
        (rf"{_ABOUT}(?P<count>{SMALL})(?: ?[-–] ?\d{{1,2}})? ?(?P<unit>ngày|hôm|bữa|tuần|tháng)(?: làm việc)? (?:sau|tới)", _in_units),
        (rf"""
            (?:sau
            |trong(?: vòng)?) (?:khoảng |tầm |độ |chừng |đúng )?(?P<count>{SMALL})(?: ?[-–] ?\d{{1,2}})? ?(?P<unit>ngày
            |hôm|bữa|tuần|tháng)
        """, _in_units),
        (r"(?:nửa|nữa|1/2) tháng nữa|(?:sau|trong) nửa tháng", lambda _, t: days.in_days(t, 15)),
        (r"nửa năm nữa|sau nửa năm", lambda _, t: days.in_months(t, 6)),
        (rf"{_WEEK}", lambda m, t: days.weekday_of_week(t, _weeks(m), 0) if _weeks(m) else Not.VAGUE),
        (r"(?P<part>đầu|giữa|cuối) tháng (?P<month>1[0-2]|0?[1-9])(?! ?[/\d])", _part_of_named_month),
        (r"(?P<part>đầu|giữa|cuối) tháng(?: (?P<which>này|sau|tới))?", _part_of_month),
        (r"(?:sang|qua|tới|đến|trong|khoảng|tầm) (?P<part>)tháng (?P<month>1[0-2]|0?[1-9])(?! ?[/\d])", _part_of_named_month),
        (r"(?:(?:sang|qua|trong) )?tháng (?:sau|tới)|(?:sang|qua) tháng", lambda _, t: days.of_month(t, 1, 1)),
        (r"cuối năm sau", lambda _, t: date(t.year + 1, 12, 31)),
        (r"cuối năm(?: nay)?", lambda _, t: date(t.year, 12, 31)),
        (r"(?:(?:qua|sang|đầu) )?năm (?:sau|tới)|(?:sang|qua|đầu) năm(?: mới)?", lambda _, t: date(t.year + 1, 1, 1)),
        (r"(?:đầu |sang |qua )?quý (?:sau|tới)|sang quý", _quarter(1)),
        (r"cuối quý(?: này)?", _quarter(0)),
        # Tết and holidays
        (r"(?:sau |qua |ra |hết |xong )?tết (?:dương lịch|dương|tây)", lambda _, t: days.next_date(t, 1, 1) or Not.POSSIBLE),
        (r"(?:sau|qua|ra|hết|ăn) tết(?: xong)?(?: (?:âm lịch|âm|nguyên đán|ta))?|ra giêng|ra năm", _on(days.after_tet)),
        (r"(?:trước |đêm )?giao thừa tây", _said(Not.VAGUE)),
        (r"(?:đêm |trước )?giao thừa|tất niên", _on(days.last_lunar_day)),
        (r"(?:noel|giáng sinh|christmas)", lambda _, t: days.next_date(t, 25, 12) or Not.POSSIBLE),
        (r"trung thu", lambda _, t: days.next_lunar(t, 15, 8) or Not.POSSIBLE),
        (r"tháng (?P<month>giêng|chạp)", lambda m, t: days.next_lunar(t, 1, _month(m)) or Not.POSSIBLE),
        # a day of the month
        (rf"{_NTH} {_DAY}(?: (?:này|tới|dương|tây))?", lambda m, t: days.next_day_of_month(t, _number(m, "day")) or Not.POSSIBLE),
        (rf"ngày (?P<day>\d{{1,2}})(?!\d|[/.,-]\d| ?(?:h|giờ)\b){_NOT_COUNTED}(?: (?:này|tới|tây|dương))?",
         lambda m, t: days.next_day_of_month(t, int(m["day"])) or Not.POSSIBLE),
        # near days
        (r"(?:ngày|hôm|bữa|bửa) (?:kia|mốt)", lambda _, t: days.in_days(t, 2)),
        (r"""
            mốt(?= ?(?:$|[,.;!?\n]|\d{1,2} ?(?:h|g|giờ)|gọi|gặp|ghé|qua|sang|tới|đến|call|hẹn|giao|gửi|nhắn|nhắc|họp
            |demo
            |sáng|trưa|chiều|tối))
        """,
         lambda _, t: days.in_days(t, 2)),
        (r"(?<!hai\s)(?<!ba\s)m[ố]t", lambda _, t: days.in_days(t, 2)),
        (r"ngày kìa", lambda _, t: days.in_days(t, 3)),
        (r"(?:ngày |hôm |bữa |bửa )?(?:mai|m[ơ]i)", lambda _, t: days.in_days(t, 1)),
        (r"cuối (?:ngày|giờ(?: chiều)?)", lambda _, t: t),
        (r"(?:trong )?(?:hôm|bữa|ngày|sáng|trưa|chiều|tối|đêm|chiều tối|cuối ngày|cuối chiều) (?:hôm )?nay|hnay|hn", lambda _, t: t),
        (r"trong ngày(?! mai)", lambda _, t: t),
    ]
]  # fmt: skip
_ENGLISH_RULES: list[tuple[re.Pattern[str], Resolver]] = [
    (words(pattern), resolve)
    for pattern, resolve in [
        (rf"(?:on |by |before )?{_ENGLISH_WEEKDAY} next week", lambda m, t: days.weekday_of_week(t, 1, _english_weekday(m))),
        (rf"next week(?: on)? {_ENGLISH_WEEKDAY}", lambda m, t: days.weekday_of_week(t, 1, _english_weekday(m))),
        (rf"next {_ENGLISH_WEEKDAY}", lambda m, t: days.weekday_of_week(t, 1, _english_weekday(m))),
        (r"(?:early|start of|beginning of) next week", lambda _, t: days.weekday_of_week(t, 1, 0)),
        (r"(?:mid|middle of)[ -]next week|mid[ -]week", lambda _, t: days.weekday_of_week(t, 1, 2)),
        (r"(?:the )?end of next week", lambda _, t: days.weekday_of_week(t, 1, 4)),
        (r"(?:the )?end of (?:the |this )?week", lambda _, t: days.next_weekday(t, 4)),
        (r"(?:the )?week after next", lambda _, t: days.weekday_of_week(t, 2, 0)),
        (r"next week(?!end)", lambda _, t: days.weekday_of_week(t, 1, 0)),
        (r"next weekend", lambda _, t: days.weekday_of_week(t, 1, 5)),
        (r"(?:this |the |at the |on the |over the )?weekend", lambda _, t: days.next_weekday(t, 5)),
        (r"(?:the )?end of (?:the|this) month|end of month|month end", lambda _, t: days.of_month(t, 0, 31)),
        (r"(?:the )?end of next month", lambda _, t: days.of_month(t, 1, 31)),
        (r"(?:the )?(?:middle of|mid)[ -]next month", lambda _, t: days.of_month(t, 1, 15)),
        (r"(?:the )?end of (?:the|this) year|end of year|year end", lambda _, t: date(t.year, 12, 31)),
        (r"(?:early |the start of |beginning of )?next month", lambda _, t: days.of_month(t, 1, 1)),
        (r"next year", lambda _, t: date(t.year + 1, 1, 1)),
        (r"(?:the )?day after tomorrow", lambda _, t: days.in_days(t, 2)),
        (r"tomorrow|tmr|tmrw", lambda _, t: days.in_days(t, 1)),
        (r"(?:by )?(?:today|tonight|end of (?:the )?day|eod|this (?:morning|afternoon|evening))", lambda _, t: t),
        (rf"(?:in|after|within) (?P<count>{ENGLISH_SMALL}) (?:more )?(?P<unit>day|week|month|year)s?(?:'? time)?", _in_units),
        (rf"(?P<count>{ENGLISH_SMALL}) (?P<unit>day|week|month)s? (?:from (?:now|today)|later)", _in_units),
        (rf"(?:on )?(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_ENGLISH_MONTH}(?:,? (?P<year>20\d\d))?", _english_date),
        (rf"(?:on )?{_ENGLISH_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>20\d\d))?(?![\d:])", _english_date),
        (r"(?:on )?the (?P<day>\d{1,2})(?:st|nd|rd|th)", lambda m, t: days.next_day_of_month(t, int(m["day"])) or Not.POSSIBLE),
        (rf"(?:on |this |by |before |until |till )?(?!sat\b|sun\b|thu\b|wed\b|mon\b){_ENGLISH_WEEKDAY}",
         lambda m, t: days.next_weekday(t, _english_weekday(m))),
        (rf"(?:on|this|by|before|until|till) {_ENGLISH_WEEKDAY}", lambda m, t: days.next_weekday(t, _english_weekday(m))),
    ]
]  # fmt: skip

_ENGLISH = re.compile(
    r"(?:mon|tues?|wed|thu(?:rs)?|fri|sat|sun)(?:day)?\b|week|month|year|today|tonight|eod|tomorrow|tmr|day|(?:st|nd|rd|th)\b"
    rf"|\b(?:{'|'.join(_ENGLISH_MONTHS)})"
)
_EXPLICIT = re.compile(r"\d{1,2} ?[/.\-] ?\d{1,2}|\d +(?:tháng|thang)|(?:ngày|ngay) +\d")
_TODAY_SAID = re.compile(r"(?<!tháng )(?<!thang )nay|today|tonight|eod|end of|this |trong ngày|trong ngay|hn")
_MACHINE = re.compile(r"^\d+ may\b")  # two machines: the month of May has a capital, or its day after it
_WOMAN_BEFORE = re.compile(r"(?<![^\W_])(?:chị|chi|c|cô|co|bà|ba|dì|di|bác|bac|ms|mrs|khách|khach|kh)\.? +$")
_PERSON_BEFORE = re.compile(
    r"(?<![^\W_])(?:anh|a|chị|chi|c|cô|co|chú|chu|bác|bac|ông|ong|bà|ba|dì|di|cậu|mợ|thím|thim|bé|em|thầy|khách|khach|kh|mr|ms)\.? +$"
)
_CAPITAL_BEFORE = re.compile(r"[^\W\d_a-zà-ỹ][^\W\d_]+ +$")
_PART_BEFORE = words(r"(?:sáng|trưa|chiều|tối|ngày|hôm|bữa|giờ|h) $")
_COUNTED_AFTER = words(r"(?: ?(?:cuộc|lần|cái|hộp|chiếc|bộ|thùng|bao|cây|gói|chai|con|tấm|kg|ký)).*")
_SCORED_BEFORE = words(r"(?:chấm|đánh giá|điểm|vote|rate[sd]?|score[sd]?|gave(?: us)?|review|cho)(?: \S+){0,2} ?$")
_SCORE = re.compile(r"(\d{1,2})/(5|10)$")


def find_days(message: Message, today: date) -> list[SaidDay]:
    """Every phrase about a day, in order, those that are over, vague or impossible included."""
    found: list[SaidDay] = []
    rules = [*_RULES, *_ENGLISH_RULES] if _ENGLISH.search(message.flat) else _RULES
    for pattern, resolve in rules:
        for match in pattern.finditer(message.low):
            span = match.span()
            if overlaps(span, [(day.start, day.end) for day in found]) or _is_a_name(message, match):
                continue
            meaning = Not.A_DAY if _is_a_score(message, match) else _resolved(resolve, match, today)
            if meaning is Not.A_DAY:
                continue
            is_today = meaning == today and bool(_TODAY_SAID.search(match[0]))
            found.append(SaidDay(*span, meaning, bool(_EXPLICIT.search(match[0])), is_today))
    return sorted(found, key=lambda day: day.start)


def _resolved(resolve: Resolver, match: re.Match[str], today: date) -> Meaning:
    try:
        return resolve(match, today)
    except (ValueError, OverflowError):  # beyond the last year the calendar knows
        return Not.POSSIBLE


def _is_a_name(message: Message, match: re.Match[str]) -> bool:
    """`chị Mai`, `a tuan sau 3 ngay`, `c thu 3 cuoc`: the words of a day that name a person here."""
    first = said(match[0].split()[0])
    before = message.low[: match.start()]
    if first == "mai" and len(match[0]) == len("mai"):
        is_capital = message.shown[match.start()] == "M" and message.shown[match.start() + 1].islower()
        goes_on = (
            is_capital and _CAPITAL_BEFORE.search(message.shown[: match.start()]) and not _PART_BEFORE.search(before)
        )
        return bool(_WOMAN_BEFORE.search(before) or goes_on or (is_capital and _PERSON_BEFORE.search(before)))
    if "month" in match.groupdict() and _MACHINE.search(message.shown[match.start() : match.end()]):
        return True
    if first in ("tuan", "nam", "hai", "tu", "ba", "sau", "bay", "tam", "chin", "muoi") and _PERSON_BEFORE.search(
        before
    ):
        return first != "sau" or not re.match(r"[sｓ]au +\d", match[0])
    if first.startswith("thu") and first in ("thu", "thu2", "thu3") and _PERSON_BEFORE.search(before):
        return bool(_COUNTED_AFTER.match(message.low[match.end() :]))
    return False


def _is_a_score(message: Message, match: re.Match[str]) -> bool:
    score = _SCORE.search(match[0])
    return bool(score and int(score[1]) <= int(score[2]) and _SCORED_BEFORE.search(message.low[: match.start()]))
