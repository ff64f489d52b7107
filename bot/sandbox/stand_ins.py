"""All that is outside of this machine, played on it: Telegram, the Zalo Official Account and the Zalo Bot Platform, each with its own
HTTP server, and the people who use them."""

import secrets

from aiohttp.web import Application

from bot.clock import Clock
from bot.domain.mailroom import Address
from bot.domain.people import Role
from bot.domain.repositories import Store
from bot.sandbox.bot_api import BotApi
from bot.sandbox.seed import GROUP, OWNER_ID, PLAYERS, ZALO_PLAYERS, ZaloPlayer
from bot.sandbox.zalo.server import ZaloServer
from bot.sandbox.zalo.templates import RATING, Param, Template
from bot.sandbox.zalo_bot import ZaloBotServer
from bot.sandbox.zalo_phones import AccountPhones, BotPhones, OtherPhones

APP_ID = "1234567890123456789"
OA_ID = "388613280878808645"
# What the shop has had approved by Zalo.
TEMPLATES = (
    Template(
        "400101",
        "Đánh giá sau mua",
        (Param("customer_name"), Param("product_name", 200)),
        "Cảm ơn <customer_name> đã mua <product_name>. Mời đánh giá dịch vụ của cửa hàng.",
        kind=RATING,
    ),
    Template(
        "400102",
        "Khảo sát 30 ngày",
        (Param("customer_name"), Param("link", 200)),
        "Chào <customer_name>, mời cho cửa hàng xin ý kiến tại <link>",
    ),
    Template(
        "400103",
        "Kết quả xử lý",
        (Param("customer_name"), Param("content", 200)),
        "Chào <customer_name>, yêu cầu đã được xử lý: <content>",
    ),
)


class StandIns:
    """The three servers with their secrets; `zalo_webhook` is where the assistant listens for the Official Account's events."""

    def __init__(self, clock: Clock, name: str, zalo_webhook: str) -> None:
        self.token = f"1:{secrets.token_urlsafe(24)}"
        self.zalo_secret, self.oa_secret = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        self.zalo_bot_token = f"2:{secrets.token_urlsafe(24)}"
        self.telegram = BotApi(clock.now, self.token, name=name)
        self.account = ZaloServer(
            clock.now,
            app_id=APP_ID,
            app_secret=self.zalo_secret,
            oa_secret=self.oa_secret,
            oa_id=OA_ID,
            name=name,
            webhook_url=zalo_webhook,
        )
        for template in TEMPLATES:
            self.account.templates.add(template)
        self.refresh_token = self.account.tokens.grant().refresh_token
        self.zalo_bot = ZaloBotServer(clock.now, self.zalo_bot_token, name=name)
        self.phones: tuple[OtherPhones, ...] = (AccountPhones(self.account), BotPhones(self.zalo_bot, name))

    def install(self, telegram: Application, account: Application, zalo_bot: Application) -> None:
        """Add the routes of each to an application of its own: their paths clash."""
        self.telegram.install(telegram)
        self.account.install(account)
        self.zalo_bot.install(zalo_bot)

    async def bring_people(self, store: Store) -> None:
        """Give everybody a phone; on Zalo, with what the store knows of when they last wrote."""
        for player in PLAYERS:
            self.telegram.chats.add_person(player.user_id, player.name, role_hint=player.about)
            if player.role is not None:
                self.telegram.chats.say(player.user_id, "/start")
        reps = [player.user_id for player in PLAYERS if player.role is Role.REP]
        self.telegram.chats.groups.add(GROUP, [OWNER_ID, *reps])
        for one in ZALO_PLAYERS:
            if one.channel == "zalo":
                await self._bring_to_account(one, store)
            else:
                person = self.zalo_bot.chats.add_person(one.name, one.user_id, role_hint=one.about)
                person.wrote = one.role is not None

    async def _bring_to_account(self, player: ZaloPlayer, store: Store) -> None:
        person = self.account.people.add(
            player.name, phone=player.phone, role_hint=player.about, user_id=player.user_id
        )
        async with store.read() as uow:
            contact = await uow.contacts.at(Address(player.channel, player.user_id))
        if contact is not None:
            person.interacted_at, person.follows = contact.interacted_at, contact.blocked_at is None
