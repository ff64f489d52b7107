"""Every rule that a bot could break is enforced, seen through a real aiogram client."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    ReplyParameters,
)
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.clock import WoundClock
from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats
from tests.sandbox.conftest import HUNG, LAN, TOKEN, png

PRESS_EXPIRED = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def buttons(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=list(rows))


def button(text: str = "Xong", data: str = "done", **kinds: Any) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data or None, **kinds)


@pytest.fixture(autouse=True)
def started(chats: Chats) -> None:
    chats.start(LAN)


async def refused(call: Any, kind: type[TelegramAPIError] = TelegramBadRequest) -> str:
    """What the Bot API says to a call that it must refuse."""
    with pytest.raises(kind) as raised:
        await call
    return raised.value.message.partition("server says - ")[2] or raised.value.message


async def write_to(bot: Bot, person_ids: Iterable[int]) -> None:
    for person_id in person_ids:
        await bot.send_message(person_id, "x")


class TestTexts:
    @pytest.mark.parametrize("text", ["", "   ", "<b> </b>", "\n"])
    async def test_an_empty_text_is_refused(self, bot: Bot, text: str) -> None:
        assert await refused(bot.send_message(LAN, text)) == "Bad Request: message text is empty"

    async def test_length_is_counted_in_utf16_units_after_parsing(self, bot: Bot) -> None:
        await bot.send_message(LAN, "<b>" + "😀" * 2048 + "</b>")
        assert await refused(bot.send_message(LAN, "😀" * 2048 + "x")) == "Bad Request: message is too long"

    async def test_a_caption_is_shorter(self, bot: Bot) -> None:
        photo = BufferedInputFile(png(), "a.png")
        await bot.send_photo(LAN, photo, caption="x" * 1024)
        complaint = await refused(bot.send_photo(LAN, photo, caption="x" * 1025))
        assert complaint == "Bad Request: message caption is too long"

    async def test_an_answer_names_the_message_that_it_answers(self, bot: Bot, chats: Chats) -> None:
        asked = chats.say(LAN, "Giá bao nhiêu?")
        answer = await bot.send_message(LAN, "12tr5", reply_parameters=ReplyParameters(message_id=asked.id))
        assert answer.reply_to_message
        assert answer.reply_to_message.text == "Giá bao nhiêu?"
        lost = ReplyParameters(message_id=1)
        assert await refused(bot.send_message(LAN, "x", reply_parameters=lost)) == (
            "Bad Request: message to be replied not found"
        )
        await bot.send_message(
            LAN, "x", reply_parameters=ReplyParameters(message_id=1, allow_sending_without_reply=True)
        )


class TestButtons:
    async def test_data_is_measured_in_bytes(self, bot: Bot) -> None:
        await bot.send_message(LAN, "x", reply_markup=buttons([button(data="x" * 64)]))
        complaint = await refused(bot.send_message(LAN, "x", reply_markup=buttons([button(data="ễ" * 22)])))
        assert complaint == "Bad Request: BUTTON_DATA_INVALID"

    async def test_a_button_does_exactly_one_thing(self, bot: Bot) -> None:
        prefix = "Bad Request: can't parse inline keyboard button: "
        complaint = await refused(bot.send_message(LAN, "x", reply_markup=buttons([button(data="")])))
        assert complaint == prefix + "Text buttons are unallowed in the inline keyboard"
        complaint = await refused(bot.send_message(LAN, "x", reply_markup=buttons([button(url="https://a.vn")])))
        assert complaint == prefix + "InlineKeyboardButton must have exactly one optional field"

    async def test_a_hundred_buttons_are_the_most(self, bot: Bot) -> None:
        await bot.send_message(LAN, "x", reply_markup=buttons(*[[button()] * 5] * 20))
        complaint = await refused(bot.send_message(LAN, "x", reply_markup=buttons(*[[button()] * 5] * 20, [button()])))
        assert complaint == "Bad Request: reply markup is too long"

    async def test_a_link_needs_a_host_with_a_dot(self, bot: Bot) -> None:
        await bot.send_message(LAN, "x", reply_markup=buttons([button(data="", url="http://127.0.0.1:8080/s/x")]))
        complaint = await refused(
            bot.send_message(LAN, "x", reply_markup=buttons([button(data="", url="http://localhost/")]))
        )
        assert complaint == "Bad Request: inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL"

    async def test_only_a_button_that_calls_the_bot_can_be_tapped(self, bot: Bot, chats: Chats) -> None:
        copy = button("Chép", data="", copy_text=CopyTextButton(text="Chào chị"))
        sent = await bot.send_message(LAN, "x", reply_markup=buttons([copy]))
        with pytest.raises(ValueError, match="copy_text"):
            chats.tap(LAN, sent.message_id, "Chép")
        with pytest.raises(LookupError):
            chats.tap(LAN, sent.message_id, "Xong")
        with pytest.raises(LookupError):
            chats.tap(HUNG, sent.message_id, "Chép")


class TestEdits:
    async def test_an_edit_must_change_something(self, bot: Bot, chats: Chats) -> None:
        sent = await bot.send_message(LAN, "<b>Lan</b>", reply_markup=buttons([button()]))
        same = bot.edit_message_text(
            "<b>Lan</b>", chat_id=LAN, message_id=sent.message_id, reply_markup=sent.reply_markup
        )
        assert await refused(same) == (
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
        await bot.edit_message_text("<i>Lan</i>", chat_id=LAN, message_id=sent.message_id)
        shown = chats.message(LAN, sent.message_id)
        assert shown
        assert (shown.html, shown.labels, shown.edits) == ("<i>Lan</i>", [], 1)

    async def test_only_the_bots_own_messages_without_a_reply_keyboard_can_be_edited(
        self, bot: Bot, chats: Chats
    ) -> None:
        mine = chats.say(LAN, "của tôi")
        forced = await bot.send_message(LAN, "Tên?", reply_markup=ForceReply())
        for message_id in (mine.id, forced.message_id):
            edit = bot.edit_message_text("x", chat_id=LAN, message_id=message_id)
            assert await refused(edit) == "Bad Request: message can't be edited"
        edit = bot.edit_message_text("x", chat_id=LAN, message_id=1)
        assert await refused(edit) == "Bad Request: message to edit not found"

    async def test_text_caption_and_media_are_edited_each_by_its_own_method(self, bot: Bot, chats: Chats) -> None:
        sent = await bot.send_photo(LAN, BufferedInputFile(png(), "a.png"), caption="Tuần 1")
        edit = bot.edit_message_text("x", chat_id=LAN, message_id=sent.message_id)
        assert await refused(edit) == "Bad Request: there is no text in the message to edit"
        await bot.edit_message_caption(chat_id=LAN, message_id=sent.message_id, caption="Tuần 2")
        media = InputMediaPhoto(media=BufferedInputFile(png(50, 50), "b.png"), caption="Tuần 3")
        await bot.edit_message_media(media, chat_id=LAN, message_id=sent.message_id)
        shown = chats.message(LAN, sent.message_id)
        assert shown
        assert shown.file
        assert (shown.text, shown.file.width, shown.edits) == ("Tuần 3", 50, 2)

    async def test_a_message_can_be_deleted_for_two_days(self, bot: Bot, chats: Chats, clock: WoundClock) -> None:
        first, second = await bot.send_message(LAN, "1"), await bot.send_message(LAN, "2")
        clock.wind(timedelta(hours=47))
        await bot.delete_message(LAN, first.message_id)
        assert chats.message(LAN, first.message_id) is None
        assert await refused(bot.delete_message(LAN, first.message_id)) == "Bad Request: message to delete not found"
        clock.wind(timedelta(hours=2))
        complaint = await refused(bot.delete_message(LAN, second.message_id))
        assert complaint == "Bad Request: message can't be deleted for everyone"


class TestPresses:
    async def test_a_press_is_answered_once_within_the_window(self, bot: Bot, chats: Chats, clock: WoundClock) -> None:
        sent = await bot.send_message(LAN, "x", reply_markup=buttons([button()]))
        early, late = (chats.tap(LAN, sent.message_id, "Xong") for _ in range(2))
        assert "MESSAGE_TOO_LONG" in await refused(bot.answer_callback_query(early.id, "x" * 201))
        clock.wind(timedelta(seconds=149))
        await bot.answer_callback_query(early.id, "x" * 200)
        assert await refused(bot.answer_callback_query(early.id)) == PRESS_EXPIRED
        clock.wind(timedelta(seconds=2))
        assert await refused(bot.answer_callback_query(late.id)) == PRESS_EXPIRED
        assert late.answer is None

    async def test_presses_during_a_downtime_are_lost_and_messages_are_not(
        self, bot: Bot, chats: Chats, clock: WoundClock
    ) -> None:
        sent = await bot.send_message(LAN, "x", reply_markup=buttons([button()]))
        chats.tap(LAN, sent.message_id, "Xong")
        clock.wind(timedelta(seconds=151))
        assert [update.event_type for update in await bot.get_updates()] == ["message"]
        clock.wind(timedelta(hours=24))
        assert await bot.get_updates() == []

    async def test_a_forged_press_on_a_message_that_is_gone_shows_no_content(self, bot: Bot, chats: Chats) -> None:
        chats.forge(LAN, "done:41", message_id=7)
        update = (await bot.get_updates())[-1]
        assert update.callback_query
        assert update.callback_query.message
        assert (update.callback_query.data, update.callback_query.message.date) == ("done:41", 0)


class TestWhoMayBeWrittenTo:
    async def test_nobody_who_never_pressed_start(self, bot: Bot) -> None:
        assert await refused(bot.send_message(HUNG, "x")) == "Bad Request: chat not found"
        assert await refused(bot.send_message(999, "x")) == "Bad Request: chat not found"

    async def test_nobody_who_has_blocked_the_bot_or_is_gone(self, bot: Bot, chats: Chats) -> None:
        chats.block(LAN)
        complaint = await refused(bot.send_message(LAN, "x"), TelegramForbiddenError)
        assert complaint == "Forbidden: bot was blocked by the user"
        update = (await bot.get_updates())[-1]
        assert update.my_chat_member
        assert update.my_chat_member.new_chat_member.status == "kicked"
        with pytest.raises(ValueError, match="blocked"):
            chats.say(LAN, "x")
        chats.unblock(LAN)
        await bot.send_message(LAN, "x")
        chats.deactivate(LAN)
        complaint = await refused(bot.send_message(LAN, "x"), TelegramForbiddenError)
        assert complaint == "Forbidden: user is deactivated"

    async def test_a_chat_can_be_looked_up(self, bot: Bot) -> None:
        chat = await bot.get_chat(LAN)
        assert (chat.type, chat.first_name, chat.last_name) == ("private", "Lan", "Nguyễn")


class TestPace:
    async def test_a_burst_to_one_chat_is_stopped_and_told_how_long_to_wait(self, bot: Bot, chats: Chats) -> None:
        with pytest.raises(TelegramRetryAfter) as raised:
            await write_to(bot, [LAN] * 12)
        assert raised.value.retry_after == 1
        assert len(chats.messages(LAN)) == 11
        chats.start(HUNG)
        await bot.send_message(HUNG, "x")

    async def test_thirty_a_second_are_the_most_over_all_chats(self, bot: Bot, chats: Chats) -> None:
        many = range(2000, 2080)
        for person_id in many:
            chats.add_person(person_id, "Khách")
            chats.start(person_id)
        with pytest.raises(TelegramRetryAfter):
            await write_to(bot, many)
        assert sum(bool(chats.last(person_id)) for person_id in many) >= 30

    async def test_the_limits_can_be_lifted(self, clock: WoundClock) -> None:
        api = BotApi(clock.now, TOKEN, pace=False)
        assert api._pace is None


class TestFiles:
    async def test_a_bot_downloads_up_to_twenty_megabytes(self, bot: Bot, chats: Chats) -> None:
        for size in (20 << 20, (20 << 20) + 1):
            chats.send_document(LAN, "a.bin", b"x" * size)
        small, large = (update.message.document for update in (await bot.get_updates())[-2:] if update.message)
        assert small
        assert large
        file = await bot.get_file(small.file_id)
        assert file.file_path
        content = await bot.download_file(file.file_path)
        assert content
        assert len(content.read()) == 20 << 20
        assert await refused(bot.get_file(large.file_id)) == "Bad Request: file is too big"
        assert await refused(bot.get_file("x")) == ("Bad Request: wrong file_id or the file is temporarily unavailable")

    async def test_what_is_no_picture_or_too_large_is_not_taken(self, bot: Bot) -> None:
        assert "IMAGE_PROCESS_FAILED" in await refused(bot.send_photo(LAN, BufferedInputFile(b"no picture", "a.png")))
        wide = BufferedInputFile(png(9000, 1001), "a.png")
        assert "PHOTO_INVALID_DIMENSIONS" in await refused(bot.send_photo(LAN, wide))
        heavy = BufferedInputFile(png() + b"x" * (10 << 20), "a.png")
        assert "is too big for a photo" in await refused(bot.send_photo(LAN, heavy))
        assert await refused(bot.send_document(LAN, BufferedInputFile(b"", "a.txt"))) == (
            "Bad Request: file must be non-empty"
        )
        huge = BufferedInputFile(b"x" * ((50 << 20) + 1), "a.bin")
        await refused(bot.send_document(LAN, huge), TelegramEntityTooLarge)

    async def test_a_file_is_sent_again_by_its_id(self, bot: Bot, chats: Chats) -> None:
        sent = await bot.send_document(LAN, BufferedInputFile(b"a;b", "khách.csv"))
        assert sent.document
        again = await bot.send_document(LAN, sent.document.file_id, caption="lần nữa")
        assert again.document
        assert again.document.file_name == "khách.csv"
        assert again.document.file_id == sent.document.file_id

    async def test_voice_location_and_contact_go_out_and_come_in(self, bot: Bot, chats: Chats) -> None:
        await bot.send_voice(LAN, BufferedInputFile(b"OggS", "a.ogg"), duration=2)
        await bot.send_location(LAN, 10.77, 106.70)
        await bot.send_contact(LAN, "+84912345678", "Lan")
        assert [m.kind for m in chats.messages(LAN)[1:]] == ["voice", "location", "contact"]
        chats.send_voice(LAN, b"OggS", 4)
        chats.send_location(LAN, 21.03, 105.85)
        chats.send_photo(LAN, png(), caption="cửa hàng")
        chats.forward(LAN, "Cho tôi 2 hộp", from_name="Cô Ba")
        voice, place, photo, forwarded = [u.message for u in (await bot.get_updates())[-4:] if u.message]
        assert voice.voice
        assert voice.voice.duration == 4
        assert place.location
        assert place.location.latitude == 21.03
        assert photo.photo
        assert photo.caption == "cửa hàng"
        assert forwarded.forward_origin
        assert forwarded.forward_origin.type == "hidden_user"


class TestCommandsAndInline:
    async def test_a_person_sees_the_narrowest_menu_in_their_language(
        self, bot: Bot, api: BotApi, chats: Chats
    ) -> None:
        chats.add_person(1003, "Anna", language_code="en-GB")
        await bot.set_my_commands([BotCommand(command="help", description="Help")])
        await bot.set_my_commands([BotCommand(command="trogiup", description="Trợ giúp")], language_code="vi")
        await bot.set_my_commands(
            [BotCommand(command="homnay", description="Hôm nay")], scope=BotCommandScopeChat(chat_id=LAN)
        )
        seen = {p.id: [c["command"] for c in api.commands.shown_to(p)] for p in chats.persons}
        assert seen == {LAN: ["homnay"], HUNG: ["trogiup"], 1003: ["help"]}
        await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=LAN))
        assert [c["command"] for c in api.commands.shown_to(chats.person(LAN))] == ["trogiup"]
        assert [c.command for c in await bot.get_my_commands()] == ["help"]

    async def test_a_command_that_telegram_would_not_take_is_refused(self, bot: Bot) -> None:
        wrong = BotCommand(command="HomNay", description="x")
        assert await refused(bot.set_my_commands([wrong])) == "Bad Request: BOT_COMMAND_INVALID"
        many = [BotCommand(command=f"c{n}", description="x") for n in range(101)]
        assert await refused(bot.set_my_commands(many)) == "Bad Request: BOT_COMMANDS_TOO_MUCH"

    async def test_an_inline_question_gets_up_to_fifty_results(self, bot: Bot, chats: Chats) -> None:
        question = chats.ask_inline(LAN, "lan")
        assert (await bot.get_updates())[-1].inline_query
        content = InputTextMessageContent(message_text="Chị Lan")
        results = [InlineQueryResultArticle(id=str(n), title="Lan", input_message_content=content) for n in range(51)]
        complaint = await refused(bot.answer_inline_query(question.id, results))  # type: ignore[arg-type]
        assert complaint == "Bad Request: too many inline query results specified"
        await bot.answer_inline_query(question.id, results[:50])  # type: ignore[arg-type]
        assert question.results
        assert len(question.results) == 50


class TestTheServer:
    async def test_an_unknown_method_and_a_wrong_token_are_refused(self, server: TestServer) -> None:
        async with ClientSession() as client:
            for path, code, description in [
                (f"/bot{TOKEN}/makeCoffee", 404, "Not Found: method not found"),
                ("/bot1:x/getMe", 401, "Unauthorized"),
                (f"/file/bot{TOKEN}/documents/file_9.txt", 404, "Not Found"),
            ]:
                async with client.get(server.make_url(path)) as response:
                    body = await response.json()
                assert (response.status, body) == (code, {"ok": False, "error_code": code, "description": description})

    async def test_arguments_come_as_query_form_or_json(self, server: TestServer, chats: Chats) -> None:
        url = server.make_url(f"/bot{TOKEN}/SendMessage")
        markup = {"inline_keyboard": [[{"text": "Xong", "callback_data": "done"}]]}
        async with ClientSession() as client:
            await client.get(url, params={"chat_id": str(LAN), "text": "query", "reply_markup": json.dumps(markup)})
            await client.post(url, data={"chat_id": str(LAN), "text": "form", "reply_markup": json.dumps(markup)})
            await client.post(url, json={"chat_id": LAN, "text": "json", "reply_markup": markup})
        assert [(m.text, m.labels) for m in chats.messages(LAN)[1:]] == [
            (t, ["Xong"]) for t in ("query", "form", "json")
        ]

    async def test_unauthorized_reaches_aiogram_as_such(self, server: TestServer, bot: Bot) -> None:
        stranger = Bot("1:wrong", bot.session)
        assert await refused(stranger.get_me(), TelegramUnauthorizedError) == "Unauthorized"

    @pytest.mark.parametrize(
        ("method", "arguments"),
        [
            ("sendMessage", {"text": "x", "entities": [{"type": "bold"}]}),
            ("sendMessage", {"text": "x", "entities": "{"}),
            ("sendMessage", {"text": "x", "reply_markup": "[]"}),
            ("sendMessage", {"text": "x", "reply_parameters": {"message_id": "y"}}),
            ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [{}]}}),
            ("sendMessage", {"text": "\ud800"}),
            ("sendLocation", {"latitude": "north"}),
            ("getUpdates", {"allowed_updates": 7}),
            ("setMyCommands", {"commands": "{}"}),
            ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": "z"}}),
            ("editMessageMedia", {"message_id": 1, "media": "[]"}),
            ("answerInlineQuery", {"results": [7]}),
        ],
    )
    async def test_nonsense_is_refused_and_not_a_crash(
        self, server: TestServer, method: str, arguments: dict[str, Any]
    ) -> None:
        async with ClientSession() as client:
            url = server.make_url(f"/bot{TOKEN}/{method}")
            async with client.post(url, json={"chat_id": LAN, **arguments}) as response:
                body = await response.json()
        assert (response.status, body["description"][:13]) == (400, "Bad Request: ")
