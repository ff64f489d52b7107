"""The tokens of the Official Account: an access token of a day, and a refresh token that works once and then is another."""

import asyncio
import contextlib
import hashlib
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.channels.zalo.failures import TOO_FAST
from bot.channels.zalo.wire import Answer, Wire
from bot.clock import Clock
from bot.domain.delivery import Trouble, Undeliverable
from bot.domain.repositories import StorageUnavailable
from bot.domain.repositories.zalo import Tokens
from bot.domain.zalo import ZaloTokens

log = logging.getLogger(__name__)

# A good while before its end, so that a slow morning at Zalo's does not matter.
REFRESH_BEFORE = timedelta(hours=2)
LASTS = timedelta(hours=25)  # where the answer does not say how long
# Longer than a refresh may take: while one is under way, nobody else begins one.
RIGHT_LASTS = timedelta(seconds=60)
TRY_AGAIN_AFTER = timedelta(minutes=1)
STORE_EVERY = 1.0  # seconds
PATIENCE = 15.0  # seconds for which a message waits for a token
LOOK_EVERY = 0.2  # seconds between two looks whether another instance has refreshed
DEAD = "the refresh token is refused: consent must be given anew (ZALO_REFRESH_TOKEN)"


class TokenKeeper:
    """Gives out the access token, and has it refreshed in time by one of all instances, the new pair stored before anybody uses it.

    `begun_with` is the refresh token of the operator's settings: it is used where nothing is stored, or what is stored descends from
    another. `on_dead` is called once, whatever the number of instances, when Zalo takes no refresh token of ours any more.
    """

    def __init__(
        self,
        tokens: Tokens,
        wire: Wire,
        clock: Clock,
        on_dead: Callable[[], Awaitable[None]],
        *,
        app_id: str,
        app_secret: str,
        begun_with: str,
        oauth_url: str,
    ) -> None:
        self._tokens = tokens
        self._wire = wire
        self._clock = clock
        self._on_dead = on_dead
        self._app_id = app_id
        self._app_secret = app_secret
        self._begun_with = begun_with
        self._url = f"{oauth_url}/v4/oa/access_token"
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._pair: ZaloTokens | None = None
        self._refused = ""  # the access token that Zalo took last for no good one
        self._spent: set[str] = set()  # refresh tokens that are used up, or refused
        self._told = False
        self._not_before = clock.now()  # when a refresh that failed is tried again, while the old token still lives
        self._renewing: asyncio.Task[ZaloTokens] | None = None

    async def token(self) -> str:
        """An access token that is good for a while. Raises Undeliverable: UNAUTHORIZED where consent is gone, NEVER_SENT where no
        token can be had just now."""
        pair, now = self._pair, self._clock.now()
        if pair and (self._is_good(pair) or (self._lives(pair) and now < self._not_before)):
            return pair.access_token
        try:
            return await self._renewed()
        except Undeliverable:
            pair = self._pair
            if pair is None or not self._lives(pair):
                raise
            self._not_before = now + TRY_AGAIN_AFTER
            return pair.access_token

    async def refused(self, token: str) -> str:
        """Another access token, since Zalo refuses this one: that of another instance, which has refreshed meanwhile, or a new one.
        Raises as `token`."""
        if self._pair and self._pair.access_token == token:
            self._refused = token
        return await self.token()

    async def close(self) -> None:
        """Let a refresh under way end: what it brings must not be lost."""
        if self._renewing:
            await asyncio.wait([self._renewing], timeout=PATIENCE)

    # Renewing ---------------------------------------------------------------------------------------------------------

    async def _renewed(self) -> str:
        """The token that the one renewal under way brings; whoever stops waiting for it does not stop it."""
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew())
            self._renewing.add_done_callback(self._is_renewed)
        try:
            pair = await asyncio.wait_for(asyncio.shield(self._renewing), PATIENCE)
        except TimeoutError as error:
            raise Undeliverable(Trouble.NEVER_SENT, "no token yet") from error
        except StorageUnavailable as error:
            raise Undeliverable(Trouble.NEVER_SENT, "no token: nothing can be read or stored") from error
        return pair.access_token

    def _is_renewed(self, task: asyncio.Task[ZaloTokens]) -> None:
        self._renewing = None
        if not task.cancelled() and task.exception() is None:
            self._pair = task.result()
            self._spent.add(
                self._begun_with
            )  # whatever is stored from now on is a descendant of it, or of a newer consent
            self._told = False

    async def _renew(self) -> ZaloTokens:
        """The stored pair where it is good, else a new one; with several instances, of whoever has the right to refresh."""
        while True:
            stored = await self._tokens.read(self._app_id)
            if stored and self._is_ours(stored):
                self._pair = stored
                if self._is_good(stored):
                    return stored
            if self._next(stored) is None:
                raise await self._died()
            now = self._clock.now()
            if await self._tokens.claim(self._app_id, self._owner, now, now + RIGHT_LASTS):
                try:
                    return await self._refresh()
                finally:
                    with contextlib.suppress(StorageUnavailable):  # then the right ends by itself
                        await self._tokens.release(self._app_id, self._owner)
            await asyncio.sleep(LOOK_EVERY)

    async def _refresh(self) -> ZaloTokens:
        """A new pair, stored; or the stored one, where another instance has brought it. The right to refresh is ours."""
        while True:
            # Anew: it may have come before the right was ours, or during our own call.
            stored = await self._tokens.read(self._app_id)
            if stored and self._is_ours(stored) and self._is_good(stored):
                return stored
            refresh_token = self._next(stored)
            if refresh_token is None:
                raise await self._died()
            answer = await self._ask(refresh_token)
            if "access_token" in answer and "refresh_token" in answer:
                goes_on = stored and refresh_token == stored.refresh_token
                return await self._kept(answer, stored.begun_with if stored and goes_on else hashed(self._begun_with))
            self._spent.add(refresh_token)
            log.error("Zalo refuses a refresh token (error %s)", answer.get("error"))

    def _next(self, stored: ZaloTokens | None) -> str | None:
        """The refresh token to use; None where Zalo has refused all that we have."""
        token = stored.refresh_token if stored and self._is_ours(stored) else self._begun_with
        return None if token in self._spent else token

    async def _ask(self, refresh_token: str) -> Answer:
        """Zalo's answer to a refresh. Raises Undeliverable where it did not answer: the token may be used up or not."""
        form = {"app_id": self._app_id, "grant_type": "refresh_token", "refresh_token": refresh_token}
        try:
            answer = await self._wire.submit(self._url, form, {"secret_key": self._app_secret})
        except Undeliverable as failure:
            raise Undeliverable(Trouble.NEVER_SENT, f"no token: {failure.detail}") from failure
        if answer.get("error") == TOO_FAST:
            raise Undeliverable(Trouble.NEVER_SENT, "no token: too many calls")
        return answer

    async def _kept(self, answer: Answer, begun_with: str) -> ZaloTokens:
        """The new pair, committed before anybody uses it."""
        lasts = timedelta(seconds=int(answer["expires_in"])) if answer.get("expires_in") else LASTS
        expires_at = self._clock.now() + lasts
        pair = ZaloTokens(str(answer["access_token"]), str(answer["refresh_token"]), expires_at, begun_with)
        while True:
            try:
                await self._tokens.keep(self._app_id, self._owner, pair)
            except StorageUnavailable:
                # What came before is dead: it cannot be given up.
                log.critical("the new Zalo tokens cannot be stored: trying again, do not stop this process")
                await asyncio.sleep(STORE_EVERY)
            else:
                log.info("the Zalo tokens are refreshed")
                return pair

    async def _died(self) -> Undeliverable:
        """Consent is gone: the operator must act. Said once in each log, and to people once by all instances."""
        if not self._told:
            log.critical("Zalo: %s", DEAD)
            self._told = True
        if await self._tokens.died(self._app_id, self._clock.now()):
            await self._on_dead()
        return Undeliverable(Trouble.UNAUTHORIZED, DEAD)

    def _is_ours(self, stored: ZaloTokens) -> bool:
        """Whether a pair is of the operator's present consent; where that is spent or refused, what is stored is in force."""
        return stored.begun_with == hashed(self._begun_with) or self._begun_with in self._spent

    def _is_good(self, pair: ZaloTokens) -> bool:
        return self._lives(pair) and pair.expires_at - self._clock.now() > REFRESH_BEFORE

    def _lives(self, pair: ZaloTokens) -> bool:
        return pair.access_token != self._refused and pair.expires_at > self._clock.now()


def hashed(refresh_token: str) -> str:
    """What tells a refresh token from another, and gives it away to nobody."""
    return hashlib.sha256(refresh_token.encode()).hexdigest()
