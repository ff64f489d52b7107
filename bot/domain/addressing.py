"""How a person is spoken to: by the given name."""

from bot.domain.understanding.message import read
from bot.domain.understanding.tables.names import FAMILY, GIVEN, WordTable

# Family names that are given names too, but hardly ever open a double one: Lê Hồng is Ms Hồng, Mai Anh is Ms Mai Anh.
_RATHER_FAMILY = WordTable(("lê", "hồ", "lý", "phan", "vũ"))


def given_name(name: str) -> str:
    """`Hồng` of `Nguyễn Thị Hồng`; the whole of what is no Vietnamese full name: `Lan Anh`, `Hồng Spa`, `John Smith`."""
    words, written = read(name).words, name.split()
    if len(words) != len(written) or len(words) < 2:
        return name
    first, *rest = words
    is_double_name = len(words) == 2 and first in GIVEN and first not in _RATHER_FAMILY
    if first not in FAMILY or is_double_name or not all(word in GIVEN or word in FAMILY for word in rest):
        return name
    return written[-1]
