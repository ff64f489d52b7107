"""A rep's or a company's own words: what they call a customer or a product, learned from a correction."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.names import folded

# A word is a name or an abbreviation; what is longer was a sentence.
LONGEST_WORD = 40


class WordKind(StrEnum):
    """What a word stands for."""

    CUSTOMER = "customer"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class OwnWord:
    """`said` as it was typed; it means a customer (`customer_id`) or a product (`meaning`). `shared`: the whole company says so."""

    id: int
    kind: WordKind
    said: str
    meaning: str
    customer_id: int | None
    shared: bool


@dataclass(frozen=True, slots=True)
class NewWord:
    """A word about to be learned; fields as in `OwnWord`."""

    kind: WordKind
    said: str
    meaning: str
    customer_id: int | None = None


def nickname(said: str, customer_id: int, name: str) -> NewWord | None:
    """The word learned when `said` was asked about and a customer called `name` was meant; None where the name says it already."""
    if not _learnable(said) or set(folded(said).split()) <= set(folded(name).split()):
        return None
    return NewWord(WordKind.CUSTOMER, " ".join(said.split()), name, customer_id)


def product_word(said: str, meaning: str) -> NewWord | None:
    """The word learned when a product that was understood as `said` is corrected to `meaning`."""
    if not _learnable(said) or not _learnable(meaning) or folded(said) == folded(meaning):
        return None
    return NewWord(WordKind.PRODUCT, " ".join(said.split()), " ".join(meaning.split()))


def _learnable(word: str) -> bool:
    return 1 < len(folded(word)) <= LONGEST_WORD
