"""Groups on the stand-in: what reaches the bot of their talk, and what the bot may do there, as on Telegram."""

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
)

from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats
from bot.sandbox.groups import Group
from tests.sandbox.conftest import HUNG, LAN

TEAM = "Nhóm bán hàng"


@pytest.fixture
def group(chats: Chats) -> Group:
    return chats.groups.add(TEAM, [LAN, HUNG])


async def heard(bot: Bot) -> list[Message]:
    """What persons wrote that reached the bot."""
    return [update.message for update in await bot.get_updates() if update.message and update.message.text]


async def test_the_bot_learns_that_it_was_taken_in(bot: Bot, group: Group) -> None:
    change, remark = await bot.get_updates()
    assert change.my_chat_member
    assert (change.my_chat_member.chat.type, change.my_chat_member.chat.title) == ("supergroup", TEAM)
    assert change.my_chat_member.old_chat_member.status == "left"
    assert change.my_chat_member.new_chat_member.status == "member"
    assert remark.message
    assert remark.message.new_chat_members
    assert [user.id for user in remark.message.new_chat_members] == [bot.id]


async def test_only_commands_and_replies_reach_a_bot_that_is_a_member(bot: Bot, chats: Chats, group: Group) -> None:
    own = await bot.send_message(group.id, "Chào cả nhóm")
    for text in ("mai họp nhé", "/tuan", "/tuan@chamkhach_bot truoc", "/tuan@other_bot", "chị Lan /tuan"):
        chats.say(LAN, text, group=group.id)
    chats.say(HUNG, "cảm ơn", reply_to=own.message_id, group=group.id)
    found = await heard(bot)
    assert [message.text for message in found] == ["/tuan", "/tuan@chamkhach_bot truoc", "cảm ơn"]
    assert [message.from_user.id for message in found if message.from_user] == [LAN, LAN, HUNG]
    assert {message.chat.id for message in found} == {group.id}
    assert group.id <= -1_000_000_000_000
    assert found[2].reply_to_message
    assert len(chats.messages(group.id)) == 7, "everybody else in the group reads everything"


async def test_everything_reaches_an_administrator(bot: Bot, chats: Chats) -> None:
    group = chats.groups.add(TEAM, [LAN, HUNG], bot="administrator")
    chats.say(LAN, "mai họp nhé", group=group.id)
    chats.say(LAN, "/tuan@other_bot", group=group.id)
    assert [message.text for message in await heard(bot)] == ["mai họp nhé", "/tuan@other_bot"]


async def test_an_anonymous_administrator_writes_in_the_groups_name(bot: Bot, chats: Chats, group: Group) -> None:
    chats.say(LAN, "/tuan", group=group.id, anonymous=True)
    [message] = await heard(bot)
    assert message.from_user
    assert message.sender_chat
    assert (message.from_user.username, message.sender_chat.id) == ("GroupAnonymousBot", group.id)


async def test_a_tap_in_a_group_says_who_and_where(bot: Bot, chats: Chats, group: Group) -> None:
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Tuần trước", callback_data="week:1")]])
    sent = await bot.send_message(group.id, "Tuần này", reply_markup=keyboard)
    press = chats.tap(HUNG, sent.message_id, "Tuần trước", group=group.id)
    query = (await bot.get_updates())[-1].callback_query
    assert query
    assert query.message
    assert (query.from_user.id, query.message.chat.id, query.data) == (HUNG, group.id, "week:1")
    await query.as_(bot).answer("xong")
    assert press.answer
    await bot.edit_message_text("Tuần trước", chat_id=group.id, message_id=sent.message_id)
    last = chats.last(group.id)
    assert last
    assert last.text == "Tuần trước"


async def test_a_bot_that_is_not_in_it_is_refused(bot: Bot, chats: Chats, group: Group) -> None:
    strangers = chats.groups.add("Nhóm khác", [LAN], bot="left")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(strangers.id, "x")
    chats.groups.set_bot(group.id, "kicked")
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "x")
    change = (await bot.get_updates())[-1].my_chat_member
    assert change
    assert change.new_chat_member.status == "kicked"
    chats.say(LAN, "/tuan", group=group.id)
    assert await heard(bot) == []


async def test_who_is_not_in_it_cannot_write_there(chats: Chats, group: Group) -> None:
    chats.add_person(1003, "Quân")
    with pytest.raises(ValueError, match="cannot write"):
        chats.say(1003, "/tuan", group=group.id)


async def test_a_group_that_became_a_supergroup_has_moved(bot: Bot, chats: Chats) -> None:
    old = chats.groups.add(TEAM, [LAN], basic=True)
    assert -1_000_000_000_000 < old.id < 0
    new = chats.groups.upgrade(old.id)
    with pytest.raises(TelegramMigrateToChat) as raised:
        await bot.send_message(old.id, "x")
    assert raised.value.migrate_to_chat_id == new.id
    await bot.send_message(new.id, "x")
    remarks = [update.message for update in await bot.get_updates() if update.message]
    assert [m.migrate_to_chat_id for m in remarks if m.migrate_to_chat_id] == [new.id]


async def test_a_group_asks_for_nobodys_number(bot: Bot, group: Group) -> None:
    button = KeyboardButton(text="Gửi số", request_contact=True)
    with pytest.raises(TelegramBadRequest, match="private chats only"):
        await bot.send_message(group.id, "x", reply_markup=ReplyKeyboardMarkup(keyboard=[[button]]))


async def test_groups_have_a_menu_of_their_own(bot: Bot, api: BotApi, chats: Chats, group: Group) -> None:
    await bot.set_my_commands([BotCommand(command="start", description="Bắt đầu")])
    await bot.set_my_commands(
        [BotCommand(command="tuan", description="Tuần này")], scope=BotCommandScopeAllGroupChats()
    )
    lan = chats.person(LAN)
    assert [c["command"] for c in api.commands.shown_to(lan)] == ["start"]
    assert [c["command"] for c in api.commands.shown_to(lan, group)] == ["tuan"]


async def test_twenty_a_minute_are_the_most_to_a_group(bot: Bot, api: BotApi, group: Group) -> None:
    assert api._pace
    for _ in range(20):
        api._pace._chats.clear()  # the limit of one a second would speak first
        await bot.send_message(group.id, "x")
    api._pace._chats.clear()
    with pytest.raises(TelegramRetryAfter) as raised:
        await bot.send_message(group.id, "x")
    assert 50 <= raised.value.retry_after <= 60
