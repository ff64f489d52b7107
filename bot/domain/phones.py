"""Phone numbers: found in what people type, kept as E.164, shown as people read them."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat

HOME = "VN"

# Vietnam moved its eleven-digit mobile numbers to ten digits in 2018; old notebooks still hold them.
_MOVED_PREFIXES = {
    "120": "70", "121": "79", "122": "77", "126": "76", "128": "78",
    "123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
    "162": "32", "163": "33", "164": "34", "165": "35", "166": "36", "167": "37", "168": "38", "169": "39",
    "186": "56", "188": "58", "199": "59",
}  # fmt: skip

_GAP = r"[ \t.\-–()]{0,3}"
_HOME_PREFIX = rf"(?:\(?(?:\+|00)?{_GAP}84\)?{_GAP}(?:\(?0\)?{_GAP})?|\(?[0oO]{_GAP})"


def _digits(count: int) -> str:
    return rf"(?:{_GAP}\d){{{count}}}"


# Longer shapes first: a landline has one digit more than a mobile number.
_SHAPES = (
    rf"\+(?!{_GAP}84)\d{_digits(6)}(?:{_GAP}\d){{0,8}}",
    rf"{_HOME_PREFIX}2{_digits(9)}",
    rf"{_HOME_PREFIX}1(?=2|6|8|9){_digits(9)}",
    rf"{_HOME_PREFIX}[35789]{_digits(8)}",
)
_CANDIDATE = re.compile(rf"(?<![\d+])(?<!\d[.,])(?:{'|'.join(_SHAPES)})(?!\d|[.,]\d{{3}}(?!\d))", re.ASCII)
_SPOKEN = re.compile(r"[^\d+]")


@dataclass(frozen=True, slots=True)
class FoundPhone:
    """A phone number at `text[start:end]`."""

    start: int
    end: int
    e164: str


def parse_phone(text: str) -> str | None:
    """E.164 of a text that is one phone number, Vietnamese in any format or international; None where it is none.

    A leading 0 may be lost, as spreadsheets do it.
    """
    compact = _SPOKEN.sub("", text.strip().replace("O", "0").replace("o", "0"))
    if len(compact) < 8 or len(compact) > 18 or re.search(r"[^\d\s.\-–()+oO/]", text):
        return None
    spellings = [compact]
    if not compact.startswith(("+", "0")):
        spellings = [f"+{compact}", f"0{compact}"] if compact.startswith("84") else [f"0{compact}"]
    return next((number for number in map(_valid, spellings) if number), None)


def find_phones(text: str) -> list[FoundPhone]:
    """The phone numbers in a text, in order; digit runs that are no valid number are left alone."""
    found = []
    for match in _CANDIDATE.finditer(text):
        compact = _SPOKEN.sub("", match[0].replace("O", "0").replace("o", "0"))
        number = _valid(f"+{compact}" if compact.startswith("84") else compact)
        if number:
            found.append(FoundPhone(match.start(), match.end(), number))
    return found


def national(e164: str) -> str:
    """How people here read it: `0912 345 678`; a foreign number in international form."""
    try:
        number = phonenumbers.parse(e164, HOME)
    except phonenumbers.NumberParseException:
        return e164
    home = number.country_code == phonenumbers.country_code_for_region(HOME)
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)


def _valid(compact: str) -> str | None:
    """E.164 of digits with an optional +; numbers of before 2018 as they are today."""
    try:
        number = phonenumbers.parse(compact, HOME)
    except phonenumbers.NumberParseException:
        return None
    subscriber = str(number.national_number)
    if number.country_code == 84 and len(subscriber) == 10 and subscriber[:3] in _MOVED_PREFIXES:
        return _valid(f"+84{_MOVED_PREFIXES[subscriber[:3]]}{subscriber[3:]}")
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
