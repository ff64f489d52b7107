"""What a channel with windows, limits and bills refuses: nobody else waits for it, and who has to act hears of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from markupsafe import Markup

from bot.blocked import tell_owners_of_disorder
from bot.clock import WoundClock
from bot.dispatcher import Dispatcher
from bot.domain.delivery import Audience, Delivery, DeliveryState, NewDelivery, Trouble, Undeliverable
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.i18n import Translator
from bot.messages import Reply
from bot.storage.store import SqlStore
from tests.test_dispatcher import Post

T = Translator("vi", "Asia/Ho_Chi_Minh")


@dataclass
class Zalo:
    """A channel that refuses what it is told to, and notes what went."""

    refuses: dict[str, Undeliverable] = field(default_factory=dict)
    went: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    name: str = "zalo"

    async def send(self, delivery: Delivery) -> str:
        self.tried.append(delivery.chat_id)
        if delivery.chat_id in self.refuses:
            raise self.refuses[delivery.chat_id]
        self.went.append(delivery.chat_id)
        return f"ref:{delivery.id}"


@dataclass
class Desk:
    """A dispatcher at work on it."""

    store: SqlStore
    clock: WoundClock
    database_url: str
    zalo: Zalo = field(default_factory=Zalo)
    troubles: list[tuple[Address, Trouble]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dispatcher = Dispatcher(self.store, self.clock, [self.zalo], self._nobody, Markup(), self._on_trouble)

    async def _nobody(self, address: Address) -> None:
        raise AssertionError(f"{address} has blocked nobody")

    async def _on_trouble(self, address: Address, trouble: Trouble) -> None:
        self.troubles.append((address, trouble))

    async def queue(self, chat: str, audience: Audience = Audience.CUSTOMER, channel: str = "zalo") -> None:
        payload = Reply(Markup(f"{chat} {audience}")).to_record()
        async with self.store.begin() as uow:
            key = f"test:{channel}:{chat}:{audience}"
            await uow.outbox.queue(NewDelivery(key, channel, chat, audience, "test", payload, self.clock.now()))
            await uow.commit()
        self.dispatcher.wake()

    async def states(self, *settled: DeliveryState) -> list[DeliveryState]:
        """The states in the order queued, once all are among these."""
        async with asyncio.timeout(15):
            while True:
                rows = [state for _, state in await Post.rows(self)]  # type: ignore[arg-type]
                if all(state in settled for state in rows):
                    return rows
                await asyncio.sleep(0.02)


@pytest.fixture
async def desk(store: SqlStore, database_url: str) -> AsyncIterator[Desk]:
    desk = Desk(store, WoundClock(), database_url)
    tasks = [asyncio.create_task(work()) for work in (desk.dispatcher.run, desk.dispatcher.report_answers)]
    yield desk
    await desk.dispatcher.stop(2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)


async def test_a_limit_of_one_is_no_brake_for_others_and_is_tried_when_it_ends(desk: Desk) -> None:
    desk.zalo.refuses["1"] = Undeliverable(Trouble.LATER, "-218", retry_after=3600)
    await desk.queue("1")
    await until(lambda: bool(desk.zalo.tried))
    for number in range(2, 12):
        await desk.queue(str(number))
    await until(lambda: len(desk.zalo.went) == 10)
    assert desk.zalo.tried.count("1") == 1
    desk.zalo.refuses.clear()
    desk.clock.wind_to(desk.clock.now() + timedelta(seconds=3601))
    desk.dispatcher.wake()
    await desk.states(DeliveryState.SENT)
    assert desk.troubles == []


async def test_whoever_runs_us_is_told_of_disorder_once_in_a_while(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.zalo.refuses = {str(number): Undeliverable(Trouble.NOT_IN_ORDER, "-115 no money") for number in range(5)}
    for number in range(5):
        await desk.queue(str(number))
    assert await desk.states(DeliveryState.FAILED) == [DeliveryState.FAILED] * 5
    assert [record.levelname for record in caplog.records].count("CRITICAL") == 1
    await until(lambda: len(desk.troubles) == 5)
    assert {trouble for _, trouble in desk.troubles} == {Trouble.NOT_IN_ORDER}


async def test_a_silent_member_is_told_of_and_a_silent_customer_is_their_reps(desk: Desk) -> None:
    desk.zalo.refuses = {chat: Undeliverable(Trouble.WINDOW_CLOSED, "-230") for chat in "12"}
    await desk.queue("1")
    await desk.queue("2", Audience.MEMBER)
    await desk.states(DeliveryState.FAILED)
    await until(lambda: bool(desk.troubles))
    assert desk.troubles == [(Address("zalo", "2"), Trouble.WINDOW_CLOSED)]


async def test_what_waits_for_a_channel_that_is_out_of_service_fails_and_stops_nobody(desk: Desk) -> None:
    await desk.queue("1", channel="zalo_bot")
    await desk.queue("2")
    assert await desk.states(DeliveryState.FAILED, DeliveryState.SENT) == [DeliveryState.FAILED, DeliveryState.SENT]


async def test_owners_hear_of_disorder_once_a_day(store: SqlStore) -> None:
    clock = WoundClock()
    async with store.begin() as uow:
        for name, role in (("Hà", Role.OWNER), ("Trang", Role.REP)):
            member = await uow.members.add(name, role, "vi", "Asia/Ho_Chi_Minh", clock.now())
            await uow.members.link(member.id, "telegram", name, name)
        await uow.commit()
    for hours in (0, 1, 24):
        now = clock.now() + timedelta(hours=hours)
        await tell_owners_of_disorder(store, "zalo", lambda _: T, now)
    later = clock.now() + timedelta(days=2)
    told = await store.ledger.claim(later, 10, "test", later + timedelta(minutes=1))
    assert [delivery.chat_id for delivery in told] == ["Hà", "Hà"]
    assert "thiếu tiền, gói hoặc quyền" in str(told[0].payload["text"])
