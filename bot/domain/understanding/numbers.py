"""Numbers as people say them: `3`, `ba`, `mười lăm`, `hai mươi`, `two`."""

from bot.domain.names import fold_letters
from bot.domain.understanding.patterns import any_of, said

_UNITS = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_TEENS = ("mười", "chục")
_ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "a": 1, "an": 1, "a couple of": 2,
}  # fmt: skip
_COUNTING = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "bẩy", "tám", "chín")
_FOLDED_UNITS = {fold_letters(word): value for word, value in _UNITS.items()}
_FOLDED_TENS = {fold_letters(word) for word in (*_TEENS, "mươi")}

COUNT = any_of(_COUNTING)
# 1 to 99 in words: mười, mười lăm, hai mươi, hai mươi lăm, hai lăm
SPOKEN = rf"(?:{COUNT} (?:mươi|chục)(?: {any_of(_UNITS)})?|(?:mười|chục)(?: {any_of(_UNITS)})?|{COUNT})"
SMALL = rf"(?:\d\d?\d?|{SPOKEN})"
ENGLISH_SMALL = rf"(?:\d\d?\d?|{any_of(_ENGLISH)})"


def small_number(text: str) -> int | None:
    """1 to 999 of digits or words; None where it is no number."""
    if text.isdecimal():
        return int(text)
    if text in _ENGLISH:
        return _ENGLISH[text]
    total, current = 0, 0
    for word in said(text).split():
        if word in _FOLDED_TENS:
            total, current = (current or 1) * 10, 0
        elif word in _FOLDED_UNITS:
            current = _FOLDED_UNITS[word]
        else:
            return None
    return total + current or None
