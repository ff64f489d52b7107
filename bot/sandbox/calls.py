"""One call of a Bot API method: its parameters however they were sent, and the files that came with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.files import MAX_UPLOAD, MEGABYTE
from bot.sandbox.refusals import Refusal, bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file inside a call."""

    name: str
    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Call:
    """A method and its arguments."""

    method: str
    arguments: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A string; empty when it was not given."""
        value = self.arguments.get(name)
        return "" if value is None else value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A number; the default when there is none or it is no number, as Telegram does."""
        try:
            return int(self.arguments.get(name, default))
        except (TypeError, ValueError):
            return default

    def number(self, name: str) -> float:
        """A decimal number. Raises Refusal when it is missing or none."""
        try:
            return float(self.arguments[name])
        except (KeyError, TypeError, ValueError):
            raise bad_request(f"{name} is empty") from None

    def boolean(self, name: str) -> bool:
        """True for `true` and `1` in any spelling."""
        return str(self.arguments.get(name, "")).lower() in ("true", "1", "yes")

    def structure(self, name: str, complaint: str) -> Any:
        """An object or array, sent as JSON or inside a JSON body; None when it was not given."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(complaint) from None

    def array(self, name: str, complaint: str, expected: str) -> list[Any] | None:
        """As `structure`, where only an array will do."""
        value = self.structure(name, complaint)
        if value is not None and not isinstance(value, list):
            raise bad_request(expected)
        return value

    @property
    def chat_id(self) -> int:
        """Raises Refusal when the call names no chat. `@names` are of public chats, which the sandbox has none of."""
        if not self.text("chat_id"):
            raise bad_request("chat_id is empty")
        return self.integer("chat_id")

    def upload(self, name: str) -> Upload | str | None:
        """A file sent along (directly or as `attach://`), or the id or address of one."""
        if name in self.uploads:
            return self.uploads[name]
        return self.attached(self.text(name))

    def attached(self, value: str) -> Upload | str | None:
        """What `attach://name` points to; any other text as it is."""
        if value.startswith("attach://"):
            return self.uploads.get(value.removeprefix("attach://"))
        return value or None


async def read_call(method: str, request: web.Request) -> Call:
    """The call in an HTTP request. Raises Refusal when the body is too large or no JSON."""
    arguments: dict[str, Any] = dict(request.query)
    # The caller's application may have a lower limit of its own.
    request = request.clone(client_max_size=MAX_UPLOAD + MEGABYTE)
    try:
        if request.content_type == "application/json":
            return Call(method, arguments | read_json(await request.read()))
        sent = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(413, "Request Entity Too Large") from None
    uploads = {}
    for name, value in sent.items():
        if isinstance(value, web.FileField):
            with value.file:
                uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
        elif isinstance(value, str):
            arguments[name] = value
        else:
            # A part with a content type but no file name; that is how aiohttp keeps it.
            arguments[name] = bytes(value).decode()
    return Call(method, arguments, uploads)


def read_json(body: bytes) -> dict[str, Any]:
    """The arguments in a JSON body. Raises Refusal when it is none."""
    if not body.strip():
        return {}
    try:
        arguments = json.loads(body)
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        raise bad_request("can't parse request body as a JSON object")
    return arguments
