"""Phones, e-mails and codes in a message: which phone to use first, and digits that were meant as one and are none."""

import re
from dataclasses import dataclass

from bot.domain.customers import customer_id_of
from bot.domain.phones import find_phones
from bot.domain.understanding.message import Message
from bot.domain.understanding.patterns import opening, words

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_CODE = re.compile(r"(?<![^\W_])kh ?0\d{1,8}(?![^\W_])|(?<![^\W_])kh\d{1,9}(?![^\W_])")
_NEW_BEFORE = words(r"(?:số mới|sđt mới|mới|đổi (?:số )?(?:sang|thành|qua)|sang số|thành số|số đang dùng|new number|new|now|to)(?: (?:là|is|số))? ?:? ?$")
_OLD_BEFORE = words(r"(?:số cũ|sđt cũ|cũ|trước|trước đây|trước dùng số|trước dùng|trước là|hồi trước|từ số|thay số|bỏ số|old number|old|from)(?: (?:là|is|số))? ?:? ?$")
_NEW_AFTER = opening(r" ?\(?(?:số mới|mới|new)")
_OLD_AFTER = opening(r" ?\(?(?:số cũ|cũ|bỏ|đã bỏ|không dùng|ko dùng|hết dùng|khóa|thuê bao|old)")
_MEANT_AS_PHONE = words(
    r"(?:số(?: điện thoại| đt| phone| zalo| cũ| mới)?|sđt|sdt|đt|dt|điện thoại|phone|tel|mobile|zalo|hotline|call|gọi)(?: (?:là|is))? ?[:.]? ?(?P<digits>\+?\d(?:[ .\-]?\d){4,13})(?!\d|[.,/]\d| ?(?:k|tr|triệu|nghìn|ngàn|đ|vnd|h|giờ|%|user|cái|m2))"
)
_LOOKS_LIKE_PHONE = re.compile(r"(?<![\w.,/+-])(?:\+?84|0)[35789](?:[ .\-]?\d){4,10}(?![\d/]|[.,]\d)")


@dataclass(frozen=True, slots=True)
class Contacts:
    """How somebody can be reached, as said, and where it stands."""

    phones: tuple[str, ...]
    not_phones: tuple[str, ...]
    email: str | None
    code: str | None
    spans: tuple[tuple[int, int], ...]


def find_contacts(message: Message) -> Contacts:
    """The phones (the one to use first), e-mail and customer code of a message."""
    mails = [match.span() for match in _EMAIL.finditer(message.shown)]
    links = [match.span() for match in _LINK.finditer(message.low)]
    bare = message.without([*mails, *links])
    found = find_phones(bare.low)
    ranked = sorted(found, key=lambda phone: -_newness(bare, phone.start, phone.end))
    bare = bare.without([(phone.start, phone.end) for phone in found])
    wrong = _not_phones(bare)
    code = _CODE.search(bare.low)
    spans = [*mails, *links, *((p.start, p.end) for p in found), *wrong, *([code.span()] if code else [])]
    return Contacts(
        phones=tuple(dict.fromkeys(phone.e164 for phone in ranked)),
        not_phones=tuple(message.shown[start:end] for start, end in wrong),
        email=message.shown[slice(*mails[0])].rstrip(".") if mails else None,
        code=message.shown[slice(*code.span())] if code and customer_id_of(code[0]) else None,
        spans=tuple(spans),
    )


def _newness(message: Message, start: int, end: int) -> int:
    """1 for a number called the new one, -1 for the old one."""
    before, after = message.low[max(0, start - 30) : start], message.low[end : end + 20]
    if _OLD_BEFORE.search(before) or _OLD_AFTER.match(after):
        return -1
    return int(bool(_NEW_BEFORE.search(before) or _NEW_AFTER.match(after)))


def _not_phones(message: Message) -> list[tuple[int, int]]:
    spans = [match.span("digits") for match in _MEANT_AS_PHONE.finditer(message.low)]
    spans += [match.span() for match in _LOOKS_LIKE_PHONE.finditer(message.low)]
    return sorted({start: (start, end) for start, end in spans}.values())
