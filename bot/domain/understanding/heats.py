"""How warm a customer is, where the rep says so; and what their words suggest."""

import re

from bot.domain.customers import Heat, Stage
from bot.domain.understanding.message import TAKEN, Message
from bot.domain.understanding.tables import heats as say


def find_heat(message: Message) -> Heat | None:
    """How warm, if it is said of the customer; the last state wins (`từ ấm sang nóng`)."""
    found: list[tuple[int, Heat]] = [(match.start(), Heat.WARM) for match in say.INTERESTED.finditer(message.low)]
    said = (match for match in say.WORDS.finditer(message.low) if _is_of_customer(message, match))
    found += [(match.start(), Heat(str(match.lastgroup))) for match in said]
    return max(found)[1] if found else None


def suggestions(message: Message) -> tuple[Heat | None, Stage | None]:
    """What the customer's words betray: offered to the rep, never set."""
    for heat, stage, pattern in say.SUGGESTED:
        if pattern.search(message.low):
            return heat, stage
    return None, None


def _is_of_customer(message: Message, match: re.Match[str]) -> bool:
    start, end = message.clause_around(match.start())
    before, after = message.low[start : match.start()], message.low[match.end() : end]
    if say.OF_A_THING_AFTER.match(after):
        return False
    if say.OF_A_THING_BEFORE.search(before):
        return False
    if say.CUE_BEFORE.search(before):
        return True
    ends_clause = bool(
        say.ALONE.fullmatch(after) or say.INTENSIFIED_AFTER.match(after) or after.startswith((f" {TAKEN}", TAKEN))
    )
    return ends_clause and (
        bool(say.ALONE.fullmatch(before))
        or len(before.split()) <= 3
        or after.startswith(f" {TAKEN}")
        or bool(say.INTENSIFIED_AFTER.match(after))
    )
