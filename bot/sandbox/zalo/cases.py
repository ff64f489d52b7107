"""What else arrives at a webhook: repeats, forgeries, odd shapes. Each posts, and gives the HTTP status that came back (0: none)."""

import hashlib
import hmac
import secrets
from typing import Any
from unicodedata import normalize

from bot.sandbox.zalo.events import Event
from bot.sandbox.zalo.webhook import ZaloWebhook, mac

# What is a number in the samples where ids and times are not strings.
NUMBERS = frozenset(
    {"id", "app_id", "oa_id", "user_id", "user_id_by_app", "timestamp", "phone", "size", "delivery_time", "submit_time"}
)


class Cases:
    """Everything that a good receiver must bear, sent to the webhook's address."""

    def __init__(self, webhook: ZaloWebhook, app_id: str, oa_secret: str) -> None:
        self._webhook = webhook
        self._app_id = app_id
        self._oa_secret = oa_secret

    async def signed(self, event: Event, *, spaced: bool = False, retry: int = 0, server: str = "") -> int:
        """Any event, well signed: compact or `spaced`, as the repeat number `retry`, with X-ZEvent-Server where given."""
        raw = self._webhook.written(event, spaced=spaced)
        headers = {"num_retry": str(retry)} if retry else {}
        if server:
            headers["X-ZEvent-Server"] = server
        return await self._post(raw, self._webhook.signature(event, raw), **headers)

    async def repeated(self, event: Event, times: int = 5) -> list[int]:
        """The same event, byte for byte, one after the other; each after the first says which repeat it is."""
        return [await self.signed(event, retry=number) for number in range(times)]

    async def wrong_mac(self, event: Event) -> int:
        """Signed with another secret."""
        raw = self._webhook.written(event)
        return await self._post(raw, "mac=" + mac(self._app_id, raw, str(event.get("timestamp")), "another secret"))

    async def unsigned(self, event: Event) -> int:
        """Without the header."""
        return await self._post(self._webhook.written(event), "")

    async def hmac_instead(self, event: Event) -> int:
        """HMAC-SHA256 over the same, as some public code has it wrong."""
        raw = self._webhook.written(event)
        signed = self._app_id.encode() + raw + str(event.get("timestamp")).encode()
        return await self._post(raw, "mac=" + hmac.new(self._oa_secret.encode(), signed, hashlib.sha256).hexdigest())

    async def altered(self, event: Event) -> int:
        """The event's name has one letter more than when it was signed."""
        raw = self._webhook.written(event)
        name = str(event["event_name"]).encode()
        return await self._post(raw.replace(name, name + b"s"), self._webhook.signature(event, raw))

    async def other_app(self, event: Event, app_id: str = "9876543210987654321") -> int:
        """Signed for another app, by its id, with our secret."""
        other = {**event, "app_id": app_id}
        raw = self._webhook.written(other)
        return await self._post(raw, "mac=" + mac(app_id, raw, str(event.get("timestamp")), self._oa_secret))

    async def empty(self) -> int:
        """`{}` without a signature: the console's check of the address."""
        return await self._post(b"{}", "")

    async def console_sample(self) -> int:
        """The console's sample message: signed with the secret, but for the ids of nobody."""
        other = "431634138014325481"
        event = {
            "app_id": other,
            "sender": {"id": "246845883529197922"},
            "user_id_by_app": "552177279717587730",
            "recipient": {"id": "388613280878808645"},
            "event_name": "user_send_text",
            "message": {"text": "This is testing message", "msg_id": "This is message id"},
            "timestamp": "154390853474",
        }
        raw = self._webhook.written(event)
        return await self._post(raw, "mac=" + mac(other, raw, "154390853474", self._oa_secret))

    async def unknown_event(self, event: Event) -> int:
        """The event under a name that no page describes."""
        return await self.signed({**event, "event_name": f"user_{secrets.token_hex(4)}"})

    async def number_typed(self, event: Event) -> int:
        """The event with its ids and times as numbers."""
        return await self.signed(_numbered(event))

    async def decomposed(self, event: Event) -> int:
        """The event with its words in NFD, as some phones write them."""
        return await self.signed(_decomposed(event))

    async def out_of_order(self, events: list[Event]) -> list[int]:
        """Events, the newest first."""
        newest_first = sorted(events, key=lambda event: int(event["timestamp"]), reverse=True)
        return [await self.signed(event) for event in newest_first]

    async def _post(self, raw: bytes, signature: str, **headers: str) -> int:
        signed = {"X-ZEvent-Signature": signature} if signature else {}
        return await self._webhook.post(raw, {"Content-Type": "application/json", **signed, **headers})


def _numbered(value: Any, name: str = "") -> Any:
    match value:
        case dict():
            return {key: _numbered(inner, key) for key, inner in value.items()}
        case list():
            return [_numbered(inner, name) for inner in value]
        case str() if name in NUMBERS and value.isdigit():
            return int(value)
    return value


def _decomposed(value: Any) -> Any:
    match value:
        case dict():
            return {key: _decomposed(inner) for key, inner in value.items()}
        case list():
            return [_decomposed(inner) for inner in value]
        case str():
            return normalize("NFD", value)
    return value
