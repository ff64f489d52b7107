"""The sandbox put together: the same assistant, over real HTTP, against the stand-in for Telegram and its page of phones."""

import asyncio
import secrets
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.app import App, build_app
from bot.clock import SystemClock, WoundClock
from bot.domain.calendar import next_working_day
from bot.domain.delivery import LEASE
from bot.domain.people import DEFAULT_DAYS_OFF, Role
from bot.sandbox.bot_api import BotApi
from bot.sandbox.control import page_routes
from bot.sandbox.seed import GROUP, OWNER_ID, PLAYERS, seed
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
    token = f"1:{secrets.token_urlsafe(24)}"
    api = BotApi(clock.now, token, name=settings.org_name)
    wound = SandboxTime(clock)
    telegram = Server("127.0.0.1", 0, ())
    api.install(telegram.app)
    await telegram.start()
    try:
        here = _sandboxed(settings, token, telegram.port, webhook=webhook)
        wound.app = app = build_app(here, clock, page_routes(api, wound))
        await _bring_people(app, api, clock)
        return await app.run(f"mở trang này / open this page: http://{settings.http_host}:{settings.http_port}/")
    finally:
        await telegram.close()


def _sandboxed(settings: Settings, token: str, port: int, *, webhook: bool) -> Settings:
    """The operator's settings, with everything outside this machine replaced."""
    return settings.model_copy(
        update={
            "bot_token": SecretStr(token),
            "telegram_api_url": f"http://127.0.0.1:{port}",
            "updates": "webhook" if webhook else "polling",
            "public_url": f"http://127.0.0.1:{settings.http_port}",
            "webhook_secret": SecretStr(secrets.token_urlsafe(24)),
            "owner_ids": (("telegram", str(OWNER_ID)),),
        }
    )


async def _bring_people(app: App, api: BotApi, clock: WoundClock) -> None:
    """Give everybody a phone; in an empty database, a team and a week of its work. In one that was used before, time goes on from
    where it was."""
    await app.store.migrate()
    async with app.store.read() as uow:
        is_new = not await uow.members.everyone()
    if is_new:
        await seed(app.store, app.conversation, clock)
    elif latest := await app.store.ledger.latest_moment():
        clock.wind_to(max(latest, clock.now()))  # it may have been wound far ahead the last time
    for player in PLAYERS:
        api.chats.add_person(player.user_id, player.name, role_hint=player.about)
        if player.role is not None:
            api.chats.say(player.user_id, "/start")
    api.chats.groups.add(GROUP, [OWNER_ID, *(player.user_id for player in PLAYERS if player.role is Role.REP)])


def _morning(zone: ZoneInfo) -> datetime:
    """When the sandbox begins: this working day at 08:45, else the next one, so that whoever looks at night meets people at work."""
    today = SystemClock().now().astimezone(zone).date()
    return datetime.combine(next_working_day(today, DEFAULT_DAYS_OFF), time(8, 45), zone)


def _forget(database_url: str) -> None:
    if not database_url.startswith(SQLITE_FILE):
        raise BadSettings("--fresh empties SQLite databases only; empty this one yourself")
    for ending in ("", "-wal", "-shm"):
        Path(database_url.removeprefix(SQLITE_FILE) + ending).unlink(missing_ok=True)
