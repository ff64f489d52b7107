"""A group at the edge, end to end against the stand-in: who is heard, who is answered, and what everybody there gets to see (S12)."""

import pytest

from bot.channels.telegram import Telegram
from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats
from bot.sandbox.groups import Group
from bot.storage.store import SqlStore
from tests.channels.conftest import LAN
from tests.channels.test_telegram_intake import HUNG, Edge, answers

STRANGER = 1003


@pytest.fixture
async def edge(store: SqlStore, telegram: Telegram, api: BotApi) -> Edge:
    edge = Edge(store, telegram, api)
    await edge.hire(LAN)
    await edge.hire(HUNG)
    api.chats.add_person(STRANGER, "Người lạ")
    return edge


@pytest.fixture
def group(edge: Edge, chats: Chats) -> Group:
    return chats.groups.add("Nhóm bán hàng", [LAN, HUNG, STRANGER], bot="administrator")


HELLO = (
    "Em chào cả nhóm ạ. Quản lý gõ /tuan ở đây để xem tổng kết tuần của đội.\n"
    "Khách luôn được giữ kín: em không hiện thông tin của khách nào trong nhóm."
)


async def test_the_bot_says_hello_once_and_answers_members_commands_alone(
    edge: Edge, chats: Chats, group: Group
) -> None:
    async with edge.working(edge.intake.listen):
        await chats.until(lambda: answers(chats, group.id) == [HELLO])
        chats.say(LAN, "mai họp nhé", group=group.id)
        chats.say(LAN, "chị Lan 0912 345 678", group=group.id)
        chats.say(STRANGER, "/tuan", group=group.id)
        chats.say(LAN, "/tuan", group=group.id, anonymous=True)
        chats.forward(LAN, "/tuan", "Ai đó", group=group.id)
        chats.say(LAN, "/tuan@other_bot", group=group.id)
        chats.say(LAN, "/tuan@chamkhach_bot này", group=group.id)
        await chats.until(lambda: len(answers(chats, group.id)) == 2)
        chats.say(HUNG, "/homnay", group=group.id)
        chats.say(HUNG, "/tuan sau", group=group.id)
        await chats.until(lambda: len(answers(chats, group.id)) == 4)
    assert answers(chats, group.id)[1:] == ["Đã lưu này", "Không được: not_in_a_group", "Đã lưu sau"]
    assert await edge.written(LAN) == ["này"]
    assert await edge.written(HUNG) == ["sau"]
    assert not answers(chats, LAN), "what is asked in a group is answered there"


async def test_a_tap_in_a_group_counts_as_the_persons_who_tapped(edge: Edge, chats: Chats, group: Group) -> None:
    async with edge.working(edge.intake.listen):
        chats.say(LAN, "/tuan", group=group.id)
        shown = await chats.until(
            lambda: (m := chats.last(group.id)) if (m := chats.last(group.id)) and m.labels else None
        )
        stranger = chats.tap(STRANGER, shown.id, "Xong", group=group.id)
        await chats.until(lambda: stranger.answer is not None)
        forged = chats.forge(LAN, "broken", shown.id, group=group.id)
        await chats.until(lambda: forged.answer is not None)
        unchanged = chats.message(group.id, shown.id)
        assert unchanged
        assert unchanged.text == "Đã lưu"
        own = chats.tap(HUNG, shown.id, "Xong", group=group.id)
        await chats.until(lambda: own.answer is not None)
        await chats.until(lambda: (m := chats.message(group.id, shown.id)) is not None and m.text == "Xong")
    assert stranger.answer
    assert stranger.answer.text == ""
    assert forged.answer
    assert forged.answer.text == "Không được: not_in_a_group"


async def test_a_group_has_a_menu_of_what_it_may_ask(edge: Edge, chats: Chats, api: BotApi, group: Group) -> None:
    await edge.intake.show_default_menus("Asia/Ho_Chi_Minh")
    assert [c["command"] for c in api.commands.shown_to(chats.person(LAN), group)] == ["tuan"]


async def test_a_link_opens_the_private_chat_of_the_bot(edge: Edge, chats: Chats, telegram: Telegram) -> None:
    assert telegram.link_to("join_x") == ""
    async with edge.working(edge.intake.listen):
        await chats.until(lambda: telegram.username)
        link = telegram.link_to("join_x")
        assert link == "https://t.me/chamkhach_bot?start=join_x"
        assert chats.open_link(STRANGER, link).text == "/start join_x"


async def test_the_name_is_asked_for_until_telegram_says_it(edge: Edge, chats: Chats, api: BotApi) -> None:
    api.faults.next("getMe", 502)
    chats.say(LAN, "một")
    async with edge.working(edge.intake.listen):
        await chats.until(lambda: answers(chats) == ["Đã lưu một"])
    assert edge.telegram.username == "chamkhach_bot"


async def test_who_floods_a_group_is_not_told_so_before_everybody(edge: Edge, chats: Chats, group: Group) -> None:
    for number in range(600):
        chats.say(STRANGER, f"/tuan {number}", group=group.id)
    async with edge.working(edge.intake.listen):
        chats.say(LAN, "/tuan này", group=group.id)
        await chats.until(lambda: "Đã lưu này" in answers(chats, group.id))
    assert answers(chats, group.id) == [HELLO, "Đã lưu này"]
