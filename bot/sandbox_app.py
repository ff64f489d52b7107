"""The sandbox put together: the same assistant, over real HTTP, against stand-ins for Telegram and Zalo, and a page of phones."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.app import App, build_app
from bot.clock import Clock, SystemClock, WoundClock
from bot.domain.calendar import next_working_day
from bot.domain.delivery import LEASE
from bot.domain.people import DEFAULT_DAYS_OFF
from bot.sandbox.control import page_routes
from bot.sandbox.seed import OWNER_ID, seed
from bot.sandbox.stand_ins import APP_ID, StandIns
from bot.settings import BadSettings, Settings
from bot.web.server import Server

SQLITE_FILE = "sqlite+aiosqlite:///"


class SandboxTime:
    """The sandbox's clock with what happens when it is wound: the assistant looks at once for what is due."""

    def __init__(self, clock: WoundClock) -> None:
        self._clock = clock
        self.app: App | None = None

    def now(self) -> datetime:
        """The current moment, UTC."""
        return self._clock.now()

    async def advance(self, by: timedelta) -> None:
        """Wind the clock forward, stopping wherever something falls due: time passes, the machine does not stand still."""
        target = self.now() + by
        while (moment := await self._next_push()) and moment < target:
            await self._wind_to(moment)
        await self._wind_to(target)

    async def to_next_push(self) -> datetime | None:
        """Wind the clock to the next thing that the assistant will send by itself; when that is, None when nothing is."""
        moment = await self._next_push()
        if moment is not None:
            await self._wind_to(moment)
        return moment

    async def _next_push(self) -> datetime | None:
        if self.app is None:
            return None
        async with self.app.store.read() as uow:
            return await uow.followups.next_push()

    async def _wind_to(self, moment: datetime) -> None:
        """Wind to `moment` (never back) once everything of before has been sent, and let happen what is due then."""
        await self._sent_everything()
        self._clock.wind_to(max(moment, self.now()))
        if self.app:
            await self.app.tick()
        await self._sent_everything()

    async def _sent_everything(self) -> None:
        """Wait until nothing is on its way, five seconds at the most: somebody may have blocked the bot."""
        for _ in range(100):
            due = await self.app.store.ledger.next_due() if self.app else None
            if due is None or due > self.now() + LEASE:
                return
            await asyncio.sleep(0.05)


async def run_sandbox(settings: Settings, *, fresh: bool, webhook: bool) -> bool:
    """Run everything on this machine until told to end; as `App.run`. `fresh` forgets what was there."""
    if fresh:
        _forget(settings.database_url)
    clock = WoundClock(_morning(ZoneInfo(settings.timezone)))
    wound = SandboxTime(clock)
    async with played_outside(settings, clock, webhook=webhook) as (outside, here):
        wound.app = app = build_app(here, clock, page_routes(outside.telegram, wound, outside.phones))
        await _bring_people(app, outside, clock)
        return await app.run(f"mở trang này / open this page: http://{settings.http_host}:{settings.http_port}/")


@asynccontextmanager
async def played_outside(
    settings: Settings, clock: Clock, *, webhook: bool
) -> AsyncIterator[tuple[StandIns, Settings]]:
    """Telegram and Zalo on this machine, and the settings with which the assistant meets them."""
    public_url = f"http://127.0.0.1:{settings.http_port}"
    outside = StandIns(clock, settings.org_name, f"{public_url}/zalo")
    servers = [Server("127.0.0.1", 0, ()) for _ in range(3)]
    outside.install(*(server.app for server in servers))
    for server in servers:
        await server.start()
    try:
        addresses = [f"http://127.0.0.1:{server.port}" for server in servers]
        yield outside, _sandboxed(settings, outside, addresses, public_url, webhook=webhook)
    finally:
        for server in servers:
            await server.close()


def _sandboxed(
    settings: Settings, outside: StandIns, addresses: Sequence[str], public_url: str, *, webhook: bool
) -> Settings:
    """The operator's settings, with everything outside this machine replaced: Telegram, Zalo, and the Zalo Bot Platform."""
    telegram, zalo, zalo_bot = addresses
    outside.account.address = zalo
    return settings.model_copy(
        update={
            "bot_token": SecretStr(outside.token),
            "telegram_api_url": telegram,
            "updates": "webhook" if webhook else "polling",
            "public_url": public_url,
            "webhook_secret": SecretStr(secrets.token_urlsafe(24)),
            "owner_ids": (("telegram", str(OWNER_ID)),),
            "zalo_app_id": APP_ID,
            "zalo_app_secret": SecretStr(outside.zalo_secret),
            "zalo_oa_secret": SecretStr(outside.oa_secret),
            "zalo_refresh_token": SecretStr(outside.refresh_token),
            **dict.fromkeys(("zalo_api_url", "zalo_oauth_url", "zalo_zns_url"), zalo),
            "zalo_bot_token": SecretStr(outside.zalo_bot_token),
            "zalo_bot_url": zalo_bot,
            "zalo_bot_secret": SecretStr(secrets.token_urlsafe(24)),
        }
    )


async def _bring_people(app: App, outside: StandIns, clock: WoundClock) -> None:
    """Give everybody a phone; in an empty database, a team and a week of its work. In one that was used before, time goes on from
    where it was."""
    await app.store.migrate()
    async with app.store.read() as uow:
        is_new = not await uow.members.everyone()
    if is_new:
        await seed(app.store, app.conversation, clock)
    elif latest := await app.store.ledger.latest_moment():
        clock.wind_to(max(latest, clock.now()))  # it may have been wound far ahead the last time
    await outside.bring_people(app.store)


def _morning(zone: ZoneInfo) -> datetime:
    """When the sandbox begins: this working day at 08:45, else the next one, so that whoever looks at night meets people at work."""
    today = SystemClock().now().astimezone(zone).date()
    return datetime.combine(next_working_day(today, DEFAULT_DAYS_OFF), time(8, 45), zone)


def _forget(database_url: str) -> None:
    if not database_url.startswith(SQLITE_FILE):
        raise BadSettings("--fresh empties SQLite databases only; empty this one yourself")
    for ending in ("", "-wal", "-shm"):
        Path(database_url.removeprefix(SQLITE_FILE) + ending).unlink(missing_ok=True)
