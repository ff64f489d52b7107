"""The Zalo Official Account over HTTP: OpenAPI, business API and OAuth on one server, refusing what Zalo refuses."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.sandbox.zalo.cases import Cases
from bot.sandbox.zalo.events import Event, Events
from bot.sandbox.zalo.faults import ZaloFaults
from bot.sandbox.zalo.messages import Content
from bot.sandbox.zalo.people import People
from bot.sandbox.zalo.templates import Templates
from bot.sandbox.zalo.tokens import Tokens
from bot.sandbox.zalo.webhook import ZaloWebhook

CS = "/v3.0/oa/message/cs"
TEMPLATE_BY_USER = "/v3.0/oa/message/template"
TEMPLATE_BY_PHONE = "/message/template"
ACCESS_TOKEN = "/v4/oa/access_token"
REQUESTS_A_MINUTE = 4_000
REMEMBERED_CALLS = 20_000


@dataclass(frozen=True, slots=True)
class Answered:
    """A call that was answered: its path, to whom (user id or phone, "" for nobody), when (UTC, the stand-in's clock), the HTTP
    status (0 where no answer went out) and Zalo's error code, 0 for success."""

    path: str
    recipient: str
    at: datetime
    status: int
    error: int
    message: str = ""


class ZaloServer:
    """One Official Account and one app. Put its address (`http://127.0.0.1:…`) into `address` once the server runs: what people
    send is served there. OpenAPI, business API and OAuth are all at that same address. At most `requests_a_minute` calls."""

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        app_id: str,
        app_secret: str,
        oa_secret: str,
        oa_id: str,
        name: str,
        webhook_url: str = "",
        requests_a_minute: int = REQUESTS_A_MINUTE,
    ) -> None:
        self.oa_id = oa_id
        self.name = name
        self.address = ""
        self.webhook = ZaloWebhook(now, app_id, oa_secret, webhook_url)
        self.events = Events(app_id, oa_id)
        self.people = People(now, self.events, self._keep, self.webhook.tell)
        self.tokens = Tokens(now, app_id, app_secret)
        self.templates = Templates(now, self.people)
        self.cases = Cases(self.webhook, app_id, oa_secret)
        self.faults = ZaloFaults()
        self.calls: deque[Answered] = deque(maxlen=REMEMBERED_CALLS)

    @property
    def refused(self) -> list[Answered]:
        """The remembered calls that did not succeed; in a test of a good client there are none."""
        return [call for call in self.calls if call.status != 200 or call.error]

    def install(self, app: web.Application) -> None:
        """Add the routes to an application, and let go of what hangs when it stops."""
        raise NotImplementedError

    async def close(self) -> None:
        """End what hangs and the webhook's deliveries."""
        self.people.tell("closing", "")
        self.faults.close()
        await self.webhook.close()

    def tell(self, event: Event) -> None:
        """Have the webhook tell any event."""
        self.webhook.tell(event)

    def _keep(self, name: str, mime: str, body: bytes) -> Content:
        raise NotImplementedError
