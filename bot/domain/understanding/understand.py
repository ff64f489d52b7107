"""A rep's message → what it means: each field takes its words out of the message, so that the next does not misread them."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.domain.customers import Source, customer_id_of
from bot.domain.sales import ABSURD_AMOUNT_VND, SMALL_AMOUNT_VND
from bot.domain.understanding.amounts import Money, find_money
from bot.domain.understanding.capture import Capture, Intent, Problem, ProblemKind, Unsure
from bot.domain.understanding.companies import FoundCompany, find_companies, find_typed_name
from bot.domain.understanding.contacts import Contacts, find_contacts
from bot.domain.understanding.dues import Timing, find_due
from bot.domain.understanding.heats import find_heat, suggestions
from bot.domain.understanding.intents import Evidence, find_intent, find_rivals, find_sentiment
from bot.domain.understanding.known import NOBODY, Known
from bot.domain.understanding.losses import find_loss
from bot.domain.understanding.message import TAKEN, Message, read
from bot.domain.understanding.people import Person, find_people, without_place
from bot.domain.understanding.products import (
    find_interest,
    find_leading_product,
    find_product,
    find_product_after,
    find_quantity,
    known_product,
)
from bot.domain.understanding.sources import find_source
from bot.domain.understanding.tables.contacts import NUMBER_OF
from bot.domain.understanding.tables.products import SOLD_TO
from bot.domain.understanding.touches import find_touch

_LONGEST_READ = 2000  # a longer text is a document: its start is read, all of it is kept
_IN_PASSING = 15
_CLOSE = 5  # persons whose weights differ by less are equally likely
_NO_DUE = (Intent.LOOKUP, Intent.OTHER)
_WITH_HEAT = (Intent.CUSTOMER, Intent.NOTE)
_WITH_PRODUCT = (Intent.CUSTOMER, Intent.SALE)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Everything read from one message, before it is known what the message is for."""

    message: Message
    bare: Message
    undated: Message
    rest: Message
    contacts: Contacts
    money: Money
    timing: Timing
    companies: list[FoundCompany]
    people: list[Person]

    @property
    def person(self) -> Person | None:
        """The person the message is about."""
        surely = (person for person in self.people if person.weight > 0)
        # Where nobody else is named, `chị Hạnh` is a customer of that name and not the colleague.
        namesakes = (person for person in self.people if person.is_colleague and person.honorific)
        return next(surely, None) or next(namesakes, None)

    @property
    def who(self) -> tuple[Person | None, FoundCompany | None]:
        """The person and the company; a company that opens the message outweighs one of its people named in passing."""
        person, company = self.person, next(iter(self.companies), None)
        if person and company and company.start < person.start and person.weight <= _IN_PASSING:
            return None, company
        return person, company

    @property
    def referrer(self) -> Person | None:
        """Who sent them."""
        return next((person for person in self.people if person.refers), None)


def understand(text: str, now: datetime, known: Known = NOBODY, intent: Intent | None = None) -> Capture:
    """What a message says. `now` is aware and in the rep's own zone; any text at all is understood as something.

    `intent` is given where a command or form has said it already (`/ban 2 hộp kem 500k`).
    """
    reading = _read(text[:_LONGEST_READ], now, known)
    source, source_unsure = find_source(reading.bare, reading.referrer is not None)
    evidence = _evidence(reading, source)
    rivals = () if intent else find_rivals(evidence, find_intent(evidence))
    intent = intent or find_intent(evidence)
    phones, unsure_phone = _own_phones(reading, intent)
    ids, unsure_who = _whose(reading, phones, known)
    due = reading.timing.due if intent not in _NO_DUE else None
    is_sale, is_customer = intent is Intent.SALE, intent is Intent.CUSTOMER
    heat, stage = suggestions(reading.message)
    person, company = reading.who
    name = person.name if person else company.name if company else None
    if name is None and is_customer:
        name = find_typed_name(reading.bare)
    return Capture(
        text=text,
        intent=intent,
        name=name,
        honorific=person.honorific if person else None,
        company=company.name if person and company else None,
        code=reading.contacts.code,
        customer_ids=ids,
        phones=phones,
        not_phones=reading.contacts.not_phones,
        email=reading.contacts.email,
        source=source if is_customer else None,
        referrer=_called(reading.referrer) if is_customer and reading.referrer else None,
        heat=find_heat(reading.undated) if intent in _WITH_HEAT else None,
        product=_product(reading, known, intent),
        quantity=find_quantity(reading.bare) if intent in (Intent.SALE, Intent.CUSTOMER) else None,
        amount_vnd=reading.money.total if is_sale else None,
        quoted_vnd=_quoted(reading, intent),
        touch=find_touch(reading.message),
        suggested_loss=find_loss(reading.message) if intent in (Intent.NOTE, Intent.FEEDBACK, Intent.OTHER) else None,
        due=due,
        sentiment=find_sentiment(reading.bare) if intent is Intent.FEEDBACK else None,
        suggested_heat=heat if intent in _WITH_HEAT else None,
        suggested_stage=stage if intent in _WITH_HEAT else None,
        problems=_problems(reading, intent),
        unsure=(*unsure_who, *unsure_phone, *_unsure(reading, intent, source_unsure), *_unsure_intent(intent, rivals)),
        note=text.replace("\0", "").strip(),
    )


def _quoted(reading: _Reading, intent: Intent) -> int | None:
    """The price of what is not sold yet, where the message speaks of one: báo giá 12tr5, ngân sách 20tr."""
    speaks_of_one = intent in (*_WITH_HEAT, Intent.FOLLOWUP) and _SAYS_PRICE.search(reading.message.flat)
    total = reading.money.total if speaks_of_one else None
    return total if total and SMALL_AMOUNT_VND <= total <= ABSURD_AMOUNT_VND else None


_SAYS_PRICE = re.compile(
    r"\b(?:(?:bao|chao|muc|don|gui|tong|hoi) gia|gia tri|ngan sach|du kien|du toan|quote|quoted|budget|worth|offer)\b"
)


def understand_all(text: str, now: datetime, known: Known = NOBODY, intent: Intent | None = None) -> list[Capture]:
    """What a list says: one capture for each line, or each piece between `;` or ` / `, that holds a customer, else one for all."""
    for separator, headings in ((_LINES, 1), (_PIECES, 0)):
        pieces = [piece for piece in separator.split(text) if piece.strip()]
        if not 2 <= len(pieces) <= _MOST_CUSTOMERS:
            continue
        captures = [understand(_LIST_MARK.sub("", piece), now, known, intent) for piece in pieces]
        own = [capture for capture in captures if (capture.phones or capture.email) and capture.name]
        if len(own) >= max(2, len(pieces) - headings):
            return own
    return [understand(text, now, known, intent)]


_LINES = re.compile(r"[\r\n]+")
_PIECES = re.compile(r"[\r\n]+|;| [/|] ")
_MOST_CUSTOMERS = 100  # a longer list is a file's
_LIST_MARK = re.compile(r"^\s*(?:[-•*+]|\d{1,2}[.)])\s+")


def _read(text: str, now: datetime, known: Known) -> _Reading:
    message = read(text)
    contacts = find_contacts(message)
    bare = message.without(contacts.spans)
    money = find_money(bare)
    without_money = bare.without(money.spans)
    timing = find_due(without_money, now)
    plain = without_money.without(timing.spans)
    companies = find_companies(plain)
    without_companies = plain.without([(company.start, company.end) for company in companies])
    people = find_people(without_companies, known)
    rest = without_companies.without([(person.start, person.end) for person in people])
    undated = bare.without([*timing.spans, *((person.start, person.end) for person in people)])
    return _Reading(message, bare, undated, rest, contacts, money, timing, companies, people)


def _evidence(reading: _Reading, source: Source | None) -> Evidence:
    return Evidence(
        message=reading.bare,
        rest=reading.rest,
        has_person=reading.person is not None,
        has_company=bool(reading.companies),
        has_phone=bool(reading.contacts.phones or reading.contacts.code),
        has_email=reading.contacts.email is not None,
        has_amount=reading.money.total is not None,
        has_bare_figure=bool(reading.money.unsure),
        has_due=reading.timing.due is not None,
        has_source=source is not None,
        starts_with_person=_starts_with_who(reading),
        dated=reading.timing.ahead,
        tells_past=reading.timing.tells_past,
    )


def _starts_with_who(reading: _Reading) -> bool:
    first = min([p.start for p in reading.people] + [c.start for c in reading.companies], default=None)
    return first is not None and not re.search(r"[^\W_]", reading.message.low[:first].replace(TAKEN, ""))


def _own_phones(reading: _Reading, intent: Intent) -> tuple[tuple[str, ...], tuple[Unsure, ...]]:
    """The phones of whom the message is about: `chị Thu khen máy, giới thiệu chị Bích 0911…` says none of chị Thu's."""
    phones, place = reading.contacts.phones, reading.contacts.phone_at
    if intent is Intent.CUSTOMER or reading.person is None or place is None or len(phones) > 1:
        return phones, ()
    before = reading.message.low[:place]
    others = (other for other in reading.people if reading.person.start < other.start < place)
    if any(NUMBER_OF.fullmatch(before, other.end) for other in others):
        return (), (Unsure("phone", phones),)
    return phones, ()


def _whose(reading: _Reading, phones: tuple[str, ...], known: Known) -> tuple[tuple[int, ...], tuple[Unsure, ...]]:
    """The rep's own customers that are meant: by code, by phone, by name; several by name are to be asked."""
    if reading.contacts.code and (customer_id := customer_id_of(reading.contacts.code)):
        return tuple(customer.id for customer in known.with_id(customer_id)), ()
    by_phone = [customer.id for phone in phones for customer in known.with_phone(phone)]
    if by_phone:
        ids = tuple(dict.fromkeys(by_phone))
    else:
        person, company = reading.who
        name = person.name if person else company.name if company else None
        ids = tuple(c.id for c in known.called(name, person.honorific if person else None)) if name else ()
    return ids, (Unsure("customer", ids),) if len(ids) > 1 else ()


def _product(reading: _Reading, known: Known, intent: Intent) -> str | None:
    if intent in _NO_DUE:
        return None
    if intent not in _WITH_PRODUCT:
        return known_product(reading.rest, known) or (find_interest(reading.rest) if intent is Intent.NOTE else None)
    product = known_product(reading.rest, known) or find_product(reading.rest, intent is Intent.SALE)
    if not product and intent is Intent.SALE:
        places = [end for _, end in reading.money.spans]
        if reading.person and SOLD_TO.search(reading.bare.low[: reading.person.start]):
            places.append(reading.person.end)
        ends = (find_product_after(reading.rest, end) for end in places)
        product = next((product for product in ends if product), None)
        if not product and reading.money.spans and not (reading.people or reading.companies):
            product = find_leading_product(reading.rest)
    return product


def _problems(reading: _Reading, intent: Intent) -> tuple[Problem, ...]:
    problems = [Problem("phone", ProblemKind.NOT_A_PHONE, phrase) for phrase in reading.contacts.not_phones]
    if intent is Intent.SALE:
        problems += reading.money.problems
    if intent not in _NO_DUE:
        problems += reading.timing.problems
    return tuple(problems)


def _unsure(reading: _Reading, intent: Intent, source: tuple[Unsure, ...]) -> tuple[Unsure, ...]:
    """What is to be asked, of the fields that this intent has."""
    unsure = list(reading.timing.unsure) if intent not in _NO_DUE else []
    if intent is Intent.SALE and reading.money.total is None:
        unsure += reading.money.unsure or (Unsure("amount"),)
    if intent is Intent.CUSTOMER:
        unsure += source
    likely = [person.name for person in reading.people if person.weight >= reading.people[0].weight - _CLOSE]
    if len(set(likely)) > 1 and reading.people[0].weight > 0:
        unsure.append(Unsure("name", tuple(dict.fromkeys(likely))))
    elif reading.person and reading.person.is_doubtful:
        unsure.append(Unsure("name", (reading.person.name,)))
    elif reading.person and (shorter := without_place(reading.person.name)):
        unsure.append(Unsure("name", (reading.person.name, shorter)))
    return tuple(unsure)


def _unsure_intent(intent: Intent, rivals: tuple[Intent, ...]) -> tuple[Unsure, ...]:
    return (Unsure("intent", (intent, *rivals)),) if rivals else ()


def _called(person: Person) -> str:
    return f"{person.honorific} {person.name}" if person.honorific else person.name
