"""A message made ready for reading: the same letters three ways, at the same places, with what was understood taken out."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from bot.domain.names import fold_letters, lower_letters
from bot.domain.understanding.patterns import kept_apart, plain

TAKEN = "¤"  # stands where a phone, an amount or a date was, so that names and phrases end there

# Two habits of writing the same tone: hoà and hòa, thuý and thúy.
_OLD_TONES = {
    f"{glide}{marked}": f"{moved}{vowel}"
    for glide, vowel, pairs in (
        ("o", "a", ("òà", "óá", "ỏả", "õã", "ọạ")),
        ("o", "e", ("òè", "óé", "ỏẻ", "õẽ", "ọẹ")),
        ("u", "y", ("ùỳ", "úý", "ủỷ", "ũỹ", "ụỵ")),
    )
    for moved, marked in map(tuple, pairs)
}
_OLD_TONE = re.compile(rf"(?<!q)(?:{'|'.join(_OLD_TONES)})(?![^\W\d_])")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_INVISIBLE = re.compile("[\u0000\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufe0f]")
_BLANK = re.compile(r"[^\S\n]")
_CLAUSE_END = re.compile(r"[;!?\n|•()\[\]\"“”…]+|,(?!\d)|(?<!\d),|(?<![A-Za-z]\.[A-Za-z])\.(?=\s|$)| [-–—>]+ ")
_ABBREVIATION_BEFORE_DOT = re.compile(r"(?:^|[\s.])(?:mr|mrs|ms|dr|co|ltd|st|no|tp|[a-z])$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the message and where it stands."""

    start: int
    end: int
    shown: str
    low: str
    flat: str
    is_exact: bool  # typed with marks, or without in a message that has them: it means what it says

    @property
    def is_capital(self) -> bool:
        """Whether it starts with a capital letter."""
        return self.shown[0].isupper()

    @property
    def is_marked(self) -> bool:
        """Whether it carries a mark."""
        return self.low != self.flat


@dataclass(frozen=True)
class Message:
    """`shown` as typed (NFC, invisible letters dropped), `low` in lower case, `flat` without marks: letter for letter.

    `is_marked`: this person types marks, so that an unmarked word means what it says.
    """

    shown: str
    low: str
    flat: str
    is_marked: bool

    @cached_property
    def words(self) -> list[Word]:
        """The words in order; what was taken out is none."""
        listed = []
        for match in _WORD.finditer(self.low):
            start, end = match.span()
            low, flat = plain(match[0]), self.flat[start:end]
            listed.append(Word(start, end, self.shown[start:end], low, flat, self.is_marked or flat != low))
        return listed

    @cached_property
    def clauses(self) -> list[tuple[int, int]]:
        """Where each clause starts and ends."""
        ends = [m for m in _CLAUSE_END.finditer(self.low) if not self._is_abbreviation(m)]
        starts = [0, *(m.end() for m in ends)]
        stops = [*(m.start() for m in ends), len(self.low)]
        return [(start, stop) for start, stop in zip(starts, stops, strict=True) if self.low[start:stop].strip()]

    def clause_around(self, place: int) -> tuple[int, int]:
        """The clause that holds this place."""
        return next(((a, b) for a, b in self.clauses if a <= place <= b), (0, len(self.low)))

    def without(self, spans: Iterable[tuple[int, int]]) -> "Message":
        """The same message with these spans taken out, every other letter staying at its place."""
        low, flat = list(self.low), list(self.flat)
        for start, end in spans:
            low[start:end] = flat[start:end] = TAKEN * (end - start)
        return replace(self, low="".join(low), flat="".join(flat))

    def _is_abbreviation(self, match: re.Match[str]) -> bool:
        return match[0] == "." and bool(_ABBREVIATION_BEFORE_DOT.search(self.flat[: match.start()]))


def read(text: str) -> Message:
    """The message of a text."""
    shown = _BLANK.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n"))))
    low = _OLD_TONE.sub(lambda m: _OLD_TONES[m[0]], lower_letters(shown))
    flat = fold_letters(low)
    is_marked = _is_marked(low, flat)
    return Message(shown, kept_apart(low) if is_marked else low, flat, is_marked)


def _is_marked(low: str, flat: str) -> bool:
    """Whether this person types marks: more than one letter of twenty has one."""
    marks = sum(a != b for a, b in zip(low, flat, strict=True))
    return marks * 20 > sum(letter.isalpha() for letter in low)


def overlaps(span: tuple[int, int], taken: Iterable[tuple[int, int]]) -> bool:
    """Whether a span touches one that was already taken."""
    return any(start < span[1] and span[0] < end for start, end in taken)
