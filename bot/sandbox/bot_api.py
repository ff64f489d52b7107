"""The Bot API over HTTP: what a bot calls, on this machine, refusing what Telegram refuses."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from inspect import isawaitable
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.answers import answer_callback_query, answer_inline_query
from bot.sandbox.calls import Call, read_call, read_json
from bot.sandbox.chats import Chats
from bot.sandbox.commands import Commands
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.pace import Pace
from bot.sandbox.refusals import Refusal, bad_request, too_many_requests, unauthorized
from bot.sandbox.sending import Sending
from bot.sandbox.updates import Updates, wanted_kinds
from bot.sandbox.webhook import Webhook

LONGEST_POLL = 50
REMEMBERED_CALLS = 20_000
Method = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """A call that was answered: `at` on the monotonic clock, in seconds; `status` 0 where no answer went out."""

    method: str
    chat_id: int | None
    at: float
    status: int
    description: str = ""


class BotApi:
    """One bot's Bot API server. `pace=False` lifts the rate limits, for tests that measure something else."""

    def __init__(
        self,
        now: Callable[[], datetime],
        token: str,
        *,
        pace: bool = True,
        name: str = "Chăm Khách",
        username: str = "chamkhach_bot",
    ) -> None:
        self._token = token
        self._me = {"id": _bot_id(token), "is_bot": True, "first_name": name, "username": username}
        self._updates = Updates(now)
        self._files = Files()
        self._pace = Pace() if pace else None
        self.chats = Chats(now, self._updates, self._files, self._me)
        self.commands = Commands(self.chats)
        self.faults = Faults()
        self.calls: deque[Answered] = deque(maxlen=REMEMBERED_CALLS)
        self._webhook = Webhook(self._updates, now, self._run_webhook_answer)
        self._methods = self._method_table()

    def routes(self) -> list[web.RouteDef]:
        """`/bot<token>/<method>` for GET and POST, and `/file/bot<token>/<path>`."""
        method, file = r"/bot{token:[^/]+}/{method:[^/]+}", r"/file/bot{token:[^/]+}/{path:.+}"
        return [
            web.get(method, self._answer),
            web.post(method, self._answer),
            web.get(file, self._download),
        ]

    def install(self, app: web.Application) -> None:
        """Add the routes to an application, and let go of what hangs when it stops."""

        async def stop(_: web.Application) -> None:
            await self.close()

        app.add_routes(self.routes())
        app.on_shutdown.append(stop)

    async def close(self) -> None:
        """End the long poll, the calls that hang and the webhook's deliveries."""
        self.chats.tell("closing", 0)
        self.faults.close()
        self._updates.end_polling()
        await self._webhook.close()

    @property
    def refused(self) -> list[Answered]:
        """The remembered calls that were not `ok`; in a test of a good bot there are none."""
        return [call for call in self.calls if call.status != 200]

    @property
    def me(self) -> dict[str, Any]:
        """The bot as persons see it."""
        return self._me

    @property
    def files(self) -> Files:
        """What was sent, for the page to show."""
        return self._files

    def _method_table(self) -> dict[str, Method]:
        sending, chats, commands, webhook = Sending(self.chats, self._files), self.chats, self.commands, self._webhook
        return {
            "getme": self._get_me,
            "getupdates": self._get_updates,
            "setwebhook": webhook.set,
            "deletewebhook": webhook.delete,
            "getwebhookinfo": lambda _call: webhook.info(),
            "sendmessage": sending.message,
            "sendphoto": sending.photo,
            "senddocument": sending.document,
            "sendvoice": sending.voice,
            "sendaudio": sending.audio,
            "sendvideo": sending.video,
            "sendanimation": sending.animation,
            "sendvideonote": sending.video_note,
            "sendlocation": sending.location,
            "sendcontact": sending.contact,
            "sendchataction": sending.chat_action,
            "editmessagetext": sending.edit_text,
            "editmessagecaption": sending.edit_caption,
            "editmessagereplymarkup": sending.edit_reply_markup,
            "editmessagemedia": sending.edit_media,
            "deletemessage": sending.delete,
            "answercallbackquery": lambda call: answer_callback_query(chats, call),
            "answerinlinequery": lambda call: answer_inline_query(chats, call),
            "setmycommands": commands.set,
            "getmycommands": commands.get,
            "deletemycommands": commands.delete,
            "getchat": self._get_chat,
            "getfile": self._get_file,
        }

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method, chat_id = request.match_info["method"], None
        try:
            if request.match_info["token"] != self._token:
                raise unauthorized()
            call = await read_call(method, request)
            chat_id = call.integer("chat_id") or None
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
        body = {"ok": True, "result": result}
        if method.lower() in ("setwebhook", "deletewebhook"):
            body = {"ok": True, "result": True, "description": result}
        return web.json_response(body)

    async def _spoilt(self, call: Call, fault: Any, request: web.Request) -> web.StreamResponse:
        chat_id = call.integer("chat_id") or None
        if fault.kind in ("timeout", "reset", 502):
            self._remember(call.method, chat_id, 502 if fault.kind == 502 else 0, str(fault.kind))
        return await self.faults.strike(fault, request)

    async def _run(self, call: Call) -> Any:
        method = self._methods.get(call.method.lower())
        if method is None:
            raise Refusal(404, "Not Found: method not found")
        self._keep_pace(call)
        result = method(call)
        return await result if isawaitable(result) else result

    def _keep_pace(self, call: Call) -> None:
        name = call.method.lower()
        is_new = name.startswith("send") and name != "sendchataction"
        if self._pace is None or not (is_new or name.startswith("editmessage")):
            return
        seconds = self._pace.wait(call.integer("chat_id"), new_message=is_new)
        if seconds:
            raise too_many_requests(seconds)

    def _remember(self, method: str, chat_id: int | None, status: int, description: str = "") -> None:
        self.calls.append(Answered(method, chat_id, time.monotonic(), status, description))
        self.chats.tell("called", chat_id or 0)

    async def _run_webhook_answer(self, response: aiohttp.ClientResponse) -> None:
        """A bot may put one method call into its answer to an update; nobody tells it what came of that."""
        arguments = await _arguments_in(response)
        method = str(arguments.pop("method", ""))
        if not method:
            return
        call = Call(method, arguments)
        chat_id = call.integer("chat_id") or None
        try:
            await self._run(call)
        except Refusal as refusal:
            self._remember(method, chat_id, refusal.code, refusal.description)
        else:
            self._remember(method, chat_id, 200)

    async def _download(self, request: web.Request) -> web.Response:
        file = self._files.at(request.match_info["path"])
        if request.match_info["token"] != self._token or file is None:
            refusal = Refusal(404, "Not Found")
            return web.json_response(refusal.envelope(), status=refusal.code)
        return web.Response(body=file.content, content_type="application/octet-stream")

    def _get_me(self, _call: Call) -> dict[str, Any]:
        abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
        return self._me | abilities

    async def _get_updates(self, call: Call) -> list[dict[str, Any]]:
        self._updates.allow(wanted_kinds(call))
        limit = min(max(call.integer("limit", 100), 1), 100)
        timeout = min(max(call.integer("timeout"), 0), LONGEST_POLL)
        return [update.to_json() for update in await self._updates.poll(call.integer("offset"), limit, timeout)]

    def _get_chat(self, call: Call) -> dict[str, Any]:
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        return self.chats.known(call.chat_id).chat_json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(gifts, True),
        }

    def _get_file(self, call: Call) -> dict[str, Any]:
        if not call.text("file_id"):
            raise bad_request("file_id not specified")
        file = self._files.to_download(call.text("file_id"))
        return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size, "file_path": file.path}


def _bot_id(token: str) -> int:
    number = token.partition(":")[0]
    if not number.isdigit():
        raise ValueError("a bot's token starts with its id and a colon")
    return int(number)


async def _arguments_in(response: aiohttp.ClientResponse) -> dict[str, Any]:
    if response.content_type.startswith("multipart/"):
        arguments = {}
        async for part in aiohttp.MultipartReader.from_response(response):
            if isinstance(part, aiohttp.BodyPartReader) and part.name:
                arguments[part.name] = await part.text()
        return arguments
    body = await response.read()
    try:
        return read_json(body)
    except Refusal:
        return {}
