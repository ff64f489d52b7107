"""The page of phones: its files, a stream of what changes, and what a person does there."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from aiohttp import web

from bot.sandbox.bot_api import BotApi
from bot.sandbox.files import MAX_UPLOAD, MEGABYTE, image_size
from bot.sandbox.phone import change_json, phones_json
from bot.sandbox.refusals import Refusal
from bot.sandbox.watching import Change, Watched
from bot.sandbox.zalo_phones import OtherPhones, Upload, phones_named

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


# What only persons on other channels do.
_THEIR_ACTS = ("follow", "form", "rate", "quick_reply", "see")


def page_routes(api: BotApi, time: TimeControl, others: Sequence[OtherPhones] = ()) -> list[web.RouteDef]:
    """`/` is the page; everything else of it lives under `/sandbox/`. `others` are phones beside Telegram's."""
    page = _Page(api, time, others)
    actions: dict[str, Callable[[dict[str, Any]], Awaitable[Any] | Any]] = {
        "say": page.say,
        "tap": page.tap,
        "press": page.press,
        "contact": page.contact,
        "location": page.location,
        "link": page.link,
        "block": page.block,
        "clock": page.clock,
        **dict.fromkeys(_THEIR_ACTS, page.nothing),
    }
    return [
        web.get("/", page.index),
        web.get("/sandbox/events", page.events),
        web.get("/sandbox/files/{id}", page.file),
        web.get("/sandbox/zalo-files/{person}/{id}", page.others_file),
        web.get(r"/sandbox/{name:\w+\.(?:css|js)}", page.asset),
        web.post("/sandbox/file", page.receive_file),
        *(web.post(f"/sandbox/{name}", _action(page.routed(name, act))) for name, act in actions.items()),
    ]


class _Page:
    def __init__(self, api: BotApi, time: TimeControl, others: Sequence[OtherPhones]) -> None:
        self._api = api
        self._chats = api.chats
        self._time = time
        self._others = others

    def routed(self, name: str, act: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
        """`act`, or what a person on another channel does under that name."""

        def routed(sent: dict[str, Any]) -> Any:
            if not isinstance(sent.get("person"), str):
                return act(sent)
            phones, user_id = phones_named(self._others, sent["person"])
            return phones.does(name, user_id, sent)

        return routed

    def nothing(self, sent: dict[str, Any]) -> None:
        raise ValueError(f"{sent['person']} is on Telegram, where nobody does that")

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
        return _file_of(request, file.name, file.mime, file.content)

    async def others_file(self, request: web.Request) -> web.Response:
        """The same out of a chat on another channel."""
        try:
            phones, user_id = phones_named(self._others, request.match_info["person"])
            file = phones.file(user_id, request.match_info["id"])
        except LookupError:
            raise web.HTTPNotFound from None
        return _file_of(request, file.name, file.mime, file.content)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: all phones first, then every change as it happens."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        changes: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        listeners: list[tuple[Watched, Callable[[Change], None]]] = [
            (self._chats, lambda change: changes.put_nowait((change.kind, self._body(change)))),
            *((phones.watched, _listener(phones, changes)) for phones in self._others),
        ]
        for watched, listener in listeners:
            watched.listeners.append(listener)
        try:
            state = phones_json(self._api, self._time.now())
            state["persons"] += [person for phones in self._others for person in phones.persons()]
            await _send(response, "state", state)
            await self._follow(changes, response)
        except ConnectionError:
            pass  # The page was closed; there is nobody left to tell.
        finally:
            for watched, listener in listeners:
                watched.listeners.remove(listener)
        return response

    def _body(self, change: Change) -> Any:
        return change_json(self._api, change, self._time.now())

    async def _follow(self, changes: asyncio.Queue[tuple[str, Any]], response: web.StreamResponse) -> None:
        while True:
            try:
                kind, body = await asyncio.wait_for(changes.get(), HEARTBEAT)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if kind == "closing":
                return
            if body is not None:
                await _send(response, kind, body)

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
        name, caption = request.query.get("name", "tep"), request.query.get("caption", "")
        try:
            content = await request.clone(client_max_size=MAX_UPLOAD + MEGABYTE).read()
            if ":" in request.query["person"]:
                phones, user_id = phones_named(self._others, request.query["person"])
                phones.sends_file(user_id, Upload(name, request.content_type, content, caption))
                return web.json_response({})
            person_id = int(request.query["person"])
            if request.query.get("kind") == "photo" and image_size(content):
                self._chats.send_photo(person_id, content, caption, request.content_type)
            else:
                self._chats.send_document(person_id, name, content, request.content_type, caption)
        except (web.HTTPRequestEntityTooLarge, KeyError, ValueError, Refusal):
            return _no("Chưa gửi được: Telegram nhận tệp có nội dung, tới 50 MB, ảnh tới 10 MB.")
        return web.json_response({})


def _listener(phones: OtherPhones, changes: asyncio.Queue[tuple[str, Any]]) -> Callable[[Change], None]:
    def listen(change: Change) -> None:
        if change.kind != "closing":  # Telegram's stand-in closes with the others, and says so
            changes.put_nowait((change.kind, phones.change(change)))

    return listen


def _file_of(request: web.Request, name: str, mime: str, content: bytes) -> web.Response:
    headers = dict(HEADERS)
    mime = mime if mime in SHOWN_IN_PLACE else "application/octet-stream"
    if mime not in SHOWN_IN_PLACE or "download" in request.query:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return web.Response(body=content, content_type=mime, headers=headers)


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
