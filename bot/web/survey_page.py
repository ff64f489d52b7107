"""`/s/<token>`: a survey on a page of a phone's size, for customers without our chat. Works without JavaScript.

The token is the secret: it says which survey it is, and is neither logged nor passed on to other sites. Wrong, expired and used ones
get one and the same answer.
"""

import hashlib
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.clock import Clock
from bot.domain.customers import Customer
from bot.domain.people import Member
from bot.domain.repositories import StorageUnavailable, Store, UnitOfWork
from bot.domain.surveys import SCORES, SurveyInvitation, is_token
from bot.i18n import LOCALES, Translator
from bot.messages import clean
from bot.referring import referral_address, referral_link
from bot.surveying import Surveyor
from bot.turn import Links
from bot.views import survey_pages as views
from bot.web.throttle import Throttle, address_of

CHANNEL = "web"
_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = (_TEMPLATES / "style.css").read_text("utf-8")
_STYLE_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
# Of a form: a score, a tick, and 1000 characters of comment, percent-encoded.
_LONGEST_FORM = 16 * 1024
_MOST_FIELDS = 10

Open = tuple[SurveyInvitation, Customer]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the page stands on. `translators` words what the team is told; `org` is what the operator calls the company, `locale` the
    company's language and `link_to` makes the links into the chat; `wake` has the team told at once."""

    store: Store
    clock: Clock
    translators: Callable[[Member], Translator]
    link_to: Links
    org: str
    locale: str
    zone: ZoneInfo
    wake: Callable[[], None]


class SurveyPage:
    """The page and its forms."""

    def __init__(self, ground: Ground, throttle: Throttle | None = None) -> None:
        self._ground = ground
        self._throttle = throttle or Throttle()
        self._translators = {locale: Translator(locale, ground.zone.key) for locale in LOCALES}
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def routes(self) -> list[web.RouteDef]:
        """Where customers come."""
        return [web.get("/s/{token}", self._throttled(self.show)), web.post("/s/{token}", self._throttled(self.take))]

    def _throttled(
        self, answer: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def throttled(request: web.Request) -> web.Response:
            t = self._translator(request)
            if not self._throttle.admits(address_of(request)):
                return self._page(
                    request, "notice.html", views.too_many(t), self._ground.org, 429, **{"Retry-After": "60"}
                )
            try:
                return await answer(request)
            except StorageUnavailable:
                page = views.unavailable(t)
                return self._page(request, "notice.html", page, self._ground.org, 503, **{"Retry-After": "60"})

        return throttled

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
                return self._page(request, "question.html", page, surveyor.org)
            return await self._thanks(request, surveyor, invitation, customer)

    async def _thanks(
        self, request: web.Request, surveyor: Surveyor, invitation: SurveyInvitation, customer: Customer
    ) -> web.Response:
        referral = ""
        if views.is_glad(invitation):
            referral = await referral_address(surveyor.uow, customer.id, self._ground.link_to)
        may_show = await surveyor.may_show(invitation)
        page = views.thanks(surveyor.to_customer, invitation, surveyor.org, referral, may_show=may_show)
        return self._page(request, "thanks.html", page, surveyor.org)

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
            status=303, headers=_HEADERS | {"Location": f"{request.path}?lang={surveyor.to_customer.locale}"}
        )

    async def _found(self, request: web.Request, uow: UnitOfWork) -> Open | None:
        """The survey of this token, while it is open."""
        token = request.match_info["token"]
        found = await uow.surveys.by_token(token) if is_token(token) else None
        return found if found and found[0].is_open(self._now()) else None

    async def _surveyor(self, request: web.Request, uow: UnitOfWork) -> Surveyor:
        org = (await uow.company.read()).name or self._ground.org
        return Surveyor(uow, self._now(), self._ground.translators, self._translator(request), org)

    def _now(self) -> datetime:
        return self._ground.clock.now()

    def _gone(self, request: web.Request, org: str) -> web.Response:
        return self._page(request, "notice.html", views.gone(self._translator(request), org), org, 404)

    def _translator(self, request: web.Request) -> Translator:
        """The language that they chose, else their browser's, else the company's."""
        chosen = request.query.get("lang", "")
        spoken = [
            part.split(";")[0].strip()[:2].lower() for part in request.headers.get("Accept-Language", "").split(",")
        ]
        wanted = (locale for locale in (chosen, *spoken) if locale in LOCALES)
        return self._translators[next(wanted, self._ground.locale)]

    def _page(
        self, request: web.Request, template: str, page: Mapping[str, Any], org: str, status: int = 200, **headers: str
    ) -> web.Response:
        text = self._templates.get_template(template).render(
            page,
            org=org,
            lang=self._translator(request).locale,
            languages=(("vi", "Tiếng Việt"), ("en", "English")),
            style=Markup(_STYLE),
        )
        return web.Response(text=text, status=status, content_type="text/html", headers={**_HEADERS, **headers})


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
