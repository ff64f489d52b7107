"""Zalo's OAuth in the stand-in: pairs that rotate, and what happens to the old ones."""

from datetime import timedelta

import pytest

from bot.clock import WoundClock
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.tokens import challenge_of
from tests.sandbox.conftest import Caller

VERIFIER = "a" * 43


async def test_a_refresh_gives_a_new_pair_and_kills_the_old_one_at_once(zalo: ZaloServer, oa: Caller) -> None:
    first = zalo.tokens.pair
    assert first is not None
    assert (await oa.get("/v2.0/oa/getoa"))["error"] == 0
    refresh = {"grant_type": "refresh_token", "refresh_token": first.refresh_token}
    answer = await oa.oauth(refresh)
    assert answer.keys() == {"access_token", "refresh_token", "expires_in"}
    assert answer["expires_in"] == "90000"
    assert (await oa.get("/v2.0/oa/getoa"))["error"] == -216
    assert (await oa.get("/message/quota"))["error"] == -124
    oa.token = answer["access_token"]
    assert (await oa.get("/v2.0/oa/getoa"))["error"] == 0
    assert (await oa.oauth(refresh))["error"] == -14014
    assert (await oa.get("/v2.0/oa/getoa"))["error"] == 0, "a refresh that fails leaves the living pair alone"
    assert zalo.tokens.refreshed == 1


async def test_an_access_token_lives_25_hours_and_a_refresh_token_three_months(
    zalo: ZaloServer, oa: Caller, clock: WoundClock
) -> None:
    clock.wind(timedelta(hours=24, minutes=59))
    assert (await oa.get("/v2.0/oa/getoa"))["error"] == 0
    clock.wind(timedelta(minutes=2))
    refused = await oa.get("/v2.0/oa/getoa")
    assert refused == {"error": -220, "message": "access_token is expired or removed"}
    clock.wind(timedelta(days=90))
    pair = zalo.tokens.pair
    assert pair is not None
    answer = await oa.oauth({"grant_type": "refresh_token", "refresh_token": pair.refresh_token})
    assert answer["error"] == -14014
    assert answer["error_name"] == "Invalid refresh token"


@pytest.mark.parametrize("wrong", ["secret", "app", "json"])
async def test_a_wrong_app_or_secret_is_refused_and_uses_nothing_up(zalo: ZaloServer, oa: Caller, wrong: str) -> None:
    pair = zalo.tokens.grant()
    form = {"grant_type": "refresh_token", "refresh_token": pair.refresh_token}
    if wrong == "json":
        answer = await oa.post("/v4/oa/access_token", form | {"app_id": "1234567890123456789"}, secret_key="app-secret")
    elif wrong == "app":
        answer = await oa.oauth(form | {"app_id": "1"})
    else:
        answer = await oa.oauth(form, secret="oa-secret-demo")
    assert answer["error"] == -14002
    assert "access_token" in await oa.oauth(form)


async def test_a_code_is_good_once_for_ten_minutes_with_its_verifier(
    zalo: ZaloServer, oa: Caller, clock: WoundClock
) -> None:
    def with_code(code: str, verifier: str = VERIFIER) -> dict[str, str]:
        return {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}

    code = zalo.tokens.consent(challenge_of(VERIFIER))
    answer = await oa.oauth(with_code(code))
    oa.token = answer["access_token"]
    assert (await oa.get("/v2.0/oa/getoa"))["data"]["oaid"] == zalo.oa_id
    assert (await oa.oauth(with_code(code)))["error"] < 0, "once"
    assert (await oa.oauth(with_code(zalo.tokens.consent(challenge_of(VERIFIER)), "b" * 43)))["error"] < 0
    late = zalo.tokens.consent()
    clock.wind(timedelta(minutes=11))
    assert (await oa.oauth(with_code(late)))["error"] < 0
    assert (await oa.oauth({"grant_type": "password"}))["error"] < 0


async def test_the_token_belongs_into_its_own_header(zalo: ZaloServer, oa: Caller) -> None:
    token, oa.token = oa.token, ""
    assert (await oa.get("/v2.0/oa/getoa", access_token=token))["error"] == -216
    assert (await oa.post("/v3.0/oa/message/cs", {}, Authorization=f"Bearer {token}"))["error"] == -216
    zalo.tokens.revoke()
    oa.token = token
    assert (await oa.get("/v2.0/oa/getoa"))["error"] == -216
