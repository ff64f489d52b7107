"""Who gets a new lead, and whom a message names."""

from collections import Counter
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.assignment import Candidate, called_so, meant_to_get_it, next_owner, split_given
from bot.domain.company import AssignmentRule, Company
from bot.domain.customers import Source
from bot.domain.people import Member, Role

RULES = st.sampled_from(AssignmentRule)
CANDIDATES = st.lists(
    st.builds(Candidate, st.integers(1, 50), st.integers(0, 1000)), max_size=12, unique_by=lambda c: c.member_id
)


def people(*names: str) -> list[Member]:
    hours = (time(8), time(21), time(7))
    return [
        Member(number, name, Role.REP, True, "vi", "Asia/Ho_Chi_Minh", *hours, frozenset())
        for number, name in enumerate(names, 1)
    ]


@given(st.integers(1, 12), st.integers(0, 60), st.one_of(st.none(), st.integers(1, 60)))
def test_turns_are_fair_whoever_had_the_last(reps: int, leads: int, last: int | None) -> None:
    company = Company(rule=AssignmentRule.TURNS, last_assigned_id=last)
    candidates = [Candidate(5 * number) for number in range(1, reps + 1)]
    got: Counter[int] = Counter()
    for _ in range(leads):
        owner = next_owner(company.rule, candidates, company, None)
        assert owner is not None
        got[owner] += 1
        company = replace(company, last_assigned_id=owner)
    shares = [got[candidate.member_id] for candidate in candidates]
    assert max(shares) - min(shares) <= 1


@given(CANDIDATES, st.one_of(st.none(), st.integers(1, 60)), st.integers(0, 40))
def test_by_load_the_leads_level_out(candidates: list[Candidate], last: int | None, leads: int) -> None:
    company = Company(rule=AssignmentRule.LOAD, last_assigned_id=last)
    for _ in range(leads if candidates else 0):
        owner = next_owner(company.rule, candidates, company, None)
        lightest = min(candidate.open_customers for candidate in candidates)
        assert next(c.open_customers for c in candidates if c.member_id == owner) == lightest
        candidates = [
            replace(c, open_customers=c.open_customers + 1) if c.member_id == owner else c for c in candidates
        ]


@given(
    RULES, CANDIDATES, st.sampled_from([None, *Source]), st.dictionaries(st.sampled_from(Source), st.integers(1, 60))
)
def test_only_a_candidate_gets_a_lead(
    rule: AssignmentRule, candidates: list[Candidate], source: Source | None, owners: dict[Source, int]
) -> None:
    owner = next_owner(rule, candidates, Company(rule=rule, source_owners=owners), source)
    if rule is AssignmentRule.KEEP or not candidates:
        assert owner is None
    else:
        assert owner in {candidate.member_id for candidate in candidates}


def test_a_source_has_its_rep_and_what_has_none_goes_by_turns() -> None:
    company = Company(source_owners={Source.ZALO: 2, Source.GOOGLE: 9}, last_assigned_id=1)
    candidates = [Candidate(1), Candidate(2), Candidate(3)]

    def gets(source: Source | None) -> int | None:
        return next_owner(AssignmentRule.SOURCE, candidates, replace(company, last_assigned_id=2), source)

    assert gets(Source.ZALO) == 2
    assert gets(Source.FACEBOOK) == 3
    assert gets(Source.GOOGLE) == 3, "who has left gets nothing"
    assert gets(None) == 3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Khách mới chị Hoa 0912 345 678, giao cho Trang", "Nguyễn Thu Trang"),
        ("chị Hoa 0912345678 @trang", "Nguyễn Thu Trang"),
        ("chuyen sang minh nhe, chị Hoa", "Minh"),
        ("giao Nguyễn Thu Trang chị Hoa", "Nguyễn Thu Trang"),
        ("Khách mới chị Trang 0912 345 678", None),
        ("T6 gọi cho Trang", None),
        ("giao hàng trễ 2 ngày", None),
        ("giao cho Hạnh", None),
    ],
)
def test_a_message_names_who_is_to_have_the_customer(text: str, name: str | None) -> None:
    found = meant_to_get_it(text, people("Nguyễn Thu Trang", "Minh", "Hạnh", "Lê Hạnh"))
    if text.endswith("Hạnh"):
        assert found is not None
        assert found.name == "Hạnh", "the whole name comes before a given one"
        return
    assert (found.name if found else None) == name


def test_two_of_one_name_are_nobody_in_particular() -> None:
    team = people("Trần Trang", "Lê Trang")
    assert meant_to_get_it("giao cho Trang", team) is None
    assert [member.name for member in called_so("trang", team)] == ["Trần Trang", "Lê Trang"]
    assert [member.name for member in called_so("lê trang", team)] == ["Lê Trang"]
    assert not called_so("Nguyễn Trang", team)
    assert [member.name for member in called_so("em Trang", people("Trang", "Tráng"))] == ["Trang"]


@pytest.mark.parametrize(
    ("words", "who", "to"),
    [
        ("chị Lan cho Trang", "chị Lan", "Trang"),
        ("@Trang", "", "Trang"),
        ("cho Trang", "", "Trang"),
        ("KH000012 → Minh", "KH000012", "Minh"),
        ("chị Lan", "chị Lan", ""),
        ("Chợ Lớn cho Trang", "Chợ Lớn", "Trang"),
        ("", "", ""),
    ],
)
def test_what_is_given_to_whom(words: str, who: str, to: str) -> None:
    assert split_given(words) == (who, to)


@given(st.text())
def test_any_words_can_be_read(words: str) -> None:
    split_given(words)
    meant_to_get_it(words, people("", "Trang", "…"))
    called_so(words, people("", "Trang", "…"))
