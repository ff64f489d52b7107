"""Choices for where nothing can be tapped, or not all of it: each has a number that a person may type."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from string import ascii_lowercase

from bot.domain.names import folded
from bot.i18n import mark
from bot.messages import Choice, Reply, clean

# What a channel without buttons says above the numbers.
REPLY_WITH_A_NUMBER = mark("Reply with a number")
# And where words are waited for: a number would be such words, so the choices have letters.
OR_WITH_A_LETTER = mark("Or reply with a letter")
# A label that brings its number along: a score ("😍 5", "10"), a day of a month, a line of a list ("4. Chị Lan").
_NUMBER = "(0|[1-9][0-9]{0,2})"
_SCORE = re.compile(rf"[^\w]*{_NUMBER}[^\w]*")
_LINE = re.compile(rf"{_NUMBER}\. +(.+)", re.S)
_TYPED = re.compile(rf"(?:so )?0*{_NUMBER} ?[.):]?")
_LETTER = re.compile(r"([a-z]{1,2}) ?[.):]?")
# A score with what it counts: "5 sao", "9/10".
_RATED = re.compile(rf"0*{_NUMBER} ?(?:sao|diem|d|stars?|points?|/ ?(?P<of>\d+))[ .!]*")
_SHORTEST_RANGE = 3


@dataclass(frozen=True, slots=True)
class Option:
    """A choice and the number, or letter, that chooses it."""

    key: str
    choice: Choice

    @property
    def words(self) -> str:
        """The label without the number that it may begin with."""
        line = _LINE.fullmatch(self.choice.label)
        return line[2] if line and line[1] == self.key else self.choice.label

    @property
    def is_score(self) -> bool:
        """Whether the label is little more than its number."""
        score = _SCORE.fullmatch(self.choice.label)
        return score is not None and score[1] == self.key

    def titled(self) -> str:
        """As a line of a list or a button's title: "1. Xong", "😍 5"."""
        return self.choice.label if self.is_score else f"{self.key}. {self.words}"


def options(reply: Reply) -> tuple[Option, ...]:
    """What of a reply can be chosen by a number, in reading order. Labels that bring numbers of their own, all different, keep them,
    and the others go on from there; elsewhere they are 1, 2, 3 … Where the reply asks for words, which may be a number, the others
    are a, b, c …"""
    choices = _choosable(reply)
    own = [_own_number(choice) for choice in choices]
    given = [number for number in own if number is not None]
    if len(set(given)) < len(given):
        own, given = [None] * len(choices), []
    following = count(0) if reply.asks_words else count(max(given, default=0) + 1)
    key_of = _letters if reply.asks_words else str
    return tuple(
        Option(key_of(next(following)) if number is None else str(number), choice)
        for choice, number in zip(choices, own, strict=True)
    )


def _letters(index: int) -> str:
    """a, b … z, aa, ab …"""
    before, last = divmod(index, len(ascii_lowercase))
    return (ascii_lowercase[before - 1] if before else "") + ascii_lowercase[last]


def how_to_choose(reply: Reply) -> str:
    """What stands above the choices where typing is the only way; to be translated."""
    return OR_WITH_A_LETTER if reply.asks_words else REPLY_WITH_A_NUMBER


def chosen(reply: Reply, typed: str) -> Choice | None:
    """What somebody means who typed "2", "2.", "số 2", "5 sao" to a score, or a label's words (case and marks do not matter); None
    where that is nothing, or more than one thing."""
    words = folded(clean(typed))
    offered = options(reply)
    by_key = {option.key: option for option in offered}
    if number := _TYPED.fullmatch(words):
        return by_key[number[1]].choice if number[1] in by_key else None
    if (letter := _LETTER.fullmatch(words)) and letter[1] in by_key:
        return by_key[letter[1]].choice
    if (rated := _RATED.fullmatch(words)) and (score := _score(offered, rated[1], rated["of"])):
        return score
    named = [option.choice for option in offered if words and words in _names(option)]
    return named[0] if len(named) == 1 else None


def _score(offered: Sequence[Option], score: str, of: str | None) -> Choice | None:
    """The score that was said, where the number that it is said to be out of is the highest."""
    scores = {option.key: option.choice for option in offered if option.is_score}
    is_out_of_all = of is None or of == str(max(map(int, scores), default=0))
    return scores.get(score) if is_out_of_all else None


def listed(reply: Reply, ask: str = "") -> str:
    """The choices of a reply as plain lines: "1. Xong" each, scores in one line, and links; "" where it has none. `ask` stands above
    the numbers, or before them: `how_to_choose` translated, for where typing is the only way."""
    offered = options(reply)
    lines = [option.titled() for option in offered if not option.is_score]
    scores = _in_one_line([option for option in offered if option.is_score])
    if scores:
        lines.insert(0, f"{ask}: {scores}" if ask else scores)
    elif lines and ask:
        lines.insert(0, f"{ask}:")
    return "\n".join([*lines, *(_link(choice) for row in reply.choices for choice in row if choice.url)])


def _choosable(reply: Reply) -> list[Choice]:
    """The choices that come back, each once. One act under several labels is a grid's heading and its empty cells."""
    distinct = list(dict.fromkeys(choice for row in reply.choices for choice in row if choice.data))
    labels = Counter(choice.data for choice in distinct)
    return [choice for choice in distinct if labels[choice.data] == 1]


def _own_number(choice: Choice) -> int | None:
    found = _SCORE.fullmatch(choice.label) or _LINE.fullmatch(choice.label)
    return int(found[1]) if found else None


def _names(option: Option) -> set[str]:
    """The label as a person may type it: whole, without its number, without the signs around its words."""
    names = {folded(option.choice.label), folded(option.words)}
    return names | {re.sub(r"^[^\w]+|[^\w]+$", "", name) for name in names}


def _in_one_line(scores: Sequence[Option]) -> str:
    bare = [option.choice.label for option in scores]
    numbers = [int(option.key) for option in scores]
    is_range = bare == [option.key for option in scores] and len(bare) >= _SHORTEST_RANGE
    if is_range and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{bare[0]}–{bare[-1]}"
    return " · ".join(bare)


def _link(choice: Choice) -> str:
    return f"{choice.label}: {choice.url}"
