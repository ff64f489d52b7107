"""The code of a personal link: typed as people type, taken for nothing else; and scores said in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.invites import ALPHABET, invitation_in
from bot.domain.referrals import is_token, message_of, new_token, token_in
from bot.domain.surveys import SurveyKind, score_in

tokens = st.text(ALPHABET, min_size=12, max_size=12)


@given(tokens, st.sampled_from(["{}", " {} ", "{}\n"]), st.booleans(), st.sampled_from(["-", " ", ""]))
def test_a_code_is_read_however_it_is_typed(token: str, around: str, small: bool, between: str) -> None:
    typed = around.format(message_of(token).replace("-", between))
    assert token_in(typed.lower() if small else typed) == token


def test_a_new_token_is_its_own_code() -> None:
    token = new_token()
    assert is_token(token)
    assert token_in(message_of(token)) == token
    assert message_of(token) == f"GT {token[:4]}-{token[4:8]}-{token[8:]}"


def test_a_token_from_before_can_be_copied() -> None:
    old = "aB3_xYz-09qWerTy"
    assert is_token(old)
    assert message_of(old) == f"GT {old}"
    assert token_in(f"gt {old}") == old


@pytest.mark.parametrize(
    "text", ["GT", "GT ", "gt em cái này nhé", "gt ABCD", "Giới thiệu ABCD-EFGH-JKMN", "THAMGIA ABCD-EFGH-JKMN"]
)
def test_other_words_are_no_code(text: str) -> None:
    assert token_in(text) == ""


@given(st.text(max_size=60))
def test_anything_may_be_typed(text: str) -> None:
    found = token_in(text)
    assert found == "" or is_token(found)
    assert not found or invitation_in(text) is None


@pytest.mark.parametrize(
    ("kind", "text", "score"),
    [
        (SurveyKind.CSAT, "5", 5),
        (SurveyKind.CSAT, " 4 sao.", 4),
        (SurveyKind.CSAT, "số 3", 3),
        (SurveyKind.NPS, "10 điểm", 10),
        (SurveyKind.NPS, "0", 0),
        (SurveyKind.CSAT, "6", None),
        (SurveyKind.CSAT, "5 cái", None),
        (SurveyKind.NPS, "100", None),
        (SurveyKind.NPS, "giao trễ 2 ngày", None),
    ],
)
def test_a_score_is_all_of_the_text_or_it_is_none(kind: SurveyKind, text: str, score: int | None) -> None:
    assert score_in(kind, text) == score
