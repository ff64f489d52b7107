"""A call of Zalo's webhook is genuine when its raw body was signed for our app, and not otherwise, without a word in the log."""

import hashlib
import hmac
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zalo_official.utils.MacUtils import MacUtils

from bot.channels.zalo.signature import SAMPLE_TEXT, Seal, is_probe, sealed

APP, SECRET, MOMENT = "1234567890123456789", "oa-secret-demo", "1795250000000"
RAW = (
    '{"app_id":"1234567890123456789","sender":{"id":"2512523625412515"},"user_id_by_app":"4604138790644222978",'
    '"recipient":{"id":"388613280878808645"},"event_name":"user_send_text",'
    '"message":{"text":"Báo giá giúp chị","msg_id":"96d3cdf3af150460909"},"timestamp":"1795250000000"}'
).encode()
MAC = "345917b7a3ffa4fb747ebb7a82b940f35da48e420a456e2a2eee9f53f661199a"
SEAL = Seal(APP, SECRET)


def test_the_worked_example_is_genuine() -> None:
    assert len(RAW) == 278
    assert sealed(APP, RAW, MOMENT, SECRET) == MAC
    assert MacUtils.build_mac(APP, RAW.decode(), MOMENT, SECRET) == MAC  # as the official SDK makes it
    assert SEAL.is_genuine(RAW, f"mac={MAC}")


@pytest.mark.parametrize("header", [f"mac={MAC}", f"mac = {MAC}", MAC, f" mac= {MAC.upper()} "])
def test_the_signature_may_be_written_in_several_ways(header: str) -> None:
    assert SEAL.is_genuine(RAW, header)


WRONG = {
    "none": "",
    "the sign alone": "mac=",
    "too short": f"mac={MAC[:-1]}",
    "too long": f"mac={MAC}0",
    "another digit": f"mac={MAC[:-1]}b",
    "not ASCII": "mac=" + "ñ" * 64,
    "bytes that are no text": "mac=" + "\udcff" * 64,
    "digits of another script": "mac=" + "٣" * 64,
    "of another secret": "mac=" + sealed(APP, RAW, MOMENT, "app-secret"),
    "HMAC": "mac="
    + hmac.new(SECRET.encode(), APP.encode() + RAW + MOMENT.encode() + SECRET.encode(), hashlib.sha256).hexdigest(),
    "of what json.dumps makes of it": "mac=" + sealed(APP, json.dumps(json.loads(RAW)).encode(), MOMENT, SECRET),
    "of another moment": "mac=" + sealed(APP, RAW, "1795250000001", SECRET),
}


@pytest.mark.parametrize("header", WRONG.values(), ids=WRONG)
def test_any_other_signature_is_none(header: str) -> None:
    assert not SEAL.is_genuine(RAW, header)


def test_another_body_is_not_the_one_that_was_signed() -> None:
    assert not SEAL.is_genuine(RAW.replace("Báo".encode(), b"Bao"), f"mac={MAC}")
    assert not SEAL.is_genuine(json.dumps(json.loads(RAW), ensure_ascii=False).encode(), f"mac={MAC}")


def test_what_was_signed_for_another_app_is_not_for_us() -> None:
    raw = RAW.replace(APP.encode(), b"9876543210987654321")
    for app_id in (APP, "9876543210987654321"):
        assert not SEAL.is_genuine(raw, f"mac={sealed(app_id, raw, MOMENT, SECRET)}")


def test_numbers_where_texts_are_usual_are_signed_alike() -> None:
    raw = RAW.replace(f'"{MOMENT}"'.encode(), MOMENT.encode()).replace(f'"{APP}"'.encode(), APP.encode(), 1)
    assert SEAL.is_genuine(raw, f"mac={sealed(APP, raw, MOMENT, SECRET)}")


@given(st.binary(), st.text())
def test_no_body_and_no_header_breaks_it(raw: bytes, header: str) -> None:
    assert not SEAL.is_genuine(raw, header)
    is_probe(raw)


@pytest.mark.parametrize("raw", [b"[" * 200_000, b"[]", b"null", b"{", b"\xff\xfe{}", b'{"timestamp":{}}'])
def test_what_is_no_event_is_not_genuine(raw: bytes) -> None:
    assert not SEAL.is_genuine(raw, f"mac={sealed(APP, raw, '', SECRET)}")


def test_a_large_body_that_nobody_signed_holds_nobody_up() -> None:
    """To read it would take more than a second."""
    raw = b'{"a":[' + b"[]," * 340_000 + b'[]],"timestamp":"1"}'
    begun = time.process_time()
    assert not is_probe(raw)
    assert not SEAL.is_genuine(raw, f"mac={MAC}")
    assert time.process_time() - begun < 0.2


def test_words_that_look_like_the_moment_are_not_taken_for_it() -> None:
    raw = RAW.replace("Báo".encode(), rb"\"timestamp\":1 ")
    assert SEAL.is_genuine(raw, f"mac={sealed(APP, raw, MOMENT, SECRET)}")
    nested = RAW.replace(b'"message":{', b'"message":{"timestamp":"17",')
    assert SEAL.is_genuine(nested, f"mac={sealed(APP, nested, MOMENT, SECRET)}")


@pytest.mark.parametrize("raw", [b"", b"{}", b" {} \n", json.dumps({"message": {"text": SAMPLE_TEXT}}).encode()])
def test_the_console_may_try_the_address(raw: bytes) -> None:
    assert is_probe(raw)


@pytest.mark.parametrize("raw", [RAW, b"[]", b"{", b'{"message":[]}', b'{"message":{"text":5}}'])
def test_nothing_else_is_the_console(raw: bytes) -> None:
    assert not is_probe(raw)


def test_without_a_secret_of_the_webhook_the_apps_is_tried_and_that_is_said(caplog: pytest.LogCaptureFixture) -> None:
    assert Seal(APP, "", SECRET).is_genuine(RAW, f"mac={MAC}")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "ZALO_OA_SECRET" in caplog.text
    assert SECRET not in caplog.text


def test_there_is_no_webhook_without_a_secret() -> None:
    for app_id, secret in ((APP, ""), ("", SECRET)):
        with pytest.raises(ValueError, match="secret"):
            Seal(app_id, secret)
