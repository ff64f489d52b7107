"""Persons and messages, and how the Bot API writes them as JSON."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.sandbox.entities import Entity, Formatted, to_html
from bot.sandbox.files import StoredFile
from bot.sandbox.keyboards import Button, InlineKeyboard, Markup

FileKind = Literal["photo", "document", "voice", "audio", "video", "video_note", "animation", "sticker"]
Kind = FileKind | Literal["text", "contact", "location"]
SIZE = {"width": 320, "height": 320}


@dataclass(slots=True)
class Person:
    """Somebody with a phone. `started` once they have written to the bot; until then it cannot write to them."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "vi"
    role_hint: str = ""
    phone: str = ""
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def user_json(self) -> dict[str, Any]:
        """A Bot API User."""
        return {"id": self.id, "is_bot": False, **self._names(), "language_code": self.language_code}

    def chat_json(self) -> dict[str, Any]:
        """The Bot API Chat with this person. A private chat has the person's id; groups have negative ones."""
        return {"id": self.id, "type": "private", **self._names()}

    def _names(self) -> dict[str, str]:
        names = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        return {key: value for key, value in names.items() if value}


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact card. `user_id` when the card is somebody's who is on Telegram."""

    phone: str
    first_name: str
    last_name: str = ""
    user_id: int | None = None

    def to_json(self) -> dict[str, Any]:
        """A Bot API Contact."""
        body: dict[str, Any] = {"phone_number": self.phone, "first_name": self.first_name}
        if self.last_name:
            body["last_name"] = self.last_name
        if self.user_id is not None:
            body["user_id"] = self.user_id
        return body


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message as both sides see it now. `text` is the caption where there is a file."""

    id: int
    chat_id: int
    sender_id: int
    from_bot: bool
    at: datetime
    kind: Kind = "text"
    text: str = ""
    entities: tuple[Entity, ...] = ()
    markup: Markup | None = None
    file: StoredFile | None = None
    seconds: int = 0
    contact: Contact | None = None
    location: Location | None = None
    reply_to: int | None = None
    forwarded_from: str = ""
    edits: int = 0
    edited_at: datetime | None = None
    update_id: int | None = None
    anonymous: bool = False  # an administrator's, in the group's name

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        """The rows of inline buttons under it."""
        return self.markup.rows if isinstance(self.markup, InlineKeyboard) else ()

    @property
    def labels(self) -> list[str]:
        """What is written on its inline buttons, row by row."""
        return [button.text for row in self.buttons for button in row]

    @property
    def html(self) -> str:
        """The text as escaped HTML, with the tags that a bot can write."""
        return to_html(Formatted(self.text, self.entities))

    def content(self) -> tuple[object, ...]:
        """What an edit must change, or it is no edit."""
        return self.kind, self.text, self.entities, self.markup, self.file


def message_json(message: ChatMessage, sender: dict[str, Any], chat: dict[str, Any]) -> dict[str, Any]:
    """A Bot API Message, without the message that it replies to."""
    body: dict[str, Any] = {
        "message_id": message.id,
        "from": sender,
        "chat": chat,
        "date": int(message.at.timestamp()),
        **_content_json(message),
    }
    if message.edited_at is not None:
        body["edit_date"] = int(message.edited_at.timestamp())
    if message.forwarded_from:
        body["forward_origin"] = {
            "type": "hidden_user",
            "date": body["date"],
            "sender_user_name": message.forwarded_from,
        }
    if isinstance(message.markup, InlineKeyboard):
        body["reply_markup"] = message.markup.to_json()
    return body


def _content_json(message: ChatMessage) -> dict[str, Any]:
    body: dict[str, Any] = {}
    text, entities = ("text", "entities") if message.kind == "text" else ("caption", "caption_entities")
    if message.text:
        body[text] = message.text
    if message.entities:
        body[entities] = [entity.to_json() for entity in message.entities]
    if message.contact:
        body["contact"] = message.contact.to_json()
    if message.location:
        body["location"] = {"latitude": message.location.latitude, "longitude": message.location.longitude}
    if message.file:
        body |= _file_json(message.kind, message.file, message.seconds)
    return body


def _file_json(kind: Kind, file: StoredFile, seconds: int) -> dict[str, Any]:
    body: dict[str, Any] = {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size}
    match kind:
        case "photo":
            return {"photo": [{**body, "width": file.width, "height": file.height}]}
        case "voice":
            return {"voice": {**body, "duration": seconds, "mime_type": file.mime}}
        case "video_note":
            return {"video_note": {**body, "duration": seconds, "length": 240}}
        case "sticker":
            return {"sticker": {**body, "type": "regular", **SIZE, "is_animated": False, "is_video": False}}
    named = {**body, "file_name": file.name, "mime_type": file.mime}
    match kind:
        case "audio":
            return {"audio": {**named, "duration": seconds}}
        case "video":
            return {"video": {**named, **SIZE, "duration": seconds}}
        case "animation":  # comes as a document too, for bots that know no animations
            return {"animation": {**named, **SIZE, "duration": seconds}, "document": named}
    return {"document": named}
