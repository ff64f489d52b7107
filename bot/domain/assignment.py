"""Who gets a new lead, by the company's rule; and which colleague a message means to give one to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.company import AssignmentRule, Company
from bot.domain.customers import Source
from bot.domain.names import folded
from bot.domain.people import Member


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rep who may get a lead; `open_customers` are those still to be won."""

    member_id: int
    open_customers: int = 0


def next_owner(
    rule: AssignmentRule, candidates: Sequence[Candidate], company: Company, source: Source | None
) -> int | None:
    """The member who gets a lead from `source`; None where it stays with whoever wrote it down, or nobody can get it."""
    if rule is AssignmentRule.KEEP or not candidates:
        return None
    in_turn = _in_turn(candidates, company.last_assigned_id)
    if rule is AssignmentRule.LOAD:
        return min(in_turn, key=lambda candidate: candidate.open_customers).member_id
    if rule is AssignmentRule.SOURCE and source is not None:
        wanted = company.source_owners.get(source)
        if any(candidate.member_id == wanted for candidate in candidates):
            return wanted
    return in_turn[0].member_id


def _in_turn(candidates: Sequence[Candidate], last_id: int | None) -> list[Candidate]:
    """The candidates in the order in which their turns come, after the one who had the last."""
    in_order = sorted(candidates, key=lambda candidate: candidate.member_id)
    if last_id is None:
        return in_order
    after = [candidate for candidate in in_order if candidate.member_id > last_id]
    return after + [candidate for candidate in in_order if candidate.member_id <= last_id]


_ADDRESSED = re.compile(r"^(?:anh|chi|em|ban|mr|ms)\s+(?=\w)")


def called_so(name: str, members: Sequence[Member]) -> Sequence[Member]:
    """The members whom `name` means: by the whole name, else by how it ends; the accents decide where they can."""
    said = name.strip(" @.,!").lower()
    wanted = _ADDRESSED.sub("", folded(said))
    if not wanted:
        return []
    found = [member for member in members if folded(member.name) == wanted]
    found = found or [member for member in members if folded(member.name).endswith(f" {wanted}")]
    written = [member for member in found if said.endswith(member.name.lower()) or member.name.lower().endswith(said)]
    return written or found


# "giao cho Trang", "chuyển sang Trang", "@Trang": only so does a message name who is to have the customer.
_GIVEN_TO = re.compile(r"(?:\b(?:giao|chuyen|assign|phan)(?:\s+(?:cho|sang|to))?\s+|@)(?=[^\W\d_])")


def meant_to_get_it(text: str, members: Sequence[Member]) -> Member | None:
    """The one member to whom a message gives its customer; None where it says nobody, or not clearly whom."""
    said = folded(text)
    full = [(folded(member.name), member) for member in members]
    given = [(words[-1], member) for name, member in full if (words := name.split())]
    for place in _GIVEN_TO.finditer(said):
        rest = said[place.end() :]
        for names in (full, given):
            named = [member for name, member in names if name and re.match(rf"{re.escape(name)}\b", rest)]
            if len(named) == 1:
                return named[0]
    return None


_BETWEEN = re.compile(r"\s*(?:\b(?:cho|sang|qua|to)\b|@|→)\s*", re.IGNORECASE)


def split_given(words: str) -> tuple[str, str]:
    """`chị Lan cho Trang` as who is given and to whom; ("chị Lan", "") where nobody is named to get them."""
    places = list(_BETWEEN.finditer(words))
    if not places:
        return words.strip(), ""
    return words[: places[-1].start()].strip(), words[places[-1].end() :].strip()
