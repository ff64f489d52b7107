"""Phones, e-mails and codes in a message: which phone to use first, and digits that were meant as one and are none."""

from dataclasses import dataclass

from bot.domain.customers import customer_id_of
from bot.domain.phones import find_phones
from bot.domain.understanding.message import Message
from bot.domain.understanding.tables import contacts as say


@dataclass(frozen=True, slots=True)
class Contacts:
    """How somebody can be reached, as said, and where it stands."""

    phones: tuple[str, ...]
    not_phones: tuple[str, ...]
    email: str | None
    code: str | None
    spans: tuple[tuple[int, int], ...]
    phone_at: int | None  # where the phone to use first stands


def find_contacts(message: Message) -> Contacts:
    """The phones (the one to use first), e-mail and customer code of a message."""
    mails = [match.span() for match in say.EMAIL.finditer(message.shown)]
    links = [match.span() for match in say.LINK.finditer(message.low)]
    others = [match.span("digits") for match in say.OTHER_NUMBER.finditer(message.low)]
    bare = message.without([*mails, *links, *others])
    found = find_phones(bare.low)
    ranked = sorted(found, key=lambda phone: -_newness(bare, phone.start, phone.end))
    bare = bare.without([(phone.start, phone.end) for phone in found])
    wrong = _not_phones(bare)
    code = say.CODE.search(bare.low)
    spans = [*mails, *links, *others, *((p.start, p.end) for p in found), *wrong, *([code.span()] if code else [])]
    return Contacts(
        phones=tuple(dict.fromkeys(phone.e164 for phone in ranked)),
        not_phones=tuple(message.shown[start:end] for start, end in wrong),
        email=message.shown[slice(*mails[0])].rstrip(".") if mails else None,
        code=message.shown[slice(*code.span())] if code and customer_id_of(code[0]) else None,
        spans=tuple(spans),
        phone_at=ranked[0].start if ranked else None,
    )


def _newness(message: Message, start: int, end: int) -> int:
    """1 for a number called the new one, -1 for the old one."""
    before, after = message.low[max(0, start - 30) : start], message.low[end : end + 20]
    if say.OLD_BEFORE.search(before) or say.OLD_AFTER.match(after):
        return -1
    return int(bool(say.NEW_BEFORE.search(before) or say.NEW_AFTER.match(after)))


def _not_phones(message: Message) -> list[tuple[int, int]]:
    spans = [match.span("digits") for match in say.MEANT_AS_PHONE.finditer(message.low)]
    spans += [match.span() for match in say.LOOKS_LIKE_PHONE.finditer(message.low)]
    return sorted({start: (start, end) for start, end in spans}.values())
