"""The Official Account's whole edge around one store, against the stand-in over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.test_utils import TestServer
from markupsafe import Markup
from sqlalchemy import Select, select

from bot.channels.files import FilesAcross
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.api import ZaloApi
from bot.channels.zalo.intake import Ground, ZaloIntake
from bot.channels.zalo.signature import Seal
from bot.channels.zalo.wire import Wire
from bot.clock import WoundClock
from bot.conversation import Conversation, Routes
from bot.dispatcher import Dispatcher
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.domain.reaching import Contact
from bot.domain.timeline import Interaction
from bot.sandbox.zalo.server import ZaloServer
from bot.storage.channel_tables import arrivals
from bot.storage.store import SqlStore
from bot.storage.tables import identities, outbox
from bot.web.server import Server
from bot.web.zalo_webhook import PATH, ZaloWebhook

APP, APP_SECRET, OA_SECRET, OA = "1234567890123456789", "app-secret", "oa-secret-demo", "388613280878808645"
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@asynccontextmanager
async def zalo_running(clock: WoundClock) -> AsyncIterator[ZaloServer]:
    """A Zalo server on a real port, with nobody in it yet and a token granted."""
    zalo = ZaloServer(clock.now, app_id=APP, app_secret=APP_SECRET, oa_secret=OA_SECRET, oa_id=OA, name="An Nhiên")
    zalo.tokens.grant()
    app = web.Application()
    zalo.install(app)
    async with TestServer(app) as server:
        zalo.address = str(server.make_url("")).rstrip("/")
        yield zalo


class Granted:
    """Gives out the token that the stand-in has granted."""

    def __init__(self, zalo: ZaloServer) -> None:
        self._zalo = zalo

    async def token(self) -> str:
        """The one that is good."""
        assert self._zalo.tokens.pair
        return self._zalo.tokens.pair.access_token

    async def refused(self, token: str) -> str:
        """The same: it is good."""
        return await self.token()


class Desk:
    """One process: account, intake, dispatcher and the webhook around a store."""

    def __init__(self, store: SqlStore, clock: WoundClock, zalo: ZaloServer, routes: Routes) -> None:
        self.store, self.clock, self.zalo = store, clock, zalo
        self.wire = Wire()
        api = ZaloApi(self.wire, Granted(zalo), clock, api_url=zalo.address, zns_url=zalo.address)
        self.conversation = Conversation(store, routes, clock, org="An Nhiên", locale="vi", timezone=ZONE.key)
        files = FilesAcross({}, lambda *_: Markup("(tệp không gửi được)"))
        self.account = ZaloAccount(
            api, files, self._charged, self.conversation.translator(), org="An Nhiên", public_url=""
        )
        self.dispatcher = Dispatcher(store, clock, [self.account], self._left, Markup("(gửi lại)"))
        self.left: list[Address] = []
        ground = Ground(store, clock, self.conversation, self.dispatcher.answer, self.dispatcher.wake, self._left)
        self.intake = ZaloIntake(Seal(APP, OA_SECRET), self.account, ground)
        self.webhook = ZaloWebhook(self.intake.receive)

    async def _charged(self, *_: object) -> None:
        pass

    async def _left(self, address: Address) -> None:
        self.left.append(address)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """The webhook answers; nothing is worked off."""
        server = Server("127.0.0.1", 0, self.webhook.routes())
        await server.start()
        self.zalo.webhook.url = f"http://127.0.0.1:{server.port}{PATH}"
        try:
            yield
            await self.zalo.webhook.settled()
        finally:
            await server.close()
            await self.wire.close()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """What arrived is worked off and answered."""
        runs = (self.intake.worker.run, self.dispatcher.report_answers)
        tasks = [asyncio.create_task(run()) for run in runs]
        try:
            yield
        finally:
            self.intake.worker.stop()
            await tasks[0]
            await self.intake.finish(5)
            await self.dispatcher.stop(5)
            tasks[1].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Both."""
        async with self.serving(), self.working():
            yield

    # What a test looks at ---------------------------------------------------------------------------------------------

    async def until(self, is_so: Callable[[], bool], within: float = 10.0) -> None:
        """Wait until something has been seen on the account's side."""
        await self.zalo.people.until(is_so, within)

    def answers(self, user_id: str) -> list[str]:
        """What the account has said to somebody."""
        return [message.text for message in self.zalo.people.messages(user_id) if message.from_oa]

    async def worked_off(self, within: float = 10.0) -> None:
        """Wait until nothing waits in the stored inbox."""
        await self.zalo.webhook.settled()
        async with asyncio.timeout(within):
            # a database cannot be waited for
            while await self._first(select(arrivals.c.id).where(arrivals.c.wake_at.is_not(None))):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def settled(self, within: float = 10.0) -> None:
        """The same, and time passes for what is tried again later."""
        await self.zalo.webhook.settled()
        waits = select(arrivals.c.id).where(arrivals.c.wake_at.is_not(None))
        async with asyncio.timeout(within):
            while await self._first(waits):
                if not self.intake.worker._in_hand and not await self._first(
                    waits.where(arrivals.c.wake_at <= self.clock.now())
                ):
                    self.clock.wind(timedelta(seconds=0.5))
                    self.intake.worker.wake()
                await asyncio.sleep(0.01)

    async def sent_is_noted(self, within: float = 10.0) -> None:
        """Wait until all that was sent is noted as sent."""
        async with asyncio.timeout(within):
            underway = select(outbox.c.id).where(outbox.c.channel == "zalo", outbox.c.wake_at.is_not(None))
            while await self._first(underway):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def receipt(self, message_ref: str) -> tuple[datetime | None, datetime | None]:
        """When a message of ours was received, and when it was seen."""
        row = await self._first(
            select(outbox.c.received_at, outbox.c.seen_at).where(outbox.c.message_ref == message_ref)
        )
        return row.received_at, row.seen_at

    async def interacted_at(self, user_id: str) -> datetime:
        """When a member last did something here."""
        row = await self._first(select(identities.c.interacted_at).where(identities.c.user_id == user_id))
        moment: datetime = row.interacted_at
        return moment

    async def _first(self, query: Select[Any]) -> Any:
        async with self.store._engines.reading() as sql:
            return await sql.row(query)

    async def contact(self, user_id: str) -> Contact | None:
        """How the customer is linked."""
        async with self.store.read() as uow:
            return await uow.contacts.at(Address("zalo", user_id))

    async def hire(self, user_id: str, role: Role = Role.REP) -> None:
        """Somebody of the team on Zalo."""
        async with self.store.begin() as uow:
            member = await uow.members.add("", role, "vi", ZONE.key, self.clock.now())
            await uow.members.link(member.id, "zalo", user_id, user_id)
            await uow.commit()

    async def written(self, user_id: str) -> list[str]:
        """What a member has written to the routes of `test_zalo_intake`, in the order of the turns."""
        async with self.store.read() as uow:
            member = await uow.members.by_identity("zalo", user_id)
        assert member
        return member.name.split()

    async def timeline(self, user_id: str) -> list[Interaction]:
        """What stands on the customer's timeline, oldest first."""
        async with self.store.read() as uow:
            customer = await uow.contacts.customer("zalo", user_id)
            assert customer
            rep = await uow.members.get(customer.owner_id)
            entries, _ = await uow.timeline.page(rep, customer.id, 50)
        return list(reversed(entries))
