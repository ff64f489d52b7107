"""Vietnamese patterns: written with marks, matched as typed, with marks or without.

`words("thứ (\\d) tuần sau")` matches `thứ 6 tuần sau` and `thu 6 tuan sau`, but not `thú 6 tuân sau`: folding both sides would
confuse mốt with một, ấm with âm and tối with tới.
"""

import re
from collections.abc import Iterable

from bot.domain.names import fold_letters

_ESCAPE_OR_WORD = re.compile(r"\\.|\[[^\]]*\]|\(\?P<\w+>|\(\?P=\w+\)|[^\W\d_]+|[ ]")
_EDGES = r"(?<![^\W_])(?:{})(?![^\W_])"


def words(pattern: str) -> re.Pattern[str]:
    """A compiled pattern of whole words; a blank stands for any blanks on one line."""
    return re.compile(_EDGES.format(spelled(pattern)))


def opening(pattern: str) -> re.Pattern[str]:
    """As `words`, for what stands right here: to be used with `match`."""
    return re.compile(rf"(?:{spelled(pattern)})(?![^\W_])")


def spelled(pattern: str) -> str:
    """The pattern with each marked word allowed to lack its marks."""
    return _ESCAPE_OR_WORD.sub(_allow_unmarked, pattern)


def any_of(phrases: Iterable[str]) -> str:
    """An alternation, longest first, so that `sau nữa` is not cut at `sau`."""
    return "(?:" + "|".join(sorted(phrases, key=len, reverse=True)) + ")"


def _allow_unmarked(match: re.Match[str]) -> str:
    piece = match[0]
    if piece == " ":
        return "(?: +)"
    if not piece[0].isalpha():  # an escape, a character class, a group's name
        return piece
    flat = fold_letters(piece)
    return piece if flat == piece else f"(?:{piece}|{flat})"
