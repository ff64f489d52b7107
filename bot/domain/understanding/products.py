"""What the customer wants or bought, and how many."""

import re

from bot.domain.understanding.known import Known
from bot.domain.understanding.message import TAKEN, Message
from bot.domain.understanding.tables import products as say
from bot.domain.understanding.tables.names import PLACES

_LONGEST = 40


def find_interest(message: Message) -> str | None:
    """What somebody told of is surely after: `hỏi mua …`, `quan tâm …`."""
    objects = (_object(message, match.end()) for match in say.WANTED_SURELY.finditer(message.low))
    return next((product for product in objects if product), None)


def find_product(message: Message, is_sale: bool) -> str | None:
    """The product named, as typed: the words after *mua*, *chốt* in a sale, after *quan tâm*, *hỏi* otherwise."""
    cues = [say.BOUGHT, say.WANTED] if is_sale else [say.WANTED, say.BOUGHT]
    found = (match for cue in cues for match in cue.finditer(message.low) if not _is_no_cue(message, match))
    objects = [_object(message, match.end()) for match in found]
    objects += [_object(message, match.start()) for match in say.QUANTITY.finditer(message.low) if match["unit"]]
    return next((product for product in objects if product), None)


def _is_no_cue(message: Message, cue: re.Match[str]) -> bool:
    """`Cần` of Cần Thơ, `ban` of `20 bo ban ghe`."""
    place = " ".join(message.flat[cue.start() :].split()[:2]).strip(",.;")
    return place in PLACES or (cue[0] == "ban" and bool(say.COUNTED_BEFORE.search(message.low[: cue.start()])))


def find_product_after(message: Message, place: int) -> str | None:
    """`chốt chị Lan 1tr5 máy xay`: what stands after the money that ends at `place`."""
    match = say.AFTER_AMOUNT.match(message.low, place)
    return _object(message, match.start("what") - 1) if match else None


def find_leading_product(message: Message) -> str | None:
    """`gói Pro 12tr5`: what stands first, where nobody is named and nothing but an amount follows."""
    product = _object(message, 0)
    return None if product and say.ABOUT.fullmatch(product.lower()) else product


def find_quantity(message: Message) -> int | None:
    """How many, where it is said before a unit of goods."""
    from_words = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
    for match in say.QUANTITY.finditer(message.low):
        if match["unit"]:
            count = match["count"]
            return int(count) if count.isdecimal() else from_words.get(count)
    return None


def known_product(message: Message, known: Known) -> str | None:
    """The company's own product that is named, by its name or one of its short words; the longest counts."""
    if not known.product_words:
        return None
    flat_words = [word.flat for word in message.words]
    for length in range(min(6, len(flat_words)), 0, -1):
        for start in range(len(flat_words) - length + 1):
            product = known.product_words.get(" ".join(flat_words[start : start + length]))
            if product:
                return product
    return None


def _object(message: Message, place: int) -> str | None:
    """The words from here to the end of the clause, or to what tells something else."""
    _, end = message.clause_around(place)
    rest = message.low[place : max(end, place)]
    start = place + len(rest) - len(rest.lstrip(" :"))
    match = say.OBJECT.match(message.low, start, max(end, place))
    if not match:
        return None
    text = match[0]
    if stop := say.STOP.search(text):
        text = text[: stop.start()]
    if count := re.match(r"\d{1,4} +(?=[^\W\d_])", text):
        text, start = text[count.end() :], start + count.end()
        if container := say.CONTAINER.match(text):
            text, start = text[container.end() :], start + container.end()
    if article := say.ARTICLE.match(text):
        text, start = text[article.end() :], start + article.end()
    if message.low.startswith(TAKEN, start + len(text)):  # `50-60tr`: the lower end of a price
        text = re.sub(r"(?: +\d+(?:[.,]\d+)? ?[-–])? ?$", "", text)
        text = say.PRICED.sub("", text)
    text = re.sub(r"(?: +\d+(?: +[^\W\d_]+)?)? +[x×]$", "", text.rstrip(" .-/"))
    if len(text) < 2 or len(text) > _LONGEST or say.PRONOUN.match(text) or say.UNIT_ALONE.fullmatch(text):
        return None
    return message.shown[start : start + len(text)]
