"""Surveys: what is asked, whom it may be asked of, and what a score means (PRODUCT section 6)."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum


class SurveyKind(StrEnum):
    """CSAT asks how satisfied they are, 1 to 5; NPS how likely they would recommend us, 0 to 10."""

    CSAT = "csat"
    NPS = "nps"


class Band(StrEnum):
    """What a score asks of us."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


SCORES = {SurveyKind.CSAT: range(1, 6), SurveyKind.NPS: range(11)}
# PRODUCT section 6: low is CSAT ≤ 2, NPS ≤ 6; high is CSAT ≥ 4, NPS ≥ 9.
_LOW_UNTIL = {SurveyKind.CSAT: 2, SurveyKind.NPS: 6}
_HIGH_FROM = {SurveyKind.CSAT: 4, SurveyKind.NPS: 9}
# A CSAT of 1 is told to the manager too.
WORST_CSAT = 1
# The steps of the playbooks that ask the customer by themselves, and the hour (where the member is) at which they do.
ASKED_BY_STEP = {"feeling": SurveyKind.CSAT, "care_30": SurveyKind.NPS}
ASKED_AT = time(9)
# What a company may word, and what a customer may comment, in characters.
LONGEST_WORDING = 300
LONGEST_COMMENT = 1000
# 160 bits (RELIABILITY S9), in letters that every chat takes to be part of a link, the last one too.
_TOKEN_BYTES, _TOKEN = 20, re.compile(r"[0-9a-f]{40}")
PAYLOAD = "s_"
_TYPED = re.compile(r"\s*(?:số |số điểm )?([0-9]{1,2})(?: ?(?:sao|điểm|đ|stars?|points?))?[\s.!]*", re.IGNORECASE)
# PRODUCT section 6: a link is good for 30 days, an answer may be changed within a day.
OPEN_FOR = timedelta(days=30)
CHANGED_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SurveyInvitation:
    """One survey asked of one customer, and the one answer that counts. `member_id` is the rep who is told; moments are UTC;
    `route` says how it was sent, as `reaching.Route`; `entry_id` is the answer's entry on the timeline, `ticket_id` what it opened."""

    id: int
    customer_id: int
    member_id: int
    kind: SurveyKind
    created_at: datetime
    expires_at: datetime
    sale_id: int | None = None
    route: str = ""
    score: int | None = None
    comment: str | None = None
    answered_at: datetime | None = None
    entry_id: int | None = None
    ticket_id: int | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether an answer counts now: none has come yet, or it came less than a day ago."""
        if self.answered_at is None:
            return now < self.expires_at
        return now < self.answered_at + CHANGED_WITHIN


def band(kind: SurveyKind, score: int) -> Band:
    """What the score asks of us. Raises ValueError for what is no score of this kind."""
    if score not in SCORES[kind]:
        raise ValueError(f"{score} is no score of {kind}")
    if score <= _LOW_UNTIL[kind]:
        return Band.LOW
    return Band.HIGH if score >= _HIGH_FROM[kind] else Band.MIDDLE


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """A survey about to be asked; fields as in `SurveyInvitation`."""

    customer_id: int
    member_id: int
    kind: SurveyKind
    created_at: datetime
    route: str
    sale_id: int | None = None


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """A step of the playbook that is to ask the customer at `due_at` (UTC)."""

    followup_id: int
    customer_id: int
    kind: SurveyKind
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LastScores:
    """A customer's latest answer of a kind, and the one before."""

    kind: SurveyKind
    score: int
    answered_at: datetime
    before: int | None = None


def score_in(kind: SurveyKind, text: str) -> int | None:
    """The score that is all of a text: "9", "5 sao"; None for anything else."""
    typed = _TYPED.fullmatch(text)
    score = int(typed[1]) if typed else None
    return score if score in SCORES[kind] else None


def new_token() -> str:
    """A token that nobody guesses. It goes out in a link and is never kept."""
    return secrets.token_hex(_TOKEN_BYTES)


def is_token(said: str) -> bool:
    """Whether it has the form of a token."""
    return _TOKEN.fullmatch(said) is not None


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
