"""What people may ask of us about their own data, and until when (RELIABILITY L2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.calendar import next_working_day
from bot.domain.consent import DataRequest, RequestKind
from bot.domain.names import folded
from bot.domain.people import DEFAULT_DAYS_OFF

ANSWER_WITHIN = 2  # working days
ACT_WITHIN = 15  # days
# Managers hear of it again in the morning of its last day, and some days before the last one to act.
HEARD_AT = time(8, 0)
WARNED_BEFORE = 3
_DAY = timedelta(days=1)

_MINE = r"(?:cua (?:toi|minh|em|anh|chi|co|chu|bac|tui|chau)|ve (?:toi|minh|tui|anh|chi))"
_DATA = r"(?:(?:thong tin|du lieu|ho so|so dien thoai|sdt|so)(?: (?:ca nhan|khach hang|dien thoai|lien he))*)"
_ERASE = r"(?:xoa|xoa het|xoa bo|huy|go)"
_SHOW = r"(?:xem|biet|gui|cung cap|xuat)(?: lai)?"
# Nothing is said after it that would make it other data.
_POLITE = r"(?:di|giup|ho|cho|nhe|nha|a|em|anh|chi|minh|toi|tui|shop)"
_ASKED = {
    RequestKind.DELETE: (
        rf"\b{_ERASE} (?:giup \w+ |ho \w+ |het |toan bo |tat ca |moi )*{_DATA}.{{0,20}}\b{_MINE}\b",
        rf"\b{_ERASE} (?:giup \w+ |ho \w+ |het |toan bo |tat ca )*(?:du lieu|thong tin) ca nhan\b",
        rf"\b{_ERASE} (?:giup \w+ |ho \w+ |het |toan bo |tat ca |moi )*(?:du lieu|thong tin)(?: {_POLITE})*[.!?]*$",
        rf"\bdung (?:luu|giu) (?:lai )?{_DATA}.{{0,20}}\b{_MINE}\b",
        r"\b(?:delete|erase|remove) (?:all )?(?:of )?my (?:personal )?(?:data|information|info|details|number)\b",
    ),
    RequestKind.CORRECT: (
        rf"\b(?:sua|chinh|dinh chinh|cap nhat)(?: lai)? (?:giup \w+ |ho \w+ )*{_DATA}.{{0,20}}\b{_MINE}\b",
        r"\b(?:correct|change|update) my (?:personal )?(?:data|information|info|details)\b",
    ),
    RequestKind.SEE: (
        rf"\b{_SHOW} (?:\w+ ){{0,5}}(?:du lieu|thong tin|ho so)(?: ca nhan)?.{{0,30}}\b{_MINE}\b",
        r"\bcho (?:toi|minh|em|anh|chi|tui) xem (?:lai )?(?:du lieu|thong tin ca nhan)\b",
        r"\b(?:giu|luu) (?:thong tin|du lieu) gi (?:cua|ve) (?:toi|minh|em|anh|chi|tui)\b",
        r"\b(?:see|show(?: me)?|send(?: me)?|get) (?:all )?my (?:personal )?(?:data|information)\b",
        r"\bwhat (?:data|information) do you (?:have|keep|hold)\b",
    ),
}
_PATTERNS = {kind: re.compile("|".join(patterns)) for kind, patterns in _ASKED.items()}


@dataclass(frozen=True, slots=True)
class NewDataRequest:
    """A request about to be written down; fields as in `DataRequest`."""

    customer_id: int
    kind: RequestKind
    asked_at: datetime
    answer_by: datetime
    act_by: datetime
    remind_at: datetime | None


def request_in(text: str) -> RequestKind | None:
    """What a customer asks for in these words, to be done with their data: deleted, corrected or shown. None: nothing of the kind."""
    said = folded(text)
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(said)), None)


def new_request(customer_id: int, kind: RequestKind, now: datetime, zone: ZoneInfo) -> NewDataRequest:
    """A request made at `now` (UTC) to a company in `zone`, with its last moments: the ends of days there, in UTC."""
    today = now.astimezone(zone).date()
    last_day = today
    for _ in range(ANSWER_WITHIN):
        last_day = next_working_day(last_day + _DAY, DEFAULT_DAYS_OFF)
    answer_by, act_by = _end_of(last_day, zone), _end_of(today + ACT_WITHIN * _DAY, zone)
    reminders = _reminders(answer_by, act_by, zone, answered=False)
    return NewDataRequest(customer_id, kind, now, answer_by, act_by, next(reminders, None))


def next_reminder(request: DataRequest, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When managers are to hear of an open request again, after `now`; None: not any more."""
    answered = request.answered_at is not None
    reminders = _reminders(request.answer_by, request.act_by, zone, answered=answered)
    return next((moment for moment in reminders if moment > now), None)


def _reminders(answer_by: datetime, act_by: datetime, zone: ZoneInfo, *, answered: bool) -> Iterator[datetime]:
    if not answered:
        yield _morning(answer_by, 0, zone)
    yield _morning(act_by, WARNED_BEFORE, zone)
    yield _morning(act_by, 0, zone)


def _morning(moment: datetime, days_before: int, zone: ZoneInfo) -> datetime:
    """The morning of the last day that ends at `moment`, or of one so many days before."""
    day = (moment - _DAY / 2).astimezone(zone).date() - days_before * _DAY
    return datetime.combine(day, HEARD_AT, zone).astimezone(UTC)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + _DAY, time(), zone).astimezone(UTC)
