"""What a customer has agreed to, and what they ask of us (RELIABILITY L1, L2): no default yes."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.names import folded


class Purpose(StrEnum):
    """What a customer agrees to."""

    CARE = "care"  # care messages and surveys that they did not ask for
    TESTIMONIAL = "testimonial"  # their words may be shown to others


@dataclass(frozen=True, slots=True)
class Consent:
    """A yes with its time (UTC), channel, the words it was asked in and how it was given; withdrawn at a moment, or not."""

    id: int
    customer_id: int
    purpose: Purpose
    given_at: datetime
    channel: str
    wording: str
    evidence: str
    withdrawn_at: datetime | None = None


class RequestKind(StrEnum):
    """What the law lets a person ask for."""

    SEE = "see"
    CORRECT = "correct"
    DELETE = "delete"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class DataRequest:
    """A person's request about their own data: to be answered by `answer_by`, acted on by `act_by`; managers hear of it again at
    `remind_at` (all UTC)."""

    id: int
    customer_id: int
    kind: RequestKind
    asked_at: datetime
    answer_by: datetime
    act_by: datetime
    answered_at: datetime | None = None
    done_at: datetime | None = None
    remind_at: datetime | None = None


# "Đừng nhắn nữa", without marks. What is not to be sent has to be messages: "đừng gửi hàng thứ bảy" goes on to the rep.
_STOPS = re.compile(
    r"\b(?:"
    r"(?:dung|khoi|ngung|thoi dung|thoi khong|thoi khoi)(?: \w+){0,2}? (?:nhan|gui|nhan tin|gui tin)"
    r"(?: tin| tin nhan| quang cao| thong bao| qc)?(?: cho)?(?: (?:toi|minh|em|anh|chi|tui|a|c))? nua"
    r"|(?:dung|ngung|thoi dung|khong muon|ko muon|khong can|khong thich)(?: \w+)? (?:nhan|gui)"
    r" (?:tin(?! (?:cho|voi) (?!toi|minh|tui|em|anh|chi))|tin nhan|quang cao|thong bao|qc)"
    r"|(?:khong|ko) nhan (?:tin|tin nhan|quang cao|thong bao|qc) nua"
    r"|thoi (?:dung|khoi|ngung) (?:nhan|gui)(?: tin)?(?: nua)?$"
    r"|(?:dung|khong muon bi|dung co) lam phien"
    r"|huy (?:dang ky|nhan tin)"
    r"|unsubscribe|opt out|stop (?:messaging|texting|sending|writing)"
    r"|(?:do not|don't|dont) (?:message|text|write(?: to)?|contact) me"
    r")"
)
_STOP_WORDS = ("dung", "dừng", "stop", "huy tin", "tu choi")
_RESUME_WORDS = ("bat lai", "start again", "unstop")


def asks_to_stop(text: str) -> bool:
    """Whether somebody wants no more messages: DUNG, DỪNG, STOP alone, or in words. "Đúng" (right) and "đừng" alone are no such."""
    alone = text.strip(" .!\n").lower()
    return alone in _STOP_WORDS or _STOPS.search(folded(text).strip(" .!")) is not None


def asks_to_resume(text: str) -> bool:
    """Whether somebody takes that back: BAT LAI."""
    return folded(text).strip(" .!") in _RESUME_WORDS
