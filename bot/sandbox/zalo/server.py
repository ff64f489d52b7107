"""The Zalo Official Account over HTTP: OpenAPI, business API and OAuth on one server, refusing what Zalo refuses."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.sandbox.zalo.account import Account
from bot.sandbox.zalo.calls import NOTHING, ZaloCall, read_call
from bot.sandbox.zalo.cases import Cases
from bot.sandbox.zalo.consultation import Consultation
from bot.sandbox.zalo.contents import Contents
from bot.sandbox.zalo.events import Events
from bot.sandbox.zalo.faults import ZaloFault, ZaloFaults
from bot.sandbox.zalo.pace import RequestPace
from bot.sandbox.zalo.people import People
from bot.sandbox.zalo.refusals import OAuthRefusal, ZaloRefusal
from bot.sandbox.zalo.templates import Templates
from bot.sandbox.zalo.tokens import WRONG_APP_OR_SECRET, Tokens
from bot.sandbox.zalo.uploads import Uploads
from bot.sandbox.zalo.webhook import ZaloWebhook

CS = "/v3.0/oa/message/cs"
TEMPLATE_BY_USER = "/v3.0/oa/message/template"
TEMPLATE_BY_PHONE = "/message/template"
ACCESS_TOKEN = "/v4/oa/access_token"
UPLOAD = "/v2.0/oa/upload/"
REQUESTS_A_MINUTE = 4_000
REMEMBERED_CALLS = 20_000
Answer = Callable[[ZaloCall], Any]


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
        self._now = now
        self.oa_id = oa_id
        self.name = name
        self._contents = Contents()
        self.webhook = ZaloWebhook(now, app_id, oa_secret, webhook_url)
        self.events = Events(app_id, oa_id)
        self.people = People(now, self.events, self._contents.keep, self.webhook.tell)
        self.tokens = Tokens(now, app_id, app_secret)
        self.uploads = Uploads(now, self._contents.keep)
        self.consultation = Consultation(now, self.people, self.uploads)
        self.templates = Templates(now, self.people, self.events, self.webhook.tell)
        self.cases = Cases(self.webhook, app_id, oa_secret)
        self.faults = ZaloFaults()
        self.calls: deque[Answered] = deque(maxlen=REMEMBERED_CALLS)
        self.requests_a_minute = requests_a_minute
        self._pace = RequestPace(now, requests_a_minute)
        self._openapi, self._business = self._tables(Account(now, self.people, oa_id, name))

    @property
    def address(self) -> str:
        """Where the server answers; empty until somebody has put it here."""
        return self._contents.address

    @address.setter
    def address(self, address: str) -> None:
        self._contents.address = address

    @property
    def refused(self) -> list[Answered]:
        """The remembered calls that did not succeed; in a test of a good client there are none."""
        return [call for call in self.calls if call.status != 200 or call.error]

    @property
    def spent_vnd(self) -> int:
        """What all paid messages and templates have cost, in đồng."""
        return self.consultation.spent_vnd + self.templates.spent_vnd

    def install(self, app: web.Application) -> None:
        """Add the routes to an application, and let go of what hangs when it stops."""

        async def stop(_: web.Application) -> None:
            await self.close()

        for method, path in [*self._openapi, *self._business, ("POST", ACCESS_TOKEN)]:
            app.router.add_route(method, path, self._answer)
        app.router.add_get("/content/{token}/{name}", self._contents.serve)
        app.on_shutdown.append(stop)

    async def close(self) -> None:
        """End what hangs and the webhook's deliveries."""
        self.people.tell("closing", "")
        self.faults.close()
        await self.webhook.close()

    def _tables(self, account: Account) -> tuple[dict[tuple[str, str], Answer], dict[tuple[str, str], Answer]]:
        """What answers which method and path: of the OpenAPI, and of the business API."""
        uploads, templates = self.uploads, self.templates
        openapi: dict[tuple[str, str], Answer] = {
            ("POST", CS): self.consultation.send,
            ("POST", TEMPLATE_BY_USER): templates.send_by_user,
            ("POST", "/v3.0/oa/message/transaction"): account.shut_down,
            ("POST", "/v3.0/oa/message/promotion"): account.shut_down,
            ("POST", "/v2.0/oa/message"): account.v2_message,
            ("POST", UPLOAD + "image"): lambda call: uploads.receive("image", call.upload),
            ("POST", UPLOAD + "gif"): lambda call: uploads.receive("gif", call.upload),
            ("POST", UPLOAD + "file"): lambda call: uploads.receive("file", call.upload),
            ("GET", "/v3.0/oa/user/detail"): account.user,
            ("GET", "/v3.0/oa/user/getlist"): account.users,
            ("GET", "/v2.0/oa/getoa"): account.own,
            ("POST", "/v3.0/oa/quota/message"): account.quota,
            ("POST", "/v2.0/oa/tag/tagfollower"): account.tag,
            ("POST", "/v2.0/oa/tag/rmfollowerfromtag"): account.untag,
            ("GET", "/v2.0/oa/tag/gettagsofoa"): account.tags,
        }
        business: dict[tuple[str, str], Answer] = {
            ("POST", TEMPLATE_BY_PHONE): templates.send_by_phone,
            ("GET", "/message/status"): templates.status,
            ("GET", "/message/quota"): templates.quota,
            ("GET", "/template/all"): templates.all,
            ("GET", "/template/info/v2"): templates.info,
        }
        return openapi, business

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = await read_call(request)
        fault = self.faults.take(call.path, call.recipient)
        try:
            if fault is not None and not fault.after_work:
                return await self._spoilt(call, fault, request)
            body = self._run(request.method, call)
            if fault is not None:
                return await self._spoilt(call, fault, request)
        except ZaloRefusal as refusal:
            self._remember(call, 200, refusal.code, refusal.message)
            return web.json_response(refusal.envelope(), headers=self._limits(call))
        self._remember(call, 200, 0)
        return web.json_response(body, headers=self._limits(call))

    def _run(self, method: str, call: ZaloCall) -> dict[str, Any]:
        if call.path == ACCESS_TOKEN:
            return self._oauth(call)
        self._pace.count()
        openapi = self._openapi.get((method, call.path))
        self._authorize(call, business=openapi is None)
        if call.unreadable:
            raise NOTHING
        result = (openapi or self._business[method, call.path])(call)
        # The list of templates has something beside its data.
        whole = isinstance(result, dict) and "error" in result
        return result if whole else {"data": result, "error": 0, "message": "Success"}

    def _oauth(self, call: ZaloCall) -> dict[str, Any]:
        if not call.form:
            # ZALO: assumed [M], anything but a form holds no app id
            raise OAuthRefusal(WRONG_APP_OR_SECRET, "Invalid app id or secret key")
        return self.tokens.exchange(call.headers.get("secret_key", ""), call.form)

    def _authorize(self, call: ZaloCall, *, business: bool) -> None:
        """The token stands in a header of its own: not in Authorization, and not in the address."""
        try:
            self.tokens.check(call.headers.get("access_token", ""))
        except ZaloRefusal as refusal:
            if business:
                raise ZaloRefusal(-124, "Access token invalid") from refusal
            raise

    async def _spoilt(self, call: ZaloCall, fault: ZaloFault, request: web.Request) -> web.StreamResponse:
        if isinstance(fault.kind, int) and fault.kind < 0:
            refusal = OAuthRefusal if call.path == ACCESS_TOKEN else ZaloRefusal
            raise refusal(fault.kind, "On demand")
        status = fault.kind if isinstance(fault.kind, int) else 0
        self._remember(call, status, 0, str(fault.kind))
        return await self.faults.strike(fault, request)

    def _limits(self, call: ZaloCall) -> dict[str, str]:
        if call.path == ACCESS_TOKEN:
            return {}
        return {"X-RateLimit-Limit": str(self._pace.limit), "X-RateLimit-Remain": str(self._pace.left)}

    def _remember(self, call: ZaloCall, status: int, error: int, message: str = "") -> None:
        self.calls.append(Answered(call.path, call.recipient, self._now(), status, error, message))
        self.people.tell("called", call.recipient)
