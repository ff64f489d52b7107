"""What a person did on Telegram, in neutral words."""

from typing import Any

from aiogram.enums import ChatMemberStatus, ChatType, ContentType
from aiogram.methods import TelegramMethod
from aiogram.types import (
    CallbackQuery,
    Chat,
    Contact,
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
    User,
)

from bot.domain.timeline import StoredFile
from bot.messages import Incoming, Peer, SharedContact, clean

CHANNEL = "telegram"
# Sent by persons, but nothing that a customer's timeline can hold: it comes in without any content. Telegram's own remarks in a
# chat (a pinned message, a new timer) are in nobody's name and get no answer.
NOT_KEPT = {
    ContentType.STICKER,
    ContentType.POLL,
    ContentType.DICE,
    ContentType.STORY,
    ContentType.GAME,
    ContentType.PAID_MEDIA,
    ContentType.CHECKLIST,
}
ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
OUTSIDE = (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)


class RawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates that leaves each update as it came: one that aiogram cannot read must not hide the others."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int
    timeout: int
    allowed_updates: list[str]


def to_incoming(update: Update, username: str = "") -> Incoming | None:
    """The neutral form of an update; None for what the assistant takes no part in: edits, channels, bots, talk in groups.
    `username` is the bot's own, by which a group tells its bots apart."""
    if update.message:
        return _from_message(str(update.update_id), update.message, username)
    if update.callback_query:
        return _from_press(str(update.update_id), update.callback_query)
    return None


def joined_group(update: Update) -> int | None:
    """The group that the bot was just added to."""
    change = update.my_chat_member
    if change is None or change.chat.type not in GROUPS:
        return None
    is_new = change.old_chat_member.status in OUTSIDE and change.new_chat_member.status not in OUTSIDE
    return change.chat.id if is_new else None


def _from_message(update_id: str, message: Message, username: str) -> Incoming | None:
    person = message.from_user
    if person is None or person.is_bot:
        return None
    if message.chat.type in GROUPS:
        return _from_group(update_id, message, person, username)
    if message.chat.type != ChatType.PRIVATE:
        return None
    text, file = message.text or message.caption or "", _file(message)
    if not (text or file or message.contact or message.content_type in NOT_KEPT):
        return None
    return Incoming(
        update_id,
        _peer(person, message.chat.id),
        text=text,
        message_ref=str(message.message_id),
        contact=_contact(message.contact, person) if message.contact else None,
        file=file,
        forwarded_from=_forwarded_from(message),
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else "",
    )


def _from_group(update_id: str, message: Message, person: User, username: str) -> Incoming | None:
    """A command that a person typed there. Not one in the group's or a channel's name, of which nobody knows whose it is, nor one
    that somebody passes on."""
    text = message.text or ""
    in_own_name = not (message.sender_chat or message.forward_origin or message.via_bot)
    if not (in_own_name and text.startswith("/") and _is_for(username, text)):
        return None
    peer = _peer(person, message.chat.id)
    return Incoming(update_id, peer, text=text, message_ref=str(message.message_id), group=_title(message.chat))


def _is_for(username: str, command: str) -> bool:
    """Whether a command is for this bot: it names no bot, or this one. Until the bot knows its name, all are."""
    _, at, addressed = command.split(maxsplit=1)[0].partition("@")
    return not (at and username) or addressed.lower() == username.lower()


def _title(chat: Chat) -> str:
    """The group's name; never empty, which would make it a private chat."""
    return clean(chat.title or "").strip() or str(chat.id)


def _from_press(update_id: str, press: CallbackQuery) -> Incoming | None:
    if press.message is None or not press.data:
        return None
    chat = press.message.chat
    if chat.type not in (*GROUPS, ChatType.PRIVATE):
        return None
    group = _title(chat) if chat.type in GROUPS else ""
    peer = _peer(press.from_user, chat.id)
    return Incoming(update_id, peer, choice=press.data, message_ref=str(press.message.message_id), group=group)


def _peer(person: User, chat_id: int) -> Peer:
    return Peer(CHANNEL, str(person.id), str(chat_id), person.full_name, person.language_code or "")


def _contact(contact: Contact, person: User) -> SharedContact:
    name = f"{contact.first_name} {contact.last_name or ''}".strip()
    # A person can share anybody's card, and write any number into one without an account.
    return SharedContact(name, contact.phone_number, own=contact.user_id == person.id)


def _file(message: Message) -> StoredFile | None:
    if message.photo:
        return StoredFile(CHANNEL, message.photo[-1].file_id, "photo")
    if message.voice:
        return StoredFile(CHANNEL, message.voice.file_id, "voice")
    if message.video_note:
        return StoredFile(CHANNEL, message.video_note.file_id, "video_note")
    for kind in ("video", "audio", "animation", "document"):  # an animation comes as a document too
        if named := getattr(message, kind):
            return StoredFile(CHANNEL, named.file_id, kind, named.file_name or "")
    if message.location:
        return StoredFile(CHANNEL, f"{message.location.latitude},{message.location.longitude}", "location")
    return None


def _forwarded_from(message: Message) -> str:
    match message.forward_origin:
        case MessageOriginUser(sender_user=user):
            return user.full_name
        case MessageOriginHiddenUser(sender_user_name=name):
            return name
        case MessageOriginChat(sender_chat=chat) | MessageOriginChannel(chat=chat):
            return chat.title or chat.full_name
    return ""
