"""The chats between persons on Zalo and a bot of the Zalo Bot Platform: what each side does, and what each side sees."""

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.sandbox.watching import Watched

Kind = Literal["text", "photo", "sticker", "voice", "unsupported"]

# ZALO: assumed [M]: the names under which a photo's address has been met.
PHOTO_FIELDS = ("photo", "photo_url")
EVENTS = {"text": "text", "photo": "image", "sticker": "sticker", "voice": "voice", "unsupported": "unsupported"}


@dataclass(slots=True)
class ZaloBotPerson:
    """Somebody with Zalo on their phone. `wrote`: the bot may write to them."""

    id: str
    name: str
    role_hint: str = ""
    wrote: bool = False


@dataclass(frozen=True, slots=True)
class ZaloBotMessage:
    """A message in a person's chat with the bot; `url` is the picture's or the voice's address."""

    id: str
    person_id: str
    from_bot: bool
    at: datetime
    kind: Kind
    text: str = ""
    url: str = ""
    parse_mode: str = ""
    event: dict[str, Any] | None = None


class ZaloBotChats(Watched):
    """Persons, what they see, and the events that wait for the bot. Changes told: `message`, `person`, `typing`, `called` and
    `closing`, with the person's id as `chat_id`."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self._persons: dict[str, ZaloBotPerson] = {}
        self._messages: dict[str, list[ZaloBotMessage]] = {}
        self.waiting: deque[dict[str, Any]] = deque()

    # What persons do --------------------------------------------------------------------------------------------------

    def add_person(self, name: str, person_id: str = "", *, role_hint: str = "") -> ZaloBotPerson:
        """Somebody new; the id is 20 hexadecimal digits unless another is given."""
        person = ZaloBotPerson(person_id or secrets.token_hex(10), name, role_hint)
        self._persons[person.id] = person
        self._messages[person.id] = []
        self.tell("person", person.id, person)
        return person

    def say(self, person_id: str, text: str, *, group: str = "") -> ZaloBotMessage:
        """Write to the bot; in a group (its id), mention it there."""
        return self._from_person(person_id, "text", text, content={"text": text}, group=group)

    def send_photo(self, person_id: str, url: str, caption: str = "", *, field: str = "photo") -> ZaloBotMessage:
        """Send a picture that lies at an address; `field` is one of `PHOTO_FIELDS`."""
        if field not in PHOTO_FIELDS:
            raise ValueError(f"{field!r} is none of {PHOTO_FIELDS}")
        content = {field: url} | ({"caption": caption} if caption else {})
        return self._from_person(person_id, "photo", caption, url, content=content)

    def send_sticker(self, person_id: str, sticker: str = "e7ff8bcd", url: str = "") -> ZaloBotMessage:
        """Send a sticker."""
        return self._from_person(person_id, "sticker", url=url, content={"sticker": sticker, "url": url})

    def send_voice(self, person_id: str, url: str) -> ZaloBotMessage:
        """Send a voice message."""
        return self._from_person(person_id, "voice", url=url, content={"voice_url": url})

    def send_unsupported(self, person_id: str) -> ZaloBotMessage:
        """Send what the platform does not pass on: a file, a contact card, anything of a protected account."""
        return self._from_person(person_id, "unsupported", content={})

    def redeliver(self, message: ZaloBotMessage) -> None:
        """Hand a person's message to the bot once more."""
        if message.event is None:
            raise ValueError("only what a person sent is delivered to the bot")
        self.waiting.append(message.event)
        self.tell("redelivered", message.person_id, message)

    # What can be seen -------------------------------------------------------------------------------------------------

    @property
    def persons(self) -> list[ZaloBotPerson]:
        """Everybody, in the order they came."""
        return list(self._persons.values())

    def person(self, person_id: str) -> ZaloBotPerson | None:
        """Somebody by id."""
        return self._persons.get(person_id)

    def chat(self, person_id: str) -> list[ZaloBotMessage]:
        """Both sides of a person's chat with the bot, oldest first."""
        return list(self._messages[person_id])

    def screen(self, person_id: str) -> list[ZaloBotMessage]:
        """What the bot has sent to a person, oldest first."""
        return [message for message in self._messages[person_id] if message.from_bot]

    def seen(self) -> str:
        """The last that everybody got, for who waited in vain."""
        last = {person.name: [m.text for m in self.screen(person.id)[-2:]] for person in self.persons}
        return f"on the screens: {last}"

    # What the bot does ------------------------------------------------------------------------------------------------

    def deliver(
        self, person_id: str, kind: Kind, text: str = "", url: str = "", parse_mode: str = ""
    ) -> ZaloBotMessage:
        """Put the bot's message into a chat; the content has been checked."""
        message = ZaloBotMessage(_message_id(), person_id, True, self._now(), kind, text, url, parse_mode)
        return self._keep(message)

    def _from_person(
        self, person_id: str, kind: Kind, text: str = "", url: str = "", *, content: dict[str, Any], group: str = ""
    ) -> ZaloBotMessage:
        person, at, message_id = self._persons[person_id], self._now(), _message_id()
        chat = {"id": group, "chat_type": "GROUP"} if group else {"id": person_id, "chat_type": "PRIVATE"}
        body = {
            "from": {"id": person_id, "display_name": person.name, "is_bot": False},
            "chat": chat,
            **content,
            "message_id": message_id,
            "date": milliseconds(at),
        }
        event = {"event_name": f"message.{EVENTS[kind]}.received", "message": body}
        person.wrote = True
        self.waiting.append(event)
        return self._keep(ZaloBotMessage(message_id, person_id, False, at, kind, text, url, event=event))

    def _keep(self, message: ZaloBotMessage) -> ZaloBotMessage:
        self._messages[message.person_id].append(message)
        self.tell("message", message.person_id, message)
        return message


def milliseconds(at: datetime) -> int:
    """A moment as the platform writes it."""
    return int(at.timestamp() * 1000)


def _message_id() -> str:
    return secrets.token_hex(10)
