"""What a person did on the Zalo Bot Platform, in neutral words."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from bot.domain.timeline import StoredFile
from bot.messages import Incoming, Peer

CHANNEL = "zalo_bot"
PRIVATE = "PRIVATE"
# Nothing that a person says: it gets no answer. ZALO: assumed [L]: seen in code alone.
NOT_SAID = frozenset(("message.reaction.received",))
# ZALO: assumed [M]: where the address of a picture, and of a voice message, has been met.
PHOTO_FIELDS = ("photo", "photo_url")
VOICE_FIELDS = ("voice_url",)
TEXT_FIELDS = ("text", "caption")


@dataclass(frozen=True, slots=True)
class Event:
    """A message that somebody wrote to the bot alone. `key` is the message's own id."""

    key: str
    person: str
    message: dict[str, Any]

    def body(self) -> str:
        """As text for the stored inbox; `read_event` reads it back."""
        return json.dumps({"event_name": "message", "message": self.message})


def read_event(raw: dict[str, Any]) -> Event | None:
    """An event as the platform wrote it, inside its envelope or without; None for what the assistant takes no part in: groups, bots,
    and what nobody says. Raises ValueError for what cannot be read."""
    result = raw.get("result")
    event = result if "event_name" not in raw and isinstance(result, dict) else raw
    message, name = event.get("message"), event.get("event_name")
    if not isinstance(message, dict) or not isinstance(name, str):
        raise ValueError("no event of a message")
    sender, chat = message.get("from"), message.get("chat")
    if not isinstance(sender, dict) or not isinstance(chat, dict) or not sender.get("id") or not chat.get("id"):
        raise ValueError("nobody's message")
    if name in NOT_SAID or sender.get("is_bot") or str(chat.get("chat_type", PRIVATE)).upper() != PRIVATE:
        return None
    return Event(str(message.get("message_id") or _fingerprint(message)), str(sender["id"]), message)


def to_incoming(event: Event) -> Incoming:
    """The neutral form of an event. A sticker, and what the platform does not pass on, holds nothing that can be kept."""
    message = event.message
    chat_id, name = str(message["chat"]["id"]), str(message["from"].get("display_name") or "")
    return Incoming(
        event.key,
        Peer(CHANNEL, event.person, chat_id, name),
        text=_first(message, TEXT_FIELDS),
        message_ref=event.key,
        file=_file(message),
    )


def _file(message: dict[str, Any]) -> StoredFile | None:
    for kind, fields in (("photo", PHOTO_FIELDS), ("voice", VOICE_FIELDS)):
        if address := _first(message, fields):
            return StoredFile(CHANNEL, address, kind)
    return None


def _first(message: dict[str, Any], fields: tuple[str, ...]) -> str:
    return next((value for name in fields if isinstance(value := message.get(name), str) and value), "")


def _fingerprint(message: dict[str, Any]) -> str:
    """A key for a message without an id: the same body is the same message."""
    return hashlib.sha256(json.dumps(message, sort_keys=True).encode()).hexdigest()[:32]
