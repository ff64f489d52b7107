"""What a message is for: the first that applies of lookup, customer, sale, feedback, note, follow-up, other."""

import re
from dataclasses import dataclass

from bot.domain.timeline import Sentiment
from bot.domain.understanding.capture import Intent
from bot.domain.understanding.message import TAKEN, Message
from bot.domain.understanding.tables import intents as say
from bot.domain.understanding.tables.actions import ACTION, THEIRS


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the fields say, for telling what the message is for.

    `rest` is the message without phones, amounts, days and names; `dated` are the spans of days still to come.
    """

    message: Message
    rest: Message
    has_person: bool
    has_company: bool
    has_phone: bool
    has_email: bool
    has_amount: bool
    has_bare_figure: bool
    has_due: bool
    has_source: bool
    starts_with_person: bool
    tells_past: bool
    dated: tuple[tuple[int, int], ...]

    @property
    def has_who(self) -> bool:
        """Whether anybody is named at all."""
        return self.has_person or self.has_company or self.has_phone


def find_intent(evidence: Evidence) -> Intent:
    """What the message is for."""
    return next((intent for intent, applies in _FIRST_THAT_APPLIES if applies(evidence)), Intent.OTHER)


def find_rivals(evidence: Evidence, intent: Intent) -> tuple[Intent, ...]:
    """What else the message could as well be for; mostly nothing."""
    rivals = (rival for chosen, rival, could_be in _COULD_AS_WELL_BE if chosen is intent and could_be(evidence))
    return tuple(dict.fromkeys(rivals))


def find_sentiment(message: Message) -> Sentiment | None:
    """Which way a feedback points; None where it says both or neither."""
    low, denied = say.DENIED_PRAISE.subn(" ", message.low)
    praise, complaint = bool(say.PRAISE.search(low)), bool(denied) or bool(say.COMPLAINT.search(low))
    if praise == complaint:
        return None
    return Sentiment.PRAISE if praise else Sentiment.COMPLAINT


def is_a_sale(evidence: Evidence) -> bool:
    """Whether something was closed, paid or put down, not merely wished, asked or promised."""
    if say.REMINDING.match(evidence.rest.low.lstrip(f" \n>{TAKEN}")):
        return False
    return any(_is_done(evidence, match) for match in say.SALE.finditer(evidence.rest.low))


def _is_an_order(evidence: Evidence) -> bool:
    """`anh Đông thay 4 lốp 2tr6/lốp`: somebody, goods and a price, and nothing that says it is only talk."""
    rest = evidence.rest.low
    told = (
        say.HYPOTHETICAL.search(rest)
        or say.FACT.search(rest)
        or say.PRICE_TALK.search(rest)
        or say.INTEREST.search(rest)
    )
    return evidence.has_who and not told and not _opens_with_action(evidence) and not evidence.dated


def _is_done(evidence: Evidence, match: re.Match[str]) -> bool:
    start, end = evidence.message.clause_around(match.start())
    before, around = evidence.rest.low[start : match.start()], evidence.rest.low[start:end]
    if say.CONDITION.search(around) or say.HYPOTHETICAL.search(say.AND.split(before)[-1]):
        return False
    waits = any(start <= day < match.start() for day, _ in evidence.dated)
    return not waits or bool(say.STILL_DONE.search(around))


def _is_lookup(evidence: Evidence) -> bool:
    low, rest = evidence.message.low, evidence.rest.low
    if not re.search(rf"[^\s.,!?{TAKEN}]", rest):
        says_more = evidence.has_amount or evidence.has_due or (evidence.has_phone and evidence.has_person)
        return evidence.has_who and not says_more
    if evidence.has_amount and not low.rstrip().endswith("?"):
        return False
    command = say.COMMAND.search(low)
    if command and not _is_for_somebody(evidence):
        return True
    asks = say.NOT_ASKING.sub(" ", rest)
    if _opens_with_action(evidence) and not say.ENDS_ASKING.search(asks):
        return False
    if say.REPORTED.search(asks) or (evidence.has_phone and say.NEW.search(low)):
        return False
    if say.ASKING_WHEN.search(low) or low.rstrip().endswith("?") or say.ASKING.search(asks):
        return True
    last = say.ASKING_LAST.search(asks) if evidence.has_who and "," not in asks else None
    return last is not None and not last[0].startswith("không")


def _is_for_somebody(evidence: Evidence) -> bool:
    """`xem nhà với chị Lan` is no command to look something up."""
    low = evidence.message.low.lstrip(" \n>")
    weak = say.COMMAND_WEAK.match(low)
    return bool(weak) and evidence.has_due and not say.LOOKED_AT.search(low)


def _is_customer(evidence: Evidence) -> bool:
    low, rest = evidence.message.low, evidence.rest.low
    if say.NOTE_LABEL.match(low) or (is_a_sale(evidence) and evidence.has_amount):
        return False
    reachable = evidence.has_phone or evidence.has_email
    if say.NEW.search(low) or (say.ADD_PERSON.match(rest) and evidence.has_who):
        return evidence.has_who or evidence.has_email or evidence.has_source
    if _is_feedback(evidence):
        return False
    if say.ARRIVED.match(low.lstrip()) and (evidence.has_source or (evidence.has_who and say.INTEREST.search(low))):
        return True
    if reachable:
        return _is_new_with_phone(evidence)
    return (
        evidence.has_source and evidence.has_who and bool(say.INTEREST.search(rest)) and not say.FACT_PAST.search(rest)
    )


def _is_new_with_phone(evidence: Evidence) -> bool:
    rest = evidence.rest.low
    if say.NUMBER_CHANGED.search(rest) and not evidence.has_source and not say.INTEREST.search(rest):
        return False
    if evidence.has_source or say.INTEREST.search(rest):
        return not say.FOLLOW_FIRST.match(rest) or evidence.has_source
    if say.FOLLOW_FIRST.match(rest) and not evidence.starts_with_person:
        return False
    return not say.STRONG_FACT.search(rest)


def _is_sale(evidence: Evidence) -> bool:
    if evidence.has_amount:
        return is_a_sale(evidence) or _is_an_order(evidence)
    if evidence.has_bare_figure and evidence.has_who and is_a_sale(evidence):
        return True
    if evidence.has_who and _only_closes(evidence):
        return True
    direct = say.DIRECT_SALE.search(evidence.rest.low)
    return bool(direct) and evidence.has_who and not evidence.has_due and is_a_sale(evidence)


def _only_closes(evidence: Evidence) -> bool:
    """`chị Hoa chốt tủ`, `0911… ok lấy 1 bộ`: nothing else is told, but what is to be done next."""
    if not (evidence.starts_with_person or evidence.has_phone):
        return False
    closed = say.CLOSED.match(evidence.rest.low)
    if not closed or say.NOT_CLOSED.search(closed["object"]):
        return False
    rest = evidence.rest.low[closed.end() :].lstrip(f" ,.;!\n{TAKEN}")
    rest = say.OPENING.sub("", rest, count=1)
    return not rest or bool((ACTION.match(rest) or say.PAYS.match(rest)) and not say.FACT.search(rest))


def _is_feedback(evidence: Evidence) -> bool:
    low = evidence.rest.low
    if _opens_with_action(evidence) and not (evidence.tells_past or say.STRONG_FACT.search(low)):
        return False
    if evidence.has_who and (say.DEFECT.search(low) or say.DISPLEASED.search(low)):
        return True
    for match in say.FEEDBACK.finditer(low):
        start, end = evidence.message.clause_around(match.start())
        if not say.NOT_FEEDBACK_BEFORE.search(low[start : match.start()]) and not say.NOT_FEEDBACK_AFTER.match(
            low[match.end() : end]
        ):
            return True
    return False


def _is_note(evidence: Evidence) -> bool:
    rest = evidence.rest.low
    if say.NOTE_LABEL.match(evidence.message.low):
        return True
    if not (evidence.has_who or (say.SOMEBODY.search(rest) and say.FACT.search(rest))):
        return False
    if _opens_with_action(evidence):
        return evidence.tells_past or bool(say.STRONG_FACT.search(_after_action(rest)))
    if evidence.starts_with_person and say.QUOTED.match(rest):
        return True
    if evidence.starts_with_person and (say.CUSTOMER_MOVES.match(rest) or THEIRS.search(rest)):
        return True
    return bool(say.FACT.search(rest)) or not evidence.has_due


def _after_action(rest: str) -> str:
    """The words after the first one, which says what is to be done."""
    return say.OPENING.sub("", rest, count=1).lstrip().partition(" ")[2]


def _opens_with_action(evidence: Evidence) -> bool:
    """`nhắc tôi …`, `mai gọi …`, `9h gặp …`: a promise of ours, whatever the words after it say."""
    if evidence.starts_with_person:
        return False
    opening = say.OPENING.sub("", evidence.rest.low, count=1)
    return bool(say.REMINDING.match(opening) or ACTION.match(opening))


def _is_followup(evidence: Evidence) -> bool:
    rest = evidence.rest.low
    if not evidence.has_who and (say.NEGATED.search(rest) or say.TO_ALL.search(rest)):
        return False
    if evidence.has_who:
        return evidence.has_due or bool(ACTION.search(rest))
    return bool(say.REMINDING.search(rest)) or (evidence.has_due and bool(ACTION.search(rest)))


_FIRST_THAT_APPLIES = [
    (Intent.LOOKUP, _is_lookup),
    (Intent.CUSTOMER, _is_customer),
    (Intent.SALE, _is_sale),
    (Intent.FEEDBACK, _is_feedback),
    (Intent.NOTE, _is_note),
    (Intent.FOLLOWUP, _is_followup),
]


def _tells_weakly(evidence: Evidence) -> bool:
    """A promise beside words that could tell something, but need not."""
    return evidence.has_due and bool(say.FACT.search(evidence.rest.low)) != bool(
        say.STRONG_FACT.search(evidence.rest.low)
    )


def _tells_something(evidence: Evidence) -> bool:
    return bool(say.FACT.search(_after_action(evidence.rest.low)))


def _promises_late(evidence: Evidence) -> bool:
    """`chị Hằng mở thẻ, mai ký`: the words before the promise could tell what happened."""
    return not _opens_with_action(evidence)


def _names_a_defect(evidence: Evidence) -> bool:
    return bool(say.COMPLAINT.search(evidence.rest.low)) != bool(say.PRAISE.search(evidence.rest.low))


def _only_a_defect(evidence: Evidence) -> bool:
    return not say.FEEDBACK.search(evidence.rest.low)


def _talks_of_buying(evidence: Evidence) -> bool:
    return evidence.has_amount and bool(say.SALE.search(evidence.rest.low))


def _only_reachable(evidence: Evidence) -> bool:
    return not (say.NEW.search(evidence.message.low) or evidence.has_source or say.INTEREST.search(evidence.rest.low))


_COULD_AS_WELL_BE = [
    (Intent.NOTE, Intent.FOLLOWUP, _tells_weakly),
    (Intent.FOLLOWUP, Intent.NOTE, _tells_something),
    (Intent.FOLLOWUP, Intent.NOTE, _promises_late),
    (Intent.NOTE, Intent.FEEDBACK, _names_a_defect),
    (Intent.FEEDBACK, Intent.NOTE, _only_a_defect),
    (Intent.NOTE, Intent.SALE, _talks_of_buying),
    (Intent.FOLLOWUP, Intent.SALE, _talks_of_buying),
    (Intent.CUSTOMER, Intent.NOTE, _only_reachable),
]
