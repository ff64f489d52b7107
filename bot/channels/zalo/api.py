"""The calls of Zalo's OpenAPI and business API that we make, each with a token that is good."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.channels.zalo.failures import TOKEN_REFUSED, refusal
from bot.channels.zalo.wire import Answer, Wire
from bot.clock import Clock
from bot.domain.delivery import Trouble, Undeliverable

log = logging.getLogger(__name__)

# What a consultation message is counted as where it costs nothing. ZALO: assumed [M], that no word on it means so too.
FREE = frozenset(("", "reply", "welcome_msg"))
UPLOADED = {"image": "attachment_id", "file": "token"}


class Access(Protocol):
    """Who gives out access tokens."""

    async def token(self) -> str:
        """One that is good. Raises Undeliverable."""
        ...

    async def refused(self, token: str) -> str:
        """Another, since Zalo refuses this one. Raises Undeliverable."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that Zalo has accepted; `is_paid` where it was counted as one that costs."""

    message_id: str
    is_paid: bool = False


class ZaloApi:
    """Each call raises Undeliverable: a `Refusal` where Zalo says no, by the table of `failures`, and else what became of the call. A
    refused token is renewed, and the call made again, once."""

    def __init__(self, wire: Wire, access: Access, clock: Clock, *, api_url: str, zns_url: str) -> None:
        self._wire = wire
        self._access = access
        self._clock = clock
        self._api_url = api_url
        self._zns_url = zns_url

    async def consult(self, user_id: str, message: Mapping[str, Any]) -> Sent:
        """Send a consultation message to somebody whose window is open."""
        body = {"recipient": {"user_id": user_id}, "message": dict(message)}
        return _sent(await self._post(f"{self._api_url}/v3.0/oa/message/cs", body))

    async def template_to_user(self, user_id: str, template_id: str, data: Mapping[str, str]) -> Sent:
        """Send an approved template to somebody by their id."""
        body = {"user_id": user_id, "template_id": template_id, "template_data": dict(data)}
        return _sent(await self._post(f"{self._api_url}/v3.0/oa/message/template", body))

    async def template_to_phone(self, phone: str, template_id: str, data: Mapping[str, str], tracking_id: str) -> Sent:
        """Send an approved template to a phone number (84912345678)."""
        body = {"phone": phone, "template_id": template_id, "template_data": dict(data), "tracking_id": tracking_id}
        return _sent(await self._post(f"{self._zns_url}/message/template", body))

    async def upload(self, kind: Literal["image", "file"], name: str, content: bytes) -> str:
        """Upload a picture or a file; what a message calls it by, for seven days. A failure means that nothing was sent: it is never
        AMBIGUOUS."""
        url = f"{self._api_url}/v2.0/oa/upload/{kind}"
        try:
            answer = await self._with_token(
                lambda token: self._wire.upload(url, name, content, {"access_token": token})
            )
        except Undeliverable as failure:
            if failure.trouble is Trouble.AMBIGUOUS:
                raise Undeliverable(Trouble.NEVER_SENT, f"upload: {failure.detail}") from failure
            raise
        return _text(_data(answer), UPLOADED[kind])

    async def account(self) -> Answer:
        """What Zalo knows of our own account."""
        return _data(await self._get(f"{self._api_url}/v2.0/oa/getoa", {}))

    async def user(self, user_id: str) -> Answer:
        """What Zalo knows of somebody who talks with us."""
        query = {"data": json.dumps({"user_id": user_id})}
        return _data(await self._get(f"{self._api_url}/v3.0/oa/user/detail", query))

    async def template(self, template_id: str) -> Answer:
        """How Zalo describes a template of ours."""
        return _data(await self._get(f"{self._zns_url}/template/info/v2", {"template_id": template_id}))

    async def _get(self, url: str, query: Mapping[str, str]) -> Answer:
        return await self._with_token(lambda token: self._wire.get(url, query, {"access_token": token}))

    async def _post(self, url: str, body: Answer) -> Answer:
        return await self._with_token(lambda token: self._wire.post(url, body, {"access_token": token}))

    async def _with_token(self, call: Callable[[str], Awaitable[Answer]]) -> Answer:
        token = await self._access.token()
        answer = await call(token)
        if _code(answer) in TOKEN_REFUSED:
            answer = await call(await self._access.refused(token))
        if code := _code(answer):
            failure = refusal(code, str(answer.get("message", "")), self._clock.now())
            log.info("Zalo refuses a call: %s %s", failure.trouble, code)
            raise failure
        return answer


def _code(answer: Answer) -> int:
    """Zalo's error code, 0 for success. An answer without any is nothing that Zalo says."""
    code = answer.get("error")
    if not isinstance(code, int):
        raise Undeliverable(Trouble.AMBIGUOUS, "an answer without an error code")
    return code


def _data(answer: Answer) -> Answer:
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def _sent(answer: Answer) -> Sent:
    """What was accepted; its id is `message_id`, or `msg_id` of a template to a phone. Where Zalo gives none it has arrived all the
    same."""
    data = _data(answer)
    quota = data.get("quota")
    counted_as = quota.get("quota_type") if isinstance(quota, dict) else ""
    return Sent(str(data.get("message_id") or data.get("msg_id") or ""), (counted_as or "") not in FREE)


def _text(data: Answer, name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise Undeliverable(Trouble.NEVER_SENT, f"an answer without {name}")
    return value
