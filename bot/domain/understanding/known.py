"""The rep's own world: customers, products and colleagues, indexed once so that each message is read against it quickly."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from rapidfuzz import fuzz, process

from bot.domain.names import folded

_ALIKE = 90  # of 100: one letter off in a name of two or three words
_LONGEST_NAME = 5
_LONGEST_GIVEN = 3


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """One of the rep's own customers; `nicknames` are the rep's words for them, `talked_at` when they were last talked about."""

    id: int
    name: str
    honorific: str | None = None
    nicknames: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    talked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product of the company and the short words people use for it."""

    name: str
    aliases: tuple[str, ...] = ()


class Known:
    """What a rep already knows, indexed when first asked. Keep it: indexing thousands costs more than reading a message."""

    def __init__(
        self,
        customers: Iterable[KnownCustomer] = (),
        products: Iterable[KnownProduct] = (),
        colleagues: Iterable[str] = (),
    ) -> None:
        self._customers = {customer.id: customer for customer in customers}
        self._products = tuple(products)
        self._colleagues = frozenset(map(folded, colleagues))

    def called(self, name: str, honorific: str | None = None) -> tuple[KnownCustomer, ...]:
        """The customers meant by a name, likeliest first: the same marks, honorific and the last talked about come first.

        A full name or a nickname means its owner; a given name everyone who bears it; typos are forgiven in longer names.
        """
        key = folded(name)
        full = self._by_name.get(key, [])
        ids = full if full and " " in key else [*full, *self._ending_in(key)] or self._alike(key)
        found = [self._customers[customer_id] for customer_id in dict.fromkeys(ids)]
        low = name.lower()
        found = [customer for customer in found if _is_written(low, customer)] or found
        addressed = [customer for customer in found if honorific and customer.honorific == honorific]
        return tuple(sorted(addressed or found, key=_last_talked_first))

    def with_phone(self, e164: str) -> tuple[KnownCustomer, ...]:
        """The customers who have this phone number."""
        return tuple(self._customers[customer_id] for customer_id in self._by_phone.get(e164, ()))

    def with_id(self, customer_id: int) -> tuple[KnownCustomer, ...]:
        """The customer of this id, if they are the rep's own."""
        return (self._customers[customer_id],) if customer_id in self._customers else ()

    def named_in(self, flat_words: list[str]) -> list[tuple[int, int, KnownCustomer]]:
        """Where full names of several words and nicknames stand in a message's words: (first, past the last, whose)."""
        found: list[tuple[int, int, KnownCustomer]] = []
        start = 0
        while start < len(flat_words):
            hit = self._longest_name(flat_words, start)
            if hit:
                found.append(hit)
            start = hit[1] if hit else start + 1
        return found

    def is_colleague(self, name: str) -> bool:
        """Whether a name is a colleague's and nobody else's."""
        return folded(name) in self._colleagues and not self.called(name)

    @cached_property
    def product_words(self) -> dict[str, str]:
        """Every folded name and alias of a product → its name."""
        return {folded(word): product.name for product in self._products for word in (product.name, *product.aliases)}

    def _longest_name(self, flat_words: list[str], start: int) -> tuple[int, int, KnownCustomer] | None:
        """One word alone says too little to be a customer's name wherever it stands."""
        for length in range(min(_LONGEST_NAME, len(flat_words) - start), 1, -1):
            ids = self._by_name.get(" ".join(flat_words[start : start + length]))
            if ids:
                return start, start + length, self._customers[ids[0]]
        return None

    def _ending_in(self, key: str) -> list[int]:
        """Who bears a given name of one to three words: people say Lan or Thu Lan of Nguyễn Thị Thu Lan."""
        if key.count(" ") >= _LONGEST_GIVEN:
            return []
        return [
            customer_id
            for flat, customer_id in self._by_last_word.get(key.rpartition(" ")[2], ())
            if flat.endswith(f" {key}")
        ]

    def _alike(self, key: str) -> list[int]:
        if " " not in key:
            return []
        matches = process.extract(key, self._long_names, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=5)
        return [customer_id for match, _, _ in matches for customer_id in self._by_name[match]]

    @cached_property
    def _long_names(self) -> list[str]:
        return [name for name in self._by_name if " " in name]

    @cached_property
    def _full_names(self) -> list[tuple[str, int]]:
        """Each customer's name, folded once."""
        return [(folded(customer.name), customer.id) for customer in self._customers.values()]

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        """Whose a full name or a nickname is."""
        index: dict[str, list[int]] = {}
        for flat, customer_id in self._full_names:
            index.setdefault(flat, []).append(customer_id)
        for customer in self._customers.values():
            for word in customer.nicknames:
                index.setdefault(folded(word), []).append(customer.id)
        return index

    @cached_property
    def _by_last_word(self) -> dict[str, list[tuple[str, int]]]:
        index: dict[str, list[tuple[str, int]]] = {}
        for name in self._full_names:
            index.setdefault(name[0].rpartition(" ")[2], []).append(name)
        return index

    @cached_property
    def _by_phone(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for customer in self._customers.values():
            for phone in customer.phones:
                index.setdefault(phone, []).append(customer.id)
        return index


NOBODY = Known()


def _is_written(low: str, customer: KnownCustomer) -> bool:
    """Whether a name typed in lower case is the customer's, marks included."""
    own = (customer.name.lower(), *(nickname.lower() for nickname in customer.nicknames))
    return any(name == low or name.endswith(f" {low}") for name in own)


def _last_talked_first(customer: KnownCustomer) -> float:
    return -customer.talked_at.timestamp() if customer.talked_at else 0.0
