"""Zalo's OAuth: pairs of tokens that rotate. A refresh token works once, and a new pair kills the old access token at once."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.zalo.refusals import OAuthRefusal, ZaloRefusal

ACCESS_LIVES = timedelta(hours=25)
REFRESH_LIVES = timedelta(days=90)
CODE_LIVES = timedelta(minutes=10)
WRONG_APP_OR_SECRET = -14002
# ZALO: assumed [L], no page names the codes of a dead refresh token, a dead code or an unknown grant
DEAD_REFRESH_TOKEN = -14014
DEAD_CODE = -14004
UNKNOWN_GRANT = -14005


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token and the refresh token that came with it."""

    access_token: str
    refresh_token: str
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class _Code:
    begun_at: datetime
    challenge: str


class Tokens:
    """The one pair that lives; everything before it is dead."""

    def __init__(self, now: Callable[[], datetime], app_id: str, app_secret: str) -> None:
        self._now = now
        self._app_id = app_id
        self._app_secret = app_secret
        self._pair: Pair | None = None
        self._codes: dict[str, _Code] = {}
        self.refreshed = 0

    @property
    def pair(self) -> Pair | None:
        """The pair that lives now; None before the first, and after `revoke`."""
        return self._pair

    def grant(self) -> Pair:
        """A first pair by hand, as from Zalo's API Explorer; the pair before it is dead."""
        self._pair = Pair(f"AT{secrets.token_urlsafe(48)}", f"RT{secrets.token_urlsafe(48)}", self._now())
        return self._pair

    def revoke(self) -> None:
        """The account takes its consent back: every token is dead."""
        self._pair = None

    def consent(self, code_challenge: str = "") -> str:
        """An administrator agrees on Zalo's page; the code that comes back with the callback, good once for ten minutes."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(self._now(), code_challenge)
        return code

    def exchange(self, secret_key: str, form: Mapping[str, str]) -> dict[str, Any]:
        """`POST /v4/oa/access_token`. Raises OAuthRefusal."""
        if form.get("app_id") != self._app_id or not secrets.compare_digest(
            secret_key.encode(), self._app_secret.encode()
        ):
            raise OAuthRefusal(WRONG_APP_OR_SECRET, "Invalid app id or secret key")
        match form.get("grant_type"):
            case "refresh_token":
                self._use_refresh_token(form.get("refresh_token", ""))
            case "authorization_code":
                self._use_code(form.get("code", ""), form.get("code_verifier", ""))
            case _:
                raise OAuthRefusal(UNKNOWN_GRANT, "Invalid grant type")
        pair = self.grant()
        return {
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
            "expires_in": str(int(ACCESS_LIVES.total_seconds())),
        }

    def check(self, access_token: str) -> None:
        """Raises ZaloRefusal unless this is the access token that lives."""
        if self._pair is None or access_token != self._pair.access_token:
            raise ZaloRefusal(-216, "Access token is invalid")
        if self._now() - self._pair.begun_at >= ACCESS_LIVES:
            raise ZaloRefusal(-220, "access_token is expired or removed")

    def _use_refresh_token(self, refresh_token: str) -> None:
        pair = self._pair
        if pair is None or refresh_token != pair.refresh_token or self._now() - pair.begun_at >= REFRESH_LIVES:
            raise OAuthRefusal(DEAD_REFRESH_TOKEN, "Invalid refresh token")
        self.refreshed += 1

    def _use_code(self, code: str, verifier: str) -> None:
        given = self._codes.pop(code, None)
        if given is None or self._now() - given.begun_at >= CODE_LIVES:
            raise OAuthRefusal(DEAD_CODE, "Invalid code")
        if given.challenge and challenge_of(verifier) != given.challenge:
            raise OAuthRefusal(DEAD_CODE, "Invalid code verifier")


def challenge_of(verifier: str) -> str:
    """PKCE: base64url of the verifier's SHA-256, without padding."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
