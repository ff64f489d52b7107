"""`/s/<token>`: a survey on a page of a phone's size, for customers without our chat. Works without JavaScript.

The token is the secret: it says which survey it is, and is neither logged nor passed on to other sites. Wrong, expired and used ones
get one and the same answer.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from aiohttp import web

from bot.domain.customers import Customer
from bot.domain.repositories import UnitOfWork
from bot.domain.surveys import SCORES, SurveyInvitation, is_token
from bot.messages import clean
from bot.referring import referral_address, referral_link
from bot.surveying import Surveyor
from bot.views import survey_pages as views
from bot.web.pages import HEADERS, Ground, Pages
from bot.web.throttle import Throttle

CHANNEL = "web"
# Of a form: a score, a tick, and 1000 characters of comment, percent-encoded.
_LONGEST_FORM = 16 * 1024
_MOST_FIELDS = 10

Open = tuple[SurveyInvitation, Customer]


class SurveyPage:
    """The page and its forms."""

    def __init__(self, ground: Ground, throttle: Throttle | None = None) -> None:
        self._ground = ground
        self._pages = Pages(ground, throttle)

    def routes(self) -> list[web.RouteDef]:
        """Where customers come."""
        throttled = self._pages.throttled
        return [web.get("/s/{token}", throttled(self.show)), web.post("/s/{token}", throttled(self.take))]

    async def show(self, request: web.Request) -> web.Response:
        """The question, or the thanks."""
        async with self._ground.store.read() as uow:
            surveyor, found = await self._surveyor(request, uow), await self._found(request, uow)
            if found is None:
                return self._gone(request, surveyor.org)
            invitation, customer = found
            t = surveyor.to_customer
            changing = "change" in request.query
            if invitation.answered_at is None or changing:
                words = await surveyor.words(invitation.kind)
                page = views.question(t, invitation, words, surveyor.org, changing=changing)
                return self._pages.page(request, "question.html", page, surveyor.org)
            return await self._thanks(request, surveyor, invitation, customer)

    async def _thanks(
        self, request: web.Request, surveyor: Surveyor, invitation: SurveyInvitation, customer: Customer
    ) -> web.Response:
        referral = ""
        if views.is_glad(invitation):
            referral = await referral_address(surveyor.uow, customer.id, self._ground.link_to)
        may_show = await surveyor.may_show(invitation)
        page = views.thanks(surveyor.to_customer, invitation, surveyor.org, referral, may_show=may_show)
        return self._pages.page(request, "thanks.html", page, surveyor.org)

    async def take(self, request: web.Request) -> web.Response:
        """A score or a comment; shown by the page that follows, so that going back or reloading sends nothing twice."""
        form = await _form(request)
        async with self._ground.store.begin() as uow:
            surveyor, found = await self._surveyor(request, uow), await self._found(request, uow)
            if found is None:
                return self._gone(request, surveyor.org)
            invitation, customer = found
            if _is_score(form, invitation):
                invitation = await surveyor.answer(
                    invitation, customer, int(form["score"]), changing=form.get("change") == "1"
                )
                if views.is_glad(invitation):
                    await referral_link(uow, customer.id)  # made here: the page only reads
            if comment := clean(form.get("comment", "")).strip():
                invitation = await surveyor.comment(invitation, customer, comment)
            if form.get("may_show") == "1" and views.is_glad(invitation):
                await surveyor.agree_to_show(invitation, customer, CHANNEL)
            await uow.commit()
        self._ground.wake()
        return web.Response(
            status=303, headers=HEADERS | {"Location": f"{request.path}?lang={surveyor.to_customer.locale}"}
        )

    async def _found(self, request: web.Request, uow: UnitOfWork) -> Open | None:
        """The survey of this token, while it is open."""
        token = request.match_info["token"]
        found = await uow.surveys.by_token(token) if is_token(token) else None
        return found if found and found[0].is_open(self._ground.now()) else None

    async def _surveyor(self, request: web.Request, uow: UnitOfWork) -> Surveyor:
        org = (await uow.company.read()).name or self._ground.org
        return Surveyor(uow, self._ground.now(), self._ground.translators, self._pages.translator(request), org)

    def _gone(self, request: web.Request, org: str) -> web.Response:
        return self._pages.page(request, "notice.html", views.gone(self._pages.translator(request), org), org, 404)


async def _form(request: web.Request) -> Mapping[str, str]:
    """The fields of a plain form; nothing of what is none."""
    body = b""
    async for part in request.content.iter_chunked(_LONGEST_FORM):  # a phone sends it in several pieces
        body += part
        if len(body) >= _LONGEST_FORM:
            break
    try:
        return dict(parse_qsl(body[:_LONGEST_FORM].decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}


def _is_score(form: Mapping[str, str], invitation: SurveyInvitation) -> bool:
    return form.get("score", "") in {str(score) for score in SCORES[invitation.kind]}
