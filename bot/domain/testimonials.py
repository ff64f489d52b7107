"""Testimonials: what customers said of us, kept with their consent."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.customers import Customer
from bot.domain.surveys import SurveyKind


@dataclass(frozen=True, slots=True)
class Testimonial:
    """Words that a customer lets us show to others. `kept_at` is UTC; kind and score are of the survey in which they were said, where
    it was one."""

    id: int
    customer: Customer
    text: str
    kept_at: datetime
    kind: SurveyKind | None = None
    score: int | None = None
