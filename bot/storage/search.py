"""Finding customers: by name with or without marks, by company, by part of a phone, by code, and with a typo.

A customer carries three keys. `spoken_key` and `name_key` are the words of the name last to first, as typed and folded: in Vietnam
the last word is the name people are called by, so "Lan" and "Thị Lan" are the beginnings of a key and an index finds them.
`search_text` is everything, folded, each word with a blank before it: " nguyen thi lan | cong ty abc | 0912345678 84912345678 ".
Trigrams index it, an FTS5 table on SQLite and pg_trgm on PostgreSQL, so that " lan" or "3456" is found anywhere.

Typos are mended word by word: `spellings` holds what is left of each known word when a letter is dropped, so that a word and its
misspelling meet there, however many customers there are; rapidfuzz then ranks whom they lead to.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Select, and_, column, or_, select, table
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.customers import customer_id_of
from bot.domain.names import folded
from bot.domain.phones import parse_phone
from bot.storage.engine import Sql
from bot.storage.tables import customers, spellings

MAX_HITS = 100
_CANDIDATES = 200
_TRIGRAM = 3
_PHONE_PART = re.compile(r"[\d\s.+()-]+", re.ASCII)
_WORD = re.compile(r"[^\W_]+")
# Folded titles that people type before a name: they are no part of it, unless the search finds them in one.
_TITLES = frozenset(("anh", "a", "chi", "c", "co", "chu", "bac", "em", "ong", "ba", "mr", "ms", "mrs", "kh", "khach"))
_MAX_WORDS = 8
_FUZZY_WORD = range(3, 21)

_fts = table("customers_search", column("rowid"), column("customers_search"))


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer found; `score` 0-100."""

    customer_id: int
    score: float


@dataclass(frozen=True, slots=True)
class NameKeys:
    """The words of a name last to first: as spoken (NFC, lower case) and folded."""

    spoken: str
    folded: str


Pattern = Sequence[Sequence[str]]  # every one of these must appear, each in one of its spellings


def name_keys(name: str) -> NameKeys:
    """The keys under which a name is found by its last words."""
    spoken = unicodedata.normalize("NFC", name).lower()
    return NameKeys(_last_first(spoken), _last_first(folded(name)))


def keys_of(name: str, company: str | None, phones: Iterable[str]) -> dict[str, str]:
    """The key columns of a customer."""
    names = name_keys(name)
    parts = [folded(name), folded(company or ""), " ".join(_dialled(phone) for phone in phones)]
    text = " | ".join(" ".join(_WORD.findall(part)) for part in parts)
    return {"spoken_key": names.spoken, "name_key": names.folded, "search_text": f" {text} "}


def ends_with(key: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """Whether the name with this key ends with these words: an index range, as "!" is what follows the blank."""
    return and_(key >= words, key < f"{words}!", or_(key == words, key >= f"{words} "))


async def hits(sql: Sql, query: str, visible: ColumnElement[bool]) -> list[Hit]:
    """Who is meant by `query` among the customers that satisfy `visible`, best first, at most MAX_HITS."""
    if (customer_id := customer_id_of(query)) is not None:
        found = await sql.scalar(select(customers.c.id).where(customers.c.id == customer_id, visible))
        return [Hit(customer_id, 100.0)] if found else []
    if _PHONE_PART.fullmatch(query) and len(digits := _digits(parse_phone(query) or query)) >= _TRIGRAM:
        rows = await sql.rows(_matching(sql, [[digits]], visible))
        return [Hit(row.id, 100.0 if f" {digits} " in row.search_text else 85.0) for row in rows][:MAX_HITS]
    words = _WORD.findall(folded(query))[:_MAX_WORDS]
    found_words = await _by_words(sql, query, words, visible)
    if not found_words and len(words) > 1 and words[0] in _TITLES:
        found_words = await _by_words(sql, query.split(maxsplit=1)[-1], words[1:], visible)
    return found_words[:MAX_HITS]


async def learn_spellings(sql: Sql, keys: dict[str, str]) -> None:
    """Take the words of a customer's keys among those that a typo can mean."""
    words = sorted({w for w in keys["search_text"].split() if len(w) in _FUZZY_WORD and not w.isdigit()})
    if not words:
        return
    learn = upsert(spellings).on_conflict_do_nothing()
    itself = [{"variant": word, "word": word} for word in words]
    new = await sql.rows(learn.values(itself).returning(spellings.c.word))
    variants = [{"variant": variant, "word": word} for (word,) in new for variant in sorted(_one_dropped(word))]
    if variants:
        await sql.change(learn, variants)


async def _by_words(sql: Sql, query: str, words: Sequence[str], visible: ColumnElement[bool]) -> list[Hit]:
    if not words:
        return []
    named = await sql.rows(_named(query, visible))
    spoken = name_keys(query).spoken
    scores = {row.id: _named_score(row, spoken) for row in named}
    pattern = [[f" {word}"] if not word.isdigit() else [word] for word in words]
    for row in await sql.rows(_matching(sql, pattern, visible)):
        scores.setdefault(row.id, 60.0 + 0.25 * fuzz.ratio(folded(query), folded(row.name)))
    if not scores:
        scores = await _mended(sql, words, visible)
    return [Hit(*hit) for hit in sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))]


async def _mended(sql: Sql, words: Sequence[str], visible: ColumnElement[bool]) -> dict[int, float]:
    """Scores of those found when each word may have a letter wrong, missing, too many or swapped."""
    spelled = {word: {word, *_one_dropped(word)} if len(word) in _FUZZY_WORD else {word} for word in words}
    keys = sorted(set().union(*spelled.values()))
    known = await sql.rows(select(spellings.c.variant, spellings.c.word).where(spellings.c.variant.in_(keys)))
    pattern = []
    for word, variants in spelled.items():
        meant = {row.word for row in known if row.variant in variants and OSA.distance(word, row.word) <= 1}
        pattern.append([f" {word}", *(f" {other} " for other in sorted(meant - {word}))])
    if all(len(spellings_of) == 1 for spellings_of in pattern):
        return {}
    rows = await sql.rows(_matching(sql, pattern, visible))
    return {row.id: 0.6 * fuzz.WRatio(" ".join(words), row.search_text) for row in rows}


def _named(query: str, visible: ColumnElement[bool]) -> Select[tuple[int, str, str]]:
    """Those whose name ends with the query."""
    keys = name_keys(query)
    as_spoken = ends_with(customers.c.spoken_key, keys.spoken)
    return (
        select(customers.c.id, customers.c.spoken_key, customers.c.name_key)
        .where(visible, ends_with(customers.c.name_key, keys.folded))
        .order_by(as_spoken.desc(), customers.c.id)
        .limit(MAX_HITS)
    )


def _matching(sql: Sql, pattern: Pattern, visible: ColumnElement[bool]) -> Select[tuple[int, str, str]]:
    """Those whose search text has every word of the pattern, as many as are worth ranking."""
    chosen = select(customers.c.id, customers.c.name, customers.c.search_text).where(visible).limit(_CANDIDATES)
    if sql.on_postgresql:
        return chosen.where(*(or_(*map(_contains, spellings_of)) for spellings_of in pattern))
    indexed = [one for one in pattern if min(map(len, one)) >= _TRIGRAM]
    if indexed:
        match = " AND ".join(f"({' OR '.join(map(_quoted, one))})" for one in indexed)
        chosen = chosen.join(_fts, _fts.c.rowid == customers.c.id).where(_fts.c.customers_search.match(match))
    short = [one for one in pattern if min(map(len, one)) < _TRIGRAM]
    return chosen.where(*(or_(*map(_contains, one)) for one in short))


def _contains(text: str) -> ColumnElement[bool]:
    return customers.c.search_text.contains(text, autoescape=True)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _named_score(row: object, spoken: str) -> float:
    """Exact accents before folded ones, the whole name before its last words."""
    spoken_key, whole = getattr(row, "spoken_key"), len(getattr(row, "spoken_key")) == len(spoken)  # noqa: B009
    if spoken_key == spoken or spoken_key.startswith(f"{spoken} "):
        return 100.0 if whole else 97.0
    return 95.0 if whole else 92.0


def _last_first(text: str) -> str:
    return " ".join(reversed(text.split()))


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _dialled(phone: str) -> str:
    """A number as it is dialled at home and from abroad."""
    digits = _digits(phone)
    return f"0{digits[2:]} {digits}" if digits.startswith("84") else digits


def _one_dropped(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}
