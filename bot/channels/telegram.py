"""Telegram's edge, outwards: replies as messages, notices on taps, command menus; and what each failure means."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

import aiohttp
import orjson
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import (
    EditMessageText,
    Response,
    SendAnimation,
    SendAudio,
    SendDocument,
    SendLocation,
    SendMessage,
    SendPhoto,
    SendVideo,
    SendVideoNote,
    SendVoice,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from aiohttp.payload import BytesPayload
from markupsafe import Markup

from bot.channels.files import FilesAcross
from bot.channels.telegram_text import CAPTION_LIMIT, in_parts, plain, shown_units, units
from bot.channels.telegram_updates import CHANNEL
from bot.charts import draw
from bot.domain.delivery import Delivery, Trouble, Undeliverable
from bot.domain.timeline import StoredFile
from bot.messages import Choice, File, Reply

log = logging.getLogger(__name__)

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
Menu = tuple[tuple[str, str], ...]
Attachment = SendPhoto | SendDocument | SendVoice | SendAudio | SendVideo | SendVideoNote | SendAnimation | SendLocation
WITHOUT_CAPTION = (SendLocation, SendVideoNote)

CALL_TIMEOUT = 25.0  # seconds; well within a delivery's lease, so that no other worker sends it meanwhile
COPY_LIMIT = 256
LARGEST_PHOTO = 10 * 1024 * 1024
NOTICE_LIMIT = 200
CONNECTION_NEVER_MADE = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)

# pydantic builds a generic type anew each time unless somebody keeps it: 120 ms every 42 answers.
KEPT_TYPES = (Response[Message], Response[bool], Response[list[dict[str, Any]]])


class JsonSession(AiohttpSession):
    """aiogram's session, posting JSON where no file is attached, which costs half of a form."""

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        """The body of a call."""
        files: dict[str, InputFile] = {}
        given = method.model_dump(warnings=False, exclude_none=True)
        fields = {name: self.prepare_value(value, bot, files, _dumps_json=False) for name, value in given.items()}
        if files:
            return super().build_form_data(bot, method)
        body = orjson.dumps({name: value for name, value in fields.items() if value is not None})
        return BytesPayload(body, content_type="application/json")

    async def close(self) -> None:
        """Close the connections; aiogram would sleep a quarter of a second besides, which aiohttp has not needed for long."""
        if self._session is not None:
            await self._session.close()


def connect(token: str, api_url: str) -> Bot:
    """A client of the Bot API server at `api_url`."""
    session = JsonSession(
        api=TelegramAPIServer.from_base(api_url),
        json_loads=orjson.loads,
        json_dumps=lambda value: orjson.dumps(value).decode(),
        timeout=CALL_TIMEOUT,
    )
    return Bot(token, session, default=DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True))


class Telegram:
    """Sends what the assistant says. Each method of the `Channel` protocol raises nothing but Undeliverable."""

    name = CHANNEL

    def __init__(self, bot: Bot, files: FilesAcross | None = None) -> None:
        self.bot = bot
        self._files = files
        self.username = ""  # until `learn_name` has asked for it
        self._asked_contact: set[int] = set()
        self._menus: dict[int, Menu] = {}

    async def learn_name(self) -> None:
        """Ask Telegram what the bot is called there. Raises AiogramError."""
        self.username = (await self.bot.get_me()).username or ""

    def link_to(self, payload: str) -> str:
        """The address that opens the bot's private chat with `/start <payload>`; "" until the bot knows its own name."""
        return f"https://t.me/{self.username}?start={payload}" if self.username else ""

    async def send(self, delivery: Delivery) -> str:
        """Send a delivery; the id of the message that carries its buttons. Raises Undeliverable (RELIABILITY rule 5)."""
        reply = Reply.from_record(delivery.payload)
        if self._files:
            reply = await self._files.carried(reply, self.name, delivery.audience, delivery.attempts)
        try:
            return await self._send(int(delivery.chat_id), reply, delivery.replace_ref)
        except AiogramError as error:
            raise undeliverable(error) from error

    async def notice(self, press_id: str, text: str) -> None:
        """Answer a tap, which stops its spinner. A tap that is too old to be answered is left alone."""
        try:
            await self.bot.answer_callback_query(press_id, text=_cut(plain(text), NOTICE_LIMIT) or None)
        except AiogramError as error:
            log.info("a tap could not be answered: %s", type(error).__name__)

    async def say(self, chat_id: str, text: Markup) -> None:
        """Say something that need not survive: only for when nothing can be stored."""
        try:
            await self.bot.send_message(int(chat_id), text)
        except AiogramError as error:
            log.info("a passing remark could not be sent: %s", type(error).__name__)

    async def show_menu(self, chat_id: str, menu: Menu) -> None:
        """Show these commands (name, line) in a chat's menu, unless it shows them already; none: the default ones."""
        chat = int(chat_id)
        if self._menus.get(chat, ()) == menu:
            return
        self._menus[chat] = menu
        scope = BotCommandScopeChat(chat_id=chat)
        try:
            if menu:
                await self.bot.set_my_commands(commands(menu), scope=scope)
            else:
                await self.bot.delete_my_commands(scope=scope)
        except AiogramError as error:
            del self._menus[chat]
            log.info("a command menu could not be set: %s", type(error).__name__)

    async def close(self) -> None:
        """Close the connections."""
        await self.bot.session.close()

    # Sending ----------------------------------------------------------------------------------------------------------

    async def _send(self, chat: int, reply: Reply, replace_ref: str) -> str:
        reply = await _drawn(reply)
        text = _with_long_copies(reply)
        keyboard = self._keyboard(chat, reply, replaces=bool(replace_ref))
        ref = ""
        if attachment := _attachment(chat, reply):
            if not text or (shown_units(text) <= CAPTION_LIMIT and not isinstance(attachment, WITHOUT_CAPTION)):
                below = {"reply_markup": keyboard} | ({"caption": text} if text else {})
                return await self._call(attachment.model_copy(update=below))
            ref = await self._call(attachment)
            replace_ref = ""
        parts = in_parts(text)
        for number, part in enumerate(parts, 1):
            below_part = keyboard if number == len(parts) else None
            if number == 1 and replace_ref and await self._edit(chat, replace_ref, part, below_part):
                ref = replace_ref
            else:
                ref = await self._call(SendMessage(chat_id=chat, text=part, reply_markup=below_part))
        return ref

    async def _edit(self, chat: int, ref: str, text: str, keyboard: Keyboard | None) -> bool:
        """Put a text in place of a message; False when that message is gone or cannot be edited any more."""
        inline = keyboard if isinstance(keyboard, InlineKeyboardMarkup) else None
        if isinstance(keyboard, ReplyKeyboardMarkup):
            return False
        try:
            await self._call(EditMessageText(chat_id=chat, message_id=int(ref), text=text, reply_markup=inline))
        except TelegramBadRequest as error:
            return "message is not modified" in error.message
        return True

    async def _call(self, method: TelegramMethod[Any]) -> str:
        """Call a method that sends or edits a message; the message's id."""
        try:
            message = await self.bot(method)
        except ClientDecodeError as error:
            # Accepted, but in words that this aiogram does not know: sending it again would double it.
            if isinstance(error.data, dict) and error.data.get("ok"):
                return str(error.data["result"]["message_id"])
            raise
        return str(message.message_id)

    def _keyboard(self, chat: int, reply: Reply, *, replaces: bool) -> Keyboard | None:
        """What stands under a reply. A contact button needs a keyboard of its own kind, which is taken away by the next
        message that carries nothing else."""
        if reply.asks_contact:
            self._asked_contact.add(chat)
            contact = KeyboardButton(text=plain(reply.asks_contact), request_contact=True)
            return ReplyKeyboardMarkup(keyboard=[[contact]], resize_keyboard=True, one_time_keyboard=True)
        rows = [[button for choice in row if (button := _button(choice))] for row in reply.choices]
        if any(rows):
            return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])
        if chat in self._asked_contact and not replaces:
            self._asked_contact.discard(chat)
            return ReplyKeyboardRemove(remove_keyboard=True)
        return None


def commands(menu: Menu) -> list[BotCommand]:
    """A menu in Telegram's words."""
    return [BotCommand(command=name, description=_cut(plain(line), 256)) for name, line in menu]


def undeliverable(error: AiogramError) -> Undeliverable:
    """What a failed call means for the message (RELIABILITY rule 5)."""
    detail = type(error).__name__
    match error:
        case TelegramRetryAfter():
            return Undeliverable(Trouble.SLOW_DOWN, detail, retry_after=error.retry_after)
        case TelegramMigrateToChat():
            return Undeliverable(Trouble.MOVED, detail, moved_to=str(error.migrate_to_chat_id))
        case TelegramUnauthorizedError():
            return Undeliverable(Trouble.UNAUTHORIZED, detail)
        case TelegramForbiddenError():
            return Undeliverable(Trouble.FORBIDDEN, error.message)
        case TelegramNetworkError() if isinstance(error.__cause__, CONNECTION_NEVER_MADE):
            return Undeliverable(Trouble.NEVER_SENT, type(error.__cause__).__name__)
        case TelegramNetworkError():
            return Undeliverable(Trouble.AMBIGUOUS, type(error.__cause__).__name__)
        case TelegramBadRequest() | TelegramNotFound() | TelegramEntityTooLarge():
            return Undeliverable(Trouble.REFUSED, error.message)
        case TelegramAPIError():
            return Undeliverable(Trouble.AMBIGUOUS, error.message)
    return Undeliverable(Trouble.AMBIGUOUS, detail)  # an answer that is no Bot API answer: the HTML page of a proxy


def _button(choice: Choice) -> InlineKeyboardButton | None:
    label = plain(choice.label)
    if choice.copy:
        if len(choice.copy) > COPY_LIMIT:
            return None
        return InlineKeyboardButton(text=label, copy_text=CopyTextButton(text=choice.copy))
    if choice.url:
        return InlineKeyboardButton(text=label, url=choice.url)
    return InlineKeyboardButton(text=label, callback_data=choice.data)


def _with_long_copies(reply: Reply) -> str:
    """The reply's text, with what is too long for a copy button below it: a tap on it copies it just as well."""
    long = [choice.copy for row in reply.choices for choice in row if len(choice.copy) > COPY_LIMIT]
    return "\n\n".join([str(reply.text), *(f"<code>{Markup.escape(text)}</code>" for text in long)])


async def _drawn(reply: Reply) -> Reply:
    """The reply with its chart as a picture, drawn beside the event loop; what cannot be drawn is still said."""
    if reply.chart is None:
        return reply
    try:
        content = await asyncio.to_thread(draw, reply.chart)
    except Exception:
        log.exception("a chart could not be drawn")
        return reply
    return replace(reply, picture=File("chart.png", content))


def _attachment(chat: int, reply: Reply) -> Attachment | None:
    if reply.picture and len(reply.picture.content) <= LARGEST_PHOTO:
        return SendPhoto(chat_id=chat, photo=BufferedInputFile(reply.picture.content, reply.picture.name))
    if file := reply.document or reply.picture:
        return SendDocument(chat_id=chat, document=BufferedInputFile(file.content, file.name))
    return _stored(chat, reply.stored_file) if reply.stored_file else None


def _stored(chat: int, file: StoredFile) -> Attachment:
    match file.kind:
        case "photo":
            return SendPhoto(chat_id=chat, photo=file.file_id)
        case "voice":
            return SendVoice(chat_id=chat, voice=file.file_id)
        case "video":
            return SendVideo(chat_id=chat, video=file.file_id)
        case "audio":
            return SendAudio(chat_id=chat, audio=file.file_id)
        case "animation":
            return SendAnimation(chat_id=chat, animation=file.file_id)
        case "video_note":
            return SendVideoNote(chat_id=chat, video_note=file.file_id)
        case "location":
            latitude, longitude = file.file_id.split(",")
            return SendLocation(chat_id=chat, latitude=float(latitude), longitude=float(longitude))
    return SendDocument(chat_id=chat, document=file.file_id)


def _cut(text: str, limit: int) -> str:
    """`text` in at most `limit` UTF-16 units, with an ellipsis where it was cut."""
    if units(text) <= limit:
        return text
    kept = text[: limit - 1]
    while units(kept) > limit - 1:
        kept = kept[:-1]
    return kept + "…"
