"""One call of Zalo's APIs: its arguments, whether they came as JSON, in `data` or as a form, and the file that came with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.calls import Upload
from bot.sandbox.zalo.refusals import ZaloRefusal, invalid

LARGEST_BODY = 8 << 20
NOTHING = ZaloRefusal(-201, "body is invalid!")


@dataclass(frozen=True, slots=True)
class ZaloCall:
    """A path and what was sent to it. `arguments` are the JSON body or, for GET, the JSON in `data`; `unreadable` when there was
    something else."""

    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    upload: Upload | None = None
    unreadable: bool = False

    @property
    def recipient(self) -> str:
        """Whom a message is for: a user id or a phone number; empty for any other call."""
        inner = self.arguments.get("recipient")
        place = inner if isinstance(inner, dict) else self.arguments
        return str(place.get("user_id") or place.get("phone") or "")

    def text(self, name: str, place: Mapping[str, Any] | None = None) -> str:
        """A string argument. Raises ZaloRefusal where there is something else, or nothing."""
        value = (self.arguments if place is None else place).get(name)
        if not isinstance(value, str) or not value:
            raise invalid(name)
        return value

    def integer(self, name: str, default: int) -> int:
        """A whole number. Raises ZaloRefusal where there is something else."""
        value = self.arguments.get(name, self.query.get(name, default))
        try:
            return int(value)
        except (TypeError, ValueError):
            raise invalid(name) from None


async def read_call(request: web.Request) -> ZaloCall:
    """The call in an HTTP request."""
    path, headers, query = request.path, request.headers, dict(request.query)
    # The caller's application may have a lower limit of its own.
    request = request.clone(client_max_size=LARGEST_BODY)
    if request.method == "GET":
        arguments = _object(query.get("data") or "{}")
        return ZaloCall(path, headers, query, arguments or {}, unreadable=arguments is None)
    if request.content_type == "application/json":
        arguments = _object((await request.text()) or "{}")
        return ZaloCall(path, headers, query, arguments or {}, unreadable=arguments is None)
    if request.content_type not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return ZaloCall(path, headers, query, unreadable=True)
    sent = await request.post()
    file = sent.get("file")
    upload = None
    if isinstance(file, web.FileField):
        with file.file:
            upload = Upload(file.filename, file.file.read(), file.content_type)
    form = {name: value for name, value in sent.items() if isinstance(value, str)}
    return ZaloCall(path, headers, query, form=form, upload=upload, unreadable=upload is None)


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
