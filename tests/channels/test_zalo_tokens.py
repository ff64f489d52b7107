"""RELIABILITY R8: the Official Account's tokens under expiry, several instances, crashes and a consent that is gone."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from markupsafe import Markup

from bot.channels.zalo.api import ZaloApi
from bot.channels.zalo.tokens import RIGHT_LASTS, TokenKeeper, hashed
from bot.channels.zalo.wire import Wire
from bot.clock import WoundClock
from bot.dispatcher import Dispatcher
from bot.domain.delivery import Audience, Delivery, NewDelivery, Trouble, Undeliverable
from bot.domain.mailroom import Address
from bot.domain.repositories import StorageUnavailable
from bot.domain.zalo import ZaloTokens
from bot.messages import Reply
from bot.sandbox.zalo.server import ACCESS_TOKEN, CS, ZaloServer
from bot.storage.store import SqlStore, create_store
from tests.channels.conftest import APP, APP_SECRET

A_DAY = timedelta(hours=25)


class Instance:
    """A process of ours, as far as the tokens go: a store, connections and a keeper of its own."""

    def __init__(self, zalo: ZaloServer, store: SqlStore, clock: WoundClock, begun_with: str) -> None:
        self.alarms = 0
        self.store = store
        self.wire = Wire()
        self.keeper = TokenKeeper(
            store.tokens,
            self.wire,
            clock,
            self.alarm,
            app_id=APP,
            app_secret=APP_SECRET,
            begun_with=begun_with,
            oauth_url=zalo.address,
        )
        self.api = ZaloApi(self.wire, self.keeper, clock, api_url=zalo.address, zns_url=zalo.address)

    async def alarm(self) -> None:
        self.alarms += 1

    async def close(self) -> None:
        await self.keeper.close()
        await self.wire.close()


class FullDisk:
    """The tokens' table, on a disk that is full until `room`."""

    def __init__(self, store: SqlStore) -> None:
        self._tokens = store.tokens
        self.room = asyncio.Event()
        self.refused = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._tokens, name)

    async def keep(self, app_id: str, owner: str, tokens: ZaloTokens) -> None:
        if not self.room.is_set():
            self.refused += 1
            raise StorageUnavailable
        await self._tokens.keep(app_id, owner, tokens)

    async def release(self, app_id: str, owner: str) -> None:
        if not self.room.is_set():
            raise StorageUnavailable
        await self._tokens.release(app_id, owner)


Start = Callable[..., Instance]


@pytest.fixture
async def start(zalo: ZaloServer, store: SqlStore, database_url: str, clock: WoundClock) -> AsyncIterator[Start]:
    """Starts instances on one database. They begin with the refresh token that Zalo gave by hand just before the first, or another."""
    first = zalo.tokens.grant().refresh_token
    running: list[Instance] = []

    def start(begun_with: str = first) -> Instance:
        running.append(Instance(zalo, create_store(database_url) if running else store, clock, begun_with))
        return running[-1]

    yield start
    for one in running:
        await one.close()
        if one.store is not store:
            await one.store.close()


def refreshes(zalo: ZaloServer) -> int:
    return sum(call.path == ACCESS_TOKEN for call in zalo.calls)


async def stored(instance: Instance) -> ZaloTokens:
    pair = await instance.store.tokens.read(APP)
    assert pair
    return pair


async def test_the_first_token_comes_from_the_settings_and_is_stored_before_it_is_used(
    zalo: ZaloServer, start: Start, clock: WoundClock
) -> None:
    one = start()
    token = await one.keeper.token()
    pair = zalo.tokens.pair
    assert pair
    assert token == pair.access_token
    kept = await stored(one)
    assert (kept.access_token, kept.refresh_token) == (pair.access_token, pair.refresh_token)
    assert A_DAY - timedelta(minutes=1) < kept.expires_at - clock.now() <= A_DAY
    assert await one.keeper.token() == token
    assert await start().keeper.token() == token, "a second instance, or the next start, reads what is stored"
    assert refreshes(zalo) == 1


async def test_a_token_is_refreshed_a_good_while_before_it_ends(
    zalo: ZaloServer, start: Start, clock: WoundClock
) -> None:
    one = start()
    token = await one.keeper.token()
    clock.wind(timedelta(hours=22, minutes=55))
    assert await one.keeper.token() == token
    clock.wind(timedelta(minutes=10))
    assert await one.keeper.token() != token
    assert (await one.api.account())["oaid"] == zalo.oa_id
    assert refreshes(zalo) == 2


async def test_tokens_that_end_in_the_middle_of_a_batch_cost_one_refresh_and_no_message(
    zalo: ZaloServer, start: Start
) -> None:
    one = start()
    person = zalo.people.add("Hoa")
    zalo.people.follow(person.user_id)

    async def say(number: int) -> None:
        await one.api.consult(person.user_id, {"text": f"tin {number}"})

    await asyncio.gather(*(say(number) for number in range(10)))
    zalo.faults.next(CS, -220, times=5)
    await asyncio.gather(*(say(number) for number in range(10, 30)))
    assert refreshes(zalo) == 2
    arrived = [message.text for message in zalo.people.messages(person.user_id)]
    assert sorted(arrived) == sorted(f"tin {number}" for number in range(30))
    assert -220 in {call.error for call in zalo.refused} <= {-220, -216}


async def test_a_token_that_has_expired_is_renewed_once_by_all_who_want_it(
    zalo: ZaloServer, start: Start, clock: WoundClock
) -> None:
    one, other = start(), start()
    assert await one.keeper.token() == await other.keeper.token()
    clock.wind(A_DAY)
    await asyncio.gather(*(instance.api.account() for instance in (one, other) for _ in range(5)))
    assert refreshes(zalo) == 2


async def test_two_instances_that_refresh_at_once_make_one_call(zalo: ZaloServer, start: Start) -> None:
    one, other = start(), start()
    tokens = await asyncio.gather(*(instance.keeper.token() for instance in (one, other) for _ in range(10)))
    assert len(set(tokens)) == 1
    assert refreshes(zalo) == zalo.tokens.refreshed == 1
    old = tokens[0]
    renewed = await asyncio.gather(*(instance.keeper.refused(old) for instance in (one, other) for _ in range(10)))
    assert len(set(renewed)) == 1
    assert renewed[0] != old
    assert refreshes(zalo) == zalo.tokens.refreshed == 2


async def test_what_another_instance_has_refreshed_is_used_without_a_call(zalo: ZaloServer, start: Start) -> None:
    one, other = start(), start()
    old = await one.keeper.token()
    assert await other.keeper.token() == old
    new = await one.keeper.refused(old)
    assert (await other.api.account())["oaid"] == zalo.oa_id
    assert await other.keeper.token() == new
    assert refreshes(zalo) == 2


async def test_a_crash_before_the_new_pair_is_stored_is_an_alarm_and_loses_no_message(
    zalo: ZaloServer,
    start: Start,
    clock: WoundClock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = start()
    await one.keeper.token()
    clock.wind(A_DAY)
    person = zalo.people.add("Hoa")
    zalo.people.follow(person.user_id)
    disk = FullDisk(one.store)
    monkeypatch.setattr(one.keeper, "_tokens", disk)
    asking = asyncio.create_task(one.keeper.token())
    await until(lambda: disk.refused > 0)
    assert zalo.tokens.refreshed == 2
    assert one.keeper._renewing
    one.keeper._renewing.cancel()  # the process is gone, with the new pair and the right to refresh in hand
    await asyncio.gather(asking, return_exceptions=True)
    clock.wind(RIGHT_LASTS)

    next_start = start()
    await queued(next_start, person.user_id, clock)
    with caplog.at_level(logging.CRITICAL):
        async with dispatching(next_start, clock):
            await until(lambda: next_start.alarms == 1)
    assert "consent must be given anew" in caplog.text
    assert zalo.people.last(person.user_id) is None

    again = start(zalo.tokens.grant().refresh_token)
    clock.wind(timedelta(minutes=10))
    async with dispatching(again, clock):
        await until(lambda: zalo.people.last(person.user_id) is not None)
    assert [message.text for message in zalo.people.messages(person.user_id)] == ["Dạ em chào chị"]
    assert again.alarms == 0


async def test_a_process_that_dies_with_the_right_to_refresh_holds_others_up_for_a_minute_at_most(
    zalo: ZaloServer, start: Start, clock: WoundClock
) -> None:
    one, other = start(), start()
    assert await one.store.tokens.claim(APP, "gone", clock.now(), clock.now() + RIGHT_LASTS)
    waiting = asyncio.create_task(other.keeper.token())
    await until(lambda: other.keeper._renewing is not None)
    assert refreshes(zalo) == 0
    clock.wind(RIGHT_LASTS)
    await waiting
    assert refreshes(zalo) == 1


async def test_a_dead_refresh_token_alarms_once_whatever_is_sent_and_however_many_instances_there_are(
    zalo: ZaloServer, start: Start
) -> None:
    one, other = start(), start()
    await one.keeper.token()
    await other.keeper.token()
    zalo.tokens.revoke()
    for instance in (one, other) * 3:
        with pytest.raises(Undeliverable) as failure:
            await instance.api.account()
        assert failure.value.trouble is Trouble.UNAUTHORIZED
    assert one.alarms + other.alarms == 1
    assert refreshes(zalo) == 3, "each instance asks once, and then no more"
    start_again = start()
    with pytest.raises(Undeliverable):
        await start_again.api.account()
    assert start_again.alarms == 0, "people have been told"


async def test_a_new_token_in_the_settings_starts_anew_and_a_later_death_alarms_again(
    zalo: ZaloServer, start: Start
) -> None:
    one = start()
    await one.keeper.token()
    zalo.tokens.revoke()
    with pytest.raises(Undeliverable):
        await one.api.account()
    again = start(zalo.tokens.grant().refresh_token)
    assert (await again.api.account())["oaid"] == zalo.oa_id
    zalo.tokens.revoke()
    with pytest.raises(Undeliverable):
        await again.api.account()
    assert (one.alarms, again.alarms) == (1, 1)


async def test_a_new_token_in_the_settings_is_used_at_once_though_the_stored_one_still_lives(
    zalo: ZaloServer, start: Start
) -> None:
    await start().keeper.token()
    begun_with = zalo.tokens.grant().refresh_token
    again = start(begun_with)
    assert (await again.api.account())["oaid"] == zalo.oa_id
    assert (await stored(again)).begun_with == hashed(begun_with)
    assert zalo.tokens.refreshed == 2


async def test_a_wrong_token_in_the_settings_does_not_stop_what_works(zalo: ZaloServer, start: Start) -> None:
    token = await start().keeper.token()
    wrong = start("made up")
    assert await wrong.keeper.token() == token
    assert wrong.alarms == 0


async def test_an_instance_with_the_older_settings_goes_on_with_what_the_newer_has_brought(
    zalo: ZaloServer, start: Start
) -> None:
    older = start()
    await older.keeper.token()
    newer = start(zalo.tokens.grant().refresh_token)
    token = await newer.keeper.token()
    assert (await older.api.account())["oaid"] == zalo.oa_id
    assert await older.keeper.token() == token
    assert zalo.tokens.refreshed == 2


@pytest.mark.parametrize("kind", [-32, 500, 502, "reset"])
async def test_a_refresh_that_fails_on_the_way_is_tried_again_and_is_no_alarm(
    zalo: ZaloServer, start: Start, kind: int | str
) -> None:
    one = start()
    zalo.faults.next(ACCESS_TOKEN, kind)  # type: ignore[arg-type]
    with pytest.raises(Undeliverable) as failure:
        await one.keeper.token()
    assert failure.value.trouble is Trouble.NEVER_SENT
    await one.keeper.token()
    assert one.alarms == 0


async def test_while_zalo_cannot_refresh_a_token_that_still_lives_goes_on(
    zalo: ZaloServer, start: Start, clock: WoundClock
) -> None:
    one = start()
    token = await one.keeper.token()
    clock.wind(timedelta(hours=24))
    zalo.faults.next(ACCESS_TOKEN, 503, times=5)
    assert [await one.keeper.token() for _ in range(5)] == [token] * 5
    assert refreshes(zalo) == 2, "it is not asked for again with every message"
    zalo.faults.clear()
    clock.wind(timedelta(minutes=2))
    assert await one.keeper.token() != token


async def test_a_refresh_outlives_whoever_asked_for_it(zalo: ZaloServer, start: Start) -> None:
    one = start()
    asking = asyncio.create_task(one.keeper.token())
    await until(lambda: one.keeper._renewing is not None)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await one.keeper.close()
    pair = zalo.tokens.pair
    assert pair
    assert (await stored(one)).access_token == pair.access_token


async def test_a_new_pair_that_cannot_be_stored_is_neither_used_nor_given_up(
    zalo: ZaloServer, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = start()
    disk = FullDisk(one.store)
    monkeypatch.setattr(one.keeper, "_tokens", disk)
    monkeypatch.setattr("bot.channels.zalo.tokens.STORE_EVERY", 0.01)
    asking = asyncio.create_task(one.api.account())
    await until(lambda: disk.refused > 2)
    assert [call.path for call in zalo.calls] == [ACCESS_TOKEN]
    disk.room.set()
    assert (await asking)["oaid"] == zalo.oa_id
    assert refreshes(zalo) == 1


async def test_no_token_is_ever_logged(zalo: ZaloServer, start: Start, caplog: pytest.LogCaptureFixture) -> None:
    begun_with = zalo.tokens.grant().refresh_token
    one = start(begun_with)
    secret = [begun_with, APP_SECRET, await one.keeper.token()]
    zalo.faults.next(CS, "reset")
    with caplog.at_level(logging.DEBUG):
        secret.append(await one.keeper.refused(secret[-1]))
        with pytest.raises(Undeliverable):
            await one.api.consult("1", {"text": "tin"})
        zalo.tokens.revoke()
        with pytest.raises(Undeliverable) as failure:
            await one.api.account()
    assert not [word for word in secret if word in caplog.text or word in str(failure.value)]


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that happens by itself."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def queued(instance: Instance, user_id: str, clock: WoundClock) -> None:
    async with instance.store.begin() as uow:
        reply = Reply(Markup("Dạ em chào chị"))
        row = NewDelivery("one", "zalo", user_id, Audience.CUSTOMER, "answer", reply.to_record(), clock.now())
        await uow.outbox.queue(row)
        await uow.commit()


class Plain:
    """The least of a channel, around the API."""

    name = "zalo"

    def __init__(self, api: ZaloApi) -> None:
        self._api = api

    async def send(self, delivery: Delivery) -> str:
        return (await self._api.consult(delivery.chat_id, {"text": str(delivery.payload["text"])})).message_id


class dispatching:  # noqa: N801 - read as a word
    """An instance empties its outbox."""

    def __init__(self, instance: Instance, clock: WoundClock) -> None:
        async def blocked(_: Address) -> None: ...

        self._dispatcher = Dispatcher(instance.store, clock, [Plain(instance.api)], blocked, Markup())

    async def __aenter__(self) -> None:
        self._running = asyncio.create_task(self._dispatcher.run())

    async def __aexit__(self, *_: object) -> None:
        await self._dispatcher.stop(5)
        await self._running
