"""The methods that put a message into a chat or change one. Each checks what Telegram checks, in its words."""

import mimetypes
from typing import Any

from bot.sandbox.calls import Call, Upload
from bot.sandbox.chats import Chats
from bot.sandbox.entities import MAX_TEXT, Entity, Formatted, trimmed, utf16_length, with_tappable
from bot.sandbox.files import Files, StoredFile
from bot.sandbox.keyboards import InlineKeyboard, Markup, ReplyKeyboard, read_markup
from bot.sandbox.markup import formatted
from bot.sandbox.messages import ChatMessage, Contact, Kind, Location
from bot.sandbox.refusals import bad_request

MAX_CAPTION = 1024
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


class Sending:
    """send…, edit… and delete… over the chats and files of one sandbox."""

    def __init__(self, chats: Chats, files: Files) -> None:
        self._chats = chats
        self._files = files

    def message(self, call: Call) -> dict[str, Any]:
        """sendMessage"""
        words = message_text(call)
        return self._deliver(call, "text", text=words.text, entities=words.entities)

    def photo(self, call: Call) -> dict[str, Any]:
        """sendPhoto"""
        return self._deliver_file(call, "photo")

    def document(self, call: Call) -> dict[str, Any]:
        """sendDocument"""
        return self._deliver_file(call, "document")

    def voice(self, call: Call) -> dict[str, Any]:
        """sendVoice"""
        return self._deliver_file(call, "voice", seconds=call.integer("duration"))

    def audio(self, call: Call) -> dict[str, Any]:
        """sendAudio"""
        return self._deliver_file(call, "audio", seconds=call.integer("duration"))

    def video(self, call: Call) -> dict[str, Any]:
        """sendVideo"""
        return self._deliver_file(call, "video", seconds=call.integer("duration"))

    def animation(self, call: Call) -> dict[str, Any]:
        """sendAnimation"""
        return self._deliver_file(call, "animation", seconds=call.integer("duration"))

    def video_note(self, call: Call) -> dict[str, Any]:
        """sendVideoNote, which takes no caption"""
        file = self._file("video_note", call.upload("video_note"))
        return self._deliver(call, "video_note", file=file, seconds=call.integer("duration"))

    def location(self, call: Call) -> dict[str, Any]:
        """sendLocation"""
        location = Location(call.number("latitude"), call.number("longitude"))
        if abs(location.latitude) > 90 or abs(location.longitude) > 180:
            raise bad_request("wrong location specified")
        return self._deliver(call, "location", location=location)

    def contact(self, call: Call) -> dict[str, Any]:
        """sendContact"""
        contact = Contact(call.text("phone_number"), call.text("first_name"), call.text("last_name"))
        if not contact.phone:
            raise bad_request('parameter "phone_number" is required')
        if not contact.first_name:
            raise bad_request('parameter "first_name" is required')
        return self._deliver(call, "contact", contact=contact)

    def chat_action(self, call: Call) -> bool:
        """sendChatAction"""
        if call.text("action") not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._chats.tell("typing", self._chats.reachable(call.chat_id).id)
        return True

    def edit_text(self, call: Call) -> dict[str, Any]:
        """editMessageText"""
        words, markup, message = message_text(call), self._inline_markup(call), self._editable(call)
        if message.kind != "text":
            raise bad_request("there is no text in the message to edit")
        return self._revise(message, text=words.text, entities=words.entities, markup=markup)

    def edit_caption(self, call: Call) -> dict[str, Any]:
        """editMessageCaption"""
        words, markup, message = caption(call), self._inline_markup(call), self._editable(call)
        if message.file is None:
            raise bad_request("there is no caption in the message to edit")
        return self._revise(message, text=words.text, entities=words.entities, markup=markup)

    def edit_reply_markup(self, call: Call) -> dict[str, Any]:
        """editMessageReplyMarkup"""
        markup = self._inline_markup(call)
        return self._revise(self._editable(call), markup=markup)

    def edit_media(self, call: Call) -> dict[str, Any]:
        """editMessageMedia"""
        media = call.structure("media", "can't parse input media JSON object")
        if not isinstance(media, dict) or media.get("type") not in ("photo", "document"):
            raise bad_request("can't parse InputMedia: type must be photo or document")
        kind: Kind = media["type"]
        words = caption(Call(call.method, media))
        file = self._file(kind, call.attached(str(media.get("media") or "")))
        markup, message = self._inline_markup(call), self._editable(call)
        return self._revise(message, kind=kind, file=file, text=words.text, entities=words.entities, markup=markup)

    def delete(self, call: Call) -> bool:
        """deleteMessage"""
        self._chats.remove(self._chats.known(call.chat_id).id, call.integer("message_id"))
        return True

    def _deliver_file(self, call: Call, kind: Kind, **content: Any) -> dict[str, Any]:
        file, words = self._file(kind, call.upload(kind)), caption(call)
        return self._deliver(call, kind, file=file, text=words.text, entities=words.entities, **content)

    def _deliver(self, call: Call, kind: Kind, **content: Any) -> dict[str, Any]:
        markup = read_call_markup(call)
        chat_id = self._chats.reachable(call.chat_id).id
        if chat_id < 0 and isinstance(markup, ReplyKeyboard) and markup.asks_contact:
            raise bad_request("phone number can be requested in private chats only")
        reply_to = self._replied_to(call, chat_id)
        return self._chats.to_json(self._chats.deliver(chat_id, kind, markup=markup, reply_to=reply_to, **content))

    def _replied_to(self, call: Call, chat_id: int) -> int | None:
        reply = call.structure("reply_parameters", "can't parse reply parameters JSON object")
        if reply is None and call.integer("reply_to_message_id"):
            reply = {
                "message_id": call.integer("reply_to_message_id"),
                "allow_sending_without_reply": call.boolean("allow_sending_without_reply"),
            }
        if reply is None:
            return None
        if not isinstance(reply, dict):
            raise bad_request("object expected as reply parameters")
        message_id = Call(call.method, reply).integer("message_id")
        if self._chats.message(chat_id, message_id) is not None:
            return message_id
        if reply.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")

    def _file(self, kind: Kind, source: Upload | str | None) -> StoredFile:
        if source is None:
            raise bad_request(f"there is no {kind} in the request")
        if isinstance(source, str):
            if source.startswith(("http://", "https://")):
                raise bad_request("failed to get HTTP URL content")
            file = self._files.by_id(source)
            return (
                file if file.id.startswith(f"{kind}-") else self._files.keep(kind, file.name, file.content, file.mime)
            )
        mime = mimetypes.guess_type(source.name)[0] or source.mime
        return self._files.keep(kind, source.name, source.content, mime)

    def _inline_markup(self, call: Call) -> InlineKeyboard | None:
        markup = read_call_markup(call)
        if markup is not None and not isinstance(markup, InlineKeyboard):
            raise bad_request("inline keyboard expected")
        return markup

    def _editable(self, call: Call) -> ChatMessage:
        """The message that a call wants to edit. One with a reply keyboard can't be edited, nor a person's own."""
        message = self._chats.message(self._chats.reachable(call.chat_id).id, call.integer("message_id"))
        if message is None:
            raise bad_request("message to edit not found")
        if not message.from_bot or not (message.markup is None or isinstance(message.markup, InlineKeyboard)):
            raise bad_request("message can't be edited")
        return message

    def _revise(self, message: ChatMessage, **changes: Any) -> dict[str, Any]:
        return self._chats.to_json(self._chats.revise(message, **changes))


def read_call_markup(call: Call) -> Markup | None:
    """The call's keyboard, checked."""
    return read_markup(call.structure("reply_markup", "can't parse reply keyboard markup JSON object"))


def message_text(call: Call) -> Formatted:
    """The call's text, parsed and measured."""
    words = _words(call, "text", "entities")
    if not words.text:
        raise bad_request("message text is empty")
    if utf16_length(words.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return words


def caption(call: Call) -> Formatted:
    """The call's caption, parsed and measured."""
    words = _words(call, "caption", "caption_entities")
    if utf16_length(words.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return words


def _words(call: Call, text: str, entities: str) -> Formatted:
    expected = "can't parse entities: expected an Array of MessageEntity"
    given = call.array(entities, "can't parse entities JSON object", expected)
    if not given or call.text("parse_mode"):
        return formatted(call.text(text), call.text("parse_mode"))
    return with_tappable(trimmed(Formatted(call.text(text), tuple(_entity(source) for source in given))))


def _entity(source: Any) -> Entity:
    try:
        offset, length = int(source["offset"]), int(source["length"])
        return Entity(str(source["type"]), offset, length, str(source.get("url", "")), str(source.get("language", "")))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise bad_request("can't parse MessageEntity: expected an Object") from None
