"""The Zalo Bot Platform over HTTP: what a bot there calls, on this machine, refusing what the platform refuses."""

from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.sandbox.calls import Call, read_call
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.refusals import Refusal, bad_request, conflict, unauthorized
from bot.sandbox.zalo_bot_chats import Kind, ZaloBotChats, ZaloBotMessage, milliseconds
from bot.sandbox.zalo_bot_webhook import ZaloBotWebhook

TEXT_LIMIT = 2000
LONGEST_POLL = 50
REMEMBERED_CALLS = 20_000
PARSE_MODES = ("", "markdown", "html")
ACTIONS = ("typing", "upload_photo")
# ZALO: assumed [M]: the basic plan, its month by the calendar of Vietnam, and that only what the bot sends counts.
MESSAGES_A_MONTH = 3000
PEOPLE = 50
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

Method = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class ZaloBotCall:
    """A call that was answered; `status` 0 where no answer went out."""

    method: str
    chat_id: str
    status: int
    description: str = ""


class ZaloBotServer:
    """One bot's server. `messages_a_month` and `people` are its plan."""

    def __init__(
        self,
        now: Callable[[], datetime],
        token: str,
        *,
        name: str = "Chăm Khách",
        messages_a_month: int = MESSAGES_A_MONTH,
        people: int = PEOPLE,
    ) -> None:
        self._now = now
        self._token = token
        self._name = name
        self._messages_a_month = messages_a_month
        self._people = people
        self._sent: Counter[tuple[int, int]] = Counter()
        self._written_to: set[str] = set()
        self._ended = 0  # how often the polls that wait were ended
        self.polling = 0  # how many wait now
        self.chats = ZaloBotChats(now)
        self.faults = Faults()
        self.calls: deque[ZaloBotCall] = deque(maxlen=REMEMBERED_CALLS)
        self.webhook = ZaloBotWebhook(self.chats, now)

    def routes(self) -> list[web.RouteDef]:
        """`/bot<token>/<method>` for GET and POST."""
        path = r"/bot{token:[^/]+}/{method:[^/]+}"
        return [web.get(path, self._answer), web.post(path, self._answer)]

    def install(self, app: web.Application) -> None:
        """Add the routes to an application, and let go of what hangs when it stops."""

        async def stop(_: web.Application) -> None:
            await self.close()

        app.add_routes(self.routes())
        app.on_shutdown.append(stop)

    async def close(self) -> None:
        """End the long polls, the calls that hang and the webhook's deliveries."""
        self.chats.tell("closing", "")
        self.faults.close()
        self.end_polls()
        await self.webhook.close()

    def end_polls(self) -> None:
        """Answer the long polls that wait now, as if their time were up."""
        self._ended += 1
        self.chats.tell("polling", "")

    @property
    def refused(self) -> list[ZaloBotCall]:
        """The remembered calls that were not `ok`, idle polls aside; in a test of a good bot there are none."""
        return [call for call in self.calls if call.status not in (200, 408)]

    @property
    def left_this_month(self) -> int:
        """How many messages the bot may still send."""
        return self._messages_a_month - self._sent[self._month()]

    # Calls ------------------------------------------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method, chat_id = request.match_info["method"], ""
        try:
            if request.match_info["token"] != self._token:
                raise unauthorized()
            call = await read_call(method, request)
            chat_id = call.text("chat_id")
            fault = self.faults.take(method, chat_id)
            if fault is not None and not fault.after_work:
                return await self._spoilt(call, fault, request)
            result = await self._run(call)
            if fault is not None:
                return await self._spoilt(call, fault, request)
        except Refusal as refusal:
            self._remember(method, chat_id, refusal.code, refusal.description)
            return web.json_response(refusal.envelope(), status=refusal.code)
        self._remember(method, chat_id, 200)
        return web.json_response({"ok": True} if result is None else {"ok": True, "result": result})

    async def _run(self, call: Call) -> Any:
        methods: dict[str, Method] = {
            "getme": self._get_me,
            "getupdates": self._get_updates,
            "setwebhook": self.webhook.set,
            "deletewebhook": self.webhook.delete,
            "getwebhookinfo": self._get_webhook_info,
            "sendmessage": self._send_message,
            "sendphoto": self._send_photo,
            "sendsticker": self._send_sticker,
            "sendvoice": self._send_voice,
            "sendchataction": self._send_chat_action,
        }
        method = methods.get(call.method.lower())
        if method is None:
            raise Refusal(404, "Not Found")
        return await method(call)

    async def _spoilt(self, call: Call, fault: Fault, request: web.Request) -> web.StreamResponse:
        match fault.kind:
            case 429:
                raise quota_exceeded()
            case "timeout" | "reset" | 502:
                status = 502 if fault.kind == 502 else 0
                self._remember(call.method, call.text("chat_id"), status, str(fault.kind))
        return await self.faults.strike(fault, request)

    def _remember(self, method: str, chat_id: str, status: int, description: str = "") -> None:
        self.calls.append(ZaloBotCall(method, chat_id, status, description))
        self.chats.tell("called", chat_id)

    # About the bot ----------------------------------------------------------------------------------------------------

    async def _get_me(self, _: Call) -> dict[str, Any]:
        number = self._token.partition(":")[0]
        return {
            "id": number,
            "account_name": f"bot.{number}",
            "account_type": "BASIC",
            "can_join_groups": False,
            "display_name": self._name,
        }

    async def _get_webhook_info(self, call: Call) -> dict[str, Any]:
        return self.webhook.info(call)

    async def _get_updates(self, call: Call) -> dict[str, Any]:
        """One event, gone once it is handed out, whether or not it arrives. Raises Refusal 408 when there is none in time."""
        if self.webhook.url:
            raise conflict("a webhook is set")  # ZALO: assumed [L]: that they exclude each other is known, not the code
        patience = min(max(call.integer("timeout", 30), 0), LONGEST_POLL)
        ended, chats = self._ended, self.chats

        def over() -> bool:
            return self._ended != ended or bool(self.webhook.url)

        self.polling += 1
        chats.tell("polling", "")
        try:
            await chats.until(lambda: over() or bool(chats.waiting), within=patience)
        except TimeoutError:
            pass  # nobody wrote
        finally:
            self.polling -= 1
        if over() or not chats.waiting:
            raise Refusal(408, "Request timeout")
        return chats.waiting.popleft()

    # Sending ----------------------------------------------------------------------------------------------------------

    async def _send_message(self, call: Call) -> dict[str, Any]:
        text, parse_mode = call.text("text"), call.text("parse_mode")
        if not 1 <= len(text) <= TEXT_LIMIT:
            raise bad_request(f"text must have 1 to {TEXT_LIMIT} characters")
        if parse_mode.lower() not in PARSE_MODES:
            raise bad_request("parse_mode is invalid")
        return self._sent_to(call, "text", text, parse_mode=parse_mode)

    async def _send_photo(self, call: Call) -> dict[str, Any]:
        """The address is kept as it is; nobody fetches it."""
        caption = call.text("caption")
        if len(caption) > TEXT_LIMIT:
            raise bad_request(f"caption must have at most {TEXT_LIMIT} characters")
        return self._sent_to(call, "photo", caption, _address(call, "photo"))

    async def _send_sticker(self, call: Call) -> dict[str, Any]:
        if not call.text("sticker"):
            raise bad_request("sticker is empty")
        return self._sent_to(call, "sticker", call.text("sticker"))

    async def _send_voice(self, call: Call) -> dict[str, Any]:
        return self._sent_to(call, "voice", url=_address(call, "voice_url"))

    async def _send_chat_action(self, call: Call) -> None:
        if call.text("action") not in ACTIONS:
            raise bad_request("action is invalid")
        self.chats.tell("typing", self._reachable(call))

    def _sent_to(self, call: Call, kind: Kind, text: str = "", url: str = "", parse_mode: str = "") -> dict[str, Any]:
        person_id = self._reachable(call)
        if self.left_this_month <= 0:
            raise quota_exceeded()
        if person_id not in self._written_to and len(self._written_to) >= self._people:
            raise quota_exceeded()  # ZALO: assumed [L]: what the 51st person's answer meets
        self._written_to.add(person_id)
        self._sent[self._month()] += 1
        return _sent(self.chats.deliver(person_id, kind, text, url, parse_mode))

    def _reachable(self, call: Call) -> str:
        """Whom a call is to. Raises Refusal for a stranger and for who never wrote."""
        person = self.chats.person(call.text("chat_id"))
        if person is None or not person.wrote:
            raise bad_request(
                "chat not found"
            )  # ZALO: assumed [L]: that they cannot be written to is known, not the code
        return person.id

    def _month(self) -> tuple[int, int]:
        local = self._now().astimezone(ZONE)
        return local.year, local.month


def quota_exceeded() -> Refusal:
    """429: the month's messages, or the plan's people, are used up. It does not say for how long."""
    return Refusal(429, "Quota exceeded")


def _address(call: Call, name: str) -> str:
    url = call.text(name)
    if not url.startswith(("http://", "https://")):
        raise bad_request(f"{name} must be a URL")
    return url


def _sent(message: ZaloBotMessage) -> dict[str, Any]:
    return {"message_id": message.id, "date": milliseconds(message.at)}
