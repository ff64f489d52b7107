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


class Status(StrEnum):
    """What Zalo says of a template; only ENABLED may be sent."""

    ENABLED = "ENABLE"
    PENDING = "PENDING_REVIEW"
    REJECTED = "REJECT"
    DISABLED = "DISABLE"
    DELETED = "DELETE"


class Sort(StrEnum):
    """What sort of template it is, as far as Zalo says so."""

    CUSTOM = "custom"
    OTP = "otp"
    PAYMENT = "payment"
    VOUCHER = "voucher"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Description:
    """A template as Zalo describes it. `status` is Zalo's own word, one of `Status` or another, `reason` why it was rejected; prices
    in đồng, None where none was told; `preview_url` shows it."""

    template_id: str
    name: str
    status: str
    fields: tuple[TemplateField, ...] = ()
    sort: Sort = Sort.CUSTOM
    reason: str = ""
    price_phone_vnd: int | None = None
    price_user_vnd: int | None = None
    by_user: bool = True
    by_phone: bool = True
    preview_url: str = ""


class NoDescription(StrEnum):
    """Why Zalo could not be asked."""

    UNKNOWN = "unknown"  # there is no such template of ours
    NO_RIGHT = "no_right"  # tokens dead, a right, money or a verification is missing: the operator must act
    UNREACHABLE = "unreachable"  # no connection, too many calls, an answer that nobody understands: later perhaps


class NotDescribed(Exception):
    """Zalo gave no description; `detail` is for the log."""

    def __init__(self, why: NoDescription, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


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


@dataclass(frozen=True, slots=True)
class TemplateCheck:
    """A template that a member wants for a kind of message, while Zalo is asked about it (`description` is None) and while the member
    decides what fills its fields. `asked_at` is UTC."""

    id: int
    member_id: int
    kind: TemplateKind
    template_id: str
    asked_at: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    description: Description | None = None


def as_template(check: TemplateCheck, description: Description) -> ZaloTemplate:
    """The template as it would be kept, checked when it was asked about."""
    return ZaloTemplate(
        check.kind,
        check.template_id,
        description.name,
        description.fields,
        check.values,
        description.price_phone_vnd,
        description.price_user_vnd,
        description.by_user,
        description.by_phone,
        check.asked_at,
    )
