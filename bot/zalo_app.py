"""The Zalo channels put together, each where the settings name it: the Official Account, and a bot of the Zalo Bot Platform."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Sequence
from typing import Any, Protocol

from aiohttp import web

from bot.channels.files import FilesAcross
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.api import ZaloApi
from bot.channels.zalo.intake import Ground, ZaloIntake
from bot.channels.zalo.signature import Seal
from bot.channels.zalo.templates import ZaloCatalogue, ZaloTemplates
from bot.channels.zalo.tokens import TokenKeeper
from bot.channels.zalo.wire import Wire
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_bot_intake import ZaloBotIntake
from bot.dispatcher import Channel
from bot.domain.delivery import LEASE, Delivery, Undeliverable
from bot.domain.mailroom import Address
from bot.domain.reaching import Route
from bot.domain.windows import Opening, Window
from bot.i18n import mark
from bot.messages import Reply
from bot.owners import tell_owners
from bot.settings import Settings
from bot.template_checks import TemplateChecks
from bot.web.pictures import Pictures
from bot.web.server import ZaloBotWebhook
from bot.web.zalo_webhook import ZaloWebhook

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0  # seconds between two tries to learn which account we are
RENEWAL_EVERY = 5.0  # seconds between two looks whether the token is good for a while
TOKENS_DEAD = mark(
    "⚠️ <b>Zalo no longer accepts our access</b>, so nothing is sent or answered there; messages wait. Whoever runs the assistant "
    "must allow the app again in the Zalo developer page and put the new token into ZALO_REFRESH_TOKEN."
)


class Part(Protocol):
    """A channel with all that belongs to it, as the app lives with it."""

    @property
    def channels(self) -> Sequence[Channel]:
        """What the dispatcher sends by."""
        ...

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """What others call."""
        ...

    def work(self) -> Sequence[Coroutine[Any, Any, None]]:
        """What goes on beside everything else until cancelled, or until `stop`."""
        ...

    def stop(self) -> None:
        """Take nothing more in; what is in hand goes on to its end."""
        ...

    async def finish(self, within: float) -> None:
        """Wait, at most `within` seconds, for what is in hand."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class OfficialAccount:
    """The Official Account: consultation messages, approved templates, the webhook, the tokens."""

    def __init__(self, settings: Settings, ground: Ground, files: FilesAcross) -> None:
        self._ground = ground
        self._wire = Wire()
        secret = settings.zalo_app_secret.get_secret_value()
        self._keeper = TokenKeeper(
            ground.store.tokens,
            self._wire,
            ground.clock,
            self._on_dead,
            app_id=settings.zalo_app_id,
            app_secret=secret,
            begun_with=settings.zalo_refresh_token.get_secret_value(),
            oauth_url=settings.zalo_oauth_url,
        )
        api = ZaloApi(
            self._wire, self._keeper, ground.clock, api_url=settings.zalo_api_url, zns_url=settings.zalo_zns_url
        )
        t = ground.conversation.translator()
        self.account = ZaloAccount(
            api,
            files,
            self._charged,
            t,
            org=settings.org_name,
            public_url=settings.public_url,
            may_go=None if settings.zalo_paid_messages else self._costs_nothing,
        )
        self.channels = (self.account, ZaloTemplates(api, self._charged))
        seal = Seal(settings.zalo_app_id, settings.zalo_oa_secret.get_secret_value(), secret)
        self._intake = ZaloIntake(seal, self.account, ground)
        self.routes = ZaloWebhook(self._intake.receive).routes()
        describe = ZaloCatalogue(api).describe
        self._checks = TemplateChecks(ground.store, ground.clock, describe, ground.conversation.translator, ground.wake)

    def work(self) -> Sequence[Coroutine[Any, Any, None]]:
        """What goes on beside everything else until cancelled, or until `stop`."""
        return (self._learn_name(), self._stay_connected(), self._intake.worker.run(), self._checks.run())

    def stop(self) -> None:
        """Begin nothing more; what is in hand goes on to its end."""
        self._intake.worker.stop()

    async def finish(self, within: float) -> None:
        """Wait, at most `within` seconds, for the turns in hand."""
        await self._intake.finish(within)

    async def close(self) -> None:
        """Close the connections; a refresh under way ends first, for its pair is the only good one."""
        await self._keeper.close()
        await self._wire.close()

    async def _learn_name(self) -> None:
        pause = 1.0
        while True:
            try:
                return await self.account.learn_name()
            except Undeliverable as failure:
                log.warning("Zalo does not say which account we are (%s), trying again", failure.trouble)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _stay_connected(self) -> None:
        """Renew the token in time also while nothing is sent: else a refresh token could end unused, and nobody would hear of a
        consent that is gone before a message waits for it."""
        while True:
            await asyncio.sleep(RENEWAL_EVERY)
            with contextlib.suppress(Undeliverable):  # who keeps the tokens has logged why, and told whom it concerns
                await self._keeper.token()

    async def _charged(self, delivery: Delivery, route: Route, amount_vnd: int) -> None:
        now = self._ground.clock.now()
        await self._ground.store.charges.charge(delivery.id, route, delivery.kind, amount_vnd, now)

    async def _costs_nothing(self, delivery: Delivery) -> bool:
        """Whether a message is still free; one whose window has closed altogether costs nothing either, for Zalo does not take it."""
        now = self._ground.clock.now()
        if delivery.kind == "answer" and now - delivery.due_at < LEASE:
            return True
        address = Address(delivery.channel, delivery.chat_id)
        async with self._ground.store.read() as uow:
            contact, member = await uow.contacts.at(address), await uow.members.interacted_at(address)
        moments = [moment for moment in (contact and contact.interacted_at, member) if moment]
        return not moments or Window(max(moments)).opening(now) is not Opening.PAID

    async def _on_dead(self) -> None:
        now = self._ground.clock.now()
        words = self._ground.conversation.translator
        key = f"zalo-tokens:{now.isoformat()}"
        await tell_owners(self._ground.store, key, lambda member: Reply(words(member)(TOKENS_DEAD)), now)
        self._ground.wake()


class BotPlatform:
    """The bot of the Zalo Bot Platform, for members without Telegram."""

    def __init__(self, settings: Settings, ground: Ground, files: FilesAcross) -> None:
        token, self._secret = settings.zalo_bot_token.get_secret_value(), settings.zalo_bot_secret.get_secret_value()
        pictures = Pictures(ZaloBot.name, ground.store.ledger, token, settings.public_url, files.fetch)
        t = ground.conversation.translator()
        self._bot = ZaloBot(token, settings.zalo_bot_url, files, pictures.address, t)
        self.channels = (self._bot,)
        self._intake = ZaloBotIntake(self._bot, ground.conversation, ground.store, ground.clock, ground.answered)
        self.routes = pictures.routes()
        self._webhook_url = ""
        if settings.updates == "webhook" and self._secret:
            self._webhook_url = f"{settings.public_url}{ZaloBotWebhook.path}"
            self.routes += ZaloBotWebhook(self._secret, self._intake.receive).routes()

    def work(self) -> Sequence[Coroutine[Any, Any, None]]:
        """What goes on beside everything else until cancelled, or until `stop`."""
        return (self._intake.listen(self._webhook_url, self._secret), self._intake.work())

    def stop(self) -> None:
        """Take nothing more in; what is in hand goes on to its end."""
        self._intake.stop()

    async def finish(self, within: float) -> None:
        """Wait, at most `within` seconds, for the turns in hand."""
        await self._intake.finish(within)

    async def close(self) -> None:
        """Close the connections."""
        await self._bot.close()


def zalo_parts(settings: Settings, ground: Ground, files: FilesAcross) -> tuple[OfficialAccount | None, list[Part]]:
    """The Official Account, where the settings name one, and all parts in service."""
    account = OfficialAccount(settings, ground, files) if settings.zalo_app_id else None
    parts: list[Part] = [account] if account else []
    if settings.zalo_bot_token.get_secret_value():
        parts.append(BotPlatform(settings, ground, files))
    return account, parts
