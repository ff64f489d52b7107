"""Vietnamese patterns: written with marks, matched as typed, with marks or without.

`words("thứ (\\d) tuần sau")` matches `thứ 6 tuần sau` and `thu 6 tuan sau`, but not `thú 6 tuân sau`: folding both sides would
confuse mốt with một, ấm with âm and tối with tới. Where a person does type marks, a word without any that is a word of its own
(thay, mang, con) means itself and not thấy, mắng or còn: `kept_apart` makes it differ from them.
"""

import re
from collections.abc import Iterable

from bot.domain.names import fold_letters

_ESCAPE_OR_WORD = re.compile(r"\\.|\[[^\]]*\]|\(\?P<\w+>|\(\?P=\w+\)|[^\W\d_]+|[ ]")
_LINE_END = re.compile(r"\s*\n\s*")
_EDGES = r"(?<![^\W_])(?:{})(?![^\W_])"
# "không" as it is typed in a hurry and said elsewhere; those that are other words as well, only before what is denied.
_NOT = (
    "(?:không|khong|khum|hông|hổng|hok|hem|ko|hk|kg|k|nỏ"
    "|(?:hong|hem|kh|no)(?= +(?:nghe|b[ắa]t|rep|tr[ảa] l[ờo]i|đ[ượuo]+c|duoc|dc|đc|th[ấa]y|c[óo] ai|có|bi[ếe]t|ch[ịi]u)))"
)


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a table, one after another with commas between."""
    return tuple(phrase.strip() for phrase in text.split(",") if phrase.strip())


_OWN_WORDS = frozenset(
    phrases("""
        thay, mang, bao, sang, ban, cho, co, tu, che, than, can, lo, so, tra, to, hay, tin, am, do, qua, sau,
        tang, keo, con, gia, van, may, bi, ho, no, tinh, dan, den, dang, quan, ngay, thang, nha, son, kem, ly,
        vi, vay, cam
    """)
)
_WORD = re.compile(r"[^\W\d_]+")
_WIDE = 0xFEE0  # from a letter to its full-width twin, which is a letter as well
_NARROW = {code + _WIDE: code for code in range(ord("a"), ord("z") + 1)}


def kept_apart(text: str) -> str:
    """Lower-case text typed with marks: its unmarked words that are words of their own start with a letter of their own."""
    return _WORD.sub(lambda m: _wide(m[0]) if m[0] in _OWN_WORDS else m[0], text)


def plain(text: str) -> str:
    """The text before `kept_apart`."""
    return text.translate(_NARROW)


def said(text: str) -> str:
    """What a matched phrase says, to be looked up in a table: without marks, blanks squeezed."""
    return " ".join(fold_letters(plain(text)).split())


def words(pattern: str) -> re.Pattern[str]:
    """A compiled pattern of whole words; a blank stands for any blanks on one line."""
    return re.compile(_EDGES.format(spelled(pattern)))


def opening(pattern: str) -> re.Pattern[str]:
    """As `words`, for what stands right here: to be used with `match`."""
    return re.compile(rf"(?:{spelled(pattern)})(?![^\W_])")


def spelled(pattern: str) -> str:
    """The pattern on one line, with each marked word allowed to lack its marks."""
    return _ESCAPE_OR_WORD.sub(_allow_unmarked, _LINE_END.sub("", pattern))


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
    if piece == "không":
        return _NOT
    if flat == piece:
        return f"(?:{piece}|{_wide(piece)})" if piece in _OWN_WORDS else piece
    return f"(?:{piece}|{flat})"


def _wide(word: str) -> str:
    return chr(ord(word[0]) + _WIDE) + word[1:]
