"""Consultation messages (`/v3.0/oa/message/cs`): what Zalo takes, to whom and when."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from unicodedata import normalize

from bot.sandbox.entities import utf16_length
from bot.sandbox.zalo.calls import ZaloCall
from bot.sandbox.zalo.events import milliseconds
from bot.sandbox.zalo.messages import Form, ZaloButton, ZaloPerson
from bot.sandbox.zalo.people import People
from bot.sandbox.zalo.refusals import ZaloRefusal, invalid
from bot.sandbox.zalo.uploads import Uploads

LONGEST_TEXT = 2_000
MOST_BUTTONS = 5
LONGEST_TITLE = 100
LONGEST_PAYLOAD = 1_000
FREE_FOR = timedelta(hours=48)
OPEN_FOR = timedelta(days=7)
PAID_MESSAGE_VND = 55
REPLY, PAID = "reply", "sub_quota"
UNSUPPORTED = ZaloRefusal(-233, "Message type is invalid or not supported")
Parts = dict[str, Any]


class Consultation:
    """The account's free-form messages, and what the paid ones among them have cost."""

    def __init__(self, now: Callable[[], datetime], people: People, uploads: Uploads) -> None:
        self._now = now
        self._people = people
        self._uploads = uploads
        self.paid = 0

    @property
    def spent_vnd(self) -> int:
        """In đồng."""
        return self.paid * PAID_MESSAGE_VND

    def send(self, call: ZaloCall) -> dict[str, Any]:
        """The message's id and what it was counted as. Raises ZaloRefusal."""
        recipient, message = call.arguments.get("recipient"), call.arguments.get("message")
        if not isinstance(recipient, dict):
            raise invalid("recipient")
        if not isinstance(message, dict):
            raise invalid("message")
        user_id = call.text("user_id", recipient)
        parts = self._parts(message)
        person = self._people.known(user_id)
        if person is None:
            raise invalid("user_id")
        if quote := parts.get("quote"):
            self._check_quote(user_id, quote)
        quota = quota_type(person, self._now())
        self.paid += quota == PAID
        sent = self._people.deliver(user_id, parts.pop("kind"), quota_type=quota, **parts)
        return {
            "message_id": sent.id,
            "user_id": user_id,
            "sent_time": milliseconds(sent.at),
            "quota": {"quota_type": quota},
        }

    def _parts(self, message: Mapping[str, Any]) -> Parts:
        attachment, text = message.get("attachment"), message.get("text", "")
        if not isinstance(text, str) or _length(text) > LONGEST_TEXT:
            raise invalid("text")
        parts: Parts = {"text": text}
        quote = message.get("quote_message_id")
        if quote is not None:
            parts["quote"] = quote if isinstance(quote, str) and quote else _refuse("quote_message_id")
        if attachment is None:
            return parts | {"kind": "text", "text": _some(text)}
        if not isinstance(attachment, dict) or not isinstance(payload := attachment.get("payload"), dict):
            raise invalid("attachment")
        match attachment.get("type"):
            case "template":
                return parts | self._template(text, payload)
            case "file":
                # ZALO: assumed [M], a file takes no words: no example has any
                if text:
                    raise invalid("text")
                content = self._uploads.content("file", payload.get("token"))
                return parts | {"kind": "file", "content": content}
        raise UNSUPPORTED

    def _template(self, text: str, payload: Mapping[str, Any]) -> Parts:
        match payload.get("template_type"):
            case None:
                buttons = _buttons(payload.get("buttons"))
                return {"kind": "text", "text": _some(text), "buttons": buttons}
            case "media":
                _no_buttons(payload)
                return self._media(_only_element(payload))
            case "request_user_info":
                _no_buttons(payload)
                element = _only_element(payload)
                title, subtitle = _words(element, "title"), _words(element, "subtitle")
                return {"kind": "form", "form": Form(title, subtitle, _address(element, "image_url"))}
        raise UNSUPPORTED

    def _media(self, element: Mapping[str, Any]) -> Parts:
        key, kind = element.get("attachment_id"), element.get("media_type")
        if kind == "sticker":
            return {"kind": "sticker", "url": _words(element, "attachment_id")}
        if kind not in ("image", "gif"):
            raise invalid("media_type")
        if kind == "gif":
            for side in ("width", "height"):
                if not isinstance(element.get(side), int) or element[side] <= 0:
                    raise invalid(side)
        if key is None:
            return {"kind": kind, "url": _address(element, "url")}
        return {"kind": kind, "content": self._uploads.content(kind, key)}

    def _check_quote(self, user_id: str, quote: str) -> None:
        # ZALO: assumed [M], only a message of this very chat can be quoted
        if self._people.message(user_id, quote) is None:
            raise invalid("quote_message_id")


def quota_type(person: ZaloPerson, now: datetime) -> str:
    """What a message sent now is counted as. Raises ZaloRefusal when none may be sent."""
    # ZALO: assumed [M], which code for whom: F2 names -213 and -232 for who never interacted, -230 for after 7 days
    if person.gone:
        raise ZaloRefusal(-227, "User account has been blocked or not active for more than 45 days")
    if person.blocked:
        raise ZaloRefusal(-217, "User has blocked the Official Account")
    # ZALO: assumed [M], who unfollows closes the window until they write again
    if person.interacted_at is None or person.left:
        raise ZaloRefusal(-213, "User has not followed the Official Account")
    idle = now - person.interacted_at
    if idle >= OPEN_FOR:
        raise ZaloRefusal(-230, "User has not interacted with the OA in the past 7 days")
    return PAID if idle >= FREE_FOR else REPLY


def _buttons(given: object) -> tuple[ZaloButton, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_BUTTONS:
        raise invalid("buttons")
    return tuple(_button(button) for button in given)


def _button(given: object) -> ZaloButton:
    if not isinstance(given, dict):
        raise invalid("buttons")
    title, kind, payload = _words(given, "title"), given.get("type"), given.get("payload")
    match kind:
        case "oa.query.show" | "oa.query.hide":
            if not isinstance(payload, str) or not 1 <= len(payload) <= LONGEST_PAYLOAD:
                raise invalid("payload")
            return ZaloButton(title, kind, payload)
        case "oa.open.url" if isinstance(payload, dict):
            return ZaloButton(title, kind, _address(payload, "url"))
        case "oa.open.phone" | "oa.open.sms" if isinstance(payload, dict):
            phone = payload.get("phone_code")
            if not isinstance(phone, str) or not re.fullmatch(r"\+?\d{8,15}", phone):
                raise invalid("phone_code")
            return ZaloButton(title, kind, phone)
    raise invalid("payload" if str(kind).startswith("oa.open.") else "type")


def _no_buttons(payload: Mapping[str, Any]) -> None:
    # ZALO: assumed [M], no page shows buttons beside media or a form; public clients send an empty list all the same
    if payload.get("buttons"):
        raise invalid("buttons")


def _only_element(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    elements = payload.get("elements")
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        raise invalid("elements")
    return elements[0]


def _words(place: Mapping[str, Any], name: str) -> str:
    # ZALO: assumed [M], 100 characters for all titles
    value = place.get(name)
    longest = LONGEST_TITLE if name == "title" else LONGEST_PAYLOAD
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise invalid(name)
    return value


def _address(place: Mapping[str, Any], name: str) -> str:
    value = place.get(name)
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        raise invalid(name)
    return value


def _length(text: str) -> int:
    # ZALO: assumed [M], characters are counted in NFC, and those beyond the basic plane (emoji) as two
    return utf16_length(normalize("NFC", text))


def _some(text: str) -> str:
    return text if text.strip() else _refuse("text")


def _refuse(what: str) -> str:
    raise invalid(what)
