"""`/r/<token>`: a customer's personal link, where a friend chooses between Telegram and Zalo. Works without JavaScript."""

from aiohttp import web

from bot.domain.referrals import is_token
from bot.domain.ways_in import WaysIn
from bot.views import referral_pages as views
from bot.web.pages import Ground, Pages
from bot.web.throttle import Throttle


class ReferralPage:
    """The page; it changes nothing."""

    def __init__(self, ground: Ground, ways_in: WaysIn, throttle: Throttle | None = None) -> None:
        self._ground = ground
        self._ways_in = ways_in
        self._pages = Pages(ground, throttle)

    def routes(self) -> list[web.RouteDef]:
        """Where friends come."""
        return [web.get("/r/{token}", self._pages.throttled(self.show))]

    async def show(self, request: web.Request) -> web.Response:
        """The ways to us; one and the same answer for every link that is none."""
        token = request.match_info["token"]
        async with self._ground.store.read() as uow:
            org = (await uow.company.read()).name or self._ground.org
            referrer = await uow.referrals.referrer(token) if is_token(token) else None
        t = self._pages.translator(request)
        if referrer is None:
            return self._pages.page(request, "notice.html", views.gone(t, org), org, 404)
        return self._pages.page(request, "friend.html", views.ways(t, org, token, self._ways_in), org)
