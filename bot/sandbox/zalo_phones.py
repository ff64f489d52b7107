"""Phones of persons on Zalo, for the page: their chats with the Official Account or with a bot, as JSON, and what they do there."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.files import image_size
from bot.sandbox.watching import Change, Watched
from bot.sandbox.zalo.messages import ZaloButton, ZaloMessage, ZaloPerson
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo_bot import ZaloBotServer
from bot.sandbox.zalo_bot_chats import ZaloBotMessage, ZaloBotPerson

SHOWN_MESSAGES = 500
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
_KINDS = {"image": "photo", "gif": "photo", "file": "document", "audio": "voice", "location": "location"}
_BUTTONS = {"oa.open.url": "url", "oa.open.phone": "call", "oa.open.sms": "call"}
_FORM_BUTTON = "Chia sẻ tên và số điện thoại"
_STARS = [{"text": "★" * stars, "kind": "rate", "value": str(stars)} for stars in range(1, 6)]
Act = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a person sends, or has sent."""

    name: str
    mime: str
    content: bytes
    caption: str = ""


class OtherPhones(ABC):
    """Phones beside Telegram's. On the page a person is called `<channel>:<user id>`."""

    channel: str
    watched: Watched

    @abstractmethod
    def persons(self) -> list[dict[str, Any]]:
        """Everybody with their chat."""

    @abstractmethod
    def change(self, change: Change) -> dict[str, Any] | None:
        """The body of a change of kind `message` or `person`; None for what no phone shows."""

    @abstractmethod
    def does(self, act: str, user_id: str, sent: Act) -> None:
        """A person does something: `say`, `tap`, `follow`, … Raises LookupError, TypeError or ValueError for what cannot be done."""

    def sends_file(self, user_id: str, upload: Upload) -> None:
        """A person sends a picture or a file. Raises ValueError where none can be sent."""
        raise ValueError(f"{self.key(user_id)} cannot send {upload.name}")

    def file(self, user_id: str, message_id: str) -> Upload:
        """The file of a message. Raises LookupError."""
        raise LookupError(f"{self.key(user_id)} has no file {message_id}")

    def key(self, user_id: str) -> str:
        """What the page calls a person."""
        return f"{self.channel}:{user_id}"


class AccountPhones(OtherPhones):
    """Phones of persons who have a chat with the Official Account."""

    channel = "zalo"

    def __init__(self, server: ZaloServer) -> None:
        self._server = server
        self._people = server.people
        self.watched = server.people

    def persons(self) -> list[dict[str, Any]]:
        """Everybody with their chat."""
        return [self._person(one) | {"messages": self._messages(one.user_id)} for one in self._people.everyone]

    def change(self, change: Change) -> dict[str, Any] | None:
        """The body of a change of kind `message` or `person`; None for what no phone shows."""
        match change.kind, change.subject:
            case "message", ZaloMessage() as message if not message.hidden:
                return {"person": self._person(self._people.person(message.user_id)), "message": self._message(message)}
            case "person", ZaloPerson() as person:
                return self._person(person)
        return None

    def does(self, act: str, user_id: str, sent: Act) -> None:
        """A person does something: `say`, `tap`, `follow`, … Raises LookupError or ValueError for what cannot be done."""
        match act:
            case "say":
                self._people.say(user_id, str(sent["text"]), quote=str(sent.get("reply_to") or ""))
            case "tap":
                self._people.tap(user_id, str(sent["message"]), str(sent["data"]))
            case "follow":
                self._people.follow(user_id)
            case "block":
                self._people.unfollow(user_id)
            case "location":
                self._people.send_location(user_id, float(sent["latitude"]), float(sent["longitude"]))
            case "form":
                self._people.submit_info(user_id)
            case "rate":
                self._people.rate(user_id, str(sent["message"]), int(sent["data"]))
            case "quick_reply":
                self._people.press_quick_reply(user_id, str(sent["message"]), str(sent["data"]))
            case "see":
                self._people.see(user_id)
            case _:
                raise ValueError(f"nobody on Zalo can {act}")

    def sends_file(self, user_id: str, upload: Upload) -> None:
        """A person sends a picture or a file."""
        if image_size(upload.content):
            self._people.send_image(user_id, upload.content, text=upload.caption, name=upload.name)
        else:
            self._people.send_file(user_id, upload.name, upload.content, upload.mime, text=upload.caption)

    def file(self, user_id: str, message_id: str) -> Upload:
        """The file of a message. Raises LookupError."""
        message = self._people.message(user_id, message_id)
        if message is None or message.content is None:
            raise LookupError(message_id)
        return Upload(message.content.name, message.content.mime, message.content.body)

    def _messages(self, user_id: str) -> list[dict[str, Any]]:
        shown = [message for message in self._people.messages(user_id) if not message.hidden]
        return [self._message(message) for message in shown[-SHOWN_MESSAGES:]]

    def _person(self, person: ZaloPerson) -> dict[str, Any]:
        return _person(self.key(person.user_id), person.name, person.role_hint) | {
            "app": "Zalo",
            "account": self._server.name,
            "phone": person.phone,
            "started": person.interacted_at is not None,
            "follows": person.follows,
            "interacted_at": _iso(person.interacted_at),
            "attach": ["photo", "file", "location"],
        }

    def _message(self, message: ZaloMessage) -> dict[str, Any]:
        key, text = self.key(message.user_id), message.text
        if message.template:
            text = message.template.text or message.template.name
        shown = _message(message.id, key, text, message.at, from_bot=message.from_oa)
        if message.content:
            size = image_size(message.content.body) or (0, 0)
            shown["file"] = _file(
                key, message.id, message.content.name, message.content.mime, message.content.body, size
            )
        if message.kind == "location":
            shown["location"] = {"latitude": float(message.latitude), "longitude": float(message.longitude)}
        return shown | {
            "kind": _KINDS.get(message.kind, "text"),
            "text": text or message.url or (message.form.title if message.form else "") or _wordless(message),
            "label": _label(message),
            "buttons": _buttons(message),
            "reply_to": message.quote or None,
            "seen": message.seen_at is not None,
        }


class BotPhones(OtherPhones):
    """Phones of persons who have a chat with the bot of the Zalo Bot Platform."""

    channel = "zalo_bot"

    def __init__(self, server: ZaloBotServer, name: str) -> None:
        self._chats = server.chats
        self._name = name
        self.watched = server.chats

    def persons(self) -> list[dict[str, Any]]:
        """Everybody with their chat."""
        return [
            self._person(one) | {"messages": [self._message(m) for m in self._chats.chat(one.id)[-SHOWN_MESSAGES:]]}
            for one in self._chats.persons
        ]

    def change(self, change: Change) -> dict[str, Any] | None:
        """The body of a change of kind `message` or `person`; None for what no phone shows."""
        match change.kind, change.subject:
            case "message", ZaloBotMessage() as message:
                person = self._chats.person(message.person_id)
                return {"person": self._person(person), "message": self._message(message)} if person else None
            case "person", ZaloBotPerson() as person:
                return self._person(person)
        return None

    def does(self, act: str, user_id: str, sent: Act) -> None:
        """A person writes; nothing else can be done there. Raises ValueError for it."""
        if act == "see":
            return
        if act != "say":
            raise ValueError(f"nobody on a Zalo bot can {act}")
        self._chats.say(user_id, str(sent["text"]))

    def _person(self, person: ZaloBotPerson) -> dict[str, Any]:
        return _person(self.key(person.id), person.name, person.role_hint) | {
            "app": "Zalo Bot",
            "account": self._name,
            "phone": "",
            "started": person.wrote,
            "attach": [],
        }

    def _message(self, message: ZaloBotMessage) -> dict[str, Any]:
        key = self.key(message.person_id)
        shown = _message(message.id, key, message.text, message.at, from_bot=message.from_bot)
        if message.kind == "photo" and message.url:
            picture = {"url": message.url, "name": "anh.png", "mime": "image/png", "size": 0, "width": 0, "height": 0}
            shown |= {"kind": "photo", "file": picture}
        elif message.kind != "text" and not message.text:
            shown["text"] = "(nội dung mà Zalo không chuyển cho bot)"
        return shown


def _person(key: str, name: str, role: str) -> dict[str, Any]:
    return {
        "id": key,
        "channel": key.partition(":")[0],
        "name": name,
        "role": role,
        "blocked": False,
        "commands": [],
        "keyboard": None,
    }


def _message(message_id: str, key: str, text: str, at: datetime, *, from_bot: bool) -> dict[str, Any]:
    links = [{"type": "url", "offset": _units(text[: m.start()]), "length": _units(m[0])} for m in _LINK.finditer(text)]
    return {
        "id": message_id,
        "from_bot": from_bot,
        "sender": None if from_bot else key,
        "kind": "text",
        "text": text,
        "entities": links,
        "buttons": [],
        "file": None,
        "contact": None,
        "location": None,
        "reply_to": None,
        "asks_reply": False,
        "forwarded_from": "",
        "at": at.isoformat(),
        "edited": False,
    }


def _file(key: str, message_id: str, name: str, mime: str, body: bytes, size: tuple[int, int]) -> dict[str, Any]:
    url = f"sandbox/zalo-files/{key}/{message_id}"
    return {"url": url, "name": name, "mime": mime, "size": len(body), "width": size[0], "height": size[1]}


def _wordless(message: ZaloMessage) -> str:
    return {"sticker": "(nhãn dán)", "video": "(video)", "info": "(đã chia sẻ thông tin)"}.get(message.kind, "")


def _label(message: ZaloMessage) -> str:
    """What stands above a message that is more than words."""
    if message.template:
        return f"Tin mẫu Zalo · {message.template.name}"
    if message.form:
        return message.form.subtitle
    return "Nhắn từ Zalo OA Manager" if message.admin_id else ""


def _buttons(message: ZaloMessage) -> list[list[dict[str, str]]]:
    rows: list[list[dict[str, str]]] = [[_button(button)] for button in message.buttons]
    if message.form:
        rows.append([{"text": _FORM_BUTTON, "kind": "form", "value": ""}])
    if message.template:
        rows += [[star] for star in reversed(_STARS)] if message.template.stars else []
        rows += [[{"text": label, "kind": "quick_reply", "value": label}] for label in message.template.quick_replies]
    return rows


def _button(button: ZaloButton) -> dict[str, str]:
    return {"text": button.title, "kind": _BUTTONS.get(button.type, "tap"), "value": button.value}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def phones_named(phones: Sequence[OtherPhones], key: str) -> tuple[OtherPhones, str]:
    """The phones and the user id that the page means by a person's key. Raises LookupError."""
    channel, _, user_id = key.partition(":")
    for one in phones:
        if one.channel == channel and user_id:
            return one, user_id
    raise LookupError(key)
