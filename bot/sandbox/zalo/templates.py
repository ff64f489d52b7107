"""Templates that Zalo has approved (ZBS, once ZNS): what they ask for, and their sending by phone and by user id."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.sandbox.zalo.calls import ZaloCall
from bot.sandbox.zalo.events import Events, milliseconds
from bot.sandbox.zalo.messages import SentTemplate, ZaloMessage, ZaloPerson
from bot.sandbox.zalo.people import People, Telling
from bot.sandbox.zalo.refusals import ZaloRefusal, invalid

Status = Literal["ENABLE", "PENDING_REVIEW", "DELETE", "REJECT", "DISABLE"]
Tag = Literal["TRANSACTION", "CUSTOMER_CARE", "PROMOTION"]
# Zalo's number for each status, as `/template/all?status=` takes it.
STATUS_NUMBERS = {1: "ENABLE", 2: "PENDING_REVIEW", 3: "REJECT", 4: "DISABLE"}
RATING = 5
LONGEST_TRACKING_ID = 48
# ZALO: assumed [M], nights are Vietnam's and close promotion alone; the codes differ by host
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT_BEGINS, NIGHT_ENDS = 22, 6
# ZALO: assumed [M], what a field of each type looks like
SHAPES = {
    "NUMBER": r"-?\d+(\.\d+)?",
    "CURRENCY": r"\d+",
    "DATE": r"(\d\d:\d\d(:\d\d)? )?\d\d/\d\d/\d{4}",
    "PHONE": r"\+?\d{8,15}",
}


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
    """A template as Zalo's console has it. `text` holds its fields as <name>. Prices in đồng. Kind 1 is custom, 2 OTP, 3 payment, 4
    voucher, 5 rating; `by_user` is off for those that cannot go by user id. `buttons` are type, title, and address or number."""

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
    buttons: tuple[tuple[int, str, str], ...] = ()
    reason: str = ""

    def filled(self, data: Mapping[str, str]) -> str:
        """The words with their fields filled."""
        return re.sub(r"<(\w+)>", lambda field: data.get(field[1], ""), self.text)


class Templates:
    """All templates of the account, its daily quota of messages to phone numbers, and what was spent."""

    def __init__(self, now: Callable[[], datetime], people: People, events: Events, tell_webhook: Telling) -> None:
        self._now = now
        self._people = people
        self._events = events
        self._tell_webhook = tell_webhook
        self._templates: dict[str, Template] = {}
        self._sent_on: Counter[date] = Counter()
        self._by_phone: dict[str, ZaloMessage] = {}
        self.daily_quota = 500
        self.spent_vnd = 0

    def add(self, template: Template) -> Template:
        """Put a template into the account."""
        self._templates[template.template_id] = template
        return template

    def change_status(self, template_id: str, status: Status, reason: str = "") -> None:
        """Approve, reject or disable it; the webhook hears of it."""
        template = self._templates[template_id]
        before, template.status, template.reason = template.status, status, reason
        self._tell_webhook(self._events.template_changed(template_id, before, status, reason, self._now()))

    def change_quota(self, quota: int) -> None:
        """Zalo moves the daily quota; the webhook hears of it."""
        before, self.daily_quota = self.daily_quota, quota
        self._tell_webhook(self._events.quota_changed(before, quota, self._now()))

    @property
    def sent(self) -> list[SentTemplate]:
        """Every template that arrived at somebody, oldest first."""
        messages = [m for person in self._people.everyone for m in self._people.messages(person.user_id) if m.template]
        return [m.template for m in sorted(messages, key=lambda m: m.at) if m.template]

    # Sending ----------------------------------------------------------------------------------------------------------

    def send_by_phone(self, call: ZaloCall) -> dict[str, Any]:
        """`POST business /message/template`. Raises ZaloRefusal."""
        phone = call.arguments.get("phone")
        if not isinstance(phone, str) or not re.fullmatch(r"\+?84\d{9,10}", phone):
            raise ZaloRefusal(-108, "Phone number is invalid")
        template = self._wanted(call)
        data = _data(template, call.arguments.get("template_data"))
        tracking_id = _tracking_id(call.arguments.get("tracking_id"))
        mode = call.arguments.get("sending_mode") or "1"
        if mode not in ("1", "3"):
            raise invalid("sending_mode")
        self._not_at_night(template, -133)
        today = self._now().astimezone(ZONE).date()
        if self._sent_on[today] >= self.daily_quota:
            raise ZaloRefusal(-144, "OA has exceeded its daily quota of messages")
        number = phone.removeprefix("+")
        person = _with_zalo(self._people.with_phone(number))
        shown = _shown(template, data, template.price_phone_vnd, number, tracking_id)
        self._sent_on[today] += 1
        self.spent_vnd += template.price_phone_vnd
        message = self._people.deliver(person.user_id, "template", quiet=True, text=shown.text, template=shown)
        self._by_phone[message.id] = message
        return {
            "msg_id": message.id,
            "sent_time": milliseconds(message.at),
            "sending_mode": mode,
            "quota": self._quota(today),
        }

    def send_by_user(self, call: ZaloCall) -> dict[str, Any]:
        """`POST openapi /v3.0/oa/message/template`. Raises ZaloRefusal."""
        person = self._people.known(call.text("user_id"))
        if person is None:
            raise invalid("user_id")
        template = self._wanted(call)
        data = _data(template, call.arguments.get("template_data"))
        if not template.by_user or template.kind == 2 or template.quick_replies:
            raise ZaloRefusal(-249, "Template can not be sent by user id")
        self._not_at_night(template, -234)
        _reachable(person)
        shown = _shown(template, data, template.price_user_vnd)
        self.spent_vnd += template.price_user_vnd
        quota = "purchase_quota"
        message = self._people.deliver(person.user_id, "template", text=shown.text, template=shown, quota_type=quota)
        return {
            "message_id": message.id,
            "user_id": person.user_id,
            "sent_time": milliseconds(message.at),
            "quota": {"quota_type": quota},
        }

    def _wanted(self, call: ZaloCall) -> Template:
        template_id = call.arguments.get("template_id")
        template = self._templates.get(template_id) if isinstance(template_id, str) else None
        if template is None or template.status == "DELETE":
            raise ZaloRefusal(-109, "Template ID is invalid")
        if template.status != "ENABLE":
            raise ZaloRefusal(-131, "Template is not approved")
        return template

    def _not_at_night(self, template: Template, code: int) -> None:
        hour = self._now().astimezone(ZONE).hour
        if template.tag == "PROMOTION" and not NIGHT_ENDS <= hour < NIGHT_BEGINS:
            raise ZaloRefusal(code, "Promotional messages can not be sent between 22:00 and 06:00")

    # Reading ----------------------------------------------------------------------------------------------------------

    def all(self, call: ZaloCall) -> dict[str, Any]:
        """`GET business /template/all`: the whole envelope, for it has `metadata`. Raises ZaloRefusal."""
        offset, limit, status = call.integer("offset", 0), call.integer("limit", 100), call.integer("status", 0)
        if not 1 <= limit <= 100 or offset < 0:
            raise invalid("limit")
        chosen = [
            template
            for template in self._templates.values()
            if template.status != "DELETE" and status in (0, _number(template.status))
        ]
        rows = [
            {
                "templateId": int(template.template_id),
                "templateName": template.name,
                "createdTime": 1_764_000_000_000,
                "status": template.status,
                "templateQuality": template.quality,
            }
            for template in chosen[offset : offset + limit]
        ]
        return {"error": 0, "message": "Success", "data": rows, "metadata": {"total": len(chosen)}}

    def info(self, call: ZaloCall) -> dict[str, Any]:
        """`GET business /template/info/v2?template_id=`. Raises ZaloRefusal."""
        template = self._templates.get(str(call.query.get("template_id") or call.arguments.get("template_id")))
        if template is None:
            raise ZaloRefusal(-109, "Template ID is invalid")
        return {
            "templateId": template.template_id,
            "templateName": template.name,
            "status": template.status,
            "reason": template.reason,
            "listParams": [
                {
                    "name": param.name,
                    "require": param.required,
                    "type": param.type,
                    "maxLength": param.longest,
                    "minLength": param.shortest,
                    "acceptNull": not param.required,
                }
                for param in template.params
            ],
            "listButtons": [{"type": kind, "title": title, "content": to} for kind, title, to in template.buttons],
            "timeout": 7_200_000,
            "previewUrl": f"https://account.zalo.cloud/znspreview/{template.template_id}",
            "templateQuality": template.quality,
            "templateTag": template.tag,
            # ZALO: assumed [L], no sample of this answer shows the kind
            "templateType": template.kind,
            "price": str(template.price_phone_vnd),
            "price_sdt": str(template.price_phone_vnd),
            "price_uid": str(template.price_user_vnd),
            "applyTemplateQuota": False,
        }

    def status(self, call: ZaloCall) -> dict[str, Any]:
        """`GET business /message/status?message_id=`: 1 where it was delivered, -1 where there is no such message."""
        message = self._by_phone.get(str(call.query.get("message_id")))
        if message is None or message.received_at is None:
            return {"delivery_time": "", "status": -1, "message": "Message not found"}
        return {"delivery_time": milliseconds(message.received_at), "status": 1, "message": "Message delivered"}

    def quota(self, _call: ZaloCall) -> dict[str, Any]:
        """`GET business /message/quota`"""
        return self._quota(self._now().astimezone(ZONE).date())

    def _quota(self, today: date) -> dict[str, Any]:
        left = max(self.daily_quota - self._sent_on[today], 0)
        return {"dailyQuota": str(self.daily_quota), "remainingQuota": str(left)}


def _data(template: Template, given: object) -> dict[str, str]:
    if not isinstance(given, dict) or (template.params and not given):
        raise ZaloRefusal(-111, "Template data is empty or undefined")
    for param in template.params:
        value = given.get(param.name)
        if value is None or value == "":
            if param.required:
                raise ZaloRefusal(-1122, f"Template data is missing parameter {param.name}")
            continue
        if not isinstance(value, str) or not re.fullmatch(SHAPES.get(param.type, r"(?s).*"), value):
            raise ZaloRefusal(-1124, f"Parameter {param.name} has a bad format")
        if len(value) > param.longest:
            raise ZaloRefusal(-1121, f"Parameter {param.name} exceeds {param.longest} characters")
        if len(value) < param.shortest:
            raise ZaloRefusal(-1124, f"Parameter {param.name} is too short")
    return {param.name: given.get(param.name) or "" for param in template.params}


def _tracking_id(given: object) -> str:
    # ZALO: assumed [M], the code of a bad tracking id and which characters are special
    if not isinstance(given, str) or not re.fullmatch(rf"[A-Za-z0-9_-]{{1,{LONGEST_TRACKING_ID}}}", given):
        raise invalid("tracking_id")
    return given


def _with_zalo(person: ZaloPerson | None) -> ZaloPerson:
    if person is None or not person.has_zalo:
        raise ZaloRefusal(-118, "Zalo account not existed")
    if person.gone:
        raise ZaloRefusal(-119, "Account can not receive ZNS message")
    if person.blocked or not person.takes_templates:
        raise ZaloRefusal(-114, "User can not receive this message")
    return person


def _reachable(person: ZaloPerson) -> None:
    if person.gone:
        raise ZaloRefusal(-227, "User account has been blocked or not active for more than 45 days")
    if person.blocked:
        raise ZaloRefusal(-217, "User has blocked the Official Account")
    if not person.takes_templates:
        raise ZaloRefusal(-244, "User has restricted this type of message")


def _shown(
    template: Template, data: Mapping[str, str], price: int, phone: str = "", tracking_id: str = ""
) -> SentTemplate:
    return SentTemplate(
        template.template_id,
        template.name,
        data,
        template.filled(data),
        price,
        phone,
        tracking_id,
        template.kind == RATING,
        template.quick_replies,
    )


def _number(status: str) -> int:
    return next((number for number, name in STATUS_NUMBERS.items() if name == status), 0)
