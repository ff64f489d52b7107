"""Tokens and codes: given out once, read back however they are typed, and never guessed."""

import secrets
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.invites import ALPHABET, Secrets, hashed, invitation_in, may_invite, new_secrets, read_code
from bot.domain.people import Role
from tests.domain.test_calendar import a_member

CODES = st.text(ALPHABET, min_size=12, max_size=12)


@given(CODES, st.randoms(use_true_random=False))
def test_a_code_is_read_back_in_any_case_with_any_blanks_and_dashes(code: str, random: object) -> None:
    shown = Secrets("", code).shown_code
    typed = "".join(
        part.lower() if random.random() < 0.5 else part + random.choice(["", " ", "-", " - "])  # type: ignore[attr-defined]
        for part in shown
    )
    assert read_code(shown) == read_code(typed) == code


@given(CODES)
def test_letters_that_look_like_digits_are_read_as_them(code: str) -> None:
    misread = code.replace("0", "O").replace("1", "l")
    assert read_code(misread) == code


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_code_of_the_alphabet_or_none(text: str) -> None:
    code = read_code(text)
    assert code == "" or (len(code) == 12 and set(code) <= set(ALPHABET))


@given(st.text(max_size=60))
def test_no_message_breaks_the_reading(text: str) -> None:
    for said in (text, f"/start join_{text}", f"THAMGIA {text}"):
        secret = invitation_in(said)
        assert secret is None or len(hashed(secret)) == 64


def test_fresh_ones_are_long_and_fit_a_link() -> None:
    fresh = [new_secrets() for _ in range(200)]
    assert len({one.token for one in fresh}) == len({one.code for one in fresh}) == 200
    for one in fresh:
        assert len(one.token) * 6 >= 128
        assert set(one.payload) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
        assert len(one.payload) <= 64
        assert invitation_in(f"/start {one.payload}") == one.token
        assert invitation_in(f"thamgia {one.shown_code.lower()}") == one.code


@pytest.mark.parametrize(
    "text", ["/start", "/start ref_9", "chị Lan tham gia lớp", "tham gia", "/thamgia", "xin chào", ""]
)
def test_what_presents_no_invitation_is_none(text: str) -> None:
    assert invitation_in(text) is None


@pytest.mark.parametrize(
    "text", ["THAMGIA ABCD-EFGH-JKMN", "thamgia abcdefghjkmn", "/ThamGia abcd efgh jkmn", "Tham gia: ABCD EFGH JKMN"]
)
def test_a_typed_code_is_found(text: str) -> None:
    assert invitation_in(text) == "ABCDEFGHJKMN"


def test_a_hundred_thousand_guesses_never_hit() -> None:
    """RELIABILITY S9: wild ones, and ones a letter away."""
    given_out = [new_secrets() for _ in range(50)]
    kept = {hashed(secret) for one in given_out for secret in (one.token, one.code)}
    near = (
        one.token[:place] + letter + one.token[place + 1 :]
        for one in given_out
        for place in range(24)
        for letter in "aZ0-_"
    )
    wild = (new_secrets() for _ in range(50_000))
    guesses = [
        *(one.token for one in wild),
        *("".join(secrets.choice(ALPHABET) for _ in range(12)) for _ in range(50_000)),
    ]
    guesses += [guess for guess in near if all(guess != one.token for one in given_out)]
    assert len(guesses) >= 100_000
    assert not [guess for guess in guesses if hashed(guess) in kept]


def test_who_may_invite_whom() -> None:
    rights = {role: may_invite(replace(a_member(), role=role)) for role in Role}
    assert rights == {Role.OWNER: (Role.REP, Role.MANAGER), Role.MANAGER: (Role.REP,), Role.REP: ()}
