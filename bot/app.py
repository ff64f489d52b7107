"""Puts the house together: the one module that knows all the others."""

import asyncio
import gc
import logging
import signal
from collections.abc import Coroutine, Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.answering import look_after_answers
from bot.blocked import tell_owners_of_blocked, tell_owners_of_disorder
from bot.channels.files import FilesAcross, WebFiles
from bot.channels.telegram import Telegram, connect
from bot.channels.telegram_files import files_of
from bot.channels.telegram_intake import TelegramIntake
from bot.channels.zalo.intake import Ground as ChannelGround
from bot.clock import Clock
from bot.conversation import Conversation
from bot.deadlines import clean_after_erasures, remind_of_requests
from bot.dispatcher import Dispatcher
from bot.domain.delivery import Trouble
from bot.domain.mailroom import Address
from bot.domain.reaching import next_open_moment
from bot.domain.repositories import StorageUnavailable
from bot.domain.ways_in import WaysIn
from bot.domain.zalo import Service
from bot.drafting import Drafting, Model
from bot.handing_over import hand_over_due
from bot.handlers.routes import ROUTES
from bot.i18n import mark
from bot.owners import ensure_owners
from bot.pushes import push_due
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.silence import note_silence
from bot.storage.store import create_store
from bot.surveying import survey_due, survey_links
from bot.ticketing import remind_of_tickets
from bot.views.words import not_carried
from bot.web.pages import Ground
from bot.web.referral_page import ReferralPage
from bot.web.server import Health, Server, TelegramWebhook
from bot.web.survey_page import SurveyPage
from bot.weekly import push_weeks
from bot.zalo_app import zalo_parts

log = logging.getLogger(__name__)

# SIGTERM to the end, in seconds: 15 in all.
TURNS_END_WITHIN = 8.0
ANSWERS_END_WITHIN = 4.0
NOTICES_END_WITHIN = 1.0
REPEATED = mark("<i>Sent again: you may have this already.</i>")
REMEMBER_FOR = timedelta(days=14)  # updates and what was sent; Telegram delivers an update again for a day at most
DRAFTS_WAIT_FOR = timedelta(days=30)


class App:
    """The running assistant: `start`, then `run` until told to end, then `stop`; or `async with` for tests and the sandbox."""

    def __init__(self, settings: Settings, clock: Clock, more_routes: Iterable[web.AbstractRouteDef] = ()) -> None:
        self.settings = settings
        self.clock = clock
        self.store = create_store(settings.database_url)
        telegram = connect(settings.bot_token.get_secret_value(), settings.telegram_api_url)
        self._web_files = WebFiles(insecure=not settings.zalo_api_url.startswith("https://"))
        downloads = {"telegram": files_of(telegram), **dict.fromkeys(("zalo", "zalo_bot"), self._web_files.download)}
        files = FilesAcross(downloads, lambda stored, why: not_carried(self.conversation.translator(), stored, why))
        self.telegram = Telegram(telegram, files)
        self.ways_in = WaysIn(self.telegram.link_to, self._oa_id, settings.public_url)
        self.conversation = Conversation(
            self.store,
            ROUTES,
            clock,
            org=settings.org_name,
            locale=settings.default_locale,
            timezone=settings.timezone,
            link_to=self.ways_in.link_to,
            zalo_address=lambda: self.ways_in.zalo,
            public_url=settings.public_url,
            offers_drafts=bool(settings.ai_base_url),
        )
        self._survey_links = survey_links(settings.public_url, self.ways_in.link_to)
        self.official_account, self.parts = zalo_parts(settings, self._ground(), files)
        channels = [self.telegram, *(channel for part in self.parts for channel in part.channels)]
        repeat_note = self.conversation.translator()(REPEATED)
        zone = ZoneInfo(settings.timezone)
        self.dispatcher = Dispatcher(
            self.store,
            clock,
            channels,
            self._on_blocked,
            repeat_note,
            self._on_trouble,
            quiet_until=lambda now: next_open_moment(now, zone),
        )
        self.intake = TelegramIntake(self.telegram, self.conversation, ROUTES, self.dispatcher.answer)
        self.scheduler = Scheduler(clock, self.tick, self.keep_house)
        self.server = Server(settings.http_host, settings.http_port, [*self._routes(), *more_routes])
        self._tasks: list[asyncio.Task[None]] = []
        self._listening: asyncio.Task[None] | None = None

    def _ground(self) -> ChannelGround:
        return ChannelGround(
            self.store,
            self.clock,
            self.conversation,
            lambda deliveries: self.dispatcher.answer(deliveries),
            self._wake,
            self._on_blocked,
            offers_drafts=bool(self.settings.ai_base_url),
        )

    def _wake(self) -> None:
        self.dispatcher.wake()

    def _oa_id(self) -> str:
        return self.official_account.account.oa_id if self.official_account else ""

    def _routes(self) -> list[web.RouteDef]:
        ground = self._page_ground()
        routes = Health(self.store).routes() + SurveyPage(ground).routes()
        routes += ReferralPage(ground, self.ways_in).routes()
        routes += [route for part in self.parts for route in part.routes]
        if self.settings.updates == "webhook":
            webhook = TelegramWebhook(self.settings.webhook_secret.get_secret_value(), self.intake.receive)
            routes += webhook.routes()
        return routes

    def _page_ground(self) -> Ground:
        settings = self.settings
        return Ground(
            self.store,
            self.clock,
            self.conversation.translator,
            self.ways_in.link_to,
            settings.org_name,
            settings.default_locale,
            ZoneInfo(settings.timezone),
            self.dispatcher.wake,
        )

    def _drafting(self) -> Drafting:
        settings = self.settings
        model = Model(settings.ai_base_url, settings.ai_api_key.get_secret_value(), settings.ai_model)
        return Drafting(self.store, self.clock, model, self.conversation.translator, self.dispatcher.wake)

    # Living -----------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Migrate, serve, listen and tick. Raises StorageUnavailable or OSError (the address is taken)."""
        await self.store.migrate()
        await ensure_owners(self.store, self.settings, self.conversation.translator(), self.clock.now())
        await self._put_in_service()
        await self.server.start()
        self._listening = asyncio.create_task(self._listen())
        self._tasks = [
            asyncio.create_task(self.dispatcher.run()),
            asyncio.create_task(self.dispatcher.report_answers()),
            asyncio.create_task(self.intake.show_default_menus(self.settings.timezone)),
            *(_watched(work) for part in self.parts for work in part.work()),
        ]
        if self.settings.ai_base_url:
            self._tasks.append(asyncio.create_task(self._drafting().run()))
        self.scheduler.start()
        # All that is built stays: a full collection over it would stop the bot for 120 to 400 ms now and again.
        gc.collect()
        gc.freeze()

    async def run(self, welcome: str = "") -> bool:
        """Start, live until SIGTERM or SIGINT, stop. False when it ended by itself, because something essential gave up.
        `welcome` is logged once it runs."""
        told_to_end = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, told_to_end.set)
        await self.start()
        address = f"http://{self.settings.http_host}:{self.server.port}"
        log.info("running, updates by %s, serving %s", self.settings.updates, address)
        if welcome:
            log.info(welcome)
        ending = asyncio.create_task(told_to_end.wait())
        essential = [task for task in (self._listening, self._tasks[0], self._tasks[1]) if task]
        await asyncio.wait([ending, *essential], return_when=asyncio.FIRST_COMPLETED)
        for task in essential:
            if task.done() and task.exception():
                log.critical("a part of the assistant broke down", exc_info=task.exception())
        ending.cancel()
        await self.stop()
        return told_to_end.is_set()

    async def stop(self) -> None:
        """Take nothing more in, finish the turns under way, send what was answered, and close; within 15 s."""
        self.intake.stop()
        for part in self.parts:
            part.stop()
        await self.scheduler.stop()
        await self.server.close()
        if self._listening:
            await asyncio.wait([self._listening], timeout=TURNS_END_WITHIN)
            self._listening.cancel()
        for part in self.parts:
            await part.finish(TURNS_END_WITHIN / 2)
        await self.dispatcher.stop(ANSWERS_END_WITHIN)
        await self.intake.finish(NOTICES_END_WITHIN)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for part in self.parts:
            await part.close()
        await self._web_files.close()
        await self.telegram.close()
        await self.store.close()

    async def __aenter__(self) -> "App":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # Parts ------------------------------------------------------------------------------------------------------------

    async def tick(self) -> None:
        """Queue what is due, and have it sent."""
        words, org = self.conversation.translator, self.settings.org_name
        try:
            queued = await push_due(self.store, self.clock.now(), words, org)
            queued += await push_weeks(self.store, self.clock.now(), words, org, words().zone, self.ways_in.link_to)
            queued += await remind_of_tickets(self.store, self.clock.now(), words)
            queued += await look_after_answers(self.store, self.clock.now(), words, self._survey_links)
            queued += await remind_of_requests(self.store, self.clock.now(), words, words().zone)
            await clean_after_erasures(self.store, self.clock.now())
            queued += await hand_over_due(self.store, self.clock.now(), words)
            queued += await survey_due(self.store, self.clock.now(), words, words(), org, self._survey_links)
        except StorageUnavailable:
            log.warning("what is due cannot be read, trying again with the next tick")
            return
        if queued:
            log.info("%s pushes queued", queued)
            self.dispatcher.wake()

    async def keep_house(self) -> None:
        """Forget what nobody needs any more."""
        now = self.clock.now()
        await self.store.ledger.prune(now - REMEMBER_FOR)
        await self.store.arrivals.prune(now - REMEMBER_FOR)
        async with self.store.begin() as uow:
            await uow.drafts.drop_kept_before(now - DRAFTS_WAIT_FOR)
            await uow.reply_drafts.drop_asked_before(now - REMEMBER_FOR)
            await uow.commit()

    async def _put_in_service(self) -> None:
        """Let everybody know which channels there are: what is decided about a customer asks for it."""
        names = frozenset(("telegram", *(channel.name for part in self.parts for channel in part.channels)))
        async with self.store.begin() as uow:
            await uow.zalo.put_in_service(Service(names, self.settings.zalo_paid_messages))
            await uow.commit()

    async def _listen(self) -> None:
        if self.settings.updates == "webhook":
            url, secret = f"{self.settings.public_url}/telegram", self.settings.webhook_secret.get_secret_value()
            await self.intake.listen(url, secret)
        else:
            await self.intake.listen()

    async def _on_blocked(self, address: Address) -> None:
        await tell_owners_of_blocked(self.store, address, self.conversation.translator, self.clock.now())
        self.dispatcher.wake()

    async def _on_trouble(self, address: Address, trouble: Trouble) -> None:
        if trouble is Trouble.WINDOW_CLOSED:
            await note_silence(self.store, address, self.clock.now())
        else:
            words = self.conversation.translator
            await tell_owners_of_disorder(self.store, address.channel, words, self.clock.now())
        self.dispatcher.wake()


def _watched(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Work that goes on beside everything else; if it breaks down, the rest goes on and somebody has to hear of it."""
    task = asyncio.create_task(work)

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception():
            log.critical("a part of the assistant broke down, restart it", exc_info=task.exception())

    task.add_done_callback(ended)
    return task


def build_app(settings: Settings, clock: Clock, more_routes: Iterable[web.AbstractRouteDef] = ()) -> App:
    """The assistant as `settings` want it, not yet started. `more_routes` are served beside its own."""
    return App(settings, clock, more_routes)
