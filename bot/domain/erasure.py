"""Taking a person out of texts: what is written about others may name them, call them or hold their number."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.customers import Customer
from bot.domain.names import fold_letters
from bot.domain.phones import find_phones

# Stands where somebody was named.
GONE = "•••"
# A title before a name, as people type it, without marks.
_TITLES = r"(?:anh|chi|co|chu|bac|em|ong|ba|a|c|mr|ms|mrs)"


@dataclass(frozen=True, slots=True)
class Person:
    """By what somebody can be told: whole names, names that need a title before them ("chị Lan": there may be a Hà Lan in the text),
    E.164 numbers, and words that are theirs alone (an e-mail address, the customer's code)."""

    names: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def person_of(customer: Customer, others_named_so: Iterable[str] = ()) -> Person:
    """What tells this customer. A name that another customer bears too (`others_named_so`, as `folded` leaves them) tells nobody."""
    others = set(others_named_so)
    parts = customer.name.split()
    called = [" ".join(parts[start:]) for start in range(len(parts))]
    alone = [name for name in called if not _is_shared(_fold(name), others)]
    names = tuple(name for name in alone if len(name.split()) > 1)
    short = tuple(name for name in alone if len(name.split()) == 1)
    return Person(names, short, customer.phones, tuple(filter(None, (customer.email, customer.code))))


def _is_shared(name: str, others: Iterable[str]) -> bool:
    return any(f" {other} ".endswith(f" {name} ") for other in others)


def without(text: str, person: Person) -> str:
    """The text with GONE wherever it tells of the person: marks and case do not matter, nor how a number is grouped."""
    text = unicodedata.normalize("NFC", text)
    spans = [(found.start, found.end) for found in find_phones(text) if found.e164 in person.phones]
    flat = fold_letters(text)
    spans += [match.span() for pattern in _patterns(person) for match in pattern.finditer(flat)]
    for start, end in sorted(_merged(spans), reverse=True):
        text = text[:start] + GONE + text[end:]
    return text


def all_without(value: Any, person: Person) -> Any:
    """The same for plain values of a record: every text in it."""
    if isinstance(value, str):
        return without(value, person)
    if isinstance(value, dict):
        return {key: all_without(inner, person) for key, inner in value.items()}
    return [all_without(inner, person) for inner in value] if isinstance(value, list) else value


def spellings_of(person: Person) -> Sequence[str]:
    """How the person's names and words are commonly typed, plain letters in lower case: what a database can look for before a text
    is looked through. What holds another one of them is left out: who is called "Ngọc Thoa" is found by "Thoa"."""
    found: dict[str, None] = {}
    for name in (*person.names, *person.short_names, *person.words):
        found |= dict.fromkeys(map(_lower_plain, (name, name.lower(), name.upper(), fold_letters(name))))
    return [one for one in found if not any(other in one for other in found if other != one)]


def _lower_plain(text: str) -> str:
    """With A to Z in lower case and no other letter changed: as far as SQLite's `lower` goes."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _patterns(person: Person) -> list[re.Pattern[str]]:
    alone = [rf"\b{_words(name)}\b" for name in person.names]
    titled = [rf"\b{_TITLES}\.?\s+{_words(name)}\b" for name in person.short_names]
    own = [rf"(?<!\w){re.escape(_fold(word))}(?!\w)" for word in person.words]
    return [re.compile(pattern) for pattern in (*alone, *titled, *own)]


def _words(name: str) -> str:
    return r"\s+".join(map(re.escape, _fold(name).split()))


def _fold(text: str) -> str:
    return fold_letters(unicodedata.normalize("NFC", text))


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
