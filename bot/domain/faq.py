"""The company's own question list."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Faq:
    """A question as customers put it, and the company's answer, in one language (`vi`, `en`)."""

    id: int
    locale: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What customers asked and no answer was sure enough for; `count` how often."""

    id: int
    question: str
    asked_at: datetime
    count: int
