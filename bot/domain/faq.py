"""The company's own question list, and whether one of its answers surely fits what a customer wrote.

A wrong answer costs more than none: what is not sure goes to the rep. Two questions that differ in one word are different questions
("how long is the warranty", "where is the warranty"), so words may be missing or added, but never stand for others.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.domain.names import folded

LONGEST_QUESTION = 200
LONGEST_ANSWER = 1500
# Of all words on both sides, how many must be the same. Found by trying: the lists of tests/domain/test_faq.py.
SURE = 0.8
# A typo is one letter in a word of at least so many; shorter words turn into others by one letter.
TYPO_FROM = 4
# To a question of fewer words one more makes another.
ADDED_FROM = 3
LONGEST_READ = 400

_WORD = re.compile(r"[^\W_]+")
# Politeness and padding: they say nothing about what is asked. Typed without marks they are taken for it as well.
_PADDING = frozenset(
    _WORD.findall(
        "a à ạ ah ơi dạ vâng nhé nhá nha nhỉ thế vậy với luôn mình em anh chị bác chú shop ad admin bạn cho hỏi là thì hả được "
        "hello hi alo chào xin cảm cám ơn please thanks thank you an is are do does of your"
    )
)
_FLAT_PADDING = frozenset(map(folded, _PADDING))
# One of these more or less turns the question round.
_TURNING = frozenset(
    _WORD.findall("khong chua huy het hong loi sai cham tre giam nhat tet le nghi kho not no cancel without never")
)
# What people write short.
_SHORT = {"ko": "khong", "k": "khong", "hok": "khong", "kh": "khong", "dc": "duoc", "bn": "bao nhieu"}
_ASKS = re.compile(
    r"\?|\b(?:bao nhieu|bao lau|bao gio|khi nao|may gio|luc nao|o dau|cho nao|the nao|nhu nao|tai sao|vi sao|lam sao|ai|gi|may|"
    r"how|what|when|where|which|who|why|can i|do you)\b|\b(?:khong|chua|duoc ko|ko|hong)(?: (?:a|ah|vay|em|shop|ban|nhi|ha))*$"
)
_PAIR = re.compile(r"\s*\n\s*|\s+/\s+|(?<=\?)\s*/\s*|\s*=>\s*")


@dataclass(frozen=True, slots=True)
class Faq:
    """A question as customers put it, and the company's answer, in one language (`vi`, `en`)."""

    id: int
    locale: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What customers asked and no answer was sure enough for; `count` how often. `faq_id`: the answer it has got since, while those
    who asked have not been sent it."""

    id: int
    question: str
    asked_at: datetime
    count: int
    faq_id: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How far a text is the question of an entry, 0 to 1; `is_sure`: it may be answered with it."""

    faq: Faq
    score: float
    is_sure: bool


def sure_answer(faqs: Sequence[Faq], text: str, locale: str) -> Faq | None:
    """The entry that surely answers `text`; where there is one in several languages, that in `locale`. None where two answers fit."""
    sure = [match for match in ranked(faqs, text) if match.is_sure]
    if not sure:
        return None
    best = [match.faq for match in sure if match.score == sure[0].score]
    here = [faq for faq in best if faq.locale == locale] or best
    return here[0] if len({faq.answer for faq in here}) == 1 else None


def ranked(faqs: Sequence[Faq], text: str) -> list[Match]:
    """All entries, the nearest to `text` first."""
    said = _words(text)
    known = {word for faq in faqs for word in _words_of(faq)}
    matches = [_match(faq, said, known) for faq in faqs] if 0 < len(text) <= LONGEST_READ else []
    return sorted(matches, key=lambda match: (-match.score, match.faq.id))


def _match(faq: Faq, said: Sequence[str], known: set[str]) -> Match:
    asked = _words_of(faq)
    if not said or not asked:
        return Match(faq, 0.0, is_sure=False)
    if "".join(said) == "".join(asked):  # blanks are forgotten, too
        return Match(faq, 1.0, is_sure=True)
    more, missing = Counter(said) - Counter(asked), Counter(asked) - Counter(said)
    typo = _typo(more, missing, known)
    if typo:
        more.subtract({typo[0]: 1})
        missing.subtract({typo[1]: 1})
    added, left_out = list((+more).elements()), list((+missing).elements())
    is_short = bool(added) and len(asked) < ADDED_FROM
    score = 1 - (len(added) + len(left_out) + (0.1 if typo else 0)) / (len(said) + len(asked))
    differs = is_short or bool(added and (left_out or typo)) or any(map(_turns, added + left_out))
    return Match(faq, score, is_sure=score >= SURE and not differs)


def _typo(more: Counter[str], missing: Counter[str], known: set[str]) -> tuple[str, str] | None:
    """A word with one wrong letter, and the word that it should be. What the list knows as a word is no typo."""
    pairs = ((said, asked) for said in more for asked in missing if said not in known)
    return next((pair for pair in pairs if min(map(len, pair)) >= TYPO_FROM and _is_near(*pair)), None)


def _is_near(said: str, asked: str) -> bool:
    return said.isalpha() and OSA.distance(said, asked, score_cutoff=1) <= 1


def _turns(word: str) -> bool:
    return word in _TURNING or any(letter.isdigit() for letter in word)


def _words(text: str) -> list[str]:
    """What is asked, without marks, politeness, and the "không?" at its end."""
    written = unicodedata.normalize("NFC", text).lower()
    said = [word for typed in _WORD.findall(written) if not _is_padding(typed) for word in _plain(typed).split()]
    if said[-1:] == ["khong"]:  # "có … không?" asks and denies nothing; "… chưa?" asks whether it has been done
        said.pop()
        if "co" in said:
            said.remove("co")
    return said


@lru_cache(maxsize=2048)
def _words_of(faq: Faq) -> Sequence[str]:
    """The words of an entry, read once: every message of a customer is held against the whole list."""
    return _words(faq.question)


def _is_padding(word: str) -> bool:
    plain = _plain(word)
    return word in _PADDING or (plain in _FLAT_PADDING and (plain == word or word in _SHORT))


def _plain(word: str) -> str:
    flat = folded(word)
    return _SHORT.get(flat, flat)


def key_of(text: str) -> str:
    """What the same question has in common however it is typed; "" for what asks nothing."""
    return " ".join(_words(text))


def is_question(text: str) -> bool:
    """Whether a customer asks something here that the list might have answered."""
    return len(text) <= LONGEST_READ and bool(_ASKS.search(folded(text))) and len(_words(text)) > 1


def pair_in(text: str) -> tuple[str, str] | None:
    """`Mấy giờ mở cửa? / 8:00 đến 21:00` or the two on lines of their own; None where there is one only, or too much."""
    question, *answers = _PAIR.split(text.strip(), maxsplit=1)
    if not answers or not is_fit(question, answers[0]):
        return None
    return question.strip(), answers[0].strip()


def is_fit(question: str, answer: str) -> bool:
    """Whether both can stand in the list."""
    return bool(key_of(question)) and len(question) <= LONGEST_QUESTION and 0 < len(answer.strip()) <= LONGEST_ANSWER


def locale_of(text: str, otherwise: str) -> str:
    """The language of a text: Vietnamese where it has its letters, else as said."""
    return "vi" if folded(text) != " ".join(text.lower().split()) else otherwise
