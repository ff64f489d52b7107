"""The outbox is emptied at the channel's pace, and the ledger tells what became of each message."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from markupsafe import Markup
from sqlalchemy import select

from bot.blocked import tell_owners_of_blocked
from bot.channels.telegram import Telegram
from bot.clock import WoundClock
from bot.dispatcher import Dispatcher
from bot.domain.delivery import LEASE, Audience, Delivery, DeliveryState, NewDelivery
from bot.domain.groups import GroupChat
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.i18n import Translator
from bot.messages import Reply
from bot.pace import CHAT_GAP, LONGEST_LATENESS, PER_SECOND
from bot.sandbox.bot_api import BotApi
from bot.sandbox.chats import Chats
from bot.storage.engine import Engines
from bot.storage.store import SqlStore
from bot.storage.tables import outbox
from tests.channels.conftest import LAN, TOKEN, api_url, chats, telegram

__all__ = ["api_url", "chats", "telegram"]

HUNG = 1002
T = Translator("vi", "Asia/Ho_Chi_Minh")


@pytest.fixture
def clock() -> WoundClock:
    return WoundClock()


@pytest.fixture
def api(clock: WoundClock) -> BotApi:
    api = BotApi(clock.now, TOKEN, pace=False)
    for number in (LAN, HUNG):
        api.chats.add_person(number, f"Người {number}").started = True
    return api


@dataclass
class Post:
    """A dispatcher at work, and the outbox that it empties."""

    store: SqlStore
    clock: WoundClock
    telegram: Telegram
    database_url: str
    keys: int = 0
    blocked: list[Address] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dispatcher = Dispatcher(self.store, self.clock, [self.telegram], self._on_blocked, Markup("(gửi lại)"))

    async def _on_blocked(self, address: Address) -> None:
        self.blocked.append(address)
        for _ in range(2):
            await tell_owners_of_blocked(self.store, address, lambda member: T, self.clock.now())
        self.dispatcher.wake()

    async def queue(self, text: str, chat: int = LAN, audience: Audience = Audience.MEMBER, **more: datetime) -> None:
        """Queue a message."""
        self.keys += 1
        async with self.store.begin() as uow:
            await uow.outbox.queue(self._new(text, chat, audience, f"test:{self.keys}", **more))
            await uow.commit()
        self.dispatcher.wake()

    async def answer(self, *texts: str, chat: int = LAN) -> Sequence[Delivery]:
        """Commit answers as a turn does, without sending them yet."""
        async with self.store.begin() as uow:
            self.keys += 1
            new = [self._new(text, chat, Audience.MEMBER, f"a:{self.keys}:{n}") for n, text in enumerate(texts)]
            deliveries = await uow.outbox.answer(new, self.clock.now() + LEASE)
            await uow.commit()
        return deliveries

    def _new(self, text: str, chat: int, audience: Audience, key: str, **more: datetime) -> NewDelivery:
        payload = Reply(Markup(text)).to_record()
        due_at = more.get("due_at", self.clock.now())
        return NewDelivery(key, "telegram", str(chat), audience, "test", payload, due_at, more.get("expires_at"))

    async def rows(self) -> list[tuple[str, DeliveryState]]:
        """What the ledger says: text and state, in the order queued."""
        engines = Engines(self.database_url)
        async with engines.reading() as sql:
            found = await sql.rows(select(outbox.c.payload, outbox.c.state).order_by(outbox.c.id))
        await engines.close()
        return [(row.payload["text"], row.state) for row in found]

    async def until_settled(self, *states: DeliveryState) -> list[tuple[str, DeliveryState]]:
        """Wait until all rows are in one of these states."""
        async with asyncio.timeout(60):
            while True:
                rows = await self.rows()
                if all(state in states for _, state in rows):
                    return rows
                await asyncio.sleep(0.05)


@pytest.fixture
async def post(store: SqlStore, clock: WoundClock, telegram: Telegram, database_url: str) -> AsyncIterator[Post]:
    post = Post(store, clock, telegram, database_url)
    tasks = [asyncio.create_task(work()) for work in (post.dispatcher.run, post.dispatcher.report_answers)]
    yield post
    await post.dispatcher.stop(2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def texts(chats: Chats, person: int = LAN) -> list[str]:
    return [message.text for message in chats.messages(person) if message.from_bot]


def seen(chats: Chats, *expected: str, person: int = LAN) -> Callable[[], bool]:
    return lambda: texts(chats, person) == list(expected)


async def test_what_is_due_is_sent_and_what_is_not_waits(post: Post, chats: Chats) -> None:
    await post.queue("mai", due_at=post.clock.now() + timedelta(days=1))
    await post.queue("bây giờ")
    await chats.until(seen(chats, "bây giờ"))
    post.clock.wind(timedelta(days=1))
    await chats.until(seen(chats, "bây giờ", "mai"))


async def test_answers_go_at_once_and_in_order(post: Post, chats: Chats) -> None:
    post.dispatcher.answer(await post.answer("một", "hai", "ba"))
    await chats.until(seen(chats, "một", "hai", "ba"))
    await post.until_settled(DeliveryState.SENT)


async def test_answers_of_a_process_that_died_are_sent_by_whoever_comes_next(post: Post, chats: Chats) -> None:
    await post.answer("chưa gửi thì chết")
    post.clock.wind(LEASE + timedelta(seconds=1))
    await chats.until(seen(chats, "(gửi lại)\n\nchưa gửi thì chết"))
    await post.until_settled(DeliveryState.SENT)


async def test_what_came_too_late_is_not_sent(post: Post) -> None:
    await post.queue(
        "muộn", due_at=post.clock.now() - timedelta(hours=2), expires_at=post.clock.now() - timedelta(hours=1)
    )
    await post.until_settled(DeliveryState.EXPIRED)


async def test_one_chat_gets_one_unasked_message_a_second_and_others_do_not_wait_for_it(
    post: Post, api: BotApi, chats: Chats
) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with post.store.begin() as uow:
        for text, chat in (("0", LAN), ("1", LAN), ("2", LAN), ("khác", HUNG)):
            await uow.outbox.queue(post._new(text, chat, Audience.MEMBER, text))
        await uow.commit()
    post.dispatcher.wake()
    await chats.until(seen(chats, "0", "1", "2"))
    assert loop.time() - began >= 2 * CHAT_GAP
    order = [call.chat_id for call in api.calls if call.method == "sendMessage"]
    assert order.index(HUNG) < 2


async def test_many_go_at_the_pace_and_never_faster(post: Post, api: BotApi, chats: Chats) -> None:
    persons = [5000 + number for number in range(75)]
    for person in persons:
        api.chats.add_person(person, "Đội").started = True
    began = asyncio.get_running_loop().time()
    async with post.store.begin() as uow:
        for person in persons:
            await uow.outbox.queue(post._new("bản tin", person, Audience.MEMBER, f"digest:{person}"))
        await uow.commit()
    post.dispatcher.wake()
    await chats.until(lambda: len(sent_at(api)) == len(persons))
    # A load can only make it slower; how fast it is by itself is tried in test_pace.
    assert sent_at(api)[-1] - began >= (len(persons) - 1) / PER_SECOND - LONGEST_LATENESS


async def test_answers_do_not_wait_for_what_is_due_but_count(post: Post, api: BotApi, chats: Chats) -> None:
    answers = await post.answer(*(f"trả lời {number}" for number in range(10)))
    persons = [5000 + number for number in range(50)]
    for person in persons:
        api.chats.add_person(person, "Đội").started = True
    began = asyncio.get_running_loop().time()
    async with post.store.begin() as uow:
        for person in persons:
            await uow.outbox.queue(post._new("bản tin", person, Audience.MEMBER, f"digest:{person}"))
        await uow.commit()
    post.dispatcher.wake()
    await chats.until(lambda: bool(sent_at(api)))
    post.dispatcher.answer(answers)
    await chats.until(lambda: len(sent_at(api)) == 60)
    order = [call.chat_id for call in api.calls if call.method == "sendMessage"]
    last_answer = max(place for place, chat in enumerate(order) if chat == LAN)
    assert any(chat in persons for chat in order[last_answer:])
    assert texts(chats) == [f"trả lời {number}" for number in range(10)]
    # they took ten slots of those that were due: a load can only make it longer
    assert sent_at(api)[-1] - began >= 59 / PER_SECOND - LONGEST_LATENESS


def sent_at(api: BotApi) -> list[float]:
    return [call.at for call in api.calls if call.method == "sendMessage" and call.status == 200]


MEMBER, CUSTOMER = Audience.MEMBER, Audience.CUSTOMER


@pytest.mark.parametrize(
    ("fault", "audience", "state", "arrives"),
    [
        (429, MEMBER, DeliveryState.SENT, 1),
        (429, CUSTOMER, DeliveryState.SENT, 1),
        (500, MEMBER, DeliveryState.SENT, 2),
        (502, MEMBER, DeliveryState.SENT, 2),
        ("reset", MEMBER, DeliveryState.SENT, 2),
        ("timeout", MEMBER, DeliveryState.SENT, 2),
        (500, CUSTOMER, DeliveryState.UNKNOWN, 1),
        (502, CUSTOMER, DeliveryState.UNKNOWN, 1),
        ("reset", CUSTOMER, DeliveryState.UNKNOWN, 1),
        ("timeout", CUSTOMER, DeliveryState.UNKNOWN, 1),
        (400, MEMBER, DeliveryState.FAILED, 0),
        (403, MEMBER, DeliveryState.FAILED, 0),
    ],
)
async def test_a_failure_is_treated_as_rule_5_says(
    post: Post, api: BotApi, chats: Chats, fault: object, audience: Audience, state: DeliveryState, arrives: int
) -> None:
    if fault == "timeout":
        post.telegram.bot.session.timeout = 1.0
    ambiguous = fault in (500, 502, "reset", "timeout")
    api.faults.next("sendMessage", fault, after_work=ambiguous, retry_after=1)  # type: ignore[arg-type]
    await post.queue("tin", audience=audience)
    async with asyncio.timeout(60):
        while (await post.rows())[0][1] is not state:
            post.clock.wind(timedelta(seconds=1))
            await asyncio.sleep(0.1)
    assert texts(chats) == ["tin", "(gửi lại)\n\ntin"][:arrives]


async def test_429_brakes_all_chats_and_answers_too(post: Post, api: BotApi, chats: Chats) -> None:
    api.faults.next("sendMessage", 429, retry_after=1)
    await post.queue("một")
    await chats.until(lambda: bool(api.refused))
    post.dispatcher.answer(await post.answer("trả lời", chat=HUNG))
    await chats.until(seen(chats, "trả lời", person=HUNG))
    refused, *sent = (call.at for call in api.calls if call.method == "sendMessage")
    assert min(sent) - refused >= 1
    await chats.until(seen(chats, "một"))


async def test_401_stops_everything_with_an_alarm(
    post: Post, api: BotApi, chats: Chats, caplog: pytest.LogCaptureFixture
) -> None:
    api.faults.next("sendMessage", 401)
    await post.queue("một")
    await post.queue("hai", chat=HUNG)
    await chats.until(lambda: bool(api.refused))
    await post.dispatcher.stop(15)  # patience: what is under way ends as soon as it can
    assert [record.levelname for record in caplog.records if record.levelname == "CRITICAL"]
    assert sum(call.method == "sendMessage" for call in api.calls) <= 2
    assert {state for _, state in await post.rows()} <= {DeliveryState.DUE, DeliveryState.CLAIMED}


async def test_a_chat_that_moved_is_written_to_at_its_new_id(post: Post, api: BotApi, chats: Chats) -> None:
    api.faults.next("sendMessage", "migrated", migrate_to=HUNG)
    await post.queue("tin")
    await chats.until(seen(chats, "tin", person=HUNG))
    assert texts(chats) == []


async def test_who_blocked_the_bot_is_left_alone_and_the_owners_are_told_once(
    post: Post, api: BotApi, store: SqlStore
) -> None:
    now = post.clock.now()
    async with store.begin() as uow:
        owner = await uow.members.add("Hạnh", Role.OWNER, "vi", "Asia/Ho_Chi_Minh", now)
        rep = await uow.members.add("Lan", Role.REP, "vi", "Asia/Ho_Chi_Minh", now)
        await uow.members.link(owner.id, "telegram", str(HUNG), str(HUNG))
        await uow.members.link(rep.id, "telegram", str(LAN), str(LAN))
        await uow.commit()
    api.chats.block(LAN)
    await post.queue("một")
    await api.chats.until(lambda: bool(texts(api.chats, HUNG)))
    await post.until_settled(DeliveryState.FAILED, DeliveryState.SENT)
    assert post.blocked == [Address("telegram", str(LAN))]
    async with store.read() as uow:
        assert await uow.members.address(rep.id) is None
    assert texts(api.chats, HUNG) == ["Không nhắn được cho Lan nữa: người này đã chặn bot hoặc đã xóa tài khoản."]


async def test_a_group_that_moved_keeps_its_week_and_one_that_put_the_bot_out_has_none(
    post: Post, api: BotApi, store: SqlStore
) -> None:
    """The week goes on at the new id; the owners hear once, in words, that it has ended."""
    now = post.clock.now()
    old = api.chats.groups.add("Nhóm <bán> hàng", [HUNG], basic=True)
    async with store.begin() as uow:
        owner = await uow.members.add("Hạnh", Role.OWNER, "vi", "Asia/Ho_Chi_Minh", now)
        await uow.members.link(owner.id, "telegram", str(HUNG), str(HUNG))
        await uow.group_chats.link(GroupChat("telegram", str(old.id), old.title, None, owner.id, now, now))
        await uow.commit()
    new = api.chats.groups.upgrade(old.id)
    await post.queue("tuần này", chat=old.id)
    await post.queue("tuần nữa", chat=old.id)
    await api.chats.until(seen(api.chats, "tuần này", "tuần nữa", person=new.id))
    async with store.read() as uow:
        assert await uow.group_chats.get(Address("telegram", str(old.id))) is None
        moved = await uow.group_chats.get(Address("telegram", str(new.id)))
    assert moved
    assert (moved.title, moved.next_week_at) == (old.title, now)

    api.chats.groups.set_bot(new.id, "kicked")
    await post.queue("tuần sau", chat=new.id)
    await api.chats.until(lambda: bool(texts(api.chats, HUNG)))
    await post.until_settled(DeliveryState.FAILED, DeliveryState.SENT)
    async with store.read() as uow:
        assert await uow.group_chats.weeks_due(now) == []
    assert texts(api.chats, HUNG) == [
        (
            "Em không còn ở trong nhóm Nhóm <bán> hàng nên không gửi tổng kết tuần vào đó nữa. "
            "Muốn nhận lại, anh/chị thêm em vào nhóm rồi gõ /tuan ở đó ạ."
        )
    ]


async def test_what_cannot_be_put_into_words_of_the_channel_fails_alone(post: Post, chats: Chats) -> None:
    async with post.store.begin() as uow:
        broken = NewDelivery(
            "broken", "telegram", "no number", MEMBER, "test", Reply(Markup("x")).to_record(), post.clock.now()
        )
        await uow.outbox.queue(broken)
        await uow.commit()
    await post.queue("sau đó")
    await chats.until(seen(chats, "sau đó"))
    assert await post.until_settled(DeliveryState.SENT, DeliveryState.FAILED) == [
        ("x", DeliveryState.FAILED),
        ("sau đó", DeliveryState.SENT),
    ]


async def test_stopping_gives_back_what_was_claimed_and_not_sent(post: Post, chats: Chats) -> None:
    for number in range(4):
        await post.queue(str(number))
    await chats.until(seen(chats, "0"))
    await post.dispatcher.stop(2)
    states = [state for _, state in await post.rows()]
    assert DeliveryState.CLAIMED not in states
    assert DeliveryState.SENDING not in states
    assert states.count(DeliveryState.SENT) == len(texts(chats))


@pytest.mark.parametrize("by", [timedelta(hours=1), timedelta(days=1), timedelta(hours=-1), timedelta(days=-1)])
async def test_a_clock_that_jumps_while_messages_are_on_their_way_repeats_nothing(
    post: Post, api: BotApi, chats: Chats, by: timedelta
) -> None:
    for number in range(2):
        await post.queue(str(number))
    post.dispatcher.answer(await post.answer("trả lời", chat=HUNG))
    await chats.until(lambda: bool(texts(chats)))
    post.clock.wind(by)
    if by < timedelta():
        post.clock.wind(-by)  # set right again, as a time server does
    await chats.until(lambda: len(texts(chats)) == 2)
    await post.until_settled(DeliveryState.SENT)
    assert texts(chats) == ["0", "1"]
    assert texts(chats, HUNG) == ["trả lời"]


async def test_two_dispatchers_share_the_work_and_double_nothing(post: Post, api: BotApi, chats: Chats) -> None:
    other = Post(post.store, post.clock, post.telegram, post.database_url)
    work = asyncio.create_task(other.dispatcher.run())
    persons = [5000 + number for number in range(30)]
    for person in persons:
        api.chats.add_person(person, "Đội").started = True
        await post.queue("tin", chat=person)
    await post.until_settled(DeliveryState.SENT)
    await other.dispatcher.stop(1)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert [len(texts(chats, person)) for person in persons] == [1] * 30


async def test_a_worker_that_lost_its_lease_does_not_send(
    post: Post, chats: Chats, clock: WoundClock, telegram: Telegram
) -> None:
    """As a process that was frozen past its lease finds it: the row is somebody else's."""
    frozen = Post(post.store, clock, telegram, post.database_url)
    await post.dispatcher.stop(1)
    for number in range(2):
        await frozen.queue(str(number))
    work = asyncio.create_task(frozen.dispatcher.run())
    await chats.until(seen(chats, "0"))  # the second waits for its second
    clock.wind(LEASE + timedelta(seconds=1))
    now = clock.now()
    taken = await post.store.ledger.claim(now, 10, "another", now + LEASE)
    assert [row.payload["text"] for row in taken] == ["1"]
    await asyncio.sleep(1.5)
    assert texts(chats) == ["0"]
    await frozen.dispatcher.stop(1)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
