"""Both channels of the Official Account around one stand-in, over real HTTP."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from markupsafe import Markup

from bot.channels.files import Download, FilesAcross
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.api import ZaloApi
from bot.channels.zalo.templates import ZaloTemplates
from bot.channels.zalo.wire import Wire
from bot.clock import WoundClock
from bot.domain.delivery import Audience, Delivery, DeliveryState, Undeliverable
from bot.domain.reaching import Route
from bot.domain.repositories import StorageUnavailable
from bot.i18n import Translator
from bot.messages import Reply
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.server import ZaloServer

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


class Granted:
    """Gives out the one token that lives."""

    def __init__(self, zalo: ZaloServer) -> None:
        self._zalo = zalo
        self.refusals = 0

    async def token(self) -> str:
        pair = self._zalo.tokens.pair or self._zalo.tokens.grant()
        return pair.access_token

    async def refused(self, token: str) -> str:
        self.refusals += 1
        return await self.token()


class House:
    """Both channels of the Official Account around one stand-in, with what they have cost."""

    def __init__(self, zalo: ZaloServer, clock: WoundClock, wire: Wire) -> None:
        self.zalo = zalo
        self.downloads: dict[str, Download] = {}
        self.costs: list[tuple[int, Route, int]] = []
        self.storage_works = True
        self.access = Granted(zalo)
        self.api = ZaloApi(wire, self.access, clock, api_url=zalo.address, zns_url=zalo.address)
        self.files = FilesAcross(self.downloads, lambda stored, why: Markup("({}: {})").format(stored.name, why))
        self.account = self.account_at("https://crm.example.vn")
        self.templates = ZaloTemplates(self.api, self.charged)

    def account_at(self, public_url: str) -> ZaloAccount:
        t = Translator("vi", "Asia/Ho_Chi_Minh")
        return ZaloAccount(self.api, self.files, self.charged, t, org="Cửa hàng Minh An", public_url=public_url)

    async def charged(self, delivery: Delivery, route: Route, amount_vnd: int) -> None:
        if not self.storage_works:
            raise StorageUnavailable
        self.costs.append((delivery.id, route, amount_vnd))


def to(person: ZaloPerson | str, reply: Reply | str, *, audience: Audience = Audience.CUSTOMER) -> Delivery:
    """A reply on its way to a person; text is taken as markup."""
    if isinstance(reply, str):
        reply = Reply(Markup(reply))
    chat = person if isinstance(person, str) else person.user_id
    channel = "zalo_template" if ":" in chat else "zalo"
    return Delivery(7, channel, chat, audience, "answer", reply.to_record(), DeliveryState.SENDING, NOON)


async def failing(sending: Awaitable[object]) -> Undeliverable:
    with pytest.raises(Undeliverable) as failure:
        await sending
    return failure.value


def after(call: Callable[..., object], then: Callable[..., None]) -> Callable[..., object]:
    """A call with something that happens right after it."""

    def both(*args: object, **kwargs: object) -> object:
        result = call(*args, **kwargs)
        then()
        return result

    return both
