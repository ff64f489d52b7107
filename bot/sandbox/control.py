"""The page of phones: its files, a stream of what changes, and what a person does there."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from aiohttp import web

from bot.sandbox.bot_api import BotApi
from bot.sandbox.files import MAX_UPLOAD, MEGABYTE, image_size
from bot.sandbox.phone import change_json, phones_json
from bot.sandbox.refusals import Refusal
from bot.sandbox.watching import Change

PAGE = Path(__file__).with_name("page")
PAGE_FILES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'"
    ),
}
SHOWN_IN_PLACE = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/ogg")
HEARTBEAT = 15.0


class TimeControl(Protocol):
    """The sandbox's clock, and what becomes due when it is wound."""

    def now(self) -> datetime:
        """The current moment, aware."""
        ...

    async def advance(self, by: timedelta) -> None:
        """Wind the clock forward and let happen what is due."""
        ...

    async def to_next_push(self) -> datetime | None:
        """Wind the clock to the next thing that the bot will send by itself; when that is, or None when nothing is."""
        ...


def page_routes(api: BotApi, time: TimeControl) -> list[web.RouteDef]:
    """`/` is the page; everything else of it lives under `/sandbox/`."""
    page = _Page(api, time)
    actions: dict[str, Callable[[dict[str, Any]], Awaitable[Any] | Any]] = {
        "say": page.say,
        "tap": page.tap,
        "press": page.press,
        "contact": page.contact,
        "location": page.location,
        "link": page.link,
        "block": page.block,
        "clock": page.clock,
    }
    return [
        web.get("/", page.index),
        web.get("/sandbox/events", page.events),
        web.get("/sandbox/files/{id}", page.file),
        web.get(r"/sandbox/{name:\w+\.(?:css|js)}", page.asset),
        web.post("/sandbox/file", page.receive_file),
        *(web.post(f"/sandbox/{name}", _action(act)) for name, act in actions.items()),
    ]


class _Page:
    def __init__(self, api: BotApi, time: TimeControl) -> None:
        self._api = api
        self._chats = api.chats
        self._time = time

    async def index(self, _request: web.Request) -> web.Response:
        return _page_file("index.html")

    async def asset(self, request: web.Request) -> web.Response:
        return _page_file(request.match_info["name"])

    async def file(self, request: web.Request) -> web.Response:
        """A file out of a chat. Only pictures and sounds open in place; anything else could be a page with a script."""
        try:
            file = self._api.files.by_id(request.match_info["id"])
        except Refusal:
            raise web.HTTPNotFound from None
        headers = dict(HEADERS)
        mime = file.mime if file.mime in SHOWN_IN_PLACE else "application/octet-stream"
        if mime not in SHOWN_IN_PLACE or "download" in request.query:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
        return web.Response(body=file.content, content_type=mime, headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: all phones first, then every change as it happens."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        changes: asyncio.Queue[Change] = asyncio.Queue()
        self._chats.listeners.append(changes.put_nowait)
        try:
            await _send(response, "state", phones_json(self._api, self._time.now()))
            await self._follow(changes, response)
        except ConnectionError:
            pass  # The page was closed; there is nobody left to tell.
        finally:
            self._chats.listeners.remove(changes.put_nowait)
        return response

    async def _follow(self, changes: asyncio.Queue[Change], response: web.StreamResponse) -> None:
        while True:
            try:
                change = await asyncio.wait_for(changes.get(), HEARTBEAT)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if change.kind == "closing":
                return
            body = change_json(self._api, change, self._time.now())
            if body is not None:
                await _send(response, change.kind, body)

    def say(self, sent: dict[str, Any]) -> None:
        self._chats.say(sent["person"], sent["text"], sent.get("reply_to"), group=sent.get("group"))

    def tap(self, sent: dict[str, Any]) -> dict[str, Any]:
        press = self._chats.tap(sent["person"], sent["message"], sent["data"], group=sent.get("group"))
        return {"id": press.id}

    def press(self, sent: dict[str, Any]) -> None:
        self._chats.press(sent["person"], sent["label"])

    def contact(self, sent: dict[str, Any]) -> None:
        if sent.get("name"):
            self._chats.share_contact(sent["person"], sent["phone"], of=str(sent["name"]))
        else:
            self._chats.share_contact(sent["person"])

    def location(self, sent: dict[str, Any]) -> None:
        self._chats.send_location(sent["person"], float(sent["latitude"]), float(sent["longitude"]))

    def link(self, sent: dict[str, Any]) -> None:
        self._chats.open_link(sent["person"], sent["url"])

    def block(self, sent: dict[str, Any]) -> None:
        (self._chats.block if sent["blocked"] else self._chats.unblock)(sent["person"])

    async def clock(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Wind the clock: by `hours`, or `to` the `next_push`."""
        if sent.get("to") == "next_push":
            pushed = await self._time.to_next_push()
        else:
            pushed = self._time.now()
            hours = float(sent["hours"])
            if hours <= 0:
                raise ValueError("the clock goes forward only")
            await self._time.advance(timedelta(hours=hours))
        self._chats.tell("clock", 0)
        return {"now": self._time.now().isoformat(), "pushed": pushed is not None}

    async def receive_file(self, request: web.Request) -> web.Response:
        """A file as the body; who, what and how it is called in the query."""
        _refuse_other_pages(request)
        person_id, name = int(request.query["person"]), request.query.get("name", "tep")
        caption = request.query.get("caption", "")
        try:
            content = await request.clone(client_max_size=MAX_UPLOAD + MEGABYTE).read()
            if request.query.get("kind") == "photo" and image_size(content):
                self._chats.send_photo(person_id, content, caption, request.content_type)
            else:
                self._chats.send_document(person_id, name, content, request.content_type, caption)
        except (web.HTTPRequestEntityTooLarge, KeyError, ValueError, Refusal):
            return _no("Chưa gửi được: Telegram nhận tệp có nội dung, tới 50 MB, ảnh tới 10 MB.")
        return web.json_response({})


def _action(act: Callable[[dict[str, Any]], Awaitable[Any] | Any]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        _refuse_other_pages(request)
        try:
            result = act(await request.json())
            done = await result if isinstance(result, Awaitable) else result
        except LookupError:
            return _no("Nút này không còn nữa.")
        except (TypeError, ValueError):
            return _no("Chưa gửi được. Anh/chị thử lại nhé.")
        return web.json_response(done or {})

    return handle


def _refuse_other_pages(request: web.Request) -> None:
    """A page from elsewhere that is open in the same browser must not play somebody here."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden


def _no(why: str) -> web.Response:
    return web.json_response({"error": why}, status=400)


def _page_file(name: str) -> web.Response:
    path = PAGE / name
    if not path.is_file():
        raise web.HTTPNotFound
    mime = PAGE_FILES[path.suffix]
    return web.Response(text=path.read_text(encoding="utf-8"), content_type=mime, charset="utf-8", headers=HEADERS)


async def _send(response: web.StreamResponse, event: str, body: Any) -> None:
    await response.write(f"event: {event}\ndata: {json.dumps(body, ensure_ascii=False)}\n\n".encode())
