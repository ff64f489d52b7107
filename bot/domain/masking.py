"""Leaving personal data out of words that go to somebody else's machine, and putting it back into what comes from there.

When in doubt it is left out: the stand-in comes back as what it stood for, so nothing is lost but some sense on the way.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.domain.names import fold_letters, folded
from bot.domain.phones import find_phones
from bot.domain.understanding.message import Message, Word, read
from bot.domain.understanding.tables.names import ENGLISH_TITLES, FAMILY, GIVEN, HONORIFICS

_PLACE = r"(?:duong|pho|phuong|quan|huyen|xa|thon|ap|to|khu pho|thanh pho|tp|tinh|ngo|ngach|hem|kiet|so nha|street|road|ward|district)"
_NAME_OF_PLACE = r"(?:\d[\w/.-]*|[^\W\d_]+(?:\s+[^\W\d_]+){0,3})"
# A number that is spelled out, digit by digit.
_DIGIT = r"(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|zero|one|two|three|four|five|six|seven|eight|nine)"
# Looked for in text without marks and case, but for `_CAPITAL`; the first that holds a letter has it.
_FLAT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("EMAIL", re.compile(r"[^\s@<>]+@[^\s@<>]+\.\w+")),
    ("LINK", re.compile(r"(?:https?://|www\.)\S+|\b(?:t\.me|zalo\.me|fb\.com|facebook\.com)/\S+|(?<!\w)@\w{3,}")),
    (
        "ADDRESS",
        re.compile(r"\b(?:dia chi|giao (?:den|toi|ve|qua)|ship (?:den|toi|ve|qua)|address|deliver to)\b:?\s[^\n!?;]+"),
    ),
    ("ADDRESS", re.compile(r"\b\d+[a-z]?(?:/\d+[a-z]?)+\b[^\n!?;]*")),
    ("ADDRESS", re.compile(r"\bso \d+[a-z]?(?:/\d+)*,? [^\n!?;,]+(?:, [^\n!?;,]+)*")),
    ("ADDRESS", re.compile(rf"\b{_PLACE}\.? (?=\d|[^\W\d_]+ [^\W\d_]+)(?!nao\b|gi\b){_NAME_OF_PLACE}")),
    ("CODE", re.compile(r"\b(?!\d+(?:tr|trieu|k|ty|ngan|nghin|m|cm|kg|g|h)\d*\b)(?=\w*\d)(?=\w*[a-z])\w{5,}\b")),
    ("PHONE", re.compile(rf"\b{_DIGIT}(?:[\s,.-]+{_DIGIT}){{5,}}\b")),
    ("NUMBER", re.compile(r"(?<![\d.,])\d(?:[ .-]?\d){5,}(?![\d])")),
)
_CAPITAL = re.compile(r"\b\d+[A-Z]?,? (?:[^\W\d_a-z]\w*)(?: [^\W\d_a-z]\w*)+")
_STAND_IN = re.compile(r"\[[A-Z]+_\d+\]")
_TITLES = frozenset(map(fold_letters, HONORIFICS)) | ENGLISH_TITLES
# "tên Lan", "em là Lan", "my name is Lan"
_BEFORE_NAMES = _TITLES | {"ten", "la", "is", "i'm"}
_CLAUSE = re.compile(r"[.!?;:\n]")
LONGEST_NAME = 4
# Family names that are hardly any other word.
_SURELY_FAMILY = frozenset(
    ("nguyễn", "trần", "phạm", "huỳnh", "bùi", "trịnh", "đinh", "ngô", "phan", "hoàng", "đoàn", "lưu")
)


class Mask:
    """Hides who is who in the texts of one talk; `names` are those that are known to be somebody's."""

    def __init__(self, names: Iterable[str]) -> None:
        self._known = frozenset(word for name in names for word in name.lower().split() if len(word) > 1)
        self._flat_known = frozenset(map(folded, self._known))
        self._hidden: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def hide(self, text: str) -> str:
        """`text` with a stand-in for everything that tells who somebody is or where they can be found."""
        message = read(text)
        shown, parts, end = message.shown, [], 0
        for kind, start, stop in _first_of(self._spans(message)):
            parts += [shown[end:start], self._stand_in(kind, shown[start:stop])]
            end = stop
        return "".join([*parts, shown[end:]])

    def restore(self, text: str) -> str:
        """`text` with what the stand-ins stood for; one that was made up goes."""
        originals = {stand_in: original for original, stand_in in self._hidden.items()}
        return _STAND_IN.sub(lambda match: originals.get(match[0], ""), text)

    def _stand_in(self, kind: str, original: str) -> str:
        if original not in self._hidden:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._hidden[original] = f"[{kind}_{self._counts[kind]}]"
        return self._hidden[original]

    def _spans(self, message: Message) -> Iterator[tuple[str, int, int]]:
        flat = fold_letters(message.shown)
        yield from (("STANDIN", *match.span()) for match in _STAND_IN.finditer(message.shown))
        for kind, pattern in _FLAT[:2]:
            yield from ((kind, *match.span()) for match in pattern.finditer(flat))
        yield from (("PHONE", found.start, found.end) for found in find_phones(message.shown))
        for kind, pattern in _FLAT[2:]:
            yield from ((kind, *match.span()) for match in pattern.finditer(flat))
        yield from (("ADDRESS", *match.span()) for match in _CAPITAL.finditer(message.shown))
        yield from (("NAME", word.start, word.end) for word in self._names(message))

    def _names(self, message: Message) -> Iterator[Word]:
        run: list[Word] = []
        before: Word | None = None
        for word in message.words:
            if before and _CLAUSE.search(message.shown[before.end : word.start]):
                before, run = None, []
            if self._is_name(word, before, run):
                run.append(word)
                yield word
            else:
                run = []
            before = word

    def _is_name(self, word: Word, before: Word | None, run: Sequence[Word]) -> bool:
        """Whether this word is of somebody's name; `run`: the words of it so far."""
        flat = fold_letters(word.low)
        titled = before is not None and fold_letters(before.low) in _BEFORE_NAMES
        if flat in _TITLES:  # anh, chị: a name only where it stands as one
            return word.is_capital and (bool(run) or titled)
        # who types marks means "bao" by it, and not Bảo
        if word.low in self._known or (flat in self._flat_known and (titled or run or not word.is_exact)):
            return True
        if word.is_capital:
            return before is not None or word in FAMILY
        could_be = word in GIVEN or word in FAMILY
        goes_on = 0 < len(run) < LONGEST_NAME and not run[0].is_capital and run[0] in FAMILY
        starts = word.low in _SURELY_FAMILY
        return could_be and (titled or goes_on or starts)


def _first_of(spans: Iterable[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Spans that do not touch, by place; who came first has its letters, and where two overlap the later keeps the rest."""
    taken: list[tuple[str, int, int]] = []
    for kind, start, stop in spans:
        free = [(start, stop)]
        for _, begin, end in taken:
            free = [
                piece
                for a, b in free
                for piece in (((a, b),) if b <= begin or end <= a else ((a, min(b, begin)), (max(a, end), b)))
                if piece[0] < piece[1]
            ]
        taken += [(kind, a, b) for a, b in free]
    return sorted(taken, key=lambda span: span[1])
