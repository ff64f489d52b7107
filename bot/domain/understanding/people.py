"""Who a message is about: persons by honorific, by label, by the verb before them, by family name, and by who is known."""

from dataclasses import dataclass, replace
from itertools import pairwise

from bot.domain.names import folded
from bot.domain.understanding.known import Known
from bot.domain.understanding.message import TAKEN, Message, Word, overlaps
from bot.domain.understanding.tables import people as say
from bot.domain.understanding.tables.names import (
    COUNTED,
    DOUBTFUL_ADDRESS,
    EITHER,
    ENGLISH_TITLES,
    FAMILY,
    GIVEN,
    HONORIFICS,
    NOT_NAMES,
    PAIRS,
    PLACES,
    STRONG_MIDDLE,
    WEAK_HONORIFICS,
)

_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Person:
    """A person named at `start` to `end`; the heavier, the likelier the customer. `refers`: they sent the customer."""

    start: int
    end: int
    name: str
    honorific: str | None
    weight: int
    refers: bool = False
    is_colleague: bool = False
    is_doubtful: bool = False  # `khach ngan dong tien`: words as well as a name


def find_people(message: Message, known: Known) -> list[Person]:
    """The persons named, likeliest customer first; referrers and colleagues last."""
    listed = message.words
    found: list[Person] = []
    for first, past, customer in known.named_in([word.flat for word in listed]):
        if _are_together(message, listed[first:past]):
            named = Person(listed[first].start, listed[past - 1].end, customer.name, customer.honorific, 45)
            found.append(_with_honorific_before(message, listed, first, named))
    free_from = 0
    for place, word in enumerate(listed):
        if word.start < free_from:
            continue
        person = _person_at(message, listed, place)
        if person is not None:
            free_from = person.end
            if not overlaps((person.start, person.end), [(other.start, other.end) for other in found]):
                found.append(person)
    weighed = [_weighed(message, person, known) for person in found]
    return sorted(weighed, key=lambda person: (-person.weight, person.start))


def _person_at(message: Message, listed: list[Word], place: int) -> Person | None:
    word = listed[place]
    if word.low in HONORIFICS or word.low in ENGLISH_TITLES:
        named = _after_honorific(message, listed, place)
        if named:
            return named
    before = message.low[: word.start]
    run = _run(message, listed, place, is_expected=True) if say.LABEL.search(before) else []
    if run and _is_customer_name(listed, place, run):
        return replace(_person(run, None, 40), is_doubtful=not (run[0].is_capital or run[0].is_exact))
    is_plain_word = _ends_pair(listed, place) or _ends_pair(listed, place + 1)
    run = _run(message, listed, place) if say.VERB.search(before) and not is_plain_word else []
    if run and (run[0].is_capital or _is_surely_given(run) or (say.CALLING.search(before) and word in GIVEN)):
        return _person(run, None, 20)
    run = _run(message, listed, place) if say.BESIDE.search(before) and not is_plain_word else []
    if run and _is_surely_given(run):
        return _person(run, None, 20)
    return _bare_name(message, listed, place)


def _after_honorific(message: Message, listed: list[Word], place: int) -> Person | None:
    word = listed[place]
    if place + 1 == len(listed) or not say.HONORIFIC_JOIN.fullmatch(message.low[word.end : listed[place + 1].start]):
        return None
    if _is_another_honorific(message, listed, place + 1):
        return None
    if place and listed[place - 1].flat == "tieng":  # the language
        return None
    run = _run(message, listed, place + 1, is_expected=True)
    if not run or not _fits_honorific(message, word, run, listed, place):
        return None
    weight = 28 if word.low in ("em", "e") else 30
    return Person(word.start, run[-1].end, _name(run), HONORIFICS.get(word.low), weight)


def _is_another_honorific(message: Message, listed: list[Word], place: int) -> bool:
    """`anh chị …` is nobody's name; `co chi Thao` speaks of chị Thảo, `cô Chi` of cô Chi."""
    word = listed[place]
    after = listed[place + 1] if place + 1 < len(listed) else None
    if word.low not in HONORIFICS or word.low in ("ba", "di", "thay", "cau", "duong"):
        return False
    if word not in GIVEN:
        return True
    names = after is not None and after in GIVEN and after not in NOT_NAMES and not word.is_capital
    return names and bool(say.JOIN.fullmatch(message.low[word.end : after.start if after else word.end]))


def _fits_honorific(message: Message, honorific: Word, run: list[Word], listed: list[Word], place: int) -> bool:
    """Whether the words after what looks like an honorific name somebody: `co ngoc`, but not `co hang moi`."""
    first = run[0]
    after = listed[place + 2] if place + 2 < len(listed) else None
    if honorific.low in DOUBTFUL_ADDRESS and not (first.is_capital or (first in GIVEN and first not in NOT_NAMES)):
        return False
    if len(run) > 1 and honorific.low in WEAK_HONORIFICS and " ".join(word.flat for word in run) in PLACES:
        return False
    if first.is_capital and not message.shown.isupper() and (first not in NOT_NAMES or first in GIVEN):
        return True
    if after and f"{first.flat} {after.flat}" in PAIRS and len(run) == 1:
        return False
    if honorific.low in WEAK_HONORIFICS and not honorific.is_marked:
        before = message.low[: honorific.start]
        opens = not before.strip(" \n>-") or bool(say.VERB.search(before) or say.TOWARDS.search(before))
        return (
            first in GIVEN
            and (first not in NOT_NAMES or opens or honorific.low in ("c", "a", "chi"))
            and _is_not_counted(honorific, first)
        )
    return True


def _is_not_counted(honorific: Word, first: Word) -> bool:
    """`co hang`, `ba tuan`: typed without marks, there are goods and three weeks, and no cô Hằng or bà Tuấn."""
    return honorific.low not in ("co", "ba") or first.flat not in COUNTED


def _run(message: Message, listed: list[Word], place: int, is_expected: bool = False) -> list[Word]:
    """The words of a name that starts here; none where the first cannot start one."""
    first = listed[place]
    if not _starts_name(first, is_expected):
        return []
    run = [first]
    for index in range(place + 1, min(place + _MOST_WORDS, len(listed))):
        word = listed[index]
        if not say.JOIN.fullmatch(message.low[run[-1].end : word.start]) or not _continues(message, run, listed, index):
            break
        run.append(word)
    return _without_place(run)


def _starts_name(word: Word, is_expected: bool) -> bool:
    if any(letter.isdigit() for letter in word.low) or _is_never(word):
        return False
    if word.low in HONORIFICS and word not in GIVEN:
        return False
    if word.is_capital or is_expected:
        return not _is_never(word)
    return word in GIVEN or (word in FAMILY and word not in NOT_NAMES)


def _continues(message: Message, run: list[Word], listed: list[Word], index: int) -> bool:
    word, first = listed[index], run[0]
    if any(letter.isdigit() for letter in word.low) or (_is_never(word) and word.low != "anh"):
        return False
    after = listed[index + 1] if index + 1 < len(listed) else None
    joined_after = after and say.JOIN.fullmatch(message.low[word.end : after.start])
    if joined_after and after and f"{word.flat} {after.flat}" in PAIRS and not word.is_capital:
        return False
    if first.is_capital and not message.shown.isupper():
        return word.is_capital and _fits_capital(run, word)
    return _continues_lower(run, word, after if joined_after else None)


def _fits_capital(run: list[Word], word: Word) -> bool:
    """`Minh Khang` goes on, `Dũng Honda` and `Lan FB` end before the foreign word."""
    if word in NOT_NAMES and word not in GIVEN and word not in FAMILY:
        return False
    return _is_syllable(word) or not _is_syllable(run[-1]) or not run[-1].is_marked


def _continues_lower(run: list[Word], word: Word, after: Word | None) -> bool:
    family_led = run[0] in FAMILY and len(run) < 4
    if word.flat == "anh":
        leads_name = after and (after.is_capital or (after in GIVEN and after not in NOT_NAMES))
        return run[-1] in GIVEN and len(run) < 3 and not leads_name
    if word.low in ("thị", "thi", "văn", "van") and family_led and len(run) == 1:
        return True
    if word not in GIVEN or (len(run) > 1 and not family_led):
        return False
    if word in NOT_NAMES and word not in EITHER:
        return False
    if word in EITHER:
        at_break = after is None
        return (run[-1] in STRONG_MIDDLE or (family_led and len(run) > 1)) and (
            at_break or family_led or word not in NOT_NAMES
        )
    return run[-1] in GIVEN or run[-1] in FAMILY


def _without_place(run: list[Word]) -> list[Word]:
    """`chị Lan Hà Nội` is Lan; a place of one word ends only a longer name."""
    for length in (2, 1):
        ends_with_place = run[-1].is_capital and " ".join(word.flat for word in run[-length:]) in PLACES
        if len(run) > 2 and ends_with_place:
            return run[:-length]
    return run


def without_place(name: str) -> str | None:
    """`Lài` of `Lài Huế`, which could be her whole name as well; None where no place ends the name."""
    given, _, last = name.rpartition(" ")
    return given if given and " " not in given and folded(last) in PLACES else None


def _is_customer_name(listed: list[Word], place: int, run: list[Word]) -> bool:
    """After `khách`: a name, not what the customer does (`khách hỏi`, `khach dat coc`)."""
    first = run[0]
    after = listed[place + len(run)] if place + len(run) < len(listed) else None
    if len(run) > 1 or (first.is_capital and (first not in NOT_NAMES or first in GIVEN)):
        return not (len(run) == 1 and after and f"{first.flat} {after.flat}" in PAIRS and not first.is_capital)
    if after and f"{first.flat} {after.flat}" in PAIRS:
        return False
    if first in NOT_NAMES or first.low in (
        "hen",
        "dang",
        "dat",
        "van",
        "hang",
        "huy",
        "tin",
        "quan",
        "nhan",
        "tu",
        "hop",
        "tra",
        "xin",
        "hoi",
        "an",
        "tính",
    ):
        return first.flat == "bao" and bool(
            after and f"{after.flat}" in ("danh", "chot", "mua", "khen", "che", "review", "cham")
        )
    return first in GIVEN or first in FAMILY or not _is_syllable(first)


def _bare_name(message: Message, listed: list[Word], place: int) -> Person | None:
    """A name without anything before it: a family name with more, or a given name at the start of a line."""
    word = listed[place]
    run = _run(message, listed, place)
    if not run or _ends_pair(listed, place + 1):
        return None
    at_start = bool(say.LINE_START.search(message.low[: word.start]))
    is_family_led = len(run) > 1 and word in FAMILY and (word.is_capital or len(run) > 2 or at_start)
    if is_family_led and all(w in GIVEN or w in FAMILY or w.low in ("thị", "thi") for w in run[1:]):
        return _person(run, None, 18 if at_start else 12)
    following = message.low[run[-1].end :].lstrip(" ,:-")
    if (
        at_start
        and _is_surely_given(run)
        and (word not in NOT_NAMES or len(run) > 1)
        and (word.is_capital or following.startswith(TAKEN))
    ) or (at_start and word in EITHER and word in GIVEN and _stands_before_phone(message, run)):
        return _person(run, None, 15)
    if at_start and len(run) < 3 and _is_told_of(message, run):
        return _person(run, None, 15)
    if at_start and word.is_capital and say.ENGLISH_VERB.match(message.low, run[-1].end + 1):
        return _person(run, None, 15)
    if word.is_capital and say.SIGNATURE.search(message.low[: word.start]) and word in GIVEN:
        return _person(run, None, 15)
    return None


def _stands_before_phone(message: Message, run: list[Word]) -> bool:
    following = message.shown[run[-1].end :].lstrip(" ,:-(")
    return message.low[run[-1].end :].lstrip(" ,:-(").startswith(TAKEN) and following.startswith(("0", "+84", "84"))


def _is_told_of(message: Message, run: list[Word]) -> bool:
    """`lan k nghe máy`, `trang nói …`: a given name in lower case is one where only a person can do what follows."""
    names = all((word in GIVEN or word in FAMILY) and (word not in NOT_NAMES or word in EITHER) for word in run)
    return names and bool(say.ONLY_PERSONS.match(message.low, run[-1].end))


def _is_surely_given(run: list[Word]) -> bool:
    if len(run) == 1 and run[0] not in GIVEN and not run[0].is_capital:
        return False
    return all(word in GIVEN or word in FAMILY for word in run) and (run[0] not in NOT_NAMES or run[0].is_capital)


def _ends_pair(listed: list[Word], place: int) -> bool:
    return 0 < place < len(listed) and f"{listed[place - 1].flat} {listed[place].flat}" in PAIRS


def _weighed(message: Message, person: Person, known: Known) -> Person:
    before, after = message.low[: person.start], message.low[person.end :].split("\n")[0]
    start, _ = message.clause_around(person.start)
    if say.REFERRED_SURELY.search(before) or say.REFERS.match(after):
        return replace(person, weight=person.weight - 100, refers=True)
    if known.is_colleague(person.name):
        return replace(person, weight=person.weight - 90, is_colleague=True)
    weight = person.weight + (12 if say.LABEL.search(before) and person.honorific else 0)
    if say.KIN_OF.search(message.low[start : person.start]) or say.MESSENGER.search(before):
        weight -= 15
    return replace(person, weight=weight)


def _with_honorific_before(message: Message, listed: list[Word], first: int, person: Person) -> Person:
    if (
        first
        and listed[first - 1].low in HONORIFICS
        and say.HONORIFIC_JOIN.fullmatch(message.low[listed[first - 1].end : person.start])
    ):
        return replace(person, start=listed[first - 1].start, honorific=HONORIFICS[listed[first - 1].low])
    return person


def _are_together(message: Message, run: list[Word]) -> bool:
    return all(say.JOIN.fullmatch(message.low[one.end : other.start]) for one, other in pairwise(run))


def _is_never(word: Word) -> bool:
    return word in NOT_NAMES and word not in GIVEN and word not in FAMILY


def _person(run: list[Word], honorific: str | None, weight: int) -> Person:
    return Person(run[0].start, run[-1].end, _name(run), honorific, weight)


def _name(run: list[Word]) -> str:
    """As typed, with capitals where the person did not bother."""
    all_capitals = len(run[0].shown) > 1 and all(word.shown.isupper() for word in run)
    named = " ".join(word.shown if word.is_capital and not all_capitals else word.low.capitalize() for word in run)
    return say.POSSESSIVE.sub("", named)


def _is_syllable(word: Word) -> bool:
    return bool(say.VOWELLED.fullmatch(word.flat))
