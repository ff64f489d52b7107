"""Finding customers: by name with or without marks, by company, by part of a phone, by code, and with a typo.

A customer carries three keys. `name_key` and `spoken_key` are the words of the name last to first, folded and as typed: in Vietnam the
last word is the name people are called by, so "Lan" and "Thị Lan" are the beginnings of a key and an index finds them.
`search_text` is everything, folded, with a blank before each word: " nguyen thi lan | cong ty abc | 0912345678 84912345678 ".
Trigrams index it, an FTS5 table on SQLite and pg_trgm on PostgreSQL, so that " lan" or "3456" is found anywhere.

Typos are mended word by word: `spellings` holds what is left of each known word when a letter is dropped, so that a word and its
misspelling meet there, however many customers there are; rapidfuzz then ranks whom they lead to.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Select, and_, bindparam, column, or_, select, table
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.domain.customers import customer_id_of
from bot.domain.names import folded
from bot.domain.phones import parse_phone
from bot.storage.access import IS_THERE, Scope
from bot.storage.columns import storable
from bot.storage.tables import customers, spellings
from bot.storage.transaction import Sql

MAX_HITS = 100
_CANDIDATES = 200
_COMMON = 1000
_TRIGRAM = 3
_MAX_WORDS = 8
_MEANT_AT_MOST = 8
_PHONE_PART = re.compile(r"[\d\s.+()-]+", re.ASCII)
_WORD = re.compile(r"[^\W_]+")
_MENDABLE = range(3, 21)  # how long a word may be to be mended
# Folded titles that people type before a name; a search that finds nothing with them is done without.
_TITLES = frozenset(("anh", "a", "chi", "c", "co", "chu", "bac", "em", "ong", "ba", "mr", "ms", "mrs", "khach"))

# Whether a name ends with the words asked for. An index range: what begins with "lan" and comes before "lan!" goes on with a blank.
IS_NAMED = and_(customers.c.name_key >= bindparam("folded"), customers.c.name_key < bindparam("folded_end"))
# And whether with the same accents.
IS_SPOKEN = and_(customers.c.spoken_key >= bindparam("spoken"), customers.c.spoken_key < bindparam("spoken_end"))

_NAMED = (
    select(customers.c.id, customers.c.spoken_key, customers.c.name_key, IS_SPOKEN.label("is_spoken"))
    .where(IS_NAMED)
    .order_by(IS_SPOKEN.desc(), customers.c.id)
    .limit(MAX_HITS)
)
_FOUND = select(customers.c.id, customers.c.search_text).limit(_CANDIDATES)
_KNOWN = select(spellings.c.variant, spellings.c.word).where(
    spellings.c.variant.in_(bindparam("variants", expanding=True))
)
_LEARN = upsert(spellings).on_conflict_do_nothing()

_fts = table("customers_search", column("rowid"), column("customers_search"))
_MATCHES = _fts.c.customers_search.match(bindparam("pattern"))
_matching_ids = select(_fts.c.rowid.label("id")).where(_MATCHES).limit(_COMMON).subquery("matching")
_INDEXED = _FOUND.join(_fts, _fts.c.rowid == customers.c.id).where(_MATCHES)

Pattern = Sequence[Sequence[str]]  # every one of these must appear in the search text, each in one of its spellings


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer found; `score` 0-100."""

    customer_id: int
    score: float


def keys_of(name: str, company: str | None, phones: Iterable[str]) -> dict[str, str]:
    """The key columns of a customer."""
    name = storable(name)
    parts = [folded(name), folded(storable(company or "")), " ".join(_dialled(phone) for phone in phones)]
    text = " | ".join(" ".join(_WORD.findall(part)) for part in parts)
    return {"spoken_key": _last_first(_spoken(name)), "name_key": _last_first(folded(name)), "search_text": f" {text} "}


def name_parameters(name: str) -> dict[str, str]:
    """Parameters for IS_NAMED and IS_SPOKEN; empty where there is no name in it."""
    key, spoken = _last_first(folded(name)), _last_first(_spoken(name))
    return {"folded": key, "folded_end": f"{key}!", "spoken": spoken, "spoken_end": f"{spoken}!"} if key else {}


async def hits(sql: Sql, query: str, scope: Scope) -> list[Hit]:
    """Who is meant by `query`, best first, at most MAX_HITS; only customers within `scope`."""
    if (customer_id := customer_id_of(query)) is not None:
        by_code = select(customers.c.id).where(customers.c.id == customer_id, IS_THERE)
        return [Hit(row.id, 100.0) for row in await sql.rows(*_scoped(by_code, {}, scope))]
    if _PHONE_PART.fullmatch(query) and len(digits := _digits(parse_phone(query) or query)) >= _TRIGRAM:
        found = await _matching(sql, [[digits]], scope)
        scores = {row.id: 100.0 if f" {digits} " in row.search_text else 85.0 for row in found}
        return _best(scores)
    words = _WORD.findall(folded(query))[:_MAX_WORDS]
    scores = await _by_words(sql, query, words, scope)
    if not scores and len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
        scores = await _by_words(sql, query.split(maxsplit=1)[-1], words, scope)
    return _best(scores or await _mended(sql, words, scope))


async def learn_spellings(sql: Sql, keys: dict[str, str]) -> None:
    """Take the words of a customer's keys among those that a typo can mean."""
    words = sorted({word for word in keys["search_text"].split() if len(word) in _MENDABLE and not word.isdigit()})
    if not words:
        return
    itself = [{"variant": word, "word": word} for word in words]
    new = await sql.rows(_LEARN.values(itself).returning(spellings.c.word))
    variants = [{"variant": variant, "word": word} for (word,) in new for variant in sorted(_one_dropped(word))]
    if variants:
        await sql.change(_LEARN, variants)


async def _by_words(sql: Sql, query: str, words: Sequence[str], scope: Scope) -> dict[int, float]:
    """Scores of those whose name ends with the query, then of those who have all of its words."""
    scores = {}
    if parameters := name_parameters(query):
        named = await sql.rows(*_scoped(_NAMED, parameters, scope))
        scores = {row.id: _named_score(row, parameters) for row in named}
    if words and len(scores) < MAX_HITS:
        pattern = [[word if word.isdigit() and len(word) >= _TRIGRAM else f" {word}"] for word in words]
        for row in await _matching(sql, pattern, scope):
            scores.setdefault(row.id, _found_score(row.search_text, words))
    return scores


async def _mended(sql: Sql, words: Sequence[str], scope: Scope) -> dict[int, float]:
    """Scores of those found when each word may have a letter wrong, missing, too many or swapped."""
    variants = {word: {word, *_one_dropped(word)} for word in words if len(word) in _MENDABLE}
    if not variants:
        return {}
    known = await sql.rows(_KNOWN, {"variants": sorted(set().union(*variants.values()))})
    right = {row.word for row in known} & set(words)
    pattern = []
    for word in words:
        near = {row.word: OSA.distance(word, row.word) for row in known if row.variant in variants.get(word, ())}
        near = {other: far for other, far in near.items() if 0 < far <= (1 if len(word) < 6 else 2)}
        # a word that somebody is called is meant as it stands, unless every word is one
        is_meant = word in right and len(right) < len(words)
        meant = [] if is_meant else sorted(near, key=lambda other: (near[other], other))[:_MEANT_AT_MOST]
        pattern.append([f" {word}", *(f" {other} " for other in meant)])
    if all(len(spellings_of) == 1 for spellings_of in pattern):
        return {}
    found = await _matching(sql, pattern, scope)
    return {row.id: _mended_score(row.search_text, words) for row in found}


async def _matching(sql: Sql, pattern: Pattern, scope: Scope) -> Sequence[Any]:
    """Those whose search text has every word of the pattern, as many as are worth ranking."""
    if sql.on_postgresql:
        return await sql.rows(*_scoped(_FOUND.where(*map(_has, pattern)), {}, scope))
    indexed = [one for one in pattern if min(map(len, one)) >= _TRIGRAM]
    match = {"pattern": " AND ".join(f"({' OR '.join(map(_quoted, one))})" for one in indexed)}
    short = list(map(_has, (one for one in pattern if one not in indexed)))
    if indexed and scope.condition is None:
        return await sql.rows(_INDEXED.where(*short), match)
    if indexed and scope.condition is not None:
        near = await sql.rows(_indexed_of(scope.condition).where(*short), {**match, **scope.parameters})
        if len(near) < _COMMON:
            return [row for row in near if row.search_text is not None][:_CANDIDATES]
    # What many customers have is sooner found by going through those within the scope.
    return await sql.rows(*_scoped(_FOUND.where(*map(_has, pattern)), {}, scope))


def _scoped(statement: Select[Any], parameters: dict[str, Any], scope: Scope) -> tuple[Select[Any], dict[str, Any]]:
    if scope.condition is None:
        return statement, parameters
    return statement.where(scope.condition), {**parameters, **scope.parameters}


def _indexed_of(condition: ColumnElement[bool]) -> Select[Any]:
    """Everybody's that match, with the text of those within the scope. With the limit inside, SQLite cannot start from the owner's
    customers and look each of them up in the trigrams."""
    of_these = and_(customers.c.id == _matching_ids.c.id, condition)
    return select(_matching_ids.c.id, customers.c.search_text).outerjoin_from(_matching_ids, customers, of_these)


def _has(spellings_of: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(customers.c.search_text.contains(one, autoescape=True) for one in spellings_of))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _named_score(row: Any, asked: dict[str, str]) -> float:
    """Exact accents before folded ones, the whole name before its last words."""
    if row.is_spoken:
        return 100.0 if row.spoken_key == asked["spoken"] else 97.0
    return 95.0 if row.name_key == asked["folded"] else 92.0


def _found_score(search_text: str, words: Sequence[str]) -> float:
    """Names that begin so, then names with all the words, then companies; the closer the better."""
    name = search_text.split(" | ", 1)[0]
    query = " ".join(words)
    rank = 85.0 if name.startswith(f" {query}") else 78.0 if all(f" {word}" in name for word in words) else 70.0
    return rank + 0.05 * float(fuzz.ratio(query, name.strip()))


def _mended_score(search_text: str, words: Sequence[str]) -> float:
    """How close the name, or as many of its last words, or the company comes to the query."""
    name, company, _ = search_text.split(" | ", 2)
    query = " ".join(words)
    called = " ".join(name.split()[-len(words) :])
    closest = max(fuzz.ratio(query, name.strip()), 0.98 * fuzz.ratio(query, called), 0.9 * fuzz.ratio(query, company))
    return 0.6 * float(closest)


def _best(scores: dict[int, float]) -> list[Hit]:
    ranked = sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))
    return [Hit(*hit) for hit in ranked[:MAX_HITS]]


def _spoken(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower()


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
