"""A decision of a meeting, said in one line: who is to do it is named at its beginning, or not at all."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.names import folded
from bot.domain.people import Member

_BULLET = re.compile(r"^\s*(?:[-•*–]|\d{1,2}[.)])\s*")
_GIVEN_TO = re.compile(r"^(?:giao(?: cho)?|nho|ban|em)\s+")

# "vào", "lúc" before the day or the hour goes with it.
_LEADS_TO_WHEN = re.compile(r"[\s,]+(?:vào|vao|lúc|luc|trước|on|at)\s*$", re.IGNORECASE)


class Why(StrEnum):
    """Why a line could not be planned."""

    NO_CUSTOMER = "no_customer"
    SEVERAL = "several"
    NO_DAY = "no_day"
    NOT_THEIRS = "not_theirs"
    SEVERAL_COLLEAGUES = "several_colleagues"


@dataclass(frozen=True, slots=True)
class Unclear:
    """A line that has to be said again; `detail` is who looks after the customer, or who is meant by the name."""

    line: str
    why: Why
    detail: str = ""


def decision_lines(text: str) -> list[str]:
    """The lines that say something, without bullets and numbers."""
    return [line for line in (_BULLET.sub("", line).strip() for line in text.splitlines()) if line]


def without_when(text: str, phrase: str) -> str:
    """What is to be done, without the words `phrase` that said when: `cảm ơn anh Phúc 9h sáng mai` → `cảm ơn anh Phúc`."""
    before, said, after = unicodedata.normalize("NFC", text).partition(phrase) if phrase else (text, "", "")
    left = " ".join(_LEADS_TO_WHEN.sub(" ", before).split() + after.split()) if said else text
    return left.strip(" ,.;:-–") or text


def named_first(line: str, members: Sequence[Member]) -> tuple[Sequence[Member], str]:
    """The colleagues meant by the name that a line begins with (the longest that fits; none, one, or several of one name), and what
    remains of the line. `Trang gọi lại chị Lan` → Trang, `gọi lại chị Lan`."""
    words = line.split()
    flat = [folded(word).strip(",:;") for word in words]
    before = _GIVEN_TO.match(f"{' '.join(flat)} ")
    skipped = len(before[0].split()) if before else 0
    for length in range(min(5, len(words) - skipped - 1), 0, -1):
        said = " ".join(flat[skipped : skipped + length])
        meant = [member for member in members if said and f" {folded(member.name)}".endswith(f" {said}")]
        if meant:
            return meant, " ".join(words[skipped + length :])
    return [], line
