"""Companies, shops and institutions: `cty TNHH An Phát`, `Công ty CP Vận tải Bình Minh`, `Delta Foods Ltd`."""

import re
from dataclasses import dataclass

from bot.domain.understanding.message import TAKEN, Message, Word
from bot.domain.understanding.patterns import said
from bot.domain.understanding.tables import companies as say
from bot.domain.understanding.tables.names import GIVEN, HONORIFICS, NOT_NAMES, PAIRS

_MOST_WORDS = 5
_MOST_TYPED = 6


@dataclass(frozen=True, slots=True)
class FoundCompany:
    """A company's name, kind of company included, at `start` to `end`."""

    start: int
    end: int
    name: str
    is_firm: bool


def find_companies(message: Message) -> list[FoundCompany]:
    """The companies named, in order."""
    found = [company for match in say.KIND.finditer(message.low) if (company := _company(message, match))]
    for match in say.ENGLISH.finditer(message.shown):
        start = match.start() + (lead.end() if (lead := say.ENGLISH_LEAD.match(match[0])) else 0)
        if not any(c.start <= start < c.end for c in found) and "¤" not in message.low[start : match.end()]:
            found.append(FoundCompany(start, match.end(), message.shown[start : match.end()], True))
    return sorted(found, key=lambda company: company.start)


def find_typed_name(message: Message) -> str | None:
    """What is typed between `khách mới` and the phone or e-mail: the name, whatever it looks like; None where it tells more."""
    lead = say.NEW_CUSTOMER.search(message.low)
    end = message.low.find(TAKEN, lead.end()) if lead else -1
    if lead is None or end < 0:
        return None
    typed = message.shown[lead.end() : end].strip(" ,:-–.")
    inside = [word for word in message.words if lead.end() <= word.start < end]
    is_name = bool(inside) and len(typed.split()) <= _MOST_TYPED and "\n" not in typed and "," not in typed
    tells = say.TELLS.search(message.low, lead.end(), end) or all(word in NOT_NAMES for word in inside)
    return typed if is_name and not tells else None


def _company(message: Message, kind: re.Match[str]) -> FoundCompany | None:
    end = kind.end()
    while qualifier := say.QUALIFIER.match(message.low, end + _blanks(message, end)):
        end = qualifier.end()
    brand = _brand(message, end, bool(kind["firm"]))
    if not brand or f"{said(kind[0])} {brand[0].flat}" in PAIRS:
        return None
    if kind["place"] and len(brand) == 1 and not brand[0].is_capital and not brand[0].is_exact:
        return None  # one unmarked word after `xuong` or `quan` is too little to name a place
    end = brand[-1].end
    if suffix := say.SUFFIX.match(message.low, end):
        end = suffix.end()
    typed = message.shown[kind.start() : end]
    lowered = message.shown[brand[0].start : end]
    name = typed[: brand[0].start - kind.start()] + (_titled(lowered) if lowered.islower() else lowered)
    return FoundCompany(kind.start(), end, name, bool(kind["firm"]))


def _brand(message: Message, end: int, is_firm: bool) -> list[Word]:
    """The words of the name itself: as long as they are capitals, or one or two typed in lower case."""
    brand: list[Word] = []
    for word in (word for word in message.words if word.start >= end):
        gap = message.low[brand[-1].end if brand else end : word.start]
        if (
            not say.ONE_BLANK.fullmatch(gap)
            or len(brand) == _MOST_WORDS
            or not _goes_on(brand, word, is_firm, "&" in gap)
        ):
            break
        brand.append(word)
    return brand


def _goes_on(brand: list[Word], word: Word, is_firm: bool, is_after_and: bool) -> bool:
    if word.is_capital:
        return (
            (not brand or brand[0].is_capital)
            and (word.low not in HONORIFICS or (bool(brand) and (len(word.low) == 1 or is_after_and)))
            and not say.STOPS.fullmatch(word.low)
        )
    if brand and brand[0].is_capital:
        return False
    if not brand and word.low in HONORIFICS:
        return False
    if not brand:
        return word in GIVEN if word in NOT_NAMES else is_firm or word in GIVEN
    return len(brand) < 2 and word in GIVEN and (word not in NOT_NAMES or brand[0] in GIVEN)


def _blanks(message: Message, place: int) -> int:
    return len(message.low[place:]) - len(message.low[place:].lstrip(" "))


def _titled(text: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))
