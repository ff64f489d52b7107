"""Templates that Zalo has approved, and what the company has put into which of their fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class TemplateKind(StrEnum):
    """Which of our messages a template may stand for; as the `kind` that `reach` is given."""

    CSAT = "survey.csat"
    NPS = "survey.nps"
    SOLVED = "ticket.solved"
    ANSWER = "answer"
    REFERRAL = "referral"


class FieldValue(StrEnum):
    """What of ours fills a field of a template."""

    CUSTOMER = "customer"  # "chị Lan"
    CODE = "code"  # KH000123
    COMPANY = "company"
    REP = "rep"
    PRODUCT = "product"
    BOUGHT_ON = "bought_on"
    TODAY = "today"
    AMOUNT = "amount"
    LINK = "link"
    TOKEN = "token"  # the last part of the link, where the template's button holds the rest of it
    WORDS = "words"  # what we would have written


@dataclass(frozen=True, slots=True)
class TemplateField:
    """A field as Zalo describes it; `longest` in characters, 0 where nobody said."""

    name: str
    required: bool = True
    kind: str = "STRING"
    longest: int = 0


@dataclass(frozen=True, slots=True)
class ZaloTemplate:
    """A template that the company uses for a kind of message. `values` maps each field's name to a `FieldValue`, or to "=words" that
    are always the same. Prices are in đồng, None where Zalo told none; `checked_at` (UTC) is when Zalo last described it so."""

    kind: TemplateKind
    template_id: str
    name: str
    fields: tuple[TemplateField, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    price_phone_vnd: int | None = None
    price_user_vnd: int | None = None
    by_user: bool = True
    by_phone: bool = True
    checked_at: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """Whether all that it requires is filled."""
        return all(self.values.get(one.name) for one in self.fields if one.required)
