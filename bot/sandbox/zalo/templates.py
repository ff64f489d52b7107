"""Templates that Zalo has approved (ZBS, once ZNS): what they ask for, and their sending by phone and by user id."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.sandbox.zalo.people import People

Status = Literal["ENABLE", "PENDING_REVIEW", "DELETE", "REJECT", "DISABLE"]
Tag = Literal["TRANSACTION", "CUSTOMER_CARE", "PROMOTION"]


@dataclass(frozen=True, slots=True)
class Param:
    """A field of a template; `longest` and `shortest` in characters."""

    name: str
    longest: int = 30
    required: bool = True
    type: str = "STRING"
    shortest: int = 0


@dataclass(slots=True)
class Template:
    """A template as its page in Zalo's console tells it. `text` holds its fields as <name>. Prices in đồng. Kind 1 is custom, 2 OTP,
    3 payment, 4 voucher, 5 rating; `by_user` is off for those that cannot go by user id."""

    template_id: str
    name: str
    params: tuple[Param, ...] = ()
    text: str = ""
    status: Status = "ENABLE"
    tag: Tag = "CUSTOMER_CARE"
    quality: str = "HIGH"
    kind: int = 1
    price_phone_vnd: int = 800
    price_user_vnd: int = 560
    by_user: bool = True
    quick_replies: tuple[str, ...] = ()
    buttons: tuple[tuple[int, str, str], ...] = ()  # type, title, address or number


class Templates:
    """All templates of the account, its daily quota, and what was spent."""

    def __init__(self, now: Callable[[], datetime], people: People) -> None:
        self._now = now
        self._people = people
        self._templates: dict[str, Template] = {}
        self.daily_quota = 500
        self.spent_vnd = 0

    def add(self, template: Template) -> Template:
        """Put a template into the account."""
        self._templates[template.template_id] = template
        return template

    def change_status(self, template_id: str, status: Status, reason: str = "") -> None:
        """Approve, reject or disable it; the webhook hears of it."""
        raise NotImplementedError

    def change_quota(self, quota: int) -> None:
        """Zalo moves the daily quota; the webhook hears of it."""
        raise NotImplementedError

    def send_by_phone(self, body: dict[str, Any]) -> dict[str, Any]:
        """`POST business /message/template`. Raises ZaloRefusal."""
        raise NotImplementedError

    def send_by_user(self, body: dict[str, Any]) -> dict[str, Any]:
        """`POST openapi /v3.0/oa/message/template`. Raises ZaloRefusal."""
        raise NotImplementedError
