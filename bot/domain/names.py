"""Vietnamese text made comparable: without marks and case, one letter for one letter where offsets matter."""

import unicodedata


def folded(text: str) -> str:
    """Lower case, without marks, đ as d, blanks squeezed: what search compares. `Đặng  Thị Hằng` → `dang thi hang`."""
    return " ".join(fold_letters(unicodedata.normalize("NFC", text)).split())


def fold_letters(text: str) -> str:
    """Each letter of NFC text lower-cased and without marks, at the same place as before."""
    return text.translate(_BASE_LETTERS)


def lower_letters(text: str) -> str:
    """Each letter lower-cased, at the same place as before (`str.lower` may lengthen a text)."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(map(_lower_letter, text))


class _BaseLetters(dict[int, str]):
    """Each letter met so far without marks: thousands of names are folded at once, with few letters."""

    def __missing__(self, code: int) -> str:
        base = _base_letter(chr(code))
        if len(self) < _MOST_LETTERS:
            self[code] = base
        return base


_MOST_LETTERS = 4096
_BASE_LETTERS = _BaseLetters()


def _base_letter(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    base = unicodedata.normalize("NFD", _lower_letter(letter))[0]
    return letter if unicodedata.combining(base) else base


def _lower_letter(letter: str) -> str:
    lowered = letter.lower()
    return lowered if len(lowered) == 1 else letter
