"""Clock times as they are said: `9h`, `2 rưỡi chiều`, `4 giờ kém 15`, `10:30`, `3pm`, `nửa tiếng nữa`."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.domain.understanding.message import Message, overlaps
from bot.domain.understanding.numbers import COUNT, ENGLISH_SMALL, SMALL, SPOKEN, small_number
from bot.domain.understanding.patterns import opening, said, words

_DAY_MINUTES = 24 * 60
_MOST_MINUTES = 7 * _DAY_MINUTES  # "200 tiếng nữa" is no appointment


@dataclass(frozen=True, slots=True)
class SaidTime:
    """A clock time at `start` to `end`; `part` is sang, trua, chieu, toi, dem where said with it; None at: impossible."""

    start: int
    end: int
    hour: int
    minute: int
    part: str | None = None

    def at(self, part: str | None) -> tuple[time, int] | None:
        """The time of day, given the part of day said elsewhere, and how many days later it falls; None where impossible."""
        part = self.part or part
        hour, later = _hour_of_day(self.hour, part)
        minutes = hour * 60 + self.minute
        if not 0 <= minutes < _DAY_MINUTES or self.minute > 59:
            return None
        return time(*divmod(minutes, 60)), later


@dataclass(frozen=True, slots=True)
class SaidPart:
    """A part of the day at `start` to `end`, said without a clock time beside it."""

    start: int
    end: int
    part: str


@dataclass(frozen=True, slots=True)
class SaidMoment:
    """A time counted from now at `start` to `end`."""

    start: int
    end: int
    moment: datetime


_PART = r"(?: ?(?:buổi |giờ )?(?P<part>sáng sớm|sáng|trưa|chiều tối|chiều|tối|đêm|am|pm|a\.m|p\.m))?"
_MARK = r"(?:h|g(?=[0-5]\d| ?(?:sáng|trưa|chiều|tối|mai|rưỡi))|giờ|:(?=\d\d))"
_MINUTE = r"""
    (?: ?(?P<minute>\d\d)(?!\d|[.,/]\d)(?: ?(?:p|ph|phút)(?![^\W\d_]))?|(?P<few>\d)(?= ?(?:p|ph|phút)(?![^\W\d_])) ?(?:p
    |ph|phút))?
"""
_RANGE_END = r"(?: ?(?:-|–|~|đến|tới|hoặc|hay) ?\d{1,2} ?(?:h|g|giờ|:(?=\d\d))(?:\d\d)?)"
_NOT_OF_CLOCK = r"(?<![\d.,/\-])"
_MEASURED_BEFORE = words(r"(?:trong|suốt|hết|mất|cần|pin|bảo hành|dùng|dùng được|hơn|vòng|mỗi|in|within|cách) $")
_MEASURED_AFTER = opening(r" ?(?:/|nữa|đồng hồ|liên tục|liền|làm việc|một ngày|mỗi)")

_PATTERNS = [
    # a range: its start
    words(rf"{_NOT_OF_CLOCK}(?P<hour>\d{{1,2}})(?: ?(?:h|g|giờ|:)(?P<minute>\d\d)?)?{_RANGE_END}{_PART}"),
    words(rf"{_NOT_OF_CLOCK}(?P<hour>\d{{1,2}}) ?(?:h|g|giờ) kém (?P<less>\d{{1,2}}|{SPOKEN})(?: ?(?:p|phút))?{_PART}"),
    words(rf"{_NOT_OF_CLOCK}(?P<hour>\d{{1,2}}) ?(?:h|g|giờ) ?(?P<half>rưỡi){_PART}"),
    words(rf"{_NOT_OF_CLOCK}(?P<hour>\d{{1,2}})(?::(?P<minute>\d\d))? ?(?P<part>am|pm|a\.m|p\.m)\.?"),
    words(rf"{_NOT_OF_CLOCK}(?P<hour>\d{{1,2}}) ?{_MARK}{_MINUTE}{_PART}"),
    words(rf"(?P<hour>{COUNT}|mười một|mười hai|mười) giờ (?P<half>rưỡi){_PART}"),
    words(rf"(?P<hour>{COUNT}|mười một|mười hai|mười) giờ kém (?P<less>\d{{1,2}}|{SPOKEN}){_PART}"),
    words(rf"(?P<hour>{COUNT}|mười một|mười hai|mười) giờ(?: (?P<minute>\d\d))?{_PART}"),
    words(r"(?P<hour>\d{1,2}) (?P<half>rưỡi) (?P<part>sáng|trưa|chiều|tối)"),
    words(r"(?:lúc|khoảng|tầm) (?P<hour>\d{1,2}) (?P<half>rưỡi)(?! ?(?:triệu|củ|tỷ))"),
    words(r"""
        lúc (?P<hour>\d{1,2})(?! ?[\d/.,:%]| ?(?:giờ|h|g|ngày|người|cái|triệu|tr|củ|k|nghìn|ngày
        |tháng))(?: (?P<part>sáng
        |trưa|chiều|tối))?
    """),
    words(r"(?<![\d/.,])(?P<hour>\d{1,2}) (?P<part>sáng|trưa|chiều|tối) (?=mai|m[ơ]i|nay|thứ|ngày|hôm|t[2-7]|cn|chủ)"),
    words(r"at (?P<hour>\d{1,2})(?! ?[\d/.,:%]| ?(?:o'clock|percent|am|pm|million|k|vnd))"),
    words(r"at (?P<hour>\d{1,2}) o'clock"),
    words(r"(?:at )?(?P<noon>noon|midday)"),
]  # fmt: skip
_PARTS = words(
    r"""
        (?:buổi )?(?P<part>sáng sớm|sáng|trưa|chiều tối|chiều|tối|đêm)(?! ?(?:qua|kia)\b)|(?P<english>morning|afternoon
        |evening|tonight)
    """
)
_ENGLISH_PARTS = {"morning": "sang", "afternoon": "chieu", "evening": "toi", "tonight": "toi"}
_COUNTED = [
    words(rf"""
        (?:(?:sau|khoảng|tầm|độ|chừng|trong|thêm) )?(?P<count>{SMALL}|nửa|nữa) ?(?P<unit>phút|ph|p|tiếng|giờ
        |h)(?: đồng hồ)?(?: (?P<half>rưỡi))? ?nữa
    """),
    words(rf"sau (?:khoảng |tầm )?(?P<count>{SMALL}|nửa) ?(?P<unit>phút|ph|p|tiếng)(?: (?P<half>rưỡi))?"),
    words(rf"in (?P<count>half an|{ENGLISH_SMALL}) (?P<unit>min(?:ute)?|hour|hr)s?"),
]  # fmt: skip


def find_moments(message: Message, now: datetime) -> list[SaidMoment]:
    """Times counted from now, in order."""
    found: list[SaidMoment] = []
    for pattern in _COUNTED:
        for match in pattern.finditer(message.low):
            minutes = _minutes(match)
            if minutes and minutes <= _MOST_MINUTES and not overlaps(match.span(), [(m.start, m.end) for m in found]):
                found.append(SaidMoment(*match.span(), now + timedelta(minutes=minutes)))
    return sorted(found, key=lambda moment: moment.start)


def find_times(message: Message) -> list[SaidTime]:
    """Clock times in order, impossible ones (`25h`) included."""
    found: list[SaidTime] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(message.low):
            time_said = _time_of(match)
            free = time_said and not overlaps(match.span(), [(t.start, t.end) for t in found])
            if time_said and free and _is_of_clock(message, time_said):
                found.append(time_said)
    return sorted(found, key=lambda one: one.start)


def find_parts(message: Message) -> list[SaidPart]:
    """Parts of the day in order."""
    return [
        SaidPart(
            *match.span(), _ENGLISH_PARTS[match["english"]] if match["english"] else said(match["part"]).split()[0]
        )
        for match in _PARTS.finditer(message.low)
    ]


def _minutes(match: re.Match[str]) -> int | None:
    count, unit = match["count"], match["unit"]
    length = 1 if unit.startswith(("p", "min")) else 60
    half = length // 2 if "half" in match.groupdict() and match["half"] else 0
    if count in ("nửa", "nữa", "nua", "half an"):
        return length // 2
    number = small_number(count)
    return number * length + half if number else None


def _time_of(match: re.Match[str]) -> SaidTime | None:
    groups = match.groupdict()
    if groups.get("noon"):
        return SaidTime(*match.span(), 12, 0)
    hour = small_number(groups["hour"])
    if hour is None:
        hour = 0 if groups["hour"].isdecimal() else 99
    minute = int(groups.get("minute") or groups.get("few") or 0)
    if groups.get("half"):
        minute = 30
    if groups.get("less"):
        minute = -(small_number(groups["less"]) or 0)
    part = said(groups.get("part") or "").replace(".", "").split()
    return SaidTime(*match.span(), hour, minute, _known_part(part[0], hour) if part else None)


def _known_part(part: str, hour: int) -> str | None:
    """`3h sang` typed without marks is the verb sang, not three in the morning."""
    return None if part == "sang" and hour < 5 else part


def _is_of_clock(message: Message, one: SaidTime) -> bool:
    """Whether it is a time of day and not a duration (`bảo hành 48h`, `24h/24`)."""
    if one.hour in (24, 48, 72, 36) and one.part is None:
        return False
    before, after = message.low[: one.start], message.low[one.end : one.end + 12]
    return not (_MEASURED_BEFORE.search(before) or _MEASURED_AFTER.search(after))


def _hour_of_day(hour: int, part: str | None) -> tuple[int, int]:
    """The hour of 24 and how many days later it falls."""
    match part:
        case "sang" | "am":
            return (0 if hour == 12 and part == "am" else hour), 0
        case "trua":
            return (hour + 12 if hour < 4 else hour), 0
        case "chieu" | "pm":
            return (hour + 12 if hour < 12 else hour), 0
        case "toi" | "dem":
            if hour == 12:
                return 0, 1
            return (hour + 12 if 4 < hour < 12 else hour), 0
        case _:
            return (hour + 12 if 1 <= hour <= 6 else hour), 0
